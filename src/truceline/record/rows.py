"""Rows of a batch: four salted commitments each, and the tree over them.

The columns of a table are parted into four groups, and a row commits to each apart: SHA-256 of a
salt and the group's canonical bytes. The row's leaf is over the four digests. So a row is proven
with its place, its text or its persons taken out, and what remains is still proven.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.record.merkle import leaf_hashes
from truceline.record.salts import salts
from truceline.tables.chunks import each_chunk
from truceline.tables.row_form import encode
from truceline.tables.sha256 import DIGEST_BYTES, sha256_slices

Bytes = npt.NDArray[np.uint8]

GROUPS = ("row", "place", "text", "person")
ROW_BYTES = len(GROUPS) * DIGEST_BYTES

_APART: Mapping[str, tuple[str, ...]] = {
    "place": (
        "place_kind", "place_name", "area_id", "lat", "lon", "error_m", "error_major_m",
        "error_minor_m", "error_azimuth_deg", "radius_m", "components", "geometry_wkb", "site",
        "observer_position", "bearing_deg", "bearing_error_deg", "range_m",
    ),
    "text": ("text", "note", "reason", "excerpt"),  # free text
    "person": ("source", "root", "speaker"),
}  # fmt: skip

TEXT_COLUMNS = frozenset(_APART["text"])
"""Columns in which people write what they like."""


def groups_of(columns: Sequence[str]) -> dict[str, list[str]]:
    """Which columns each group holds, in their order; whatever is not set apart is the row's own.

    Examples
    --------
    >>> groups_of(["observation_id", "lat", "text"])
    {'row': ['observation_id'], 'place': ['lat'], 'text': ['text'], 'person': []}
    """
    apart = {name: group for group, names in _APART.items() for name in names}
    return {
        group: [name for name in columns if apart.get(name, "row") == group] for group in GROUPS
    }


def commitments(
    table: pa.Table, groups: Mapping[str, Sequence[str]], secret: bytes
) -> Iterator[tuple[Bytes, Bytes]]:
    """Commitments and leaf of each row, a chunk of rows at a time.

    Parameters
    ----------
    table
        The rows.
    groups
        Which columns each group holds.
    secret
        32 random bytes, from which the salts are grown.

    Returns
    -------
    iterator
        For each chunk `(rows, 4, 32)` commitments, in the order of `GROUPS`, and `(rows, 32)` leaf
        hashes.
    """

    def both(chunk: pa.Table, start: int) -> tuple[Bytes, Bytes]:
        digests = chunk_commitments(chunk, groups, secret, start)
        return digests, row_leaves(digests)

    return each_chunk(table, both)


def chunk_commitments(
    chunk: pa.Table, groups: Mapping[str, Sequence[str]], secret: bytes, start: int
) -> Bytes:
    """Commitments of the rows of one chunk that begins at row `start` of its table."""
    width = len(GROUPS)
    grown = salts(secret, start * width, (start + chunk.num_rows) * width)
    by_group = grown.reshape(chunk.num_rows, width, DIGEST_BYTES)
    out = np.empty((chunk.num_rows, width, DIGEST_BYTES), np.uint8)
    for index, group in enumerate(GROUPS):
        rows = encode(chunk.select(list(groups[group])))
        begin, end = rows.begin[:-1], rows.begin[1:]
        out[:, index] = sha256_slices(rows.content, begin, end, by_group[:, index])
    return out


def row_leaves(digests: Bytes) -> Bytes:
    """Leaf hash of each row.

    Parameters
    ----------
    digests
        `(rows, 4, 32)`, commitments in the order of `GROUPS`.

    Returns
    -------
    array
        `(rows, 32)`.
    """
    return leaf_hashes(digests.reshape(digests.shape[0], ROW_BYTES))
