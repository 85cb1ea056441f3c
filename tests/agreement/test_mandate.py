"""Who may do what: bodies, scopes, what is withheld and by which article."""

import re

import pytest
from telling import assert_told, told

from truceline.agreement.check import check
from truceline.agreement.load import load
from truceline.agreement.mandate import not_computed, who_may
from truceline.model.errors import AgreementError

BODIES = """\
mandate:
  bodies:
    - id: force
      name: The force
      kind: mission
      may:
        - observe
        - find
        - act: inspect
          bands: [{line: line, from_m: 0, to_m: 10000}]
          weapons: heavy
          article: Protocol 4
      article: Protocol 1
      sources: [text]
    - id: court
      name: The commission
      kind: commission
      may: [attribute, rule]
      members: 5
      quorum: 3
      recusal: A member of a party steps aside from its own case.
      deadlock: The chair decides.
      reconsideration: Either party, within seven days.
      emergency_signer: The chair.
    - id: planes
      name: The guarantor's aircraft
      kind: guarantor
      may: [{act: inspect, zones: [square]}]
  withheld:
    - {act: propose, article: Article 9, because: measures are for the parties}
amendments:
"""
CAP = """\
  - id: few
    article: "3"
    kind: cap
    title: Few guns
    text: Few guns.
    text_hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    binds: [A, B]
    terms: {weapons: heavy, maximum: 36, band: {line: line, from_m: 0, to_m: 10000}}
    sources: [text]
amendments:
"""


@pytest.fixture
def mandated(sample):
    sample.put("amendments:\n", BODIES)
    return sample


def test_grants_are_what_some_body_may_and_the_text_does_not_withhold(mandated):
    assert load(mandated.path).grants == {
        *("observe", "find", "inspect", "attribute", "rule"),
    }


def test_without_a_mandate_the_grants_are_as_ever_and_nothing_is_stated(sample):
    made = load(sample.path)
    assert made.grants == {"observe", "find", "attribute", "propose"}
    assert not made.mandate.is_stated
    assert not_computed(made) == ()


def test_the_short_form_grants_the_same_and_no_more(sample):
    sample.put("amendments:\n", "mandate: {grants: [observe]}\namendments:\n")
    made = load(sample.path)
    assert made.grants == {"observe"}
    assert len(not_computed(made)) == 3
    assert all("grants it to no body" in sentence for sentence in not_computed(made))


def test_an_empty_list_of_grants_grants_nothing(sample):
    sample.put("amendments:\n", "mandate: {grants: []}\namendments:\n")
    assert load(sample.path).grants == frozenset()


def test_what_is_withheld_is_taken_from_the_default_too(sample):
    withheld = "mandate: {withheld: [{act: attribute, article: Article 9}]}\n"
    sample.put("amendments:\n", withheld + "amendments:\n")
    made = load(sample.path)
    assert made.grants == {"observe", "find", "propose"}
    assert not_computed(made) == (
        "Not computed: no author was weighed for any act (withheld by Article 9).",
    )


def test_what_is_not_computed_is_said_with_the_article_that_withholds_it(mandated):
    assert not_computed(load(mandated.path)) == (
        "Not computed: no measure was proposed "
        "(withheld by Article 9: measures are for the parties).",
    )


def test_a_body_says_how_it_comes_to_a_decision(mandated):
    court = load(mandated.path).mandate.bodies[1]
    assert (court.kind, court.members, court.quorum) == ("commission", 5, 3)
    assert (court.recusal, court.deadlock) == (
        "A member of a party steps aside from its own case.",
        "The chair decides.",
    )
    assert (court.reconsideration, court.emergency_signer) == (
        "Either party, within seven days.",
        "The chair.",
    )


@pytest.mark.parametrize(
    ("where", "bodies"),
    [
        ({"line": "line", "offset_m": 0.0, "weapon": "D-30"}, ("force",)),
        ({"line": "line", "offset_m": 9_999.9, "weapon": "D-30"}, ("force",)),
        ({"line": "line", "offset_m": 10_000.0, "weapon": "D-30"}, ()),
        ({"line": "line", "offset_m": 15_000.0, "weapon": "D-30"}, ()),
        ({"line": "line", "offset_m": 5_000.0, "weapon": "T-72"}, ()),
        ({"line": "other", "offset_m": 5_000.0, "weapon": "D-30"}, ()),
        ({"zone": "square", "weapon": "T-72"}, ("planes",)),
        ({"zone": "strip"}, ()),
    ],
)
def test_a_body_may_inspect_in_its_own_band_and_weapons_and_nowhere_else(mandated, where, bodies):
    assert who_may(load(mandated.path).mandate, "inspect", **where) == bodies


