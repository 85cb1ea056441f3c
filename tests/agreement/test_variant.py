"""What nobody adopted is laid over the text only when asked for, and is hypothetical everywhere."""

from datetime import UTC, datetime

import pytest
from telling import assert_told, silent

from truceline.agreement.load import load, variants
from truceline.model.errors import AgreementError

VARIANTS = """\
variants:
  - name: far
    title: Twenty kilometres, as A proposed
    adopted: false
    from: 2026-08-01T00:00+03:00
    sources: [text]
    clauses:
      - id: back
        terms: {distance_m: 20000}
  - name: loud
    title: No silence
    adopted: false
    end: [silence]
    mandate: {grants: [observe]}
amendments:
"""


@pytest.fixture
def proposed(sample):
    sample.put("amendments:\n", VARIANTS)
    return sample


def asked_m(made):
    return {c.clause_id: c.terms["distance_m"] for c in made.clauses if c.kind == "withdraw"}


def test_the_text_itself_knows_nothing_of_its_variants(sample):
    before = load(sample.path)
    sample.text = sample.text.replace("amendments:\n", VARIANTS)
    sample.path.write_text(sample.text, encoding="utf-8")
    after = load(sample.path)
    assert (after.variant, after.is_hypothetical) == (None, False)
    assert [c.terms for c in after.clauses] == [c.terms for c in before.clauses]
    assert (after.title, after.version) == (before.title, before.version)
    assert variants(sample.path) == ("far", "loud")


def test_a_variant_is_hypothetical_in_its_title_its_version_and_its_label(proposed):
    made = load(proposed.path, variant="far")
    assert made.is_hypothetical
    assert made.variant == "far"
    assert made.version == "2026-06-01+far"
    assert made.title == "A sample truce (variant far, not adopted)"


def test_a_variant_changes_what_it_says_from_its_day_on(proposed):
    made = load(proposed.path, variant="far")
    assert asked_m(made) == {"back@2026-01-01": 15000, "back@2026-06-01": 10000, "back": 20000}
    day = datetime(2026, 7, 31, 21, tzinfo=UTC)
    assert {p.when.began for c in made.clauses if c.clause_id == "back" for p in c.periods} == {day}


def test_a_variant_without_a_day_holds_with_the_text_itself(proposed):
    made = load(proposed.path, variant="loud")
    assert all(not p for c in made.clauses if c.clause_id.startswith("silence") for p in c.periods)
    assert made.grants == {"observe"}


def test_a_version_may_name_a_variant(proposed):
    assert load(proposed.path, version="2026-06-01+far") == load(proposed.path, variant="far")
    base = load(proposed.path, version="2026-01-01+far")
    assert (base.version, asked_m(base)["back"]) == ("2026-01-01+far", 20000)


def test_an_unknown_variant_names_those_that_there_are(proposed):
    with pytest.raises(AgreementError, match="no variant 'near'; known are far, loud"):
        load(proposed.path, variant="near")


def test_what_was_adopted_is_no_variant(proposed):
    proposed.put("    adopted: false\n    from", "    adopted: true\n    from")
    assert_told(proposed, "`variants.1.adopted` is True", "    adopted: true", advice="amendment")


def test_two_variants_of_one_name_are_told(proposed):
    proposed.put("  - name: loud", "  - name: far")
    assert_told(proposed, "the name `far` stands twice", "  - name: far\n    title: No silence")


def test_check_tries_every_variant(proposed):
    assert silent(proposed, "unknown zone")
    proposed.put("terms: {distance_m: 20000}", "terms: {distance_m: 20000, zone: moon}")
    assert_told(proposed, "unknown zone `moon`", "terms: {distance_m: 20000, zone: moon}")
    assert load(proposed.path).variant is None  # the text itself is sound
    with pytest.raises(AgreementError, match="unknown zone `moon`"):
        load(proposed.path, variant="far")
