"""What findings speak of besides acts: holdings, things owed by a date, and monitors kept out.

An omission has no place and no author to ask for: what was owed was owed by somebody, by a date. An
obstruction that patrols noted beside their watch has the id of that stretch of their watch.
"""

from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import LegalCalendar
from truceline.reports.contract import Dossier, Period

_INSTANT_STEP = timedelta(microseconds=1)


def code_of(trace: str) -> dict[str, str]:
    """The pieces of a finding's trace by name.

    Examples
    --------
    >>> code_of("kind=declare;due=2026-03-07T17:30:00+00:00;done=no")["done"]
    'no'
    """
    return dict(piece.split("=", 1) for piece in trace.split(";") if "=" in piece)


def due_on(due: datetime, calendar: LegalCalendar) -> date:
    """The legal day by whose close something was due: what is due at a day's close is due on that day.

    Examples
    --------
    >>> from datetime import UTC
    >>> due_on(datetime(2026, 3, 8, tzinfo=UTC), LegalCalendar(zone="UTC")).isoformat()
    '2026-03-07'
    """
    return calendar.day(due - _INSTANT_STEP)


def is_owed(findings: pa.Table) -> pa.ChunkedArray:
    """Which findings are on something owed by a date, and not on an act; `(findings,)`."""
    is_omission = pc.equal(findings["subject_kind"], "omission")
    return pc.and_(is_omission, pc.match_substring(findings["trace"], ";due="))


def is_kept_out(dossier: Dossier) -> pa.ChunkedArray:
    """Which findings are on an obstruction that stands among the exposures; `(findings,)`."""
    findings, exposures = dossier.findings, dossier.exposures
    noted = exposures["exposure_id"].filter(exposures["status"].is_valid()).combine_chunks()
    is_act = pc.equal(findings["subject_kind"], "act")
    is_listed = pc.is_in(findings["subject_id"], value_set=dossier.acts["act_id"].combine_chunks())
    is_noted = pc.is_in(findings["subject_id"], value_set=noted)
    return pc.and_(pc.and_(is_act, is_noted), pc.invert(is_listed))


def spans(period: Period, calendar: LegalCalendar) -> tuple[datetime, datetime]:
    """First and last instant of a stretch of legal days."""
    opened, closed = calendar.bounds(period.first_day), calendar.bounds(period.last_day)
    return opened.began, closed.ended or closed.began
