"""The Addendum of 2015: its days count from two quiet days, which its text lets nobody tell."""

from dataclasses import replace

import pytest
from judged import clause, truces, utc

from truceline.agreement.load import load
from truceline.findings.contract import Known
from truceline.findings.find import find
from truceline.findings.waiting import settled
from truceline.pipeline import plugins


@pytest.mark.parametrize(
    ("at", "by_the_text", "as_foreseen"),
    [
        (utc(2015, 10, 20), "compliant", "compliant"),
        (utc(2015, 11, 9, 17, 29), "compliant", "compliant"),
        (utc(2015, 11, 9, 17, 31), "insufficient_evidence", "violation"),  # after 19:30 in Kyiv
    ],
)
def test_tanks_go_back_39_days_after_two_quiet_days_that_the_text_does_not_let_anybody_tell(
    at, by_the_text, as_foreseen
):
    shipped = load("minsk-2")
    lines = tuple(
        replace(line, paths=(((36.0, 48.0), (40.0, 48.0)),), missing="") for line in shipped.lines
    )
    kinds = plugins.load("clauses")
    of = ("addendum-quiet", "withdraw-tanks")
    clauses = tuple(replace(clause(shipped, name), missing="") for name in of)
    drawn_lines = replace(shipped, lines=lines, clauses=clauses)
    begun = settled(drawn_lines, kinds, Known(at=utc(2016, 1, 1)))
    tank = {"type": "weapon_in_violation_of_line", "weapon": "T-72", "lat": 48.05, "began": at}
    for party in ("UA", "AF"):
        rows = find(begun, truces.evidence([truces.happening(**tank)]), kinds).to_pylist()
        told = {row["reading"]: row["verdict"] for row in rows if row["party"] == party}
        assert told == {None: by_the_text, "addendum-quiet=as-foreseen": as_foreseen}
