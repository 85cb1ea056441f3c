"""The truces of 2025 and 2026: hours in their zones, and each reading judged where it differs."""

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from truceline.agreement.load import load
from truceline.agreement.reading import readings
from truceline.findings.contract import Known, Standing
from truceline.findings.find import find
from truceline.findings.state import states
from truceline.model.time import Interval, LegalCalendar
from truceline.pipeline import plugins

SECOND = timedelta(seconds=1)
TRUCES = Path(__file__).resolve().parents[1] / "findings" / "truces.py"
UNDERTAKINGS = {
    "easter-2026": {"ru-silence": {"RU"}, "ua-silence": {"UA"}},
    "energy-pause-2026": {"ru-pause": {"RU"}, "ua-pause": {"UA"}},
    "may-2026-undertakings": {"ua-silence": {"UA"}, "ru-silence": {"RU"}},
    "victory-day-2025": {"ru-silence": {"RU"}},
}


@pytest.fixture(scope="module")
def truces():
    """The builder of small happenings that the tests of findings use."""
    where = importlib.util.spec_from_file_location("truces_of_findings", TRUCES)
    module = importlib.util.module_from_spec(where)
    where.loader.exec_module(module)
    return module


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def spans(agreement, clause_id, party):
    """When each reading of a clause binds a party."""
    return {
        name: [(p.when.began, p.when.ended) for p in read.periods if p.party_id == party]
        for name, read in readings(clause(agreement, clause_id))
    }


def drawn(agreement, truces, *zone_ids):
    """The agreement of a mission that has drawn these zones as one square, so that nothing is missing."""
    square = ((truces.SQUARE,),)
    zones = tuple(
        replace(zone, polygons=square, missing="") if zone.zone_id in zone_ids else zone
        for zone in agreement.zones
    )
    assert {zone.zone_id for zone in agreement.zones} >= set(zone_ids)
    clauses = tuple(replace(each, missing="") for each in agreement.clauses)
    return replace(agreement, zones=zones, clauses=clauses)


def verdicts(agreement, truces, at, party, kind="missile"):
    """The verdict of each reading of each clause on one act by a party; absent where nothing binds."""
    act = truces.evidence([truces.happening(began=at, type=kind)])
    rows = find(agreement, act, plugins.load("clauses")).to_pylist()
    return {row["reading"]: row["verdict"] for row in rows if row["party"] == party}


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


def test_an_undertaking_is_held_to_its_words_and_its_readings_stand_beside_it(truces):
    may, night = load("may-2026-undertakings"), utc(2026, 5, 6, 1)
    assert verdicts(may, truces, night, "UA") == {
        None: "inconsistent_with_declaration",
        "reciprocal": "compliant",
    }
    assert verdicts(may, truces, night, "RU") == {}


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
def test_the_moratorium_is_ambiguous_only_where_its_readings_differ(truces, at, party, verdict):
    found = verdicts(load("energy-moratorium-2025"), truces, at, party)
    assert found.get(None) == verdict


