"""Each disputed reading is a clause of its own, with its terms, periods and exceptions."""

from truceline.agreement.load import load
from truceline.agreement.reading import over, readings


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def test_a_clause_without_dispute_has_its_own_text_alone(sample):
    silence = clause(load(sample.path), "silence")
    assert readings(silence) == ((None, silence),)


def test_a_reading_changes_what_it_says_and_nothing_else(sample):
    back = clause(load(sample.path, version="2026-01-01"), "back")
    (own_name, own), (name, wide) = readings(back)
    assert (own_name, name) == (None, "wide")
    assert own.terms["distance_m"] == 15000
    assert wide.terms["distance_m"] == 30000
    assert wide.terms["weapons"] == {"classes": ["gun", "howitzer"], "calibre_min_mm": 120}
    assert wide.terms["lines"] == own.terms["lines"]
    assert wide.periods == own.periods


def test_a_reading_may_bind_nobody(sample):
    sample.put(
        "        terms: {distance_m: 30000, weapons: {calibre_min_mm: 120}}", "        binds: []"
    )
    back = clause(load(sample.path), "back")
    assert readings(back)[1][1].periods == ()
    assert readings(back)[0][1].periods


def test_a_reading_may_bind_a_party_by_its_name_for_as_long_as_the_agreement(sample):
    sample.put(
        "        terms: {distance_m: 30000, weapons: {calibre_min_mm: 120}}",
        "        binds: [A, {party: B, to: 2026-03-01T00:00+02:00}]",
    )
    back = clause(load(sample.path, version="2026-01-01"), "back")
    a, b = readings(back)[1][1].periods
    own = back.periods[0].when
    assert (a.party_id, a.when) == ("A", own)
    assert (b.party_id, b.when.began) == ("B", own.began)
    assert b.when.ended is not None
    assert b.when.ended < own.ended


def test_a_reading_may_drop_the_exceptions():
    flights = clause(load("minsk-2"), "measure-flights")
    (_, own), (name, wide) = readings(flights)
    assert name == "any-aircraft"
    assert [rule.exception_id for rule in own.exceptions] == ["monitors"]
    assert wide.exceptions == ()


def test_terms_are_laid_over_level_by_level():
    assert over({"a": {"b": 1, "c": [1]}, "d": 2}, {"a": {"c": [2]}, "d": None}) == {
        "a": {"b": 1, "c": [2]},
        "d": None,
    }
