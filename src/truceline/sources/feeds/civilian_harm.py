"""Reports of harm to civilians and of damage to what they live by, with the casualties in them."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Direction, Means, SourceKind
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.delimited import Sheet
from truceline.sources.faults import gather
from truceline.sources.harm import HARMED, circle, harms, kind_of
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.limits import calibres
from truceline.sources.nameless import nameless, without_excerpts
from truceline.sources.several import joined, of_taken
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, template_sheets, times
from truceline.sources.words import closed, free, required

REQUIRED = ("source", "began", "harmed")
COLUMNS = (
    "report_id", "source", "source_kind", "group", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "place_name", "area_id", "harmed", "cause", "direction", "means", "weapon", "text",
    "language", "marking", "status",
    *(f"{harm}_{figure}" for harm in HARMED for figure in ("low", "best", "high")),
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read reports of harm: an account of each, and a nameless record of the people in it.

    Raises
    ------
    SourceError
        An option is not known, or no file can be read that names nobody.
    """
    sheets, whole = nameless(
        *template_sheets(files, context, feed="civilian_harm", required=REQUIRED, known=COLUMNS)
    )
    parts = [_part(sheet, context) for sheet in sheets]
    accounts = assemble("observations", parts, files=files, context=context, refused=whole)
    taken = accounts.tables["observations"]
    people = [of_taken(harms(part, harm), taken) for part in parts for harm in HARMED]
    return without_excerpts(joined((accounts, assemble("casualties", people, files=files)), files))


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended", "reported_at"))
    reported = read_times["reported_at"]
    when = spans(read_times["began"], read_times["ended"], reported, name=sheet.file.name)
    place, misplaced = circle(sheet)
    source, silent = required(sheet, "source", "write who reports it")
    kind, sure, faults, notes = kind_of(sheet)
    words: dict[str, pa.Array] = {}
    for name, stored, fallback in (
        ("source_kind", SourceKind, "other"),
        ("direction", Direction, "undetermined"),
        ("means", Means, None),
    ):
        words[name], said = closed(sheet, name, stored, fallback)
        notes += said
    gather(faults, silent, when.faults, misplaced, calibres(sheet.column("weapon"), "weapon"))
    columns: dict[str, Any] = {
        "observation_id": with_content_ids(sheet, free(sheet, "report_id"), "civilian_harm"),
        "feed": "civilian_harm",
        "source": source,
        "root": pc.coalesce(free(sheet, "group"), source),
        "reported_at": to_instants(reported.ended_us, reported.is_known),
        **when.columns(),
        "is_date_only": when.is_date_only,
        **place,
        **words,
        "type": kind,
        "type_confidence": sure,
        "stance": "none",
        **{name: free(sheet, name) for name in ("place_name", "area_id", "weapon", "language", "marking")},
        "text": sheet.column("text"),
    }  # fmt: skip
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *notes))


SAMPLE = b"""\
report_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,place_name,harmed,cause,means,killed_low,killed_best,killed_high,injured_best,text
r-1,patrol 1,patrol,2026-03-07T15:00:00Z,2026-03-07T09:30:00Z,,48.1,37.8,200,Exampleville,home,mortar,seen,,0,,2,A house with a hole in its roof
r-2,agency 1,agency,2026-03-08T10:00:00Z,2026-03-07,,48.2,37.9,3000,Sampletown,power,,document,,,,,A substation out of work
"""

FEED = Feed(
    name="civilian_harm",
    summary="Reports of harm to civilians and damage to homes, utilities, schools and hospitals",
    publisher="Patrols, agencies and local authorities",
    method="An account of each report, and a nameless record of the people killed and injured in it",
    limitation="Damage shows an effect and no author; it need not be an attack, nor of that day",
    licence="As the mission states; usually not for release",
    patterns=("harm*.csv", "damage*.csv"),
    read=read,
    yields=("observations", "casualties"),
    options=OPTIONS,
    sample={"harm.csv": SAMPLE},
)