def test_where_the_published_list_is_drawn_the_unknown_list_still_leaves_it_open(truces):
    moratorium = drawn(load("energy-moratorium-2025"), truces, "list-of-25-march")
    assert verdicts(moratorium, truces, utc(2025, 4, 1, 12), "RU") == {
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
def test_a_second_at_a_winter_midnight_is_judged_by_each_clock(truces, at, bound):
    pause = drawn(load("energy-pause-2026"), truces, "kyiv")
    found = verdicts(pause, truces, at, "RU")
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
def test_the_ceasefire_of_may_is_ambiguous_only_where_its_readings_differ(
    truces, at, kind, verdict, party
):
    found = verdicts(load("may-2026-ceasefire"), truces, at, party, kind)
    assert found.get(None) == verdict
    read = {word for name, word in found.items() if name is not None}
    assert (len(read) > 1) == (verdict == "ambiguous_clause")


VARIANTS = (
    "gcsp-toolkit",
    "clock-of-the-first-day",
    "withdrawal-from-donbas",
    "mirrored-pull-back",
    "ten-years",
    "fifteen-years",
    "fifty-years",
)


@pytest.mark.parametrize("variant", [None, *VARIANTS])
def test_the_framework_of_paris_says_that_it_is_hypothetical_in_every_variant(variant):
    paris = load("paris-framework", variant=variant)
    assert paris.is_hypothetical
    assert paris.title.startswith("Hypothetical")


def test_what_was_only_proposed_for_paris_is_no_term_of_it():
    paris = load("paris-framework")
    assert [each.clause_id for each in paris.clauses] == ["ceasefire", "length"]
    assert clause(paris, "length").terms["length"] is None
    assert clause(paris, "ceasefire").exceptions == ()
    assert paris.zones == ()


def test_nobody_leaves_donbas_unless_that_variant_is_asked_for():
    asked = load("paris-framework", variant="withdrawal-from-donbas")
    added = {each.clause_id: {p.party_id for p in each.periods} for each in asked.clauses[2:]}
    assert added == {"donetsk-leave": {"UA"}, "donetsk-stay-out": {"RU"}}
    assert all(each.polygons is None and each.missing for each in asked.zones)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_clause_of_a_variant_cites_a_source_with_an_address(variant):
    for each in load("paris-framework", variant=variant).clauses:
        assert each.sources
        assert all(note.url for note in each.sources)
        assert all(reading.sources for reading in each.readings)


def test_the_clock_of_paris_asks_for_words_and_its_force_is_a_list_of_limbs():
    ladder = load("paris-framework").ladder
    assert [(each.rung, each.due) for each in ladder.rungs[:3]] == [
        (1, "24 h"),
        (2, "24 h"),
        (3, "72 h"),
    ]
    limbs = ladder.limb_lists["collective_response_referral"]
    assert limbs[:3] == (
        "The attack is large-scale.",
        "The attack is deliberate.",
        "The attack is prolonged.",
    )
    assert "72 hours" in limbs[3]


def test_the_first_hour_of_paris_is_another_in_kyiv_and_in_moscow(truces):
    paris = load("paris-framework")
    before, between, after = (
        utc(2030, 12, 31, 20, 59, 59),
        utc(2030, 12, 31, 21),
        utc(2030, 12, 31, 22),
    )
    for party in ("RU", "UA"):
        assert verdicts(paris, truces, before, party) == {}
        assert verdicts(paris, truces, between, party)[None] == "ambiguous_clause"
        assert verdicts(paris, truces, after, party)[None] == "violation"


def standings(agreement, clause_id, at):
    """How a clause that judges nothing stands at an instant, in each reading, for whom."""
    kinds = plugins.load("clauses")
    return {
        (stated.reading, stated.parties): stated.state.standing
        for stated in states(agreement, kinds, Known(at=at))
        if stated.clause_id == clause_id
    }


@pytest.mark.parametrize(
    ("variant", "years"), [("ten-years", 10), ("fifteen-years", 15), ("fifty-years", 50)]
)
def test_a_length_of_the_guarantees_is_an_offer_and_no_term(variant, years):
    assert clause(load("paris-framework", variant=variant), "length").terms["length"] == {
        "years": years
    }
    both = ("RU", "UA")
    for paris in (load("paris-framework"), load("paris-framework", variant=variant)):
        found = standings(paris, "length", utc(2040, 1, 1))
        assert found == {(None, both): Standing.UNKNOWN}  # it has no beginning


def test_the_release_of_the_moratorium_is_laid_out_and_frees_nobody(truces):
    moratorium, day = load("energy-moratorium-2025"), utc(2025, 4, 1)
    assert set(standings(moratorium, "release", day).values()) == {Standing.LAID_OUT}
    freed = drawn(moratorium, truces, "list-of-25-march")
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
