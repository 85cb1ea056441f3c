"""Words of a report: one thing in the singular, and a zone named once."""

from datetime import UTC, datetime

import pytest

from truceline.reports.say import load

AT = datetime(2026, 1, 7, 12, 0, tzinfo=UTC)


def test_one_thing_is_told_in_the_singular():
    say = load("en", "UTC")
    assert say("reply.more", number=1) == "1 further finding is in the tables format."
    assert say("reply.more", number=2) == "2 further findings are in the tables format."
    assert say("reply.more", number=0) == "0 further findings are in the tables format."
    assert say("reply.more", number=1_001).startswith("1,001 further findings are")


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "(UTC)"),
        ("Europe/Kyiv", "(EET, UTC+2)"),
        ("Atlantic/Azores", "(UTC-1)"),
        ("Asia/Kolkata", "(IST, UTC+5:30)"),
        ("America/St_Johns", "(NST, UTC-3:30)"),
    ],
)
def test_a_zone_is_named_once_with_its_offset(zone, told):
    assert load("en", zone).instant(AT).endswith(told)
