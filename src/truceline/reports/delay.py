"""What of a dossier is older than the publication delay, where no incident says it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import LegalCalendar
from truceline.reports.contract import Dossier
from truceline.tables.schemas import INSTANT


def without_young_holdings(dossier: Dossier, through: datetime) -> Dossier:
    """The dossier without findings on holdings that began, or became known, after an instant."""
    at = pa.scalar(through, INSTANT)
    holdings = dossier.holdings
    old = pc.and_(pc.less_equal(holdings["began"], at), pc.less_equal(holdings["known_at"], at))
    ids = holdings["holding_id"].filter(old).combine_chunks()
    findings = dossier.findings
    is_holding = pc.equal(findings["subject_kind"], "holding")
    is_old = pc.is_in(findings["subject_id"], value_set=ids)
    return replace(dossier, findings=findings.filter(pc.or_(pc.invert(is_holding), is_old)))


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
