"""What stands of rows that came more than once: a later version of the same file corrects the earlier.

Nothing is lost: every version stays in the record, and an earlier instant still sees the earlier
one. Two different rows of two files that share an identifier are an error, never a choice. What
stands is ordered by identifier, so that nothing computed from it can tell in which order it came.
"""

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.record.store import Record
from truceline.tables.digest import row_digests, said
from truceline.tables.schemas import IDENTIFIERS


def standing(name: str, table: pa.Table) -> pa.Table:
    """The rows that stand, in the order of their identifiers.

    Parameters
    ----------
    name
        Of the table, one of `IDENTIFIERS`.
    table
        Every row known, batches in the order of the log.

    Raises
    ------
    SourceError
        One identifier names different rows of different files.

    Examples
    --------
    >>> from truceline.tables import schemas
    >>> standing("observations", schemas.empty(schemas.OBSERVATIONS)).num_rows
    0
    """
    column = IDENTIFIERS[name]
    encoded = table[column].combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices)
    times = np.bincount(codes, minlength=len(encoded.dictionary))
    if table.num_rows == 0 or times.max() < 2:
        return _in_order(name, table)
    keep = np.ones(table.num_rows, np.bool_)
    again = np.flatnonzero(times[codes] > 1)
    order = again[np.argsort(codes[again], kind="stable")]
    content = row_digests(said(table.take(pa.array(order))))
    files = table["file"].take(pa.array(order)).to_pylist()
    bounds = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for start, end in zip(bounds, [*bounds[1:], len(order)], strict=True):
        stays = _one(table, column, order[start:end], content[start:end], files[start:end])
        keep[order[start:end]] = False
        keep[stays] = True
    return _in_order(name, table.filter(pa.array(keep)))


def _in_order(name: str, table: pa.Table) -> pa.Table:
    ids = table[IDENTIFIERS[name]]
    if name == "controls" and table.num_rows > 1:
        table = _once(table)
        ids = table["control_id"]
    order = np.asarray(pc.sort_indices(ids))
    is_sorted = bool((order[1:] > order[:-1]).all())
    return table if is_sorted else table.take(pa.array(order))


def _once(controls: pa.Table) -> pa.Table:
    """Each claim of a map once: one author's same polygon for the same time, under any name.

    Two authors who draw the same are two claims, as are two days of one author.
    """
    keys = pc.sort_indices(controls, [("known_at", "ascending"), ("control_id", "ascending")])
    ordered = controls.take(keys)
    content = np.ascontiguousarray(row_digests(ordered.select(_CLAIM_OF_A_MAP)))
    _, first = np.unique(content.view([("digest", "V32")]).ravel(), return_index=True)
    return ordered.take(pa.array(np.sort(first)))


_CLAIM_OF_A_MAP = ["author", "began", "ended", "controller", "geometry_wkb", "error_m"]


def _one(
    table: pa.Table,
    column: str,
    rows: npt.NDArray[np.intp],
    content: npt.NDArray[np.uint8],
    files: list[str | None],
) -> int:
    """Which of the rows of one identifier stands."""
    last = len(rows) - 1
    same = (content == content[last]).all(axis=1)
    if not same.all() and len(set(files)) > 1:
        other = int(np.flatnonzero(~same)[-1])
        places = [table.slice(int(rows[at]), 1).to_pylist()[0] for at in (other, last)]
        first, second = (f"{place['file']}:{place['line']}" for place in places)
        msg = (
            f"{second}: {column} {places[1][column]!r} already names another row, {first}; give one "
            "of them an identifier of its own, then run again: both stay in the record"
        )
        raise SourceError(msg)
    # The same words again were known from the first time on.
    return int(rows[int(np.flatnonzero(same)[0])])


def refused_rows(record: Record, at: datetime) -> int:
    """Rows refused on the way in: of each file of observations, in its newest version by then."""
    latest: dict[tuple[str, frozenset[str]], int] = {}
    for entry in record.entries(at, kind="batch"):
        if "observations" in entry.payload["tables"]:
            feed = entry.payload["feed"]
            files = frozenset(source["name"] for source in entry.payload["sources"])
            # A list of files that grew was read whole again: its earlier reading counts no more.
            for known in [key for key in latest if key[0] == feed and key[1] <= files]:
                del latest[known]
            latest[feed, files] = entry.payload["counts"]["refused"]
    return sum(latest.values())
