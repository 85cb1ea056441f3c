"""What was harmed, what that says of the happening, and the people in a report, nameless."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import IncidentType
from truceline.sources.assembly import Part
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet, with_columns
from truceline.sources.faults import Faults, gather, where
from truceline.sources.template import disc
from truceline.sources.words import closed

HARMED = ("killed", "injured", "missing")
_LIVES = IncidentType.CIVILIAN_HARM.value
_WORKS = IncidentType.INFRASTRUCTURE_ATTACK.value
# What may be harmed; a stored type follows from it, never an intent.
OBJECTS: Mapping[str, str] = {
    "civilians": _LIVES, "home": _LIVES, "vehicle": _LIVES, "school": _LIVES, "hospital": _LIVES,
    "worship": _LIVES, "market": _LIVES, "farm": _LIVES, "aid": _LIVES,
    "power": _WORKS, "water": _WORKS, "gas": _WORKS, "heating": _WORKS, "railway": _WORKS,
    "road": _WORKS, "bridge": _WORKS, "port": _WORKS, "dam": _WORKS, "fuel": _WORKS,
    "communications": _WORKS, "nuclear": _WORKS,
}  # fmt: skip
# People and homes that were harmed were harmed; works that are out may have failed: assumed.
_SURE = {_LIVES: 0.9, _WORKS: 0.7}


def kind_of(sheet: Sheet) -> tuple[pa.Array, pa.Array, Faults, list[str]]:
    """Type and its confidence from what was harmed, with faults and notes.

    What is stated as the cause (`mortar`) stays the cause of casualties: the account is of the harm.
    """
    harmed, notes = closed(sheet, "harmed", OBJECTS, None)
    coded = harmed.dictionary_encode()
    kinds = [OBJECTS[word] for word in coded.dictionary.to_pylist()]
    kind = pa.array(kinds, pa.string()).take(coded.indices)
    sure = pa.array([_SURE[word] for word in kinds], pa.float64()).take(coded.indices)
    faults = where(
        harmed.is_null().to_numpy(zero_copy_only=False),
        "harmed is not stored",
        f"write one of {', '.join(OBJECTS)}",
    )
    for harm in HARMED:
        read = counts(_figures(sheet, harm), has_unit=False)
        gather(faults, {row: (f"{harm}: {why}", fix) for row, (why, fix) in read.faults.items()})
    return kind, sure, faults, [*notes]


def circle(sheet: Sheet) -> tuple[dict[str, Any], Faults]:
    """Place columns of a point with a circular error, with faults."""
    place, faults = disc(sheet, "error_m")
    error_m = place.pop("error_m")
    nowhere = pa.scalar(None, pa.string())
    columns = {
        **place,
        "error_major_m": error_m,
        "error_minor_m": error_m,
        "error_azimuth_deg": pc.if_else(error_m.is_valid(), 0.0, pa.scalar(None, pa.float64())),
        "place_kind": pc.if_else(place["lat"].is_valid(), "ellipse", nowhere),
    }
    return columns, faults


def harms(part: Part, harm: str) -> Part:
    """The casualties of one harm in each report; rows that state none above zero say nothing.

    Parameters
    ----------
    part
        The reports' own observations.
    harm
        `killed`, `injured` or `missing`.
    """
    sheet = part.sheet
    read = counts(_figures(sheet, harm), has_unit=False)
    figures = [read.columns[f"count_{name}"] for name in ("low", "best", "high")]
    most = np.maximum.reduce([np.asarray(pc.fill_null(column, 0)) for column in figures])
    stated = np.logical_or.reduce([np.asarray(column.is_valid()) for column in figures])
    cause, said = closed(sheet, "cause", IncidentType, None)
    status, more = closed(sheet, "status", ("reported", "corroborated"), "reported")
    account = part.columns
    taken = (
        "feed", "source", "source_kind", "root", "began", "ended", "is_date_only", "lat", "lon",
        "error_major_m", "area_id", "observation_id", "reported_at", "marking",
    )  # fmt: skip
    columns: dict[str, Any] = {
        "casualty_id": pc.binary_join_element_wise(account["observation_id"], harm, ":"),
        "status": status,
        "harm": harm,
        "cause": cause,
        **read.columns,
        **{name: account[name] for name in taken},
    }
    zeros = int((stated & (most == 0)).sum())
    note = f"{sheet.file.name}: {zeros} reports state that nobody was {harm}"
    nobody = where(most == 0, f"nobody {harm}", "nothing")
    notes = (*(said if harm == HARMED[0] else ()), *(more if harm == HARMED[0] else ()))
    return replace(
        part, columns=columns, faults=nobody, notes=(*notes, *((note,) if zeros else ()))
    )


def _figures(sheet: Sheet, harm: str) -> Sheet:
    """The sheet with the columns of one harm under the names that `counts` reads."""
    names = ("low", "best", "high")
    return with_columns(sheet, {f"count_{name}": sheet.column(f"{harm}_{name}") for name in names})
