"""When something is due: hours as they pass, days as the legal calendar counts them."""

import re
from datetime import datetime, timedelta

from truceline.cases.contract import refuse
from truceline.model.time import LegalCalendar

_DUE = re.compile(r"(?P<number>[1-9]\d{0,4}) ?(?P<unit>h|d)")


def due_at(began: datetime, due: str, calendar: LegalCalendar) -> datetime:
    """The instant at which a time that began then is over.

    Parameters
    ----------
    began
        From when it runs, UTC.
    due
        `48 h`: hours as they pass. `14 d`: to the end of the fourteenth legal day after the one
        in which it began; assumed where the agreement does not say how days count.
    calendar
        Which legal day an instant lies in.

    Raises
    ------
    NotAllowedError
        `due` is not a number of hours or days.

    Examples
    --------
    >>> from datetime import UTC
    >>> kyiv = LegalCalendar(zone="Europe/Kyiv")
    >>> began = datetime(2026, 3, 27, 10, 0, tzinfo=UTC)
    >>> due_at(began, "48 h", kyiv).isoformat()
    '2026-03-29T10:00:00+00:00'
    >>> due_at(began, "2 d", kyiv).isoformat()  # summer time begins that night
    '2026-03-29T21:00:00+00:00'
    """
    found = _DUE.fullmatch(due.strip())
    if found is None:
        refuse(f"{due!r} is no time", "write hours or legal days, such as `48 h` or `14 d`")
    number = int(found["number"])
    try:
        if found["unit"] == "h":
            return began + timedelta(hours=number)
        ended = calendar.bounds(calendar.day(began) + timedelta(days=number)).ended
    except OverflowError:
        refuse(f"{due!r} reaches beyond the calendar", "write a shorter time")
    assert ended is not None  # a legal day ends
    return ended
