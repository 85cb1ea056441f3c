"""UCDP GED: lethal events coded from news, as the official CSV or as a folder of joined tables."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources import degrees, delimited
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import (
    Feed,
    RawFile,
    ReadContext,
    Reading,
    Refusal,
    check_options,
)
from truceline.sources.counts import Counts
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet, read_sheet, read_sheets
from truceline.sources.derived import joined, renamed
from truceline.sources.faults import Faults, gather, kept, refusals, where
from truceline.sources.figures import to_int32, wholes
from truceline.sources.instants import instants, to_instants
from truceline.sources.precision import error_by_code, place_columns, widened
from truceline.sources.spans import Spans, spans
from truceline.sources.words import free

OFFICIAL = ("id", "where_prec", "latitude", "longitude", "date_prec", "date_start", "date_end")
# Tables of the relational layout, told apart by columns that only they have.
TABLES: Mapping[str, frozenset[str]] = {
    "event": frozenset({"event_id", "number_of_sources"}),
    "location": frozenset({"where_prec", "latitude", "longitude"}),
    "time": frozenset({"event_id", "date_prec", "date_start", "date_end"}),
    "casualty": frozenset({"event_id", "deaths_civilians", "best", "high", "low"}),
    "conflict": frozenset({"event_id", "type_of_violence", "dyad_id"}),
    "source": frozenset({"event_id", "source_date", "source_headline"}),
}
# UCDP GED codebook: 1 exact, 2 within about 25 km, 3 second-order area, 4 first-order area, 5 a
# line or vague area, 6 country, 7 international waters or airspace. Only 25 km is the codebook's
# own figure; the rest are assumed: a settlement's extent, half the width of a district, of a
# region, of a stretch of front, of a country.
WHERE_ERROR_M = {
    "1": 3_000.0, "2": 25_000.0, "3": 30_000.0, "4": 100_000.0, "5": 60_000.0, "6": 500_000.0,
    "7": 500_000.0,
}  # fmt: skip
# UCDP GED codebook: 1 exact day, 2 within 2 to 6 days, 3 a week, 4 a month, 5 up to a year. The
# dates usually span that; where they do not, the interval is widened to it.
DATE_DAYS = {"1": 0.0, "2": 6.0, "3": 7.0, "4": 30.0, "5": 365.0}
OPTIONS: Mapping[str, str] = {
    **delimited.OPTIONS,
    **degrees.OPTIONS,
    "dates": "dmy or mdy, for dates such as 04/05/2015; found out from the column where absent",
    "where_error_m": "95 % error by where_prec in metres, such as {3: 20000}",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read UCDP GED: files of 49 columns, or all tables of the relational layout together.

    Raises
    ------
    SourceError
        An option is not known, or the files are neither layout.
    """
    check_options(context.options, OPTIONS, "ucdp_ged")
    one = partial(read_sheet, required=(), options=context.options)
    sheets, whole = read_sheets(files, one)
    official = [sheet for sheet in sheets if set(OFFICIAL) <= set(sheet.columns)]
    rest = [sheet for sheet in sheets if sheet not in official]
    notes: list[str] = []
    if rest:
        joined_, more, said = _relational(rest, has_official=bool(official))
        official += joined_
        whole += more
        notes += said
    parts = [_part(sheet, context) for sheet in official]
    return assemble("observations", parts, files=files, context=context, refused=whole, notes=notes)


def _relational(
    sheets: Sequence[Sheet], *, has_official: bool
) -> tuple[list[Sheet], list[Refusal], list[str]]:
    tables: dict[str, Sheet] = {}
    notes: list[str] = []
    for sheet in sheets:
        role = next((n for n, has in TABLES.items() if has <= set(sheet.columns)), None)
        if role is None or role in tables:
            notes.append(f"{sheet.file.name}: not needed, so not read ({sheet.upstream} rows)")
        else:
            tables[role] = sheet
    missing = [role for role in ("location", "time") if role not in tables]
    if missing:
        if has_official:
            return [], [], notes
        names = ", ".join(sheet.file.name for sheet in sheets)
        msg = (
            f"{names}: neither the official columns ({', '.join(OFFICIAL)}) nor a relational set "
            f"with a {' and a '.join(missing)} table; check the feed and the list of files"
        )
        raise SourceError(msg)
    base, key = tables["location"], "event_id"
    if key not in base.columns:
        base = renamed(base, {"id": key})
    refused: list[Refusal] = []
    for role in ("time", "casualty", "conflict", "event"):
        if role in tables:
            base, faults = joined(base, tables[role], key, "event_id")
            refused += [*refusals(tables[role], faults), *tables[role].refused]
            notes += tables[role].notes
    if "source" in tables:
        notes.append(_collapsed(tables["source"]))
    return [renamed(base, {key: "id"})], refused, notes


def _collapsed(source: Sheet) -> str:
    """How many articles there are: the table repeats each for every office of its event."""
    keys = zip(
        *(
            source.column(name).to_pylist()
            for name in ("event_id", "source_date", "source_headline")
        ),
        strict=True,
    )
    unread = f" ({len(source.refused)} more cannot be read)" if source.refused else ""
    return (
        f"{source.file.name}: {source.rows} rows{unread} are {len(set(keys))} articles, as each stands once "
        "for every office of its event; offices and headlines are not used"
    )


