"""ACLED exports: political violence coded weekly from many sources, old and new columns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.sources import degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import Floats, numbers, to_int32, wholes
from truceline.sources.instants import instants, to_instants
from truceline.sources.precision import error_by_code, place_columns, widened
from truceline.sources.spans import Spans, spans
from truceline.sources.words import free

REQUIRED = ("event_id_cnty", "event_date", "event_type", "latitude", "longitude")
COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp", "data_id", "iso3", "event_id_no_cnty", "population_best",
    "population_1km", "population_2km", "population_5km",
)  # fmt: skip
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "dates": "dmy or mdy, for dates such as 04/05/2025; found out from the column where absent",
    "geo_error_m": "95 % error by geo_precision in metres, such as {1: 3000}",
}
# ACLED codebook: 1 the place itself, 2 near it or a part of a region, 3 a larger region. The
# codebook gives no distances: all three are assumed.
GEO_ERROR_M = {"1": 3_000.0, "2": 25_000.0, "3": 100_000.0}
# ACLED codebook: 1 the day, 2 within a week, 3 within a month.
TIME_DAYS = {"1": 0.0, "2": 7.0, "3": 31.0}
# From sub-event to stored type, and how surely; shares are assumed, as a sub-event of ACLED names
# several weapons at once. What stands for no stored type has none.
TYPES: Mapping[str, tuple[str, float]] = {
    "armed clash": ("small_arms_fire", 0.5),
    "government regains territory": ("position_advance", 0.8),
    "non-state actor overtakes territory": ("position_advance", 0.8),
    "non-violent transfer of territory": ("position_advance", 0.5),
    "air/drone strike": ("air_strike", 0.5),
    "shelling/artillery/missile attack": ("artillery", 0.7),
    "remote explosive/landmine/ied": ("mine_or_uxo", 0.8),
    "grenade": ("explosion_unidentified", 0.8),
    "suicide bomb": ("explosion_unidentified", 0.8),
    "attack": ("civilian_harm", 0.8),
    "sexual violence": ("civilian_harm", 0.9),
    "abduction/forced disappearance": ("prisoner_or_detainee", 0.8),
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read ACLED exports; a monadic export's second row of an event is refused as a repeat.

    Raises
    ------
    SourceError
        An option is not known, or no file is of ACLED.
    """
    check_options(context.options, OPTIONS, "acled_csv")
    one = partial(read_sheet, required=REQUIRED, known=COLUMNS, options=context.options)
    sheets, whole = read_sheets(files, one)
    parts = _latest([_part(sheet, context) for sheet in sheets])
    return assemble("observations", parts, files=files, context=context, refused=whole)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    options = context.options
    at = points(sheet, "latitude", "longitude")
    when = _when(sheet, context)
    began_us, ended_us, is_wider = widened(
        when.began_us, when.ended_us, sheet.column("time_precision"), TIME_DAYS
    )
    errors = error_by_code(options, "geo_error_m", GEO_ERROR_M)
    place, notes = place_columns(sheet, at.lat, at.lon, "geo_precision", errors)
    dead = wholes(sheet.column("fatalities"), "fatalities")
    changed = numbers(sheet.column("timestamp"), "timestamp")
    key = free(sheet, "event_id_cnty")
    faults: Faults = {}
    nameless = key.is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(nameless, "it has no event_id_cnty", "fetch the file again"))
    gather(faults, when.faults, at.faults, dead.faults, changed.faults)
    gather(faults, _times_of_change(changed.values))
    if is_wider.any():
        notes.append(
            f"{sheet.file.name}: {int(is_wider.sum())} intervals are widened by time_precision to "
            "a week or a month about their date"
        )
    spelt = ", ".join(f"{code}: {metres / 1000:g} km" for code, metres in errors.items())
    notes.append(f"{sheet.file.name}: errors by geo_precision are assumed: {spelt}")
    sound = kept(sheet.rows, faults)
    columns = {
        **_constant(sheet.rows),
        "observation_id": pc.binary_join_element_wise(pa.scalar("acled"), key, ":"),
        "reported_at": _changed_at(np.where(sound, changed.values, np.nan)),
        "began": to_instants(began_us),
        "ended": to_instants(ended_us),
        **place,
        "place_name": free(sheet, "location"),
        **_types(sheet),
        **_fatalities(np.where(sound, dead.values, np.nan)),
        "text": sheet.column("notes"),
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*at.notes, *when.notes, *notes))


def _when(sheet: Sheet, context: ReadContext) -> Spans:
    dates = context.options.get("dates")
    column = sheet.column("event_date")
    day = instants(column, "event_date", zone=context.zone, dates=dates, is_day=True)
    nothing = instants(pa.nulls(sheet.rows, pa.string()), "ended", zone="UTC")
    return spans(day, nothing, name=sheet.file.name)


