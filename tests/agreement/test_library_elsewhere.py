"""What the shipped agreements of other conflicts ask, at their edges, and for whom on which day."""

from datetime import UTC, datetime, timedelta

import pytest
from judged import standings

from truceline.agreement.load import load, versions
from truceline.agreement.reading import readings
from truceline.agreement.weapon import matches, parse
from truceline.findings.contract import Asked, Known
from truceline.pipeline import plugins

SECOND = timedelta(seconds=1)
OURS = (
    "korea-armistice-1953",
    "korea-military-agreement-2018",
    "kosovo-mta-1999",
    "nagorno-karabakh-2020",
    "undof-1974",
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def bound(name, clause_id, party, at):
    return clause(load(name), clause_id).binds(party, at)


@pytest.mark.parametrize("name", OURS)
def test_no_coordinates_are_invented(name):
    agreement = load(name)
    assert all(line.paths is None and line.missing for line in agreement.lines)
    drawn = [z for z in agreement.zones if z.polygons is not None]
    assert drawn == []
    assert all(z.missing or z.line_id for z in agreement.zones)


@pytest.mark.parametrize("name", OURS)
def test_what_was_not_read_is_unset_and_says_to_take_it_from_the_text(name):
    for each in load(name).clauses:
        unset = [key for key in ("maximum", "distance_m", "finish_by") if key in each.terms]
        if any(each.terms[key] is None for key in unset):
            assert "take" in each.missing
            assert "from the text" in each.missing


# UNDOF -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "maximum", "band_m"),
    [
        ("men-0-10", 6000, (0, 10_000)),
        ("brigades-0-10", 2, (0, 10_000)),
        ("tanks-0-10", 75, (0, 10_000)),
        ("pieces-0-10", 36, (0, 10_000)),
        ("pieces-10-20", 162, (10_000, 20_000)),
    ],
)
def test_both_sides_of_the_golan_have_the_same_caps_each_from_its_own_line(suffix, maximum, band_m):
    undof = load("undof-1974")
    for party, prefix, line in (("IL", "il", "line-a"), ("SY", "sy", "line-b")):
        cap = clause(undof, f"{prefix}-{suffix}")
        assert {period.party_id for period in cap.periods} == {party}
        assert cap.terms["maximum"] == maximum
        assert cap.terms["band"] == {"line": line, "from_m": band_m[0], "to_m": band_m[1]}
    twins = [clause(undof, f"{prefix}-{suffix}").terms["weapons"] for prefix in ("il", "sy")]
    assert twins[0] == twins[1]


@pytest.mark.parametrize(
    ("weapon", "is_counted", "is_banned"),
    [("D-30", True, False), ("BM-27 Uragan", False, True), ("mortar 120 mm", False, False)],
)
def test_twenty_kilometres_of_range_part_what_is_counted_from_what_is_banned(
    weapon, is_counted, is_banned
):
    undof = load("undof-1974")
    counted = clause(undof, "il-pieces-10-20").terms["weapons"]
    banned = clause(undof, "long-range").terms["weapons"]
    assert matches(counted, parse(weapon)) is is_counted
    assert matches(banned, parse(weapon)) is is_banned
    assert (counted["range_max_km"], banned["range_min_km"]) == (20, 20)
    assert banned["range_min_exclusive"]  # 20.0 km is counted, 20.1 km is banned


def test_surface_to_surface_missiles_are_a_disputed_reading_and_no_term():
    rule = clause(load("undof-1974"), "air-defence-missiles")
    asked = {name: read.terms["weapons"]["classes"] for name, read in readings(rule)}
    assert asked == {None: ["sam"], "surface-to-surface-too": ["sam", "missile"]}
    assert rule.terms["distance_m"] == 25_000


def test_the_united_nations_force_may_inspect_up_to_ten_kilometres_and_no_further():
    force = next(b for b in load("undof-1974").mandate.bodies if b.body_id == "undof")
    bands = [band for grant in force.may if grant.act == "inspect" for band in grant.bands]
    assert {(band.line_id, band.from_m, band.to_m) for band in bands} == {
        ("line-a", 0, 10_000),
        ("line-b", 0, 10_000),
    }
    assert "attribute" not in {grant.act for grant in force.may}


