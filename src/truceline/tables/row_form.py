"""Canonical bytes of a row: what is hashed, and what a row's proof shows.

The row form (`FORM`): the values of a row one after another, in the order of its columns; each is
one tag byte and then

    0x00 null                  nothing
    0x01 boolean               one byte, 0 or 1
    0x02 integer or date       8 bytes, two's complement; a date is days since 1970
    0x03 instant               8 bytes, two's complement, microseconds of UTC since 1970
    0x04 floating point        8 bytes, IEEE 754 binary64; one NaN, and no negative zero
    0x05 string                4 bytes of length, then UTF-8
    0x06 binary                4 bytes of length, then the bytes
    0x07 list                  4 bytes of how many, then each value in this same form
    0x08 struct                each field in this same form

Numbers are big-endian. A length stands before whatever may vary, so no separator is needed and no
two different rows share their bytes. Columns are named beside the rows, never within them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import InputError
from truceline.tables.sha256 import sealed

FORM = 1

_NULL, _BOOLEAN, _INTEGER, _INSTANT, _FLOAT, _STRING, _BINARY, _LIST, _STRUCT = range(9)
_NOT_A_NUMBER = np.uint64(0x7FF8000000000000)
_WHOLE = (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32())
_TEXT = (pa.string(), pa.large_string())
_RAW = (pa.binary(), pa.large_binary())

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Common = tuple[Bytes, Ints, int, Flags]  # buffer, where each row stands, tag, which rows hold one


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBytes:
    """Bytes of many rows in one buffer: row `i` is `content[begin[i] : begin[i + 1]]`."""

    begin: Ints
    content: Bytes


def encode(table: pa.Table) -> RowBytes:
    """Canonical bytes of each row, in one buffer.

    Parameters
    ----------
    table
        Any columns of booleans, whole numbers, floats, dates, instants with a zone, text, bytes,
        and lists and structs of them.

    Raises
    ------
    InputError
        A column is of a type that has no canonical form.

    Examples
    --------
    >>> encode(pa.table({"a": [1, None], "b": ["x", ""]})).content[-6:].tobytes().hex(" ")
    '00 05 00 00 00 00'
    """
    columns = [
        _column(table[i].combine_chunks(), field.name) for i, field in enumerate(table.schema)
    ]
    return _join(columns, table.num_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """Numbers ready to be written: `width` low bytes of each of `values`."""

    tag: int
    valid: Flags
    width: int
    values: Words

    def sizes(self) -> Ints:
        return self.valid * np.int64(self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slices:
    """Bytes ready to be written: slices of `content`, each behind `width` bytes of its `count`."""

    tag: int
    valid: Flags
    width: int
    count: Ints
    begin: Ints
    end: Ints
    content: Bytes

    def sizes(self) -> Ints:
        return self.valid * (self.end - self.begin + self.width)


_Column = _Values | _Slices


def _join(columns: Sequence[_Column], rows: int) -> RowBytes:
    sizes = np.full(rows, len(columns), np.int64)  # a tag each
    for column in columns:
        sizes += column.sizes()
    begin = np.zeros(rows + 1, np.int64)
    np.cumsum(sizes, out=begin[1:])
    content = np.empty(begin[-1], np.uint8)
    cursor = begin[:-1].copy()
    for column in columns:
        _write(content, cursor, column)
    return RowBytes(begin=begin, content=content)


def _column(array: pa.Array, name: str) -> _Column:
    """One column, taken apart by its type."""
    kind = array.type
    valid = _valid(array)
    if pa.types.is_dictionary(kind):
        return _column(array.cast(kind.value_type), name)
    if pa.types.is_struct(kind):
        return _struct(array, valid, name)
    if pa.types.is_fixed_size_list(kind):
        return _column(array.cast(pa.list_(kind.value_type)), name)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _list(array, valid, name)
    if kind in _TEXT or kind in _RAW:
        return _strings(array, _STRING if kind in _TEXT else _BINARY, valid)
    return _number(array, valid, name)


def _number(array: pa.Array, valid: Flags, name: str) -> _Values:
    kind = array.type
    if pa.types.is_null(kind):
        return _Values(tag=_NULL, valid=valid, width=8, values=np.zeros(len(array), np.uint64))
    if pa.types.is_boolean(kind):
        return _whole(array.cast(pa.uint8()), _BOOLEAN, valid, width=1)
    if kind in _WHOLE:
        return _whole(array, _INTEGER, valid)
    if pa.types.is_date32(kind):
        return _whole(array.cast(pa.int32()), _INTEGER, valid)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return _whole(array.cast(pa.timestamp("us", tz=kind.tz)), _INSTANT, valid)
    if pa.types.is_floating(kind):
        return _floats(array.cast(pa.float64()), valid)
    msg = f"column {name} is of type {kind}, which has no canonical bytes; cast it first"
    raise InputError(msg)


def _valid(array: pa.Array) -> Flags:
    if array.null_count == 0:
        return np.ones(len(array), np.bool_)
    return np.asarray(pc.is_valid(array))


def _whole(array: pa.Array, tag: int, valid: Flags, width: int = 8) -> _Values:
    whole = array.cast(pa.int64())
    values = np.asarray(whole.fill_null(0) if whole.null_count else whole)
    return _Values(tag=tag, valid=valid, width=width, values=values.view(np.uint64))


def _floats(array: pa.Array, valid: Flags) -> _Values:
    values = np.asarray(array.fill_null(0.0) if array.null_count else array)
    bits = (values + 0.0).view(np.uint64)  # adding zero turns -0.0 into 0.0
    bits = np.where(np.isnan(values), _NOT_A_NUMBER, bits)
    return _Values(tag=_FLOAT, valid=valid, width=8, values=bits)


def _strings(array: pa.Array, tag: int, valid: Flags) -> _Slices:
    raw = array.cast(pa.large_binary())
    _, offsets, data = raw.buffers()
    content = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    ends = np.zeros(1, np.int64)
    if len(raw):
        ends = np.frombuffer(offsets, np.int64)[raw.offset : raw.offset + len(raw) + 1]
    return _Slices(
        tag=tag, valid=valid, width=4, count=np.diff(ends),
        begin=ends[:-1], end=ends[1:], content=content,
    )  # fmt: skip


def _list(array: pa.Array, valid: Flags, name: str) -> _Slices:
    wide = array.cast(pa.large_list(array.type.value_type))
    ends = np.asarray(wide.offsets)
    first = int(ends[0]) if ends.size else 0
    ends = ends - first  # a slice of a table carries the values of the whole: take its own
    elements = wide.values.slice(first, int(ends[-1]) if ends.size else 0)
    joined = _join([_column(elements, name)], len(elements))
    return _Slices(
        tag=_LIST, valid=valid, width=4, count=np.diff(ends),
        begin=joined.begin[ends[:-1]], end=joined.begin[ends[1:]], content=joined.content,
    )  # fmt: skip


def _struct(array: pa.Array, valid: Flags, name: str) -> _Slices:
    fields = [
        _column(part, f"{name}.{field.name}")
        for part, field in zip(array.flatten(), array.type, strict=True)
    ]
    rows = _join(fields, len(array))
    begin, end = rows.begin[:-1], rows.begin[1:]
    return _Slices(
        tag=_STRUCT, valid=valid, width=0, count=begin, begin=begin, end=end, content=rows.content
    )


def _write(content: Bytes, cursor: Ints, column: _Column) -> None:
    """Write a column's value behind what each row holds already, and move the cursors on."""
    common = (content, cursor, column.tag, sealed(column.valid))
    if isinstance(column, _Values):
        numbers = (sealed(column.values), column.width)
        _write_values(common, numbers)
        return
    ends = (sealed(column.begin), sealed(column.end))
    slices = (*ends, sealed(column.content), sealed(column.count), column.width)
    _write_slices(common, slices)


@nb.njit(cache=True, nogil=True)
def _write_values(common: Common, numbers: tuple[Words, int]) -> None:
    out, cursor, tag, valid = common
    values, width = numbers
    for row in range(cursor.size):
        at = cursor[row]
        if not valid[row]:
            out[at] = _NULL
            cursor[row] = at + 1
            continue
        out[at] = tag
        for k in range(width):
            out[at + 1 + k] = (values[row] >> np.uint64(8 * (width - 1 - k))) & np.uint64(255)
        cursor[row] = at + 1 + width


@nb.njit(cache=True, nogil=True)
def _write_slices(common: Common, slices: tuple[Ints, Ints, Bytes, Ints, int]) -> None:
    out, cursor, tag, valid = common
    begin, end, content, count, width = slices
    for row in range(cursor.size):
        at = cursor[row]
        if not valid[row]:
            out[at] = _NULL
            cursor[row] = at + 1
            continue
        out[at] = tag
        at += 1
        for k in range(width):
            out[at + k] = (count[row] >> (8 * (width - 1 - k))) & 255
        at += width
        for k in range(begin[row], end[row]):
            out[at] = content[k]
            at += 1
        cursor[row] = at