def _constant(rows: int) -> dict[str, Any]:
    return {
        "feed": "acled_csv",
        "source": "ACLED",
        "source_kind": "dataset",
        "root": "acled",
        "is_date_only": np.ones(rows, dtype=np.bool_),
        "direction": "undetermined",
        "means": "media",
        "stance": "none",
    }


def _changed_at(seconds: Floats) -> pa.Array:
    known = ~np.isnan(seconds)
    return to_instants((np.where(known, seconds, 0.0) * 1e6).astype(np.int64), known)


def _fatalities(figures: Floats) -> dict[str, pa.Array]:
    best = to_int32(figures)
    unit = pc.if_else(best.is_valid(), "deaths", pa.scalar(None, pa.string()))
    return {"count_best": best, "count_unit": unit}


def _times_of_change(seconds: Floats) -> Faults:
    with np.errstate(invalid="ignore"):
        wrong = (seconds < 0) | (seconds > 4_102_444_800)  # the year 2100: milliseconds, perhaps
    return where(wrong, "timestamp is no time in Unix seconds", "fetch the file again")


def _types(sheet: Sheet) -> dict[str, pa.Array]:
    coded = sheet.column("sub_event_type").dictionary_encode()
    found = [TYPES.get(cell.strip().casefold()) for cell in coded.dictionary.to_pylist()]
    kinds = pa.array([kind[0] if kind else None for kind in found], pa.string())
    shares = pa.array([kind[1] if kind else None for kind in found], pa.float64())
    return {"type": kinds.take(coded.indices), "type_confidence": shares.take(coded.indices)}


def _latest(parts: Sequence[Part]) -> list[Part]:
    """Of several rows of one event keep the one changed last; the first, where none is later."""
    best: dict[str, tuple[int, int]] = {}
    faults = [dict(part.faults) for part in parts]
    for number, part in enumerate(parts):
        ids = part.columns["observation_id"].to_pylist()
        for row, name in enumerate(ids):
            if row in faults[number]:
                continue
            kept = best.setdefault(name, (number, row))
            if kept == (number, row):
                continue
            loser, winner = (number, row), kept
            if _changed(parts, loser) > _changed(parts, winner):
                loser, winner = winner, loser
                best[name] = winner
            faults[loser[0]][loser[1]] = _superseded(parts, loser, winner)
    return [replace(part, faults=bad) for part, bad in zip(parts, faults, strict=True)]


def _changed(parts: Sequence[Part], at: tuple[int, int]) -> int:
    value: int | None = parts[at[0]].columns["reported_at"][at[1]].value
    return -1 if value is None else value


def _superseded(
    parts: Sequence[Part], loser: tuple[int, int], winner: tuple[int, int]
) -> tuple[str, str]:
    sheet = parts[winner[0]].sheet
    place = f"line {sheet.lines[winner[1]]} of {sheet.file.name}"
    if _changed(parts, loser) < _changed(parts, winner):
        return f"older version of the event in {place}", "nothing: the newer one is taken"
    return (
        f"the event in {place} once more, as monadic exports give a row to each actor",
        "nothing; or export it dyadic",
    )


SAMPLE = b"""\
event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp
EXA1,2026-03-07,2026,1,Political violence,Explosions/Remote violence,Shelling/artillery/missile attack,Forces of A,,State forces,Forces of B,,State forces,State forces-State forces,,0,Europe,Exampleland,One,Two,Three,Exampleville,48.1,37.8,1,Outlet; Other outlet,National,Shelling of Exampleville.,0,,1772990000
EXA2,07 March 2026,2026,2,Political violence,Battles,Armed clash,Forces of A,,1,Forces of B,,2,12,,0,Europe,Exampleland,One,Two,Three,Sampletown,48.2,37.9,2,Outlet,National,A clash near Sampletown.,2,,1772990000
"""

FEED = Feed(
    name="acled_csv",
    summary="ACLED event exports, 31 columns or older ones",
    publisher="Armed Conflict Location and Event Data (ACLED)",
    method=(
        "Events coded by hand each week from media, agencies and local partners; precision codes "
        "become errors and intervals; of several versions of an event the last is taken"
    ),
    limitation=(
        "Actor 1 and actor 2 are not attacker and defender, so no actor is claimed; a sub-event "
        "names several weapons at once; one figure of deaths, without a range"
    ),
    licence="ACLED's terms of use: registration, attribution, no redistribution",
    patterns=("*acled*.csv", "*ACLED*.csv"),
    read=read,
    options=OPTIONS,
    sample={"acled.csv": SAMPLE},
)
