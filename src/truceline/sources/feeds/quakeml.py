"""Seismic bulletins: QuakeML or FDSN event text. What the ground felt, seldom what it was."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources import degrees
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheets
from truceline.sources.epicentres import DEFAULT_ERROR_M, errors
from truceline.sources.faults import Faults, gather, where
from truceline.sources.figures import to_float64
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import instants, to_instants
from truceline.sources.origins import EXPLOSIONS, also_wanted, spread, unwanted
from truceline.sources.seismic import events
from truceline.sources.words import free

OPTIONS: Mapping[str, str] = {
    **degrees.OPTIONS,
    "encoding": "encoding of event text; found out where absent",
    "error_m": f"95 % error of a place that states none; {DEFAULT_ERROR_M:.0f} m where absent",
    "also_types": "event types to take besides explosions and untyped events, as [quarry blast]",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read bulletins; earthquakes, quarry blasts and the like are refused by their type.

    Raises
    ------
    SourceError
        An option is not known, or no file is a bulletin.
    """
    check_options(context.options, OPTIONS, "quakeml")
    also = also_wanted(context.options)
    sheets, whole = read_sheets(files, partial(events, options=context.options))
    parts = [_part(sheet, context.options, also) for sheet in sheets]
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, options: Mapping[str, Any], also: frozenset[str]) -> Part:
    at = points(sheet, "lat", "lon")
    when = instants(pc.utf8_trim_whitespace(sheet.column("time")), "time", zone="UTC")
    made = instants(pc.utf8_trim_whitespace(sheet.column("created")), "created", zone="UTC")
    wide, wrong = spread(sheet)
    shape = errors(sheet, at.lat, options)
    kind = pc.replace_substring(pc.utf8_lower(free(sheet, "type")), "_", " ")
    faults: Faults = {}
    gather(faults, unwanted(kind, free(sheet, "status"), also), when.faults, at.faults, wrong)
    gather(faults, made.faults, shape.faults)
    advice = "fetch the bulletin again, with origins"
    gather(faults, where(~when.is_known, "no origin time is given", advice))
    gather(faults, where(np.isnan(at.lat), "no place is given", advice))
    agency = pc.coalesce(free(sheet, "agency"), pa.scalar("seismic bulletin"))
    identifier = pc.binary_join_element_wise(agency, free(sheet, "event"), ":")
    is_burst = pc.fill_null(pc.is_in(kind, pa.array(sorted(EXPLOSIONS))), False)
    sure = pc.equal(pc.fill_null(pc.utf8_lower(free(sheet, "certainty")), "known"), "known")
    columns: dict[str, Any] = {
        "observation_id": with_content_ids(sheet, identifier, "quakeml"),
        "feed": "quakeml",
        "source": agency,
        "source_kind": "seismic",
        "root": agency,  # one network's picks are behind all of its bulletin
        "reported_at": to_instants(made.ended_us, made.is_known),
        "began": to_instants(when.began_us - wide),
        "ended": to_instants(when.ended_us + wide),
        "is_date_only": when.is_date_only,
        "lat": to_float64(at.lat),
        "lon": to_float64(at.lon),
        **shape.columns,
        "place_kind": "ellipse",
        "place_name": free(sheet, "place"),
        "type": pc.if_else(is_burst, "explosion_unidentified", pa.scalar(None, pa.string())),
        # A bulletin's `known` and `suspected`; assumed, networks do mistake blasts for quakes.
        "type_confidence": pc.if_else(is_burst, pc.if_else(sure, 0.9, 0.6), pa.scalar(None, pa.float64())),
        "direction": "undetermined",
        "means": "seismic",
        "stance": "none",
    }  # fmt: skip
    said = (*at.notes, *shape.notes)
    return Part(sheet=sheet, columns=columns, faults=faults, notes=said)


SAMPLE = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:example/p">
<event publicID="smi:example/e1"><type>explosion</type><typeCertainty>suspected</typeCertainty>
<origin publicID="smi:example/o1"><time><value>2026-03-07T08:15:02.5Z</value><uncertainty>1.5</uncertainty></time>
<latitude><value>48.1</value></latitude><longitude><value>37.8</value></longitude><creationInfo><agencyID>EX</agencyID></creationInfo>
<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>4000</maxHorizontalUncertainty>
<azimuthMaxHorizontalUncertainty>30</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty></origin></event>
</eventParameters></q:quakeml>
"""
TEXT = b"""\
#EventID | Time | Latitude | Longitude | Depth/km | Author | Catalog | Contributor | ContributorID | MagType | Magnitude | MagAuthor | EventLocationName | EventType
e2|2026-03-07T10:00:00.0|48.2|37.9|0|EX|EX|EX|e2|ML|1.4|EX|Exampleville|explosion
"""

FEED = Feed(
    name="quakeml",
    summary="Seismic bulletins, QuakeML or FDSN event text: explosions and untyped events",
    publisher="Seismic networks and their event services",
    method="Origin, error ellipse and type as located; the ellipse is made one of 95 per cent",
    limitation="It tells that the ground shook, not who or what did it; small fire is not felt",
    licence="As the network states; many ask to be cited",
    patterns=("*.qml", "*quakeml*.xml", "fdsn*.txt"),
    read=read,
    options=OPTIONS,
    sample={"bulletin.xml": SAMPLE, "events.txt": TEXT},
)
