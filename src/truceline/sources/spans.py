"""When it happened: from the three times of a report to one interval."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from truceline.sources.faults import Faults, Mask, gather, where
from truceline.sources.instants import Instants, Micros, to_instants

UNKNOWN_US = 24 * 3_600_000_000  # a report without a time is taken as of the day before it; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Begin and end of each row, with faults; columns ready for the table."""

    began_us: Micros
    ended_us: Micros
    is_date_only: Mask
    faults: Faults
    notes: tuple[str, ...]

    def columns(self) -> dict[str, pa.Array]:
        """`began` and `ended` as Arrow columns."""
        return {"began": to_instants(self.began_us), "ended": to_instants(self.ended_us)}


def spans(
    began: Instants, ended: Instants, reported: Instants | None = None, *, name: str = ""
) -> Spans:
    """One interval a row.

    Without `ended` the happening ends when it begins (a bare date: with its day). Without `began`
    it is the day before `ended`, or before the report; that is noted. Without any it is a fault.
    """
    has_report = np.zeros_like(began.is_known) if reported is None else reported.is_known
    report = ended if reported is None else reported
    start = np.where(began.is_known, began.began_us, 0)
    finish = np.where(ended.is_known, ended.ended_us, began.ended_us)
    day = began.is_date_only & (ended.is_date_only | ~ended.is_known)
    by_end = ~began.is_known & ended.is_known
    by_report = ~began.is_known & ~ended.is_known & has_report
    for mask, of in ((by_end, ended), (by_report, report)):
        back = np.where(of.is_date_only, of.began_us, of.ended_us - UNKNOWN_US)
        start = np.where(mask, back, start)
        finish = np.where(mask, of.ended_us, finish)
        day = np.where(mask, of.is_date_only, day)
    faults: Faults = {}
    gather(faults, began.faults, ended.faults, {} if reported is None else reported.faults)
    none = ~began.is_known & ~ended.is_known & ~has_report
    advice = "write when it was, or at least the day, in `began`"
    gather(faults, where(none, "no time is given", advice))
    advice = "check both times, and that both are in one zone"
    gather(faults, where(finish < start, "it ends before it begins", advice))
    notes = [*began.notes, *ended.notes, *(() if reported is None else reported.notes)]
    kept = np.ones(len(start), dtype=np.bool_)
    kept[list(faults)] = False  # a refused row assumes nothing: its own reason is told
    assumed = int((kept & (by_end | by_report)).sum())
    if assumed:
        say = "row says" if assumed == 1 else "rows say"
        notes.append(f"{assumed} {say} not when it began: taken as the day before (assumed)")
    early = kept & began.is_known & has_report & (report.ended_us < began.began_us)
    if early.any():
        notes.append(
            f"{int(early.sum())} reported before it began: taken as written; check `reported_at`, and "
            "that both times are in one zone"
        )
    said = tuple(f"{name}: {note}" if name else note for note in notes)
    return Spans(began_us=start, ended_us=finish, is_date_only=day, faults=faults, notes=said)