def test_the_force_inspects_every_fifteen_days_and_both_sides_owe_it_entry():
    undof = load("undof-1974")
    rule = clause(undof, "inspections")
    assert {period.party_id for period in rule.periods} == {"IL", "SY"}
    for party in ("IL", "SY"):
        asked = Asked(clause=rule, terms=rule.terms, party=party, agreement=undof)
        duty = plugins.load("clauses")["inspect"].duty(asked)
        assert (duty.by, duty.every_days, duty.missing) == ("undof", 15, ())


# Korea -----------------------------------------------------------------------------------------


def test_the_armistice_takes_two_kilometres_and_leaves_unread_paragraphs_unset():
    armistice = load("korea-armistice-1953")
    assert clause(armistice, "back-from-the-line").terms["distance_m"] == 2000
    assert clause(armistice, "back-from-the-line").terms["finish_by"] is None
    assert clause(armistice, "persons-in-the-zone").terms["maximum"] is None
    assert "not public" in clause(armistice, "air-defence").article


@pytest.mark.parametrize(
    ("clause_id", "platform", "distance_m"),
    [
        ("fixed-wing-east", "fixed_wing", 40_000),
        ("fixed-wing-west", "fixed_wing", 20_000),
        ("rotary-wing", "rotary_wing", 10_000),
        ("uav-east", "uav", 15_000),
        ("uav-west", "uav", 10_000),
        ("balloons", "balloon", 25_000),
    ],
)
def test_no_fly_bands_go_by_platform_and_side_of_the_peninsula(clause_id, platform, distance_m):
    terms = clause(load("korea-military-agreement-2018"), clause_id).terms
    assert terms["platforms"] == [platform]
    assert terms["zone"]["distance_m"] == distance_m


def test_the_band_of_unmanned_aircraft_is_not_taken_for_planes_as_the_press_once_did():
    agreement = load("korea-military-agreement-2018")
    planes = [clause(agreement, f"fixed-wing-{side}").terms["zone"] for side in ("east", "west")]
    assert not {15_000, 10_000} & {zone["distance_m"] for zone in planes}
    assert {zone["line"] for zone in planes} == {"mdl-east", "mdl-west"}  # not the edge of the zone


SEOUL = {  # midnight in Seoul is 15:00 UTC of the day before
    "effect": utc(2018, 10, 31, 15),
    "partly": utc(2023, 11, 21, 15),
    "declared": utc(2023, 11, 30, 15),
    "wholly": utc(2024, 6, 3, 15),
}


@pytest.mark.parametrize(
    ("clause_id", "party", "began", "ended"),
    [
        ("uav-west", "ROK", "effect", "partly"),
        ("uav-west", "DPRK", "effect", "declared"),
        ("land-artillery", "ROK", "effect", "wholly"),
        ("land-artillery", "DPRK", "effect", "declared"),
    ],
)
def test_the_military_agreement_is_in_force_for_each_party_on_its_own_days(
    clause_id, party, began, ended
):
    agreement = load("korea-military-agreement-2018")
    rule = clause(agreement, clause_id)
    at = [SEOUL[began] - SECOND, SEOUL[began], SEOUL[ended] - SECOND, SEOUL[ended]]
    assert [rule.binds(party, each) for each in at] == [False, True, True, False]
    assert not rule.binds(party, utc(2026, 3, 1))  # an intention restores nothing


def test_one_sides_suspension_leaves_the_other_bound():
    between = utc(2023, 11, 25)
    assert not bound("korea-military-agreement-2018", "fixed-wing-east", "ROK", between)
    assert bound("korea-military-agreement-2018", "fixed-wing-east", "DPRK", between)


# Kosovo ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "days"), [("zone-3-part", 1), ("zone-1", 6), ("zone-2", 9), ("kosovo", 11)]
)
def test_each_phase_of_kosovo_is_due_at_the_end_of_its_day(zone, days):
    kosovo = load("kosovo-mta-1999")
    rule = clause(kosovo, "forces-leave")
    asked = Asked(clause=rule, terms=rule.terms, party="FRY", agreement=kosovo)
    breach = plugins.load("clauses")["phase"].breach(asked)
    since = {part.where[0].zone: part.since for part in (breach, *breach.also)}
    # Midnight in Belgrade, on summer time, is 22:00 UTC of the day before.
    assert since[zone] == utc(1999, 6, 9, 22) + timedelta(days=days)


