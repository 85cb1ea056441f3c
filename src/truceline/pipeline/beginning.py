"""When clauses that wait for quiet days begin: counted and watched first, then laid over the agreement."""

from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Known, Subjects
from truceline.findings.count import count, watched
from truceline.findings.waiting import settled, waits_for
from truceline.model.time import LegalCalendar
from truceline.pipeline import plugins


def begun(
    agreement: Agreement,
    subjects: Subjects,
    attributions: pa.Table,
    at: datetime,
    published: pa.Table,
    calendar: LegalCalendar,
) -> Agreement:
    """The agreement with the beginning of each clause that waits; as it is where none does.

    Parameters
    ----------
    attributions
        Rows of ATTRIBUTIONS, for texts that count each party's own quiet days.
    at, published
        The instant, and rows of COUNTS as they were published by then.
    calendar
        Of the mission, whose legal days are counted.
    """
    kinds = plugins.load("clauses")
    if not waits_for(agreement, kinds):
        return agreement
    by_day = replace(agreement, calendar=calendar)
    rules = plugins.load("counting")
    counts = count(by_day, subjects, attributions, rules, published=published)
    told = Known(at=at, counts=counts, watched=watched(by_day, subjects))
    return replace(settled(by_day, kinds, told), calendar=agreement.calendar)
