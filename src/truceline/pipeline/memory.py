"""Memory within stages and between them."""

import ctypes

import pyarrow as pa

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # glibc, malloc.h
_PAD_BYTES = 64 << 20


def keep() -> None:
    """Use freed blocks again, however large, until `give_back`; where the allocator can be told.

    By itself it maps every large block anew, and a stage of a million rows then spends a tenth of
    its time on the system's clearing of pages that it has just handed back.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's; elsewhere there is none
    if tune is not None:
        tune(_M_MMAP_MAX, 0)
        tune(_M_TRIM_THRESHOLD, (1 << 31) - 1)
        tune(_M_TOP_PAD, _PAD_BYTES)


def give_back() -> None:
    """Return what a stage has freed to the system.

    Allocators keep freed memory in pieces of the sizes that the stage asked for. The next stage
    asks for other sizes, and without this the peak of a run is the sum of its stages' scraps.
    """
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; elsewhere there is none
    if trim is not None:
        trim(0)
