"""Tallies: sums over a front, an area or a day, as claims. Never incidents."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from truceline.detection.text import counts, times
from truceline.detection.text.reading import TextFrame
from truceline.tables.schemas import CLAIMS, empty, from_columns

NOTE = "Read from the text of a report; a sum over many happenings, not one of them."


def none() -> pa.Table:
    """No claims."""
    return empty(CLAIMS)


def claims_of(
    rows: pa.Table, read: list[TextFrame], parties: Mapping[str, str], zone: str
) -> pa.Table:
    """One claim for each tally; copies of a text from one source on one day are one claim.

    Parameters
    ----------
    rows
        Observations whose text is a tally.
    read
        Their readings, in step.
    parties
        Side to party id.
    zone
        IANA name of the zone in which texts count their days.
    """
    if not len(read):
        return none()
    found: dict[str, dict[str, Any]] = {}
    for row, text in zip(rows.to_pylist(), read, strict=True):
        claim = _claim(row, text, parties, zone)
        found.setdefault(claim["claim_id"], claim)
    ordered = [found[claim_id] for claim_id in sorted(found)]
    names = list(ordered[0])
    return from_columns(CLAIMS, {n: [c[n] for c in ordered] for n in names}, len(ordered))


def _claim(
    row: Mapping[str, Any], text: TextFrame, parties: Mapping[str, str], zone: str
) -> dict[str, Any]:
    only = bool(row["is_date_only"])
    published = row["ended"] if only else (row["reported_at"] or row["ended"])
    day = (row["began"] if only else published).astimezone(ZoneInfo(zone)).date()
    said = times.time_of(text.sentence)
    span = times.span_of(said, published.astimezone(UTC), day, zone, is_date_only=only)
    counted = counts.count_of(text.sentence)
    spoken = f"{row['source']}\n{row['text']}\n{day.isoformat()}".encode()
    speaker = text.frame.speaker
    return {
        "claim_id": "c-" + hashlib.sha256(spoken).hexdigest()[:16],
        "claimant": parties.get(speaker, row["source"]) if speaker else row["source"],
        "accused": parties.get(text.frame.actor) if text.frame.actor else None,
        "began": span.began,
        "ended": span.ended,
        "scope": _scope(text),
        "what": counted.unit or text.frame.type or "happenings",
        "count_low": counted.low,
        "count_best": counted.best,
        "count_high": counted.high,
        "count_unit": counted.unit,
        "published_at": row["reported_at"] or published,
        "known_at": row["known_at"],
        "note": NOTE,
        "source": row["source"],
        "exhibit": row["exhibit"],
        "file": row["file"],
        "line": row["line"],
    }


def _scope(text: TextFrame) -> str:
    if any("front" in word.tags for word in text.sentence.words):
        return "whole_front"
    kinds = {mention.kind for mention in text.places}
    areas = [mention.key for mention in text.places if mention.kind == "area"]
    if areas:
        return ";".join(dict.fromkeys(areas))
    return "sector" if "sector" in kinds else "places" if kinds else "whole_country"
