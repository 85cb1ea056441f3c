"""Digests of rows, and the digest of evidence, whatever the order in which it arrived."""

import hashlib
import json
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.tables.chunks import each_chunk
from truceline.tables.row_form import FORM, encode
from truceline.tables.sha256 import DIGEST_BYTES, sha256_slices

RECEIPT_COLUMNS = ("known_at", "is_reconstructed", "exhibit", "file", "line")
"""How and when a row reached us. The evidence is the same whichever file and day brought it."""

Bytes = npt.NDArray[np.uint8]


def row_bytes(table: pa.Table) -> pa.LargeBinaryArray:
    """Canonical bytes of each row, in the form that `row_form` states.

    Parameters
    ----------
    table
        Any columns of booleans, whole numbers, floats, dates, instants, text, bytes, and lists and
        structs of them.

    Raises
    ------
    InputError
        A column is of a type that has no canonical form.

    Examples
    --------
    >>> row_bytes(pa.table({"a": [1, None], "b": ["x", ""]}))[1].as_py().hex(" ")
    '00 05 00 00 00 00'
    """
    rows = encode(table)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        table.num_rows,
        [None, pa.py_buffer(rows.begin), pa.py_buffer(rows.content)],
    )


def row_digests(table: pa.Table) -> Bytes:
    """SHA-256 of each row's canonical bytes.

    Returns
    -------
    array
        `(rows, 32)`.

    Examples
    --------
    >>> row_digests(pa.table({"a": [1, 1, 2]})).shape
    (3, 32)
    """
    parts = list(each_chunk(table, _chunk_digests))
    return np.concatenate(parts) if parts else np.zeros((0, DIGEST_BYTES), np.uint8)


def _chunk_digests(chunk: pa.Table, _: int) -> Bytes:
    rows = encode(chunk)
    return sha256_slices(rows.content, rows.begin[:-1], rows.begin[1:])


def evidence_digest(tables: Mapping[str, pa.Table]) -> str:
    """One digest of all evidence, whatever the order in which it arrived and wherever it is stored.

    It covers what was said, every column but `RECEIPT_COLUMNS`; a row that came twice counts twice;
    a table without rows is as good as none.

    Parameters
    ----------
    tables
        Name to table.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> ab, ba = pa.table({"a": [1, 2]}), pa.table({"a": [2, 1]})
    >>> evidence_digest({"t": ab}) == evidence_digest({"t": ba, "empty": ab[:0]})
    True
    """
    total = hashlib.sha256()
    for name in sorted(tables):
        content = said(tables[name])
        if content.num_rows == 0:
            continue
        head = {
            "columns": [[field.name, str(field.type)] for field in content.schema],
            "form": FORM,
            "rows": content.num_rows,
            "table": name,
        }
        total.update(hashlib.sha256(json.dumps(head, sort_keys=True).encode()).digest())
        total.update(sorted_digests(row_digests(content)).tobytes())
    return total.hexdigest()


def said(table: pa.Table) -> pa.Table:
    """The columns that tell what was said, without those of its receipt."""
    return table.select([name for name in table.column_names if name not in RECEIPT_COLUMNS])


def sorted_digests(digests: Bytes) -> Bytes:
    """Digests in ascending order of their bytes.

    Parameters
    ----------
    digests
        `(n, 32)`.
    """
    words = np.ascontiguousarray(digests).view(">u8").astype(np.uint64)
    order = np.argsort(words[:, 0], kind="stable")
    first = words[order, 0]
    if np.any(first[1:] == first[:-1]):  # the same row twice, as a rule
        order = np.lexsort((words[:, 3], words[:, 2], words[:, 1], words[:, 0]))
    return np.ascontiguousarray(digests)[order]
