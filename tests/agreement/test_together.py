"""What only shows when the clauses are read side by side."""

import pytest
from telling import assert_told, silent, told

from truceline.agreement.check import check
from truceline.agreement.load import load

HASH = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"


def add(sample, clause_id, kind, terms, binds="[A, B]"):
    """A further clause of the sample, in one line."""
    sample.put(
        "amendments:\n",
        f'  - {{id: {clause_id}, article: "9", kind: {kind}, title: T, text: T, binds: {binds}, '
        f'text_hash: "{HASH}", sources: [text], terms: {{{terms}}}}}\namendments:\n',
    )
    return f"id: {clause_id},"


# Release: one disputed incident must not end it all.


def test_a_release_that_nobody_decides_is_told(sample):
    phrase = add(sample, "free", "release", "condition: a breach, frees: [A, B]")
    assert_told(sample, "one disputed incident could end it all, for nobody", phrase, "warning")


@pytest.mark.parametrize(("who", "is_fatal"), [("A", True), ("A-land", True), ("B", False)])
def test_a_release_that_the_freed_party_decides_for_itself_is_told(sample, who, is_fatal):
    add(sample, "free", "release", f"condition: a breach, frees: [A], decided_by: {who}")
    assert silent(sample, "one disputed incident") is not is_fatal


def test_a_release_that_the_commission_decides_is_sound(sample):
    add(sample, "free", "release", "condition: C, frees: [A, B], decided_by: the commission")
    assert silent(sample, "one disputed incident")


def test_a_release_for_one_party_alone_is_noted(sample):
    phrase = add(sample, "free", "release", "condition: C, frees: [A], decided_by: the commission")
    assert_told(sample, "clause free would free A and not B", phrase, "note")


# A text that takes itself back.


def test_a_permission_that_leaves_nothing_of_a_ban_is_told(sample):
    phrase = add(sample, "fire", "permit", "acts: [mortar, artillery, missile], zone: square")
    assert_told(sample, "clause `fire` permits all that `silence` prohibits", phrase)


@pytest.mark.parametrize(
    "terms",
    [
        "acts: [mortar], zone: square",
        "acts: [mortar, artillery], zone: strip",
        "acts: [mortar, artillery], condition: on its own ranges",
        "acts: [mortar, artillery], notify: true",
        "acts: [mortar, artillery], clauses: [back]",
    ],
)
def test_a_permission_that_leaves_something_is_sound(sample, terms):
    add(sample, "fire", "permit", terms)
    assert silent(sample, "permits all that")


def test_a_permission_after_the_ban_has_ended_is_sound(sample):
    sample.put("    binds: [A, B]\n    terms: {acts", "    binds: [{party: A, to: 2026-02-01T00:00Z}]\n    terms: {acts")  # fmt: skip
    binds = "[{party: A, from: 2026-03-01T00:00Z}]"
    add(sample, "fire", "permit", "acts: [mortar, artillery]", binds)
    assert silent(sample, "permits all that")


def test_two_meanings_of_one_term_are_told(sample):
    add(sample, "word-1", "definition", "term: offensive, means: an attack")
    phrase = add(sample, "word-2", "definition", "term: offensive, means: any move")
    assert_told(
        sample, "`word-1` and `word-2` are contrary: means an attack and", phrase, "warning"
    )


def test_a_term_that_is_used_and_never_defined_is_told(sample):
    phrase = add(sample, "word", "definition", "term: kinetic activity, means: null")
    assert_told(sample, "term `kinetic activity` is used and never defined", phrase, "warning")
    sample.put(phrase, phrase + " missing: The text gives none,")
    assert silent(sample, "never defined")


@pytest.mark.parametrize(
    "terms",
    [
        "quiet_days: 7, rule: smm, since: 2026-01-01T00:00",
        "quiet_days: 7, rule: smm, since: {local: 2026-03-29T03:30, zone: Europe/Kyiv}",
        "quiet_days: 7, rule: smm, since: 2026-01-01",
    ],
)
def test_an_instant_of_the_terms_that_is_none_is_told(sample, terms):
    phrase = add(sample, "quiet", "precondition", terms)
    assert_told(sample, "`since`: ", phrase, advice="2025-04-19T18:00|offset")