def _part(sheet: Sheet, context: ReadContext) -> Part:
    options = context.options
    at = points(sheet, "latitude", "longitude")
    when = _when(sheet, context)
    began_us, ended_us, is_wider = widened(
        when.began_us, when.ended_us, sheet.column("date_prec"), DATE_DAYS
    )
    deaths, contradicted = _deaths(sheet)
    errors = error_by_code(options, "where_error_m", WHERE_ERROR_M)
    place, notes = place_columns(sheet, at.lat, at.lon, "where_prec", errors)
    key = free(sheet, "id")
    nameless = key.is_null().to_numpy(zero_copy_only=False)
    faults: Faults = {}
    gather(faults, where(nameless, "it has no event id", "fetch the file again"))
    gather(faults, when.faults, at.faults, deaths.faults)
    notes += contradicted
    if is_wider.any():
        notes.append(
            f"{sheet.file.name}: {int(is_wider.sum())} intervals are widened to the span of their "
            "date_prec (codebook)"
        )
    notes.append(
        f"{sheet.file.name}: errors by where_prec: 2 as in the codebook (25 km); "
        f"{_spelt(errors)} assumed"
    )
    columns = {
        **_constant(sheet.rows),
        "observation_id": pc.binary_join_element_wise(pa.scalar("ucdp_ged"), key, ":"),
        "began": to_instants(began_us),
        "ended": to_instants(ended_us),
        **place,
        "place_name": free(sheet, "where_coordinates"),
        **_what(sheet),
        **deaths.columns,
        "count_unit": pc.if_else(
            deaths.columns["count_best"].is_valid(), "deaths", pa.scalar(None, pa.string())
        ),
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*at.notes, *when.notes, *notes))


def _when(sheet: Sheet, context: ReadContext) -> Spans:
    dates = context.options.get("dates")
    days = [
        instants(sheet.column(name), name, zone=context.zone, dates=dates, is_day=True)
        for name in ("date_start", "date_end")
    ]
    return spans(*days, name=sheet.file.name)


def _constant(rows: int) -> dict[str, Any]:
    return {
        "feed": "ucdp_ged",
        "source": "UCDP GED",
        "source_kind": "dataset",
        "root": "ucdp_ged",  # one coding team: its events never corroborate one another
        # A span of days is no clock time either, however long.
        "is_date_only": np.ones(rows, dtype=np.bool_),
        "direction": "undetermined",
        "means": "media",
        "stance": "none",
    }


def _what(sheet: Sheet) -> dict[str, pa.Array]:
    """One-sided violence harms civilians; other fighting says who fought, not with what: no type."""
    is_one_sided = pc.fill_null(pc.equal(sheet.column("type_of_violence"), "3"), False)
    return {
        "type": pc.if_else(is_one_sided, "civilian_harm", pa.scalar(None, pa.string())),
        "type_confidence": pc.if_else(is_one_sided, 1.0, pa.scalar(None, pa.float64())),
    }


def _deaths(sheet: Sheet) -> tuple[Counts, list[str]]:
    """Low, best and high deaths; where they contradict one another, the widest range of them."""
    read_ = [wholes(sheet.column(name), name) for name in ("low", "best", "high")]
    faults: Faults = {}
    gather(faults, *(figures.faults for figures in read_))
    low, best, high = (figures.values for figures in read_)
    with np.errstate(invalid="ignore"):
        wrong = (low > best) | (best > high) | (low > high)
    lowest, highest = np.fmin.reduce([low, best, high]), np.fmax.reduce([low, best, high])
    figures = {"low": np.where(wrong, lowest, low), "best": best}
    figures["high"] = np.where(wrong, highest, high)
    sound = kept(sheet.rows, faults)
    columns = {
        f"count_{name}": to_int32(np.where(sound, values, np.nan))
        for name, values in figures.items()
    }
    notes = []
    if wrong.any():
        lines = ", ".join(str(line) for line in sheet.lines[wrong][:20])
        notes.append(
            f"{sheet.file.name}: low, best and high contradict one another in {int(wrong.sum())} "
            f"rows (lines {lines}): the widest range of the three is taken"
        )
    return Counts(columns=columns, faults=faults), notes


def _spelt(errors: Mapping[str, float]) -> str:
    return ", ".join(
        f"{code}: {metres / 1000:g} km" for code, metres in errors.items() if code != "2"
    )


SAMPLE = b"""\
id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob
900001,X-1,2019,1,Clear,1,1,1,Example,1,1,A - B,1,1,A,2,2,B,1,a,o,2019-03-07,h,s,2,Exampleville,near it,One,Two,48.1,37.8,POINT (37.8 48.1),1,Exampleland,1,Europe,1,1,2019-03-07 00:00:00.000,2019-03-07 00:00:00.000,1,0,0,0,1,2,1,1,
900002,X-2,2019,1,Clear,3,1,1,Example,1,1,A - civilians,1,1,A,2,2,civilians,1,a,o,2019-03-09,h,s,4,One region,somewhere,One,,48.0,37.5,POINT (37.5 48.0),1,Exampleland,1,Europe,2,2,2019-03-08 00:00:00.000,2019-03-10 00:00:00.000,0,0,3,0,3,3,2,1,
"""

FEED = Feed(
    name="ucdp_ged",
    summary="UCDP GED lethal events, official CSV or relational tables",
    publisher="Uppsala Conflict Data Program",
    method=(
        "Events of organised violence with at least one death, coded by hand from news and "
        "reports; place and date carry precision codes, which become errors and intervals"
    ),
    limitation=(
        "Lethal events only, so never a count of violations; its sides are the dyad, not the "
        "author, so no actor is claimed; weapons are not coded"
    ),
    licence="CC BY 4.0; cite UCDP GED and its version",
    patterns=("GEDEvent*.csv", "ucdp*/*.csv"),
    read=read,
    options=OPTIONS,
    sample={"GEDEvent.csv": SAMPLE},
)
