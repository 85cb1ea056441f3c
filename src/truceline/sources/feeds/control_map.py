"""Control maps: who holds what ground, as one author draws it. A claim, never the truth."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from truceline.model.errors import SourceError
from truceline.sources.assembly import in_order
from truceline.sources.clock import Moment, moment, zone_of
from truceline.sources.contract import (
    Feed,
    RawFile,
    ReadContext,
    Reading,
    Refusal,
    check_options,
)
from truceline.sources.delimited import whole_file
from truceline.sources.instants import to_instants
from truceline.sources.limits import HALF_EARTH_M, LEAST_M, is_metres
from truceline.sources.maps import Fault, Piece, pieces
from truceline.sources.swapped import fault_of_area
from truceline.tables import schemas

OPTIONS: Mapping[str, str] = {
    "author": "whose map it is; required",
    "version": "version of the map; the name of each file where absent",
    "controller": "party id that holds every area of the map",
    "classes": "mapping of a class of areas to the party id that holds it, or null for contested",
    "class_property": "property of a feature that holds its class; `type` where absent",
    "date_property": "property that holds the day the map speaks for; the file's name if absent",
    "began": "from when the map speaks; else a date is looked for",
    "ended": "until when it speaks; else to the end of its day",
    "until_next": "true: each map speaks until the next one of these files begins",
    "error_m": "95 % error of the drawn edge in metres; unknown where absent",
}
_DATE = re.compile(r"(?<!\d)(20\d{2})-?([01]\d)-?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One polygon that is taken."""

    file: RawFile
    piece: Piece
    began_us: int
    ended_us: int
    controller: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """What a map speaks for."""

    began_us: int
    ended_us: int


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read maps of control or zones; each polygon is a row of its own.

    A polygon that crosses itself is refused, with the place; the map's other polygons stay.

    Raises
    ------
    SourceError
        An option is missing or wrong, or no file is GeoJSON.
    """
    options = context.options
    check_options(options, OPTIONS, "control_map")
    _check_values(options)
    taken: list[_Row] = []
    refused: list[Refusal] = []
    whole = 0
    for file in files:
        try:
            found, beside = pieces(file)
        except SourceError as exc:
            refused.append(whole_file(file, str(exc)))
            whole += 1
            continue
        for piece in found:
            row = _row(file, piece, beside, context)
            if isinstance(row, _Row):
                taken.append(row)
            else:
                refused.append(_refusal(file, piece, row))
    if whole == len(files):
        msg = "; ".join(refusal.reason for refusal in refused) or "no file was given"
        raise SourceError(msg)
    if options.get("until_next"):
        taken = _until_next(taken)
    return _reading(taken, refused, files, options)


def _reading(
    taken: list[_Row],
    refused: list[Refusal],
    files: Sequence[RawFile],
    options: Mapping[str, Any],
) -> Reading:
    table = schemas.from_columns(schemas.CONTROLS, _columns(taken, options), len(taken))
    notes = [f"maps are the claim of {options['author']}; each polygon is a row"]
    if "error_m" not in options:
        notes.append("no error of the drawn edge is stated: unknown; set option `error_m`")
    contested = sum(1 for row in taken if row.controller is None)
    if contested:
        notes.append(f"{contested} polygons are contested: nobody's, as the classes say")
    return Reading(
        tables={"controls": table},
        upstream=len(taken) + len(refused),
        taken=len(taken),
        refused=in_order(refused, files),
        notes=tuple(notes),
    )


def _check_values(options: Mapping[str, Any]) -> None:
    author = options.get("author")
    if not isinstance(author, str) or not author.strip():
        msg = "feed control_map: option `author` is missing; say whose map it is"
        raise SourceError(msg)
    classes = options.get("classes")
    if "controller" not in options and not isinstance(classes, Mapping):
        msg = (
            "feed control_map: give option `controller`, the party that holds all areas, or "
            "`classes`, a mapping of each class to a party id or null"
        )
        raise SourceError(msg)
    for name in ("class_property", "date_property"):
        if not isinstance(options.get(name, ""), str):
            msg = f"option `{name}` is {options[name]!r}; give the name of a property"
            raise SourceError(msg)
    if not isinstance(options.get("until_next", False), bool):
        msg = f"option `until_next` is {options['until_next']!r}; it is true or false"
        raise SourceError(msg)
    error_m = options.get("error_m", 1.0)
    if not is_metres(error_m):
        msg = f"option `error_m` is {error_m!r}; give metres, {LEAST_M:g} to {HALF_EARTH_M:,.0f}"
        raise SourceError(msg)


def _row(
    file: RawFile, piece: Piece, beside: Mapping[str, Any], context: ReadContext
) -> _Row | Fault:
    fault = piece.fault or _swapped(piece, context)
    if fault is not None:
        return fault
    controller = _controller(piece, context.options)
    if isinstance(controller, tuple):
        return controller
    span = _span(file, piece, beside, context)
    if not isinstance(span, _Span):
        return span
    return _Row(
        file=file,
        piece=piece,
        began_us=span.began_us,
        ended_us=span.ended_us,
        controller=controller,
    )


def _swapped(piece: Piece, context: ReadContext) -> Fault | None:
    if piece.shape is None:
        return None
    middle = piece.shape.centroid
    return fault_of_area(middle.y, middle.x, context)


def _controller(piece: Piece, options: Mapping[str, Any]) -> str | Fault | None:
    classes = options.get("classes")
    if not isinstance(classes, Mapping):
        given = options["controller"]
        return None if given is None else str(given)
    name = options.get("class_property", "type")
    value = piece.properties.get(name)
    by_word = {str(key): party for key, party in classes.items()}
    if str(value) not in by_word:
        if value is None and "controller" in options:
            return str(options["controller"])
        known = ", ".join(sorted(by_word))
        return f"class {str(value)[:40]!r} is not mapped", f"add it to `classes`; there are {known}"
    party = by_word[str(value)]
    return None if party is None else str(party)


def _span(
    file: RawFile, piece: Piece, beside: Mapping[str, Any], context: ReadContext
) -> _Span | Fault:
    options, zone = context.options, zone_of(context.zone)
    text = _date_text(file, piece, beside, options)
    advice = "set option `began`, or `date_property`, or put the date into the file's name"
    if text is None:
        return "no date tells what day the map speaks for", advice
    began = moment(str(text), zone)
    ended = moment(str(options["ended"]), zone) if "ended" in options else began
    if not isinstance(began, Moment):
        return began.reason, began.advice
    if not isinstance(ended, Moment):
        return ended.reason, ended.advice
    last_us = ended.began_us if "ended" in options else ended.ended_us
    if last_us <= began.began_us:
        return "the map ends before it begins", "check options `began` and `ended`"
    return _Span(began_us=began.began_us, ended_us=last_us)


def _date_text(
    file: RawFile, piece: Piece, beside: Mapping[str, Any], options: Mapping[str, Any]
) -> str | None:
    if "began" in options:
        return str(options["began"])
    if "date_property" in options:
        value = piece.properties.get(options["date_property"])
        return None if value is None else str(value)
    for name in (file.name, str(beside.get("name", ""))):
        found = _DATE.search(name)
        if found:
            return "-".join(found.groups())
    return None


def _until_next(taken: list[_Row]) -> list[_Row]:
    """Each map to the begin of the next; the last keeps its own end."""
    starts = sorted({row.began_us for row in taken})
    following = dict(pairwise(starts))
    return [
        _Row(
            file=row.file,
            piece=row.piece,
            began_us=row.began_us,
            ended_us=following.get(row.began_us, row.ended_us),
            controller=row.controller,
        )
        for row in taken
    ]


def _columns(taken: list[_Row], options: Mapping[str, Any]) -> dict[str, Any]:
    author = options["author"]
    versions = [str(options.get("version", row.file.name)) for row in taken]
    ids = [
        f"control_map:{author}:{row.file.name}:{row.piece.feature}.{row.piece.polygon}"
        for row in taken
    ]
    return {
        "control_id": ids,
        "author": author,
        "version": versions,
        "began": to_instants(np.array([row.began_us for row in taken], dtype=np.int64)),
        "ended": to_instants(np.array([row.ended_us for row in taken], dtype=np.int64)),
        "controller": [row.controller for row in taken],
        "geometry_wkb": [row.piece.shape.wkb for row in taken if row.piece.shape is not None],
        "error_m": float(options["error_m"]) if "error_m" in options else None,
        "exhibit": [row.file.sha256 for row in taken],
        "file": [row.file.name for row in taken],
        "line": [row.piece.line for row in taken],
    }


def _refusal(file: RawFile, piece: Piece, fault: Fault) -> Refusal:
    reason, advice = fault
    excerpt = str(dict(piece.properties))[:200]
    return Refusal(file=file.name, line=piece.line, reason=reason, advice=advice, excerpt=excerpt)


SAMPLE = b"""\
{"type": "FeatureCollection", "name": "map_2026-03-07", "features": [
 {"type": "Feature", "properties": {"class": "held"}, "geometry":
  {"type": "Polygon", "coordinates": [[[37.0, 48.0], [38.0, 48.0], [38.0, 49.0], [37.0, 49.0], [37.0, 48.0]]]}},
 {"type": "Feature", "properties": {"class": "disputed"}, "geometry":
  {"type": "MultiPolygon", "coordinates": [[[[38.0, 48.0], [38.5, 48.0], [38.5, 49.0], [38.0, 48.0]]]]}}
]}
"""

FEED = Feed(
    name="control_map",
    summary="Maps of control or of zones in GeoJSON, with their author and version",
    publisher="The author that option `author` names",
    method="Polygons are taken as drawn, class by class; what crosses itself is refused, not mended",
    limitation=(
        "A map is its author's claim: authors disagree near the line, draw it days late, and state "
        "no error; it says nothing about any border"
    ),
    licence="As its author states",
    patterns=("*.geojson", "*.json"),
    read=read,
    reads_names=True,
    yields=("controls",),
    options=OPTIONS,
    sample={"map_2026-03-07.geojson": SAMPLE},
    sample_options={
        "author": "Example author",
        "class_property": "class",
        "classes": {"held": "A", "disputed": None},
    },
)
