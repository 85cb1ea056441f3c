"""What of a dossier is older than the publication delay, where no incident says it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import LegalCalendar
from truceline.reports.contract import Dossier, View
from truceline.reports.owed import with_due_dates
from truceline.reports.subjects import due_on, is_kept_out, is_owed, spans
from truceline.tables.schemas import INSTANT


def of_the_period(dossier: Dossier, view: View, through: datetime, *, is_over: bool) -> Dossier:
    """The dossier without findings that no listed act says, and that may not be told.

    Kept are what was owed by a day of the period, obstructions noted in it, and holdings. A release
    has what was owed only once its day and the delay have passed, obstructions only when the whole
    period is over, and no holding that began, or became known, after the instant.

    Parameters
    ----------
    is_over
        Whether the period has closed and the delay has passed its close.
    """
    findings = dossier.findings
    owed, noted = is_owed(findings), is_kept_out(dossier)
    is_due = pc.is_in(findings["subject_id"], value_set=_due(dossier, view, through))
    is_near = pc.is_in(findings["subject_id"], value_set=_noted(dossier, is_over=is_over))
    kept = pc.and_(pc.or_(pc.invert(owed), is_due), pc.or_(pc.invert(noted), is_near))
    if view.is_release:
        is_holding = pc.equal(findings["subject_kind"], "holding")
        is_old = pc.is_in(findings["subject_id"], value_set=_old_holdings(dossier, through))
        kept = pc.and_(kept, pc.or_(pc.invert(is_holding), is_old))
    return replace(dossier, findings=findings.filter(kept))


def _due(dossier: Dossier, view: View, through: datetime) -> pa.Array:
    """What was owed by a day of the period, and in a release by a day that may be told."""
    calendar, period = dossier.agreement.calendar, dossier.period
    last = period.last_day
    if view.is_release:
        last = min(last, calendar.day(through) - timedelta(days=1))
    dated = with_due_dates(dossier.findings)
    told = [one for one, at in dated if period.first_day <= due_on(at, calendar) <= last]
    return pa.array(told, pa.string())


def _noted(dossier: Dossier, *, is_over: bool) -> pa.Array:
    """Exposures that touch the period; none before it is over."""
    opened, closed = spans(dossier.period, dossier.agreement.calendar)
    table = dossier.exposures
    touches = pc.and_(
        pc.less(table["began"], pa.scalar(closed, INSTANT)),
        pc.greater(table["ended"], pa.scalar(opened, INSTANT)),
    )
    return table["exposure_id"].filter(pc.and_(touches, is_over)).combine_chunks()


def _old_holdings(dossier: Dossier, through: datetime) -> pa.Array:
    at = pa.scalar(through, INSTANT)
    holdings = dossier.holdings
    old = pc.and_(pc.less_equal(holdings["began"], at), pc.less_equal(holdings["known_at"], at))
    return holdings["holding_id"].filter(old).combine_chunks()


def days_held_back(dossier: Dossier, through: datetime) -> int:
    """Days of the period that are not wholly told: a matter of the calendar, never of what came in.

    A report that names a date alone may lie as late as the midnight after its legal day's close, so
    a day is wholly told only when the delay has passed that midnight.
    """
    calendar, period = dossier.agreement.calendar, dossier.period
    day, held = period.last_day, 0
    while day >= period.first_day and _told_at(calendar, day) > through:
        held += 1
        day -= timedelta(days=1)
    return held


def _told_at(calendar: LegalCalendar, day: date) -> datetime:
    """The first midnight, in the mission's zone, at or after a legal day's end."""
    ended = calendar.bounds(day + timedelta(days=1)).began
    local = ended.astimezone(ZoneInfo(calendar.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return ended if midnight == local else midnight + timedelta(days=1)
