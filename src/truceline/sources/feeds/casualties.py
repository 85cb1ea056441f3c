"""Casualties: people killed, injured or missing, counted and nameless. They prove no author."""

from collections.abc import Sequence
from typing import Any

import pyarrow.compute as pc

from truceline.model.vocabulary import IncidentType, SourceKind
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.nameless import nameless, without_excerpts
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, disc, template_sheets, times
from truceline.sources.words import closed, free, required

STATUSES = ("reported", "corroborated")
HARMS = ("killed", "injured", "missing")
AGE_BANDS = ("child", "adult", "older")
SEXES = ("female", "male")
REQUIRED = ("source", "harm", "began")
COLUMNS = (
    "casualty_id", "source", "source_kind", "group", "status", "harm", "cause", "age_band", "sex",
    "count_low", "count_best", "count_high", "began", "ended", "lat", "lon", "error_m", "area_id",
    "observation_id", "reported_at", "marking",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of casualties; a file with a column that names people is refused as a whole.

    Raises
    ------
    SourceError
        An option is not known, or no file can be read that names nobody.
    """
    sheets, whole = nameless(
        *template_sheets(files, context, feed="casualties", required=REQUIRED, known=COLUMNS)
    )
    parts = [_part(sheet, context) for sheet in sheets]
    reading = assemble("casualties", parts, files=files, context=context, refused=whole)
    return without_excerpts(reading)


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended", "reported_at"))
    reported = read_times["reported_at"]
    when = spans(read_times["began"], read_times["ended"], reported, name=sheet.file.name)
    how_many = counts(sheet, has_unit=False)
    place, misplaced = disc(sheet, "error_m")
    source, silent = required(sheet, "source", "write who counted: a hospital, a patrol, an agency")
    words: dict[str, Any] = {}
    notes = [*when.notes]
    for name, stored, fallback in (
        ("source_kind", SourceKind, "other"),
        ("status", STATUSES, "reported"),  # nobody's word for it makes it corroborated
        ("harm", HARMS, None),
        ("cause", IncidentType, None),
        ("age_band", AGE_BANDS, None),
        ("sex", SEXES, None),
    ):
        words[name], said = closed(sheet, name, stored, fallback)
        notes += said
    faults: Faults = {}
    harmless = words["harm"].is_null().to_numpy(zero_copy_only=False)
    gather(faults, where(harmless, "harm is not stored", f"write one of {', '.join(HARMS)}"))
    gather(faults, silent, when.faults, how_many.faults, misplaced)
    columns: dict[str, Any] = {
        "casualty_id": with_content_ids(sheet, free(sheet, "casualty_id"), "casualties"),
        "feed": "casualties",
        "source": source,
        "root": pc.coalesce(free(sheet, "group"), source),
        **words,
        "harm": pc.fill_null(words["harm"], ""),
        **how_many.columns,
        **when.columns(),
        "is_date_only": when.is_date_only,
        "error_major_m": place.pop("error_m"),
        **place,
        "reported_at": to_instants(reported.ended_us, reported.is_known),
        **{name: free(sheet, name) for name in ("area_id", "observation_id", "marking")},
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=tuple(notes))


SAMPLE = b"""\
casualty_id,source,source_kind,status,harm,cause,age_band,sex,count_low,count_best,count_high,began,lat,lon,error_m,observation_id,reported_at
k-1,hospital 1,agency,corroborated,injured,mortar,adult,female,1,1,1,2026-03-07T09:30:00Z,48.1,37.8,500,o-1,2026-03-08T10:00:00Z
k-2,agency 1,agency,reported,killed,,,,1,2,4,2026-03-07,,,,,2026-03-08T10:00:00Z
"""

FEED = Feed(
    name="casualties",
    summary="People killed, injured or missing, counted and nameless: reported or corroborated",
    publisher="The mission, hospitals and agencies that count",
    method="Rows are read as they stand; a file with a column that names people is not read at all",
    limitation="A casualty proves no author and no breach; what is only reported may be wrong",
    licence="As the mission states; usually not for release",
    patterns=("casualties*.csv",),
    read=read,
    yields=("casualties",),
    options=OPTIONS,
    sample={"casualties.csv": SAMPLE},
)
