"""Work over a long table a chunk of rows at a time, on all cores, answers in order.

Threads take whole chunks, and the kernels below let go of the interpreter: nobody waits at a
barrier within a chunk, which on a busy machine costs more than the work.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pyarrow as pa

ROWS = 1 << 14  # some megabytes of bytes to hash: near the processor, and never the archive
_MOST_THREADS = 8

Answer = TypeVar("Answer")
Item = TypeVar("Item")


def in_order(items: Iterable[Item], work: Callable[[Item], Answer]) -> Iterator[Answer]:
    """Answers of some work on each item, on all cores, in the order of items; few are held at once.

    Examples
    --------
    >>> list(in_order([3, 1, 2], lambda number: number * 2))
    [6, 2, 4]
    """
    threads = min(len(os.sched_getaffinity(0)), _MOST_THREADS)
    waiting: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def side_by_side(tasks: Iterable[Callable[[], Answer]]) -> Iterator[Answer]:
    """Answers of tasks, on all cores, in the order of tasks.

    Examples
    --------
    >>> list(side_by_side([lambda: 6, lambda: 2]))
    [6, 2]
    """
    return in_order(tasks, lambda task: task())


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array: as it stands where it is one chunk, which `combine_chunks` copies.

    Examples
    --------
    >>> flat(pa.chunked_array([[1], [2]])).to_pylist()
    [1, 2]
    """
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def each_chunk(table: pa.Table, work: Callable[[pa.Table, int], Answer]) -> Iterator[Answer]:
    """Answers of some work on each chunk, in the order of the table.

    Parameters
    ----------
    table
        The rows.
    work
        Takes a chunk and the row at which it begins.

    Examples
    --------
    >>> list(each_chunk(pa.table({"a": range(20_000)}), lambda chunk, start: (start, chunk.num_rows)))
    [(0, 16384), (16384, 3616)]
    """
    if table.num_rows <= ROWS:
        if table.num_rows:
            yield work(table, 0)
        return
    yield from in_order(
        range(0, table.num_rows, ROWS), lambda start: work(table.slice(start, ROWS), start)
    )
