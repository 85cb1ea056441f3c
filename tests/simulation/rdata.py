"""Data frames of an R file (`save()`, binary), by the standard library alone.

Only what such files of event lists hold: vectors, factors, lists with names. R Internals, section 1.8.
"""

import bz2
import gzip
import lzma
import struct
from pathlib import Path
from typing import Any

_NIL, _REFERENCE, _ALTREP = 254, 255, 238
_PLAIN = {10: "i", 13: "i", 14: "d"}
_MISSING = -(2**31)


def frames(path: Path) -> dict[str, dict[str, list[Any]]]:
    """Every data frame of the file by its name, as columns by name; factors as their words."""
    content = path.read_bytes()
    for magic, opener in ((b"\x1f\x8b", gzip), (b"BZh", bz2), (b"\xfd7zXZ", lzma)):
        if content.startswith(magic):
            content = opener.decompress(content)
    if not content.startswith((b"RDX2\nX\n", b"RDX3\nX\n")):
        raise ValueError(f"{path}: no binary R file")
    reader = _Reader(content)
    found = reader.item()
    return {name: value for name, value in found.items() if isinstance(value, dict)}


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at, self.names = content, 7, []
        version, _, _ = self.take("3i")
        if version == 3:
            self.at += self.take("i")[0]

    def take(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(">" + form)
        values = struct.unpack_from(">" + form, self.content, self.at)
        self.at += size
        return values

    def item(self) -> Any:
        flags = self.take("i")[0]
        kind, has_attributes, has_tag = flags & 255, flags & 0x200, flags & 0x400
        if kind == _NIL:
            return None
        if kind == _REFERENCE:
            return self.names[(flags >> 8) - 1]
        if kind == 1:
            self.names.append(self.item())
            return self.names[-1]
        if kind == 2:
            return self.pairs(has_attributes, has_tag)
        value = self.vector(kind)
        return self.with_attributes(value) if has_attributes and kind != 9 else value

    def pairs(self, has_attributes: int, has_tag: int) -> dict[str, Any]:
        """A pair list as a dict."""
        if has_attributes:
            self.item()
        name = self.item() if has_tag else ""
        value = self.item()
        rest = self.item() or {}
        return {name: value, **rest}

    def vector(self, kind: int) -> Any:
        length = self.take("i")[0]
        if kind == 9:
            if length < 0:
                return None
            text = self.content[self.at : self.at + length]
            self.at += length
            return text.decode("utf-8", errors="replace")
        if kind in (16, 19):
            return [self.item() for _ in range(length)]
        if kind not in _PLAIN:
            raise ValueError(f"a value of R type {kind} at byte {self.at}")
        values = list(self.take(f"{length}{_PLAIN[kind]}"))
        return [None if v == _MISSING else v for v in values]

    def with_attributes(self, value: Any) -> Any:
        attributes = self.item() or {}
        if "levels" in attributes:
            return [None if code is None else attributes["levels"][code - 1] for code in value]
        if "names" in attributes and "row.names" in attributes:
            return dict(zip(attributes["names"], value, strict=True))
        return value
