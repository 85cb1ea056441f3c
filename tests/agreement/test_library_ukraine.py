"""The truces of 2025 and 2026: hours in their zones, and each reading judged where it differs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from judged import clause, drawn, spans, standings, truces, utc, verdicts

from truceline.agreement.load import load
from truceline.findings.contract import Known, Standing
from truceline.findings.find import find
from truceline.findings.state import states
from truceline.model.time import Interval, LegalCalendar
from truceline.pipeline import plugins

SECOND = timedelta(seconds=1)
UNDERTAKINGS = {
    "easter-2026": {"ru-silence": {"RU"}, "ua-silence": {"UA"}},
    "energy-pause-2026": {"ru-pause": {"RU"}, "ua-pause": {"UA"}},
    "may-2026-undertakings": {"ua-silence": {"UA"}, "ru-silence": {"RU"}},
    "victory-day-2025": {"ru-silence": {"RU"}},
}


@pytest.mark.parametrize("name", UNDERTAKINGS)
def test_each_undertaking_binds_its_declarer_alone(name):
    stated = load(name).clauses
    assert {each.basis for each in stated} == {"undertaking"}
    bound = {each.clause_id: {period.party_id for period in each.periods} for each in stated}
    assert bound == UNDERTAKINGS[name]


@pytest.mark.parametrize(("clause_id", "party"), [("ru-silence", "RU"), ("ua-silence", "UA")])
def test_easter_2026_lasts_thirty_two_hours_from_four_in_the_afternoon_moscow_time(
    clause_id, party
):
    began, ended = utc(2026, 4, 11, 13), utc(2026, 4, 12, 21)
    assert ended - began == timedelta(hours=32)
    silence = clause(load("easter-2026"), clause_id)
    assert [period.when for period in silence.periods] == [Interval(began=began, ended=ended)]
    edges = (began - SECOND, began, ended - SECOND, ended)
    assert [silence.binds(party, at) for at in edges] == [False, True, True, False]


def test_the_declarers_of_easter_2026_are_treated_alike():
    ru, ua = load("easter-2026").clauses
    assert (ru.terms, ru.exceptions, ru.periods[0].when) == (
        ua.terms,
        ua.exceptions,
        ua.periods[0].when,
    )


def test_victory_day_lasts_seventy_two_hours_and_its_last_day_is_the_tenth():
    silence = clause(load("victory-day-2025"), "ru-silence")
    began, ended = utc(2025, 5, 7, 21), utc(2025, 5, 10, 21)
    assert [period.when for period in silence.periods] == [Interval(began=began, ended=ended)]
    assert ended - began == timedelta(hours=72)


def test_the_undertakings_of_may_begin_and_end_apart():
    may = load("may-2026-undertakings")
    assert spans(may, "ua-silence", "UA")[None] == [(utc(2026, 5, 5, 21), None)]
    assert spans(may, "ru-silence", "RU")[None] == [(utc(2026, 5, 7, 21), utc(2026, 5, 9, 21))]


def test_an_undertaking_is_held_to_its_words_and_its_readings_stand_beside_it():
    may, night = load("may-2026-undertakings"), utc(2026, 5, 6, 1)
    assert verdicts(may, night, "UA") == {
        None: "inconsistent_with_declaration",
        "reciprocal": "compliant",
    }
    assert verdicts(may, night, "RU") == {}


def test_every_reading_of_the_moratorium_has_its_own_days():
    moratorium = load("energy-moratorium-2025")
    march_18, march_25, ended = utc(2025, 3, 17, 21), utc(2025, 3, 24, 21), utc(2025, 4, 16, 21)
    assert ended - march_18 == timedelta(days=30)
    for party in ("RU", "UA"):
        own = spans(moratorium, "energy-strikes", party)
        assert own["from-18-march"] == [(march_18, ended)]
        assert own["from-publication"] == [(march_25, ended)]
    assert spans(moratorium, "energy-strikes", "RU")["never-for-ukraine"] == [(march_18, ended)]
    assert spans(moratorium, "energy-strikes", "UA")["never-for-ukraine"] == []


@pytest.mark.parametrize(
    ("at", "party", "verdict"),
    [
        (utc(2025, 3, 17, 20, 59, 59), "RU", None),
        (utc(2025, 3, 17, 21), "RU", "ambiguous_clause"),
        (utc(2025, 3, 24, 20, 59, 59), "RU", "ambiguous_clause"),
        (utc(2025, 3, 24, 21), "RU", "insufficient_evidence"),
        (utc(2025, 4, 16, 20, 59, 59), "RU", "insufficient_evidence"),
        (utc(2025, 4, 16, 21), "RU", None),
        (utc(2025, 3, 24, 21), "UA", "ambiguous_clause"),
    ],
)
def test_the_moratorium_is_ambiguous_only_where_its_readings_differ(at, party, verdict):
    found = verdicts(load("energy-moratorium-2025"), at, party)
    assert found.get(None) == verdict


def test_where_the_published_list_is_drawn_the_unknown_list_still_leaves_it_open():
    moratorium = drawn(load("energy-moratorium-2025"), "list-of-25-march")
    assert verdicts(moratorium, utc(2025, 4, 1, 12), "RU") == {
        None: "ambiguous_clause",
        "from-18-march": "violation",
        "from-publication": "violation",
        "never-for-ukraine": "violation",
        "ukraines-list": "insufficient_evidence",
    }


def test_the_pause_of_winter_has_four_beginnings_and_ends_and_three_midnights():
    pause = load("energy-pause-2026")
    ends = {
        name: [(began.isoformat(), ended.isoformat()) for began, ended in found]
        for name, found in spans(pause, "ru-pause", "RU").items()
    }
    assert ends == {
        None: [("2026-01-29T21:00:00+00:00", "2026-01-31T21:00:00+00:00")],
        "a-week": [("2026-01-28T21:00:00+00:00", "2026-02-04T21:00:00+00:00")],
        "sunday-to-sunday": [("2026-01-24T21:00:00+00:00", "2026-01-31T21:00:00+00:00")],
        "energy-of-both": [("2026-01-29T04:00:00+00:00", "2026-02-02T21:00:00+00:00")],
        "first-of-february-included": [("2026-01-29T21:00:00+00:00", "2026-02-01T21:00:00+00:00")],
        "midnight-in-kyiv": [("2026-01-29T22:00:00+00:00", "2026-01-31T22:00:00+00:00")],
        "midnight-in-utc": [("2026-01-30T00:00:00+00:00", "2026-02-01T00:00:00+00:00")],
    }


@pytest.mark.parametrize(
    ("at", "bound"),
    [
        (utc(2026, 1, 31, 20, 59, 59), {None, "midnight-in-kyiv", "midnight-in-utc"}),
        (utc(2026, 1, 31, 21), {"midnight-in-kyiv", "midnight-in-utc"}),
        (utc(2026, 1, 31, 21, 59, 59), {"midnight-in-kyiv", "midnight-in-utc"}),
        (utc(2026, 1, 31, 22), {"midnight-in-utc"}),
        (utc(2026, 1, 31, 23, 59, 59), {"midnight-in-utc"}),
        (utc(2026, 2, 1), set()),
    ],
)
def test_a_second_at_a_winter_midnight_is_judged_by_each_clock(at, bound):
    pause = drawn(load("energy-pause-2026"), "kyiv")
    found = verdicts(pause, at, "RU")
    clocks = {None, "midnight-in-kyiv", "midnight-in-utc"}
    broken = {name for name in clocks if found[name] == "inconsistent_with_declaration"}
    assert broken == bound
    assert {found[name] for name in clocks - bound} <= {"compliant"}


@pytest.mark.parametrize(
    ("zone", "last"),
    [
        ("Europe/Moscow", utc(2026, 1, 31, 20, 59, 59)),
        ("Europe/Kyiv", utc(2026, 1, 31, 21, 59, 59)),
        ("UTC", utc(2026, 1, 31, 23, 59, 59)),
    ],
)
def test_the_last_second_of_january_falls_apart_in_moscow_kyiv_and_utc(zone, last):
    calendar = LegalCalendar(zone=zone)
    assert calendar.day(last).isoformat() == "2026-01-31"
    assert calendar.day(last + SECOND).isoformat() == "2026-02-01"


def test_in_may_the_clocks_of_kyiv_and_moscow_agree_and_in_winter_they_do_not():
    own = spans(load("may-2026-ceasefire"), "all-kinetic", "UA")
    assert own[None] == own["local-midnight"] == [(utc(2026, 5, 8, 21), utc(2026, 5, 11, 21))]
    winter = spans(load("energy-pause-2026"), "ru-pause", "RU")
    assert winter[None] != winter["midnight-in-kyiv"]


@pytest.mark.parametrize("party", ["RU", "UA"])
@pytest.mark.parametrize(
    ("at", "kind", "verdict"),
    [
        (utc(2026, 5, 8, 20, 59, 59), "artillery", None),
        (utc(2026, 5, 8, 21), "artillery", "ambiguous_clause"),
        (utc(2026, 5, 8, 23, 59, 59), "artillery", "ambiguous_clause"),
        (utc(2026, 5, 9), "artillery", "violation"),
        (utc(2026, 5, 9), "position_advance", "ambiguous_clause"),
        (utc(2026, 5, 9), "fortification", None),
        (utc(2026, 5, 11, 20, 59, 59), "artillery", "violation"),
        (utc(2026, 5, 11, 21), "artillery", "ambiguous_clause"),
        (utc(2026, 5, 11, 23, 59, 59), "artillery", "ambiguous_clause"),
        (utc(2026, 5, 12), "artillery", None),
    ],
)
def test_the_ceasefire_of_may_is_ambiguous_only_where_its_readings_differ(at, kind, verdict, party):
    found = verdicts(load("may-2026-ceasefire"), at, party, kind)
    assert found.get(None) == verdict
    read = {word for name, word in found.items() if name is not None}
    assert (len(read) > 1) == (verdict == "ambiguous_clause")


def test_the_release_of_the_moratorium_is_laid_out_and_frees_nobody():
    moratorium, day = load("energy-moratorium-2025"), utc(2025, 4, 1)
    assert set(standings(moratorium, "release", day).values()) == {Standing.LAID_OUT}
    freed = drawn(moratorium, "list-of-25-march")
    bound = replace(freed, clauses=tuple(c for c in freed.clauses if c.kind != "release"))
    strikes = truces.evidence(
        [truces.happening(id=n, began=utc(2025, 4, n), type="missile") for n in (1, 2)]
    )
    found = [find(each, strikes, plugins.load("clauses")).to_pylist() for each in (freed, bound)]
    assert [row["verdict"] for row in found[0]] == [row["verdict"] for row in found[1]]


def test_the_thirty_days_of_the_moratorium_run_out_in_each_reading():
    moratorium = load("energy-moratorium-2025")
    both = ("RU", "UA")
    assert standings(moratorium, "thirty-days", utc(2025, 3, 20)) == {
        (None, both): Standing.IN_FORCE,
        ("from-publication", both): Standing.NOT_YET,
        ("never-for-ukraine", ("RU",)): Standing.IN_FORCE,
    }
    after = standings(moratorium, "thirty-days", utc(2025, 4, 18))
    assert len(after) == 3
    assert set(after.values()) == {Standing.LAPSED}
    last = load("energy-moratorium-2025"), plugins.load("clauses"), Known(at=utc(2025, 4, 16))
    ends = {each.state.until for each in states(*last) if each.clause_id == "thirty-days"}
    assert ends == {utc(2025, 4, 16, 21)}


def test_kinetic_activity_is_a_word_without_a_meaning():
    found = standings(load("may-2026-ceasefire"), "kinetic-activity", utc(2026, 5, 10))
    assert found == {(None, ("RU", "UA")): Standing.UNKNOWN}
