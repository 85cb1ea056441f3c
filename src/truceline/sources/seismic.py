"""Bulletins of seismic events as sheets: QuakeML, and the text that FDSN event services answer with."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from truceline.model.errors import SourceError
from truceline.sources.cells import NULL_MARKS
from truceline.sources.contract import RawFile
from truceline.sources.delimited import Sheet, read_sheet
from truceline.sources.derived import renamed
from truceline.sources.encodings import decode
from truceline.sources.markup import Element, tree

COLUMNS = (
    "event", "type", "certainty", "status", "agency", "time", "time_error_s", "lat", "lon",
    "lat_error_deg", "lon_error_deg", "depth_m", "major_m", "minor_m", "azimuth_deg",
    "confidence", "magnitude", "created", "place",
)  # fmt: skip
# FDSN web services 1.2, event text format; EventType stands in newer answers only.
TEXT = {
    "#eventid": "event", "eventid": "event", "#_eventid": "event", "time": "time",
    "latitude": "lat", "longitude": "lon", "depth/km": "depth_km",
    "author": "author", "catalog": "catalog", "contributor": "agency",
    "contributorid": "contributor_id", "magtype": "magnitude_type", "magnitude": "magnitude",
    "magauthor": "magnitude_author", "eventlocationname": "place", "eventtype": "type",
}  # fmt: skip


def events(file: RawFile, options: Mapping[str, Any]) -> Sheet:
    """A row for each event of a file, in our own columns, with the line that it stands on.

    Raises
    ------
    SourceError
        It is neither QuakeML nor the text of an event service.
    """
    head = file.content[:400].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if head.startswith(b"<"):
        return _quakeml(file)
    given = {name: value for name, value in options.items() if name == "encoding"}
    sheet = read_sheet(file, required=(), options={**given, "delimiter": "|"}, known=TEXT)
    sheet = renamed(sheet, TEXT)
    missing = sorted({"event", "time", "lat", "lon"} - set(sheet.columns))
    if missing:
        msg = (
            f"{file.name}:1: it is neither QuakeML nor FDSN event text: no column for "
            f"{', '.join(missing)}; check that this is the right feed for the file"
        )
        raise SourceError(msg)
    return sheet


def _quakeml(file: RawFile) -> Sheet:
    root = tree(file)
    bulletin = root if root.name == "eventParameters" else root.find("eventParameters")
    if bulletin is None:
        msg = f"{file.name}:1: XML, but no QuakeML: it has no eventParameters; check the feed"
        raise SourceError(msg)
    found = list(bulletin.all("event"))
    rows = [_event(event) for event in found]
    several = sum(1 for event in found if sum(1 for _ in event.all("origin")) > 1)
    said = (
        f"{file.name}: {several} events have several origins; the preferred one is read, or the "
        "first where none is preferred"
    )
    return Sheet(
        file=file,
        columns={name: _column([row[name] for row in rows]) for name in COLUMNS},
        lines=np.array([event.line for event in found], dtype=np.int32),
        notes=(said,) if several else (),
        decoded=decode(file.content, file.name),
        header=COLUMNS,
    )


def _column(cells: list[str | None]) -> pa.Array:
    """Cells as a column; what stands for the unknown in a table does so here (`null` as a type)."""
    return pa.array([None if cell in NULL_MARKS else cell for cell in cells], pa.string())


def _event(event: Element) -> dict[str, str | None]:
    origin = _preferred(event, "origin", "preferredOriginID")
    size = _preferred(event, "magnitude", "preferredMagnitudeID")
    ellipse = origin.find("originUncertainty") or origin
    circle = ellipse.get("horizontalUncertainty")
    return {
        "event": event.attributes.get("publicID"),
        "type": event.get("type"),
        "certainty": event.get("typeCertainty"),
        "status": origin.get("evaluationStatus"),
        "agency": origin.get("creationInfo/agencyID") or event.get("creationInfo/agencyID"),
        "time": origin.get("time/value"),
        "time_error_s": origin.get("time/uncertainty"),
        "lat": origin.get("latitude/value"),
        "lon": origin.get("longitude/value"),
        "lat_error_deg": origin.get("latitude/uncertainty"),
        "lon_error_deg": origin.get("longitude/uncertainty"),
        "depth_m": origin.get("depth/value"),
        "major_m": ellipse.get("maxHorizontalUncertainty") or circle,
        "minor_m": ellipse.get("minHorizontalUncertainty") or circle,
        "azimuth_deg": ellipse.get("azimuthMaxHorizontalUncertainty"),
        "confidence": ellipse.get("confidenceLevel"),
        "magnitude": size.get("mag/value"),
        "created": origin.get("creationInfo/creationTime"),
        "place": event.get("description/text"),
    }


def _preferred(event: Element, kind: str, preference: str) -> Element:
    """The preferred origin or magnitude, else the first, else an empty one."""
    found = list(event.all(kind))
    wanted = event.get(preference)
    for one in found:
        if wanted is not None and one.attributes.get("publicID") == wanted:
            return one
    return found[0] if found else Element(name=kind, line=event.line, attributes={})
