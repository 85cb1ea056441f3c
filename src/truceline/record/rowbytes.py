"""A row read back from its canonical bytes: what a proof shows is what was hashed, and nothing else.

The form is that of `truceline.tables.row_form`; the types are those that the batch's entry names.
"""

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from truceline.model.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NULL, _BOOLEAN, _INTEGER, _INSTANT, _FLOAT, _STRING, _BINARY, _LIST, _STRUCT = range(9)


def row_values(content: bytes, columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Columns of one row as JSON can write them: instants as text, bytes in base64.

    Parameters
    ----------
    content
        The row's canonical bytes.
    columns
        Name and type of each column in order, the type as Arrow writes it.

    Raises
    ------
    InputError
        The bytes are not a row of these columns.

    Examples
    --------
    >>> row_values(b"\\x00" + b"\\x05\\x00\\x00\\x00\\x01x", [("a", "int64"), ("b", "string")])
    {'a': None, 'b': 'x'}
    """
    reader = _Reader(content)
    try:
        values = {name: reader.value(kind) for name, kind in columns}
    except (struct.error, UnicodeDecodeError, OverflowError, IndexError) as exc:
        msg = f"these bytes are no row of its columns: {exc}"
        raise InputError(msg) from exc
    if reader.at != len(content):
        msg = f"{len(content) - reader.at} bytes stand after the row's last column"
        raise InputError(msg)
    return values


@dataclass(slots=True)
class _Reader:
    content: bytes
    at: int = 0

    def value(self, kind: str) -> Any:
        """The next value, by its tag; a type says how many fields a struct has, and what days are."""
        tag = self._take(1)[0]
        if tag == _NULL:
            return None
        if tag == _LIST:
            return [self.value(_within(kind)) for _ in range(self._count())]
        if tag == _STRUCT:
            return {name: self.value(of) for name, of in _fields(kind)}
        if tag in (_STRING, _BINARY):
            raw = self._take(self._count())
            return raw.decode() if tag == _STRING else base64.b64encode(raw).decode()
        return self._number(tag, kind)

    def _number(self, tag: int, kind: str) -> Any:
        if tag == _BOOLEAN:
            return bool(self._take(1)[0])
        if tag == _FLOAT:
            number = struct.unpack(">d", self._take(8))[0]
            return number if number - number == 0.0 else str(number)
        whole = struct.unpack(">q", self._take(8))[0]
        if tag == _INSTANT:
            return (_EPOCH + timedelta(microseconds=whole)).isoformat()
        if tag != _INTEGER:
            msg = f"{tag} is the tag of no value"
            raise IndexError(msg)
        return (date(1970, 1, 1) + timedelta(days=whole)).isoformat() if "date" in kind else whole

    def _count(self) -> int:
        count: int = struct.unpack(">I", self._take(4))[0]
        return count

    def _take(self, size: int) -> bytes:
        part = self.content[self.at : self.at + size]
        if len(part) != size:
            msg = "they end within a value"
            raise IndexError(msg)
        self.at += size
        return part


def _within(kind: str) -> str:
    """Type of a list's values.

    Examples
    --------
    >>> _within("list<item: struct<a: double, b: string>>")
    'struct<a: double, b: string>'
    """
    return kind.partition(": ")[2].removesuffix(">")


def _fields(kind: str) -> list[tuple[str, str]]:
    """Names and types of a struct's fields.

    Examples
    --------
    >>> _fields("struct<a: double, b: list<item: timestamp[us, tz=UTC]>>")
    [('a', 'double'), ('b', 'list<item: timestamp[us, tz=UTC]>')]
    """
    parts, depth, begin = [], 0, 0
    inner = kind.removeprefix("struct<").removesuffix(">")
    for at, letter in enumerate(inner):
        depth += (letter in "<[") - (letter in ">]")
        if letter == "," and depth == 0:
            parts.append(inner[begin:at])
            begin = at + 1
    found = [each.strip().partition(": ") for each in [*parts, inner[begin:]]]
    return [(name, of) for name, _, of in found]
