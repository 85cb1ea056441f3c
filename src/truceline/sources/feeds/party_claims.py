"""Party claims: tallies that a party publishes about a whole period or front. Never incidents."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from truceline.sources.assembly import Part, assemble
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.counts import counts
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, where
from truceline.sources.identity import with_content_ids
from truceline.sources.instants import to_instants
from truceline.sources.limits import MOST_TALLY
from truceline.sources.spans import spans
from truceline.sources.template import OPTIONS, template_sheets, times
from truceline.sources.words import free, required

REQUIRED = ("claimant", "began", "what")
COLUMNS = (
    "claim_id", "claimant", "accused", "began", "ended", "scope", "what", "count_low",
    "count_best", "count_high", "count_unit", "part_of", "published_at", "note", "source",
)  # fmt: skip


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read files of tallies, and say whether published parts add up to their totals."""
    sheets, whole = template_sheets(
        files, context, feed="party_claims", required=REQUIRED, known=COLUMNS
    )
    parts = [_part(sheet, context) for sheet in sheets]
    reading = assemble("claims", parts, files=files, context=context, refused=whole)
    table = reading.tables["claims"]
    return Reading(
        tables=reading.tables,
        upstream=reading.upstream,
        taken=reading.taken,
        refused=reading.refused,
        notes=(*reading.notes, *sums(table), *periods(table)),
    )


def sums(claims: pa.Table) -> tuple[str, ...]:
    """What the parts of each total add up to, one sentence a total.

    Parameters
    ----------
    claims
        Table of `schemas.CLAIMS`.
    """
    rows = {row["claim_id"]: row for row in claims.to_pylist()}
    parts = defaultdict(list)
    for row in rows.values():
        if row["part_of"]:
            parts[row["part_of"]].append(row["count_best"])
    said = []
    for total, figures in sorted(parts.items()):
        if total not in rows:
            said.append(f"claim {total}: {len(figures)} parts name it, but it is not here")
            continue
        row, known = rows[total], [figure for figure in figures if figure is not None]
        stated, sum_ = row["count_best"], sum(known)
        where_ = f"claim {total} ({row['file']}:{row['line']})"
        if stated is None or len(known) < len(figures):
            said.append(f"{where_}: cannot be summed: a figure is missing among it and its parts")
        elif stated == sum_:
            said.append(f"{where_}: {stated} is the exact sum of its {len(figures)} parts")
        else:
            said.append(
                f"{where_}: {stated} is not the sum of its {len(figures)} parts, {sum_}; "
                f"{abs(stated - sum_)} {'are unexplained' if stated > sum_ else 'too many in parts'}"
            )
    return tuple(said)


def periods(claims: pa.Table) -> tuple[str, ...]:
    """Figures that one claimant states for more than one period: which one is meant is open."""
    groups = defaultdict(list)
    for row in claims.to_pylist():
        figures = (row["count_low"], row["count_best"], row["count_high"])
        if row["part_of"] is None and any(figure is not None for figure in figures):
            groups[row["claimant"], row["accused"] or "", row["what"], figures].append(row)
    said = []
    for rows in groups.values():
        if len({(row["began"], row["ended"]) for row in rows}) > 1:
            spoken = " and ".join(
                f"{row['began']:%Y-%m-%d %H:%M} to {row['ended']:%Y-%m-%d %H:%M} UTC"
                for row in sorted(rows, key=lambda row: (row["began"], row["ended"]))
            )
            ids = ", ".join(sorted(row["claim_id"] for row in rows))
            said.append(f"claims {ids}: one figure stated for {spoken}; its period is ambiguous")
    return tuple(sorted(said))


def _part(sheet: Sheet, context: ReadContext) -> Part:
    read_times = times(sheet, context, ("began", "ended", "published_at"))
    when = spans(read_times["began"], read_times["ended"], name=sheet.file.name)
    published = read_times["published_at"]
    how_many = counts(sheet, most=MOST_TALLY)
    claim_id = free(sheet, "claim_id")
    part_of = free(sheet, "part_of")
    faults: Faults = {}
    claimant, nameless = required(sheet, "claimant", "write whose claim it is")
    what, vague = required(sheet, "what", "write what was counted, in the claimant's words")
    itself = pa.array(
        [
            a is not None and a == b
            for a, b in zip(claim_id.to_pylist(), part_of.to_pylist(), strict=True)
        ],
        pa.bool_(),
    ).to_numpy(zero_copy_only=False)
    gather(faults, where(itself, "it is a part of itself", "name its total, or leave it empty"))
    gather(faults, nameless, vague, when.faults, published.faults, how_many.faults)
    columns: dict[str, Any] = {
        "claim_id": with_content_ids(sheet, claim_id, "party_claims"),
        "claimant": claimant,
        "what": what,
        "part_of": part_of,
        **when.columns(),
        **how_many.columns,
        "published_at": to_instants(published.ended_us, published.is_known),
        **{name: free(sheet, name) for name in ("accused", "scope", "note", "source")},
    }
    return Part(sheet=sheet, columns=columns, faults=faults, notes=(*when.notes, *published.notes))


SAMPLE = b"""\
claim_id,claimant,accused,began,ended,scope,what,count_low,count_best,count_high,count_unit,part_of,published_at,note,source
c-1,Party A,Party B,2026-03-07T00:00:00Z,2026-03-08T00:00:00Z,whole_front,violations,,10,,violation,,2026-03-08T09:00:00Z,,https://example.org/a
c-2,Party A,Party B,2026-03-07T00:00:00Z,2026-03-08T00:00:00Z,whole_front,shellings,,7,,shelling,c-1,2026-03-08T09:00:00Z,,https://example.org/a
c-3,Party A,Party B,2026-03-07T00:00:00Z,2026-03-08T00:00:00Z,whole_front,drone strikes,,3,,strike,c-1,2026-03-08T09:00:00Z,,https://example.org/a
"""

FEED = Feed(
    name="party_claims",
    summary="Tallies that a party publishes about a period or a front, with their parts",
    publisher="The parties to the agreement",
    method="Figures are read as published; parts are added up and compared with their total",
    limitation=(
        "A tally is an assertion by a side to the dispute: it is never an incident, and nobody "
        "else can check how it was counted"
    ),
    licence="Published statements; figures are facts, cite the statement",
    patterns=("claims*.csv", "tallies*.csv"),
    read=read,
    yields=("claims",),
    options=OPTIONS,
    sample={"claims.csv": SAMPLE},
)
