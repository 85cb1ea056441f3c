"""Memory between stages."""

import ctypes

import pyarrow as pa


def give_back() -> None:
    """Return what a stage has freed to the system.

    Allocators keep freed memory in pieces of the sizes that the stage asked for. The next stage
    asks for other sizes, and without this the peak of a run is the sum of its stages' scraps.
    """
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; elsewhere there is none
    if trim is not None:
        trim(0)
