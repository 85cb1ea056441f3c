"""Submissions of forms as JSON, by ODK Central (OData) or KoboToolbox (v2): items, answers, repeats."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from truceline.model.errors import SourceError
from truceline.sources.contract import RawFile, Refusal
from truceline.sources.encodings import Decoded, decode

_LIST = re.compile(r'"(?:results|value)"\s*:\s*\[|\A\s*\[')
_NEXT = re.compile(r'"(?:next|@odata\.nextLink)"\s*:\s*"')
_CONTEXT = re.compile(r'"@odata\.context"\s*:\s*"[^"]*#Submissions\.([\w.]+)"')
_PARENT = re.compile(r"__(?P<table>\w[\w-]*)-id")
_BLANK = re.compile(r"[\s,]*")
_WKT = re.compile(r"POINT\s*Z?\s*\(\s*(\S+)\s+(\S+)(?:\s+(\S+))?\s*\)", re.IGNORECASE)
_GEOMETRIES = ("Point", "LineString")
_SECRET = ("MissingEncryptedFormData", "NotDecrypted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a file's list, with its line."""

    line: int
    content: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The list that a file holds; `repeat` names the repeat of which it is the table."""

    file: RawFile
    decoded: Decoded
    items: tuple[Item, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]
    repeat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers by the last word of their path; rows of repeats; repeats that stand elsewhere."""

    cells: dict[str, str] = field(default_factory=dict)
    repeats: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)


def listing(file: RawFile) -> Listing:
    """The items of a file, each with its line; what comes after damage is one refusal.

    Raises
    ------
    SourceError
        It holds no list of submissions.
    """
    decoded = decode(file.content, file.name)
    text = decoded.text
    begin = _LIST.search(text)
    if begin is None:
        msg = (
            f"{file.name}:1: it holds no list `results` or `value`; give the answer of the server's "
            "`data` or `Submissions` address as it came"
        )
        raise SourceError(msg)
    items: list[Item] = []
    refused: list[Refusal] = []
    last = begin.end()
    for line, value, end in _values(text, last):
        last = end
        if isinstance(value, dict):
            items.append(Item(line=line, content=value))
        else:
            reason, advice = value if isinstance(value, tuple) else _STRANGE
            refused.append(_refusal(file, text, line, reason, advice))
    notes = list(decoded.notes)
    if _NEXT.search(text[: begin.start()]) or _NEXT.search(text, last):
        notes.append(f"{file.name}: it is one page of several: give the pages after it too")
    named = _CONTEXT.search(text[: begin.start()])
    return Listing(
        file=file,
        decoded=decoded,
        items=tuple(items),
        refused=tuple(refused),
        notes=tuple(notes),
        repeat=named[1].rsplit(".", 1)[-1] if named else None,
    )


_STRANGE = ("it is no submission but a bare value", "fetch the file again")


def _values(text: str, at: int) -> Iterator[tuple[int, Any, int]]:
    """Line, value and end of each item; a fault, as a pair, is the last one."""
    decoder = json.JSONDecoder()
    line, counted = 1, 0
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]
        line, counted = line + text.count("\n", counted, at), at
        if text[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as exc:
            what = exc.msg if isinstance(exc, json.JSONDecodeError) else type(exc).__name__
            reason = f"from here on it is not JSON: {what}"
            if at >= len(text.rstrip()) or "ntermin" in what or "Expecting" in what:
                reason = f"it ends or breaks in the middle of a submission: {what}"
            yield line, (reason, "fetch the file again; what follows cannot be counted"), len(text)
            return
        yield line, value, end
        at = end


def _refusal(file: RawFile, text: str, line: int, reason: str, advice: str) -> Refusal:
    found = text.split("\n", line)
    excerpt = found[line - 1][:200] if line <= len(found) else ""
    return Refusal(file=file.name, line=line, reason=reason, advice=advice, excerpt=excerpt)


def answers(content: Mapping[str, Any]) -> Answers:
    """Answers of a submission, nested (ODK) or with paths for keys (KoboToolbox).

    Numbers become the words that they were; what begins with `_` is the server's and no answer.

    Examples
    --------
    >>> found = answers({"g/patrol": "patrol 1", "g/shots": [{"g/shots/count_best": "3"}]})
    >>> found.cells, found.repeats
    ({'patrol': 'patrol 1'}, {'shots': [{'count_best': '3'}]})
    """
    found = Answers()
    _flatten(content, found)
    return found


def _flatten(content: Mapping[str, Any], found: Answers) -> None:
    for key, value in content.items():
        name = str(key).rsplit("/", 1)[-1]
        if name.endswith("@odata.navigationLink"):
            found.elsewhere.add(name.removesuffix("@odata.navigationLink"))
        elif name.startswith("_") or key in {"meta", "formhub/uuid"} or key.startswith("meta/"):
            continue
        elif isinstance(value, dict) and value.get("type") not in _GEOMETRIES:
            _flatten(value, found)
        elif isinstance(value, list):
            rows = [row for row in value if isinstance(row, dict)]
            found.repeats[name] = [_row(row) for row in rows]
        elif value is not None:
            found.cells[name] = _text(value)


def _row(content: Mapping[str, Any]) -> dict[str, str]:
    inner = answers(content)
    own = content.get("__id")
    return inner.cells | ({"__id": own} if isinstance(own, str) else {})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return _geojson(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str) else json.dumps(value)


def _geojson(value: Mapping[str, Any]) -> str:
    """A GeoJSON point or line in a form's own words: latitude, longitude, altitude, accuracy."""
    at = value.get("coordinates")
    beside = value.get("properties")
    accuracy = beside.get("accuracy") if isinstance(beside, dict) else None
    if value.get("type") == "Point":
        at = [at]
    if not isinstance(at, list) or not all(isinstance(one, list) and len(one) > 1 for one in at):
        return json.dumps(value)[:200]
    altitudes = [one[2] if len(one) > 2 else 0 for one in at]
    return ";".join(
        f"{one[1]} {one[0]} {altitude} {0 if accuracy is None else accuracy}"
        for one, altitude in zip(at, altitudes, strict=True)
    )


def point_of(cell: str) -> tuple[str, str, str | None]:
    """Latitude, longitude and accuracy of a geopoint, as words; a WKT point has no accuracy.

    Examples
    --------
    >>> point_of("48.1 37.8 120 4.5"), point_of("POINT (37.8 48.1)")
    (('48.1', '37.8', '4.5'), ('48.1', '37.8', None))
    >>> point_of("near the mill")
    ('near the mill', '', None)
    """
    wkt = _WKT.match(cell.strip())
    if wkt:
        return wkt[2], wkt[1], None
    parts = cell.split()
    if len(parts) not in {2, 3, 4} or not parts[0].lstrip("+-")[:1].isdigit():
        return cell, "", None  # the reader of coordinates then says what is wrong
    return parts[0], parts[1], parts[3] if len(parts) == 4 else None


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Whether its answers are encrypted: nothing is known of them, not even that there are none."""
    system = content.get("__system")
    status = system.get("status") if isinstance(system, dict) else None
    return status in _SECRET or "encryptedXmlFile" in content or "base64EncryptedKey" in content


def parent_of(content: Mapping[str, Any]) -> str | None:
    """The submission that a row of a repeat's own table belongs to; None for a submission."""
    for key, value in content.items():
        if _PARENT.fullmatch(key) and isinstance(value, str):
            return value
    return None
