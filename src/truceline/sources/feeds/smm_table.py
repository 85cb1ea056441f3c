"""Violation tables in the columns of the OSCE SMM's annex: who was where, what was heard, how many."""

import re
from collections.abc import Sequence

from truceline.model.errors import SourceError
from truceline.sources import delimited
from truceline.sources.accounts import accounts
from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.delimited import whole_file
from truceline.sources.faults import gather
from truceline.sources.smm_rows import CUT_OFF, named, plain, towns_in, towns_of
from truceline.sources.template import OPTIONS as TEMPLATE

NAME = "smm_table"
OPTIONS = {
    **TEMPLATE,
    "towns": "mapping of a town's name to [lat, lon]; a file with town, lat, lon does the same",
    "cut_off": f"local time at which a reporting period ends; {CUT_OFF} where absent",
}


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read violation tables; a file with the columns town, lat and lon places the others' rows.

    Raises
    ------
    SourceError
        An option is wrong, or no file is a table of violations.
    """
    check_options(context.options, OPTIONS, NAME)
    cut_off = context.options.get("cut_off", CUT_OFF)
    if not isinstance(cut_off, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", cut_off):
        msg = f"option `cut_off` is {cut_off!r}; write a local time such as '19:30'"
        raise SourceError(msg)
    towns = towns_in(context.options)
    tables: list[RawFile] = []
    refused = []
    for file in files:
        try:
            found = towns_of(file, context)
        except SourceError as exc:
            refused.append(whole_file(file, str(exc)))
            continue
        towns |= found or {}
        tables += [] if found is not None else [file]
    if not tables:
        told = "; ".join(refusal.reason for refusal in refused)
        msg = (
            f"no file is a table of violations; give one beside the table of towns. {told}".strip()
        )
        raise SourceError(msg)
    sheets, whole = delimited.read_sheets(tables, lambda file: named(file, context))
    parts = []
    for sheet in sheets:
        made, faults, notes = plain(sheet, towns, cut_off)
        part = accounts(made, context, NAME)
        every = dict(faults)
        gather(every, part.faults)
        said = (*part.notes, *notes)
        parts.append(Part(sheet=part.sheet, columns=part.columns, faults=every, notes=said))
    return assemble("observations", parts, files=files, context=context, refused=[*refused, *whole])


SAMPLE = b"""\
SMM position,Event location,Means,No.,Observation,Description,Weapon,"Date, time"
SMM camera at Millbridge (15km N of Exampleville),2-7km NNE,Recorded,4,Explosion,Undetermined,N/K,"2026-03-07, 08:15"
3km NW of Exampleville,4km E,Heard,at least 98,Burst,Outgoing,HMG,"2026-03-07, 19:20-19:40"
Exampleville,5km NW of Exampleville,Saw,1,Projectile,W to E,N/K,2026-03-07
"""

FEED = Feed(
    name=NAME,
    summary="Violation tables in SMM columns: position, distance and direction, number, weapon",
    publisher="A mission, in the annex of its daily reports",
    method="Distances from an observer or a town become places where the town's coordinates are given",
    limitation="A town without given coordinates leaves its events off the map; nobody is accused",
    licence="As the mission states",
    patterns=("violations*.csv", "smm*.csv", "towns*.csv"),
    read=read,
    options=OPTIONS,
    sample={"smm.csv": SAMPLE, "towns.csv": b"town,lat,lon\nExampleville,48.0,37.8\n"},
)