@pytest.mark.parametrize(
    ("clause_id", "freed"),
    [
        ("ground-c-east", utc(2001, 3, 13, 23)),
        ("ground-a", utc(2001, 3, 25, 22)),
        ("ground-c-west", utc(2001, 3, 25, 22)),
        ("ground-b", utc(2001, 5, 23, 22)),
        ("ground-d", utc(2001, 8, 16, 22)),
    ],
)
def test_each_sector_of_the_ground_zone_is_free_from_its_own_day(clause_id, freed):
    assert bound("kosovo-mta-1999", clause_id, "FRY", freed - SECOND)
    assert not bound("kosovo-mta-1999", clause_id, "FRY", freed)


def test_the_air_zone_shrinks_from_25_to_10_km_and_the_ground_zone_never_had_25():
    kosovo = load("kosovo-mta-1999")
    widths = {z.zone_id: z.width_m for z in kosovo.zones if z.zone_id.startswith("air")}
    assert widths["air-safety-zone"] == 10_000
    assert sorted(widths.values()) == [10_000, 25_000]
    before, after = utc(2001, 12, 31, 22), utc(2002, 1, 1, 0)
    old = next(c for c in kosovo.clauses if c.clause_id.startswith("air-safety-zone@"))
    assert (old.binds("FRY", before), old.binds("FRY", after)) == (True, False)
    assert [v.name for v in versions("kosovo-mta-1999")][-2:] == ["2001-12", "2015"]


# Nagorno-Karabakh ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause_id", "day"),
    [
        ("kalbajar-returned", (2020, 11, 15)),
        ("aghdam-returned", (2020, 11, 20)),
        ("lachin-returned", (2020, 12, 1)),
    ],
)
def test_by_a_day_allows_the_day_and_before_it_does_not(clause_id, day):
    rule = clause(load("nagorno-karabakh-2020"), clause_id)
    noon = utc(*day, 9)  # noon in Moscow
    read = dict(readings(rule))
    assert not read[None].binds("AM", noon)
    assert read["before"].binds("AM", noon)
    assert read[None].binds("AM", noon + timedelta(days=1))
    assert not read["before"].binds("AM", noon - timedelta(days=1))


def test_the_circulated_text_is_a_reading_and_the_official_one_the_term():
    aghdam = clause(load("nagorno-karabakh-2020"), "aghdam-returned")
    asked = {name: read.terms["zone"] for name, read in readings(aghdam)}
    assert asked == {None: "aghdam", "before": "aghdam", "with-gazakh": "aghdam-and-gazakh"}


def test_the_statement_takes_effect_at_midnight_in_moscow():
    at = utc(2020, 11, 9, 21)
    for party in ("AZ", "AM"):
        assert not bound("nagorno-karabakh-2020", "ceasefire", party, at - SECOND)
        assert bound("nagorno-karabakh-2020", "ceasefire", party, at)


def standing(at, **changed):
    """How the term of the peacekeepers stands on a date, some of its terms changed."""
    agreement = load("nagorno-karabakh-2020")
    rule = clause(agreement, "term-of-the-peacekeepers")
    asked = Asked(clause=rule, terms={**rule.terms, **changed}, party="RU", agreement=agreement)
    return str(plugins.load("clauses")["term"].state(asked, Known(at=at)).standing)


def test_the_peacekeepers_term_ends_by_conduct_before_its_own_day():
    assert standing(utc(2024, 4, 16, 20, 59)) == "in_force"
    assert standing(utc(2024, 4, 16, 21)) == "lapsed"


def test_without_that_conduct_it_would_have_gone_on_by_itself_unless_somebody_objected_in_time():
    late, early = utc(2025, 5, 10), utc(2025, 5, 9)
    after = utc(2025, 11, 11)
    assert standing(after, ended=None) == "in_force"
    objected = [{"party": "AZ", "at": early.isoformat()}]
    assert standing(after, ended=None, objections=objected) == "lapsed"
    objected = [{"party": "AZ", "at": late.isoformat()}]
    assert standing(after, ended=None, objections=objected) == "in_force"


def test_the_term_of_the_force_is_known_for_its_first_six_months_and_no_longer():
    undof = load("undof-1974")
    during, after = (
        standings(undof, "term-of-the-force", at) for at in (utc(1974, 11, 29), utc(1974, 12, 1))
    )
    assert set(during.values()) == {"in_force"}
    assert set(after.values()) == {"unknown"}