def test_what_is_withheld_nobody_may(mandated):
    mandated.put("may: [attribute, rule]", "may: [attribute, rule, propose]")
    assert who_may(load_anyway(mandated), "propose") == ()
    assert_told(mandated, "`propose` is withheld and also granted to court", "- {act: propose")


def load_anyway(sample):
    from truceline.agreement.assembly import assemble

    return assemble(sample.path, kinds=None).agreement.mandate


@pytest.mark.parametrize(
    ("old", "new", "message", "severity"),
    [
        ("quorum: 3", "quorum: 6", "5 members and a quorum of 6", "error"),
        ("zones: [square]", "zones: [circle]", "unknown zone `circle`", "error"),
        ("[{line: line, from", "[{line: lime, from", "unknown line `lime`", "error"),
        ("from_m: 0, to_m: 10000", "from_m: 9000, to_m: 800", "holds nothing", "error"),
        ("weapons: heavy\n          art", "weapons: light\n          art", "uses `light`", "error"),
        ("- id: court", "- id: force", "the body `force` stands twice", "error"),
        ("kind: guarantor", "kind: king", "is 'king'", "error"),
        ("[attribute, rule]", "[attribute, judge]", "is 'judge'", "error"),
        ("article: Article 9, ", "", "`propose` is withheld and no article", "warning"),
        ("may: [attribute, rule]", "may: [find, rule]", "`court` may find and rule", "note"),
        ("      deadlock: The chair decides.\n", "", "gives no deadlock", "note"),
    ],
)
def test_a_mandate_that_cannot_stand_is_told(mandated, old, new, message, severity):
    mandated.put(old, new)
    problem = told(check(mandated.path), message)
    assert problem.severity == severity
    assert problem.file == str(mandated.path)
    assert problem.line >= mandated.line("mandate:")
    assert problem.advice


def test_grants_and_bodies_together_are_told(mandated):
    mandated.put("mandate:\n", "mandate:\n  grants: [observe]\n")
    assert_told(mandated, "both `grants` and `bodies`", "grants: [observe]")
    with pytest.raises(AgreementError, match="both `grants`"):
        load(mandated.path)


def test_a_cap_that_no_body_may_inspect_is_told(mandated):
    mandated.put("mandate:\n", CAP.replace("amendments:\n", "mandate:\n"))
    assert not caps_told(mandated)
    mandated.put("maximum: 36, band: {line: line, from_m: 0, to_m: 10000}",
                 "maximum: 36, band: {line: line, from_m: 0, to_m: 20000}")  # fmt: skip
    assert caps_told(mandated) == ["warning"]
    mandated.put("may: [{act: inspect, zones: [square]}]", "may: [inspect]")
    assert not caps_told(mandated)


INSPECT = """\
  - {id: visits, article: "4", kind: inspect, title: Visits, text: Visits., binds: [A, B],
     terms: {every_days: 15, by: The commission}, sources: [text]}
mandate:
"""


def test_a_body_that_a_clause_sends_to_inspect_must_be_let(mandated):
    mandated.put("mandate:\n", INSPECT)
    assert_told(mandated, "has `court` inspect, and the mandate does not let it", "terms: {every")
    mandated.put("by: The commission", "by: force")
    assert not any("does not let it" in each.message for each in check(mandated.path))


def caps_told(sample):
    return [p.severity for p in check(sample.path) if re.search("no body may inspect", p.message)]


def test_an_amendment_may_change_the_mandate(mandated):
    mandated.put(
        "    title: Ten kilometres\n",
        "    title: Ten kilometres\n    mandate: {grants: [observe, propose]}\n",
    )
    assert load(mandated.path).grants == {"observe", "propose"}
    assert "attribute" in load(mandated.path, version="2026-01-01").grants


def test_swapping_the_parties_changes_nobodys_mandate(mandated):
    before = load(mandated.path).mandate
    mandated.put("    left: A\n    right: B", "    left: B\n    right: A")
    assert load(mandated.path).mandate == before
