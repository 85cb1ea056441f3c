"""The framework of Paris is hypothetical, and what was only proposed for it is no term of it."""

from pathlib import Path

import pytest
from judged import clause, standings, table, utc, verdicts

from truceline.agreement.load import load
from truceline.findings.contract import Standing

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
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


def test_the_first_hour_of_paris_is_another_in_kyiv_and_in_moscow():
    paris = load("paris-framework")
    before, between, after = (
        utc(2030, 12, 31, 20, 59, 59),
        utc(2030, 12, 31, 21),
        utc(2030, 12, 31, 22),
    )
    for party in ("RU", "UA"):
        assert verdicts(paris, before, party) == {}
        assert verdicts(paris, between, party)[None] == "ambiguous_clause"
        assert verdicts(paris, after, party)[None] == "violation"


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


def test_the_example_of_paris_answers_as_its_page_says_and_calls_itself_hypothetical(
    run_copy, tmp_path
):
    out = run_copy("paris-framework", tmp_path / "mission")
    page = (EXAMPLES / "paris-framework" / "README.md").read_text(encoding="utf-8")
    assert "Hypothetical" in page.splitlines()[2]
    assert "hypothetical" in page.splitlines()[0]
    mission = (EXAMPLES / "paris-framework" / "mission.yaml").read_text(encoding="utf-8")
    assert "\nhypothetical: true\n" in mission
    act = {row["observation_id"]: row["incident_id"] for row in table(out / "members.csv")}
    found = {
        name: {
            row["verdict"]
            for row in table(out / "findings.csv")
            if row["subject_id"].startswith(f"a-{act[name].removeprefix('i-')}")
            and not row["reading"]
        }
        for name in ("pf-1", "pf-2", "pf-3-a", "pf-4")
    }
    assert found == {
        "pf-1": set(),
        "pf-2": {"ambiguous_clause"},
        "pf-3-a": {"violation"},
        "pf-4": {"compliant"},
    }
    assert act["pf-3-a"] == act["pf-3-b"]