def test_two_cadences_of_one_inspection_are_told(sample):
    add(sample, "visit-1", "inspect", "every_days: 15, by: force")
    phrase = add(sample, "visit-2", "inspect", "every_days: 30, by: force")
    assert_told(
        sample, "`visit-1` and `visit-2` are contrary: every_days 15 and 30", phrase, "warning"
    )


# Clauses that wait for one another.


def test_clauses_that_wait_for_one_another_are_told(sample):
    first = add(sample, "one", "precondition", "quiet_days: 7, rule: smm, clauses: [two]")
    add(sample, "two", "precondition", "quiet_days: 2, rule: acts, clauses: [one]")
    problem = told(check(sample.path), "wait for one another: two -> one -> two")
    assert (problem.severity, problem.line >= sample.line(first)) == ("error", True)
    assert sum("wait for one another" in each.message for each in check(sample.path)) == 1


def test_clauses_that_wait_in_a_row_are_sound(sample):
    add(sample, "one", "precondition", "quiet_days: 7, rule: smm, clauses: [two, back]")
    add(sample, "two", "precondition", "quiet_days: 2, rule: acts, clauses: [back]")
    assert silent(sample, "wait for one another")


# Gaps, and ground without coordinates.

SHORT = "\n  to: 2026-12-31T00:00+02:00"


def test_a_time_in_which_nobody_is_bound_is_told(sample):
    sample.put(SHORT, "\n  to: 2026-03-01T00:00+02:00")
    sample.put(
        "        terms: {distance_m: 10000}",
        "        binds: [{party: A}, {party: B}]\n        terms: {distance_m: 10000}",
    )
    message = "nobody is bound from 2026-02-28 22:00 UTC to 2026-05-31 21:00 UTC"
    assert_told(sample, message, "amendments:", "warning")


def test_a_text_that_runs_on_has_no_gap(sample):
    assert silent(sample, "nobody is bound")


def test_a_clause_on_ground_without_coordinates_must_say_so(sample):
    sample.put("    name: The square\n    file: map.geojson\n", "    name: The square\n    missing: A closed annex.\n")  # fmt: skip
    assert_told(
        sample, "clause `silence` leans on `square`", "    terms: {acts: [mortar", "warning"
    )
    sample.put("    title: No fire\n", "    title: No fire\n    missing: The annex is closed.\n")
    assert silent(sample, "leans on")


def test_a_strip_along_a_line_without_coordinates_has_none(sample):
    sample.put("    file: map.geojson\n    left", "    missing: Not public\n    left")
    sample.put("zone: square}", "zone: strip}")
    assert not silent(sample, "clause `silence` leans on `strip`")


# Asymmetries: reported, not forbidden.


def test_sides_that_are_not_equally_deep_are_noted(sample):
    zone = "  - {id: b-side, name: B, line: line, width_m: 10000, side: B, sources: [text]}\n"
    sample.put("definitions:\n", zone + "definitions:\n")
    made = load(sample.path)
    said = "zones along the line line are not equally deep: A 15,000 m, B 10,000 m"
    assert said in made.asymmetries
    sample.put("width_m: 10000, side: B", "width_m: 15000, side: B")
    assert not any("equally deep" in sentence for sentence in load(sample.path).asymmetries)


def test_like_clauses_that_bind_each_side_on_its_own_ground_are_no_asymmetry(sample):
    add(sample, "a-few", "cap", "weapons: heavy, maximum: 75, zone: a-side", "[A]")
    assert "clause a-few binds A and not B" in load(sample.path).asymmetries
    add(sample, "b-few", "cap", "weapons: heavy, maximum: 75, zone: square", "[B]")
    assert not any("-few" in sentence for sentence in load(sample.path).asymmetries)
    sample.put("maximum: 75, zone: square", "maximum: 76, zone: square")
    assert "clause b-few binds B and not A" in load(sample.path).asymmetries
