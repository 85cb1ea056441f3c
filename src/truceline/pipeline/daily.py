"""The report of one legal day, as it stood when the day closed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from truceline.model.errors import InputError
from truceline.pipeline.line import Known
from truceline.pipeline.mission import Mission

FIRST_YEAR, LAST_YEAR = 1900, 2099  # outside them a date is a slip of the pen; assumed
PREVIOUS_DAYS = 1  # a daily report stands beside the day before, as the SMM's did


def of_day(mission: Mission, day: date) -> Mission:
    """The mission with one legal day as its period, and the day before to compare it with.

    Raises
    ------
    InputError
        The day can only be a slip of the pen.

    Examples
    --------
    >>> from pathlib import Path
    >>> from truceline.model.time import LegalCalendar
    >>> kyiv = LegalCalendar(zone="Europe/Kyiv")
    >>> m = Mission(folder=Path("m"), mission_id="m", title="M", agreement="a", calendar=kyiv, feeds=())
    >>> of_day(m, date(2025, 2, 7)).last_day.isoformat()
    '2025-02-07'
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = f"--day {day}: no mission reports of that year; write a day such as 2025-02-07"
        raise InputError(msg)
    return replace(mission, first_day=day, last_day=day, previous_days=PREVIOUS_DAYS)


def told_at(mission: Mission, day: date, delay_h: float, clock: datetime | None) -> datetime:
    """When the report of a day is made: at its close, and a release when the delay has passed since.

    Parameters
    ----------
    mission
        For its calendar, and the hour at which its days close.
    day
        The legal day.
    delay_h
        Publication delay, hours; 0 for what stays inside.
    clock
        Now; None for a made-up truce, which may lie in the future.

    Raises
    ------
    InputError
        That instant has not come.
    """
    bounds = mission.calendar.bounds(day)
    at = (bounds.ended or bounds.began) + timedelta(hours=delay_h)
    if clock is not None and at > clock:
        after = f", {delay_h:g} hours after it closed" if delay_h else ""
        msg = (
            f"--day {day}: its report is made at {at.isoformat()}{after}, which has not come; wait "
            "until then, or give --as-of TIME for a draft as of that time"
        )
        raise InputError(msg)
    return at


def check_known(mission: Mission, day: date, known: Known) -> None:
    """Stop where nothing was known yet: an empty report would read as a quiet day.

    Raises
    ------
    InputError
        The record knew nothing at all by then.
    """
    if any(table.num_rows for table in known.tables.values()):
        return
    msg = (
        f"--day {day}: the record of {mission.folder} knew nothing by {known.as_of.isoformat()}; "
        "choose a later day, or give --as-of TIME to tell that day as it was known later"
    )
    raise InputError(msg)
