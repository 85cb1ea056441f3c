"""The shipped agreements say what their texts say: hours, distances, lines, and what is not public."""

from datetime import UTC, datetime, timedelta

import pytest

from truceline.agreement.load import library_names, load, versions
from truceline.agreement.reading import readings
from truceline.agreement.weapon import matches, parse
from truceline.model.time import Interval
from truceline.model.vocabulary import NEVER_PROPOSED

SECOND = timedelta(seconds=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def test_easter_is_two_undertakings_and_each_binds_its_declarer_alone():
    easter = load("easter-2025")
    assert [each.basis for each in easter.clauses] == ["undertaking", "undertaking"]
    bound = [{period.party_id for period in each.periods} for each in easter.clauses]
    assert bound == [{"RU"}, {"UA"}]


@pytest.mark.parametrize(("clause_id", "party"), [("ru-silence", "RU"), ("ua-silence", "UA")])
def test_easter_lasts_thirty_hours_from_six_in_the_evening_moscow_time(clause_id, party):
    silence = clause(load("easter-2025"), clause_id)
    began, ended = utc(2025, 4, 19, 15), utc(2025, 4, 20, 21)
    assert [period.when for period in silence.periods] == [Interval(began=began, ended=ended)]
    assert [silence.binds(party, at) for at in (began - SECOND, began, ended - SECOND, ended)] == [
        False,
        True,
        True,
        False,
    ]


def test_easter_treats_both_declarers_alike():
    ru, ua = load("easter-2025").clauses
    assert ru.terms == ua.terms
    assert ru.exceptions == ua.exceptions
    assert [each.reading_id for each in ru.readings] == [each.reading_id for each in ua.readings]
    assert load("easter-2025").asymmetries == ()


def test_easter_names_no_zone_and_no_ladder():
    easter = load("easter-2025")
    assert easter.zones == ()
    assert all(each.terms["zone"] is None for each in easter.clauses)
    assert easter.ladder.basis == "default ladder: the agreement has none"


def test_minsk_has_the_texts_of_three_days():
    assert [each.name for each in versions("minsk-2")] == ["2015-02-12", "2015-09-29", "2020-07-22"]
    assert versions("minsk-2")[2].began == utc(2020, 7, 26, 21, 1)


def test_the_minsk_ceasefire_begins_at_midnight_in_kyiv():
    ceasefire = clause(load("minsk-2"), "ceasefire")
    midnight = utc(2015, 2, 14, 22)
    for party in ("UA", "AF"):
        assert not ceasefire.binds(party, midnight - SECOND)
        assert ceasefire.binds(party, midnight)


def test_each_party_measures_from_its_own_line_and_this_is_reported():
    minsk = load("minsk-2")
    lines = {"UA": "contact-line", "AF": "line-2014-09-19"}
    withdrawals = [each for each in minsk.clauses if each.kind == "withdraw"]
    assert len(withdrawals) == 8
    assert all(each.terms["lines"] == lines for each in withdrawals)
    assert {line.line_id: line.kind.value for line in minsk.lines} == {
        "contact-line": "contact_line",
        "line-2014-09-19": "agreement_line",
    }
    assert any("measures from different lines" in sentence for sentence in minsk.asymmetries)


def distances_km(version: str, weapon: str) -> set[tuple[float, str | None]]:
    """Every distance, and in which reading, that the withdrawals of a version ask of a weapon."""
    return {
        (read.terms["distance_m"] / 1000, name)
        for each in load("minsk-2", version=version).clauses
        if each.kind == "withdraw" and "@" not in each.clause_id
        for name, read in readings(each)
        if matches(read.terms["weapons"], parse(weapon))
    }


@pytest.mark.parametrize(
    ("weapon", "asked"),
    [
        ("gun 85 mm", {(15.0, None)}),
        ("gun 99 mm", {(15.0, None)}),
        ("T-72", {(15.0, None)}),
        ("MT-12", {(25.0, None)}),
        ("gun 100 mm", {(25.0, None)}),
        ("mortar 82 mm", {(15.0, None)}),
        ("mortar 120 mm", {(15.0, None), (25.0, "letter-of-point-2")}),
        ("2S4 Tyulpan", {(25.0, None), (25.0, "letter-of-point-2")}),
        ("D-30", {(25.0, None)}),
        ("2S3 Akatsiya", {(25.0, None)}),
        ("BM-21 Grad", {(35.0, None)}),
        ("Uragan", {(35.0, None), (70.0, None), (70.0, "tochka-u-only")}),
        ("Smerch", {(35.0, None), (70.0, None), (70.0, "tochka-u-only")}),
        ("Tornado-S", {(35.0, None), (70.0, None), (70.0, "tochka-u-only")}),
        ("Tochka-U", {(70.0, None), (70.0, "tochka-u-only")}),
        ("Tochka", {(70.0, None)}),
        ("small arms", set()),
        ("N/K", set()),
    ],
)
def test_the_edge_table_of_calibres_and_distances(weapon, asked):
    assert distances_km("2020-07-22", weapon) == asked


def test_before_the_addendum_tanks_and_light_guns_were_free_and_heavy_mortars_were_not():
    assert distances_km("2015-02-12", "T-72") == set()
    assert distances_km("2015-02-12", "gun 99 mm") == set()
    assert distances_km("2015-02-12", "mortar 120 mm") == {(25.0, None)}


def test_the_archive_of_seven_years_is_judged_by_the_text_of_each_day():
    minsk = load("minsk-2")
    addendum, measures = utc(2015, 9, 28, 21), utc(2020, 7, 26, 21, 1)
    old = clause(minsk, "withdraw-mortars@2015-02-12")
    assert old.binds("UA", addendum - SECOND)
    assert not old.binds("UA", addendum)
    assert clause(minsk, "withdraw-tanks").binds("AF", addendum)
    assert not clause(minsk, "measure-fire").binds("AF", measures - SECOND)
    assert clause(minsk, "measure-fire").binds("AF", measures)


def test_return_fire_needs_an_offensive_an_order_an_attempt_and_a_notice():
    terms = clause(load("minsk-2"), "measure-return-fire").terms
    assert terms["only_if"] == {"types": ["position_advance"]}
    assert (terms["after_attempt"], terms["notify"]) == (True, True)
    assert terms["order_level"]
    assert (terms["within_h"], terms["within_km"]) == (None, None)


def test_what_cannot_be_judged_says_why():
    minsk = load("minsk-2")
    assert all(each.missing for each in minsk.clauses)
    assert all(zone.polygons is None and zone.missing for zone in minsk.zones)


def test_reporting_days_close_where_the_practice_closed_them():
    minsk, easter = load("minsk-2").calendar, load("easter-2025").calendar
    assert minsk.day(utc(2026, 1, 31, 17, 29, 59)).isoformat() == "2026-01-31"
    assert minsk.day(utc(2026, 1, 31, 17, 30)).isoformat() == "2026-02-01"
    assert easter.day(utc(2025, 4, 20, 20, 59, 59)).isoformat() == "2025-04-20"
    assert easter.day(utc(2025, 4, 20, 21)).isoformat() == "2025-04-21"


@pytest.mark.parametrize("name", library_names())
def test_every_clause_and_reading_cites_a_source_with_an_address(name):
    for each in load(name).clauses:
        assert each.sources
        assert all(note.url for note in each.sources)
        assert all(reading.sources for reading in each.readings)
        assert each.text_hash is None  # nobody here has read the authentic bytes


@pytest.mark.parametrize("name", library_names())
def test_the_ladder_only_asks_checks_talks_or_ends(name):
    agreement = load(name)
    ladder = agreement.ladder
    measures = {measure for rung in ladder.rungs for measure in rung.measures}
    assert not measures & NEVER_PROPOSED
    assert "benefit_suspension" not in measures
    assert all(rung.ends_when for rung in ladder.rungs)
    limbs = {test for tests in ladder.limb_lists.values() for test in tests}
    assert set(ladder.limb_lists) <= {
        "sanctions_snapback",
        "assistance_trigger",
        "collective_response_referral",
    }
    assert agreement.is_hypothetical or not limbs  # no text in force here has such a test
