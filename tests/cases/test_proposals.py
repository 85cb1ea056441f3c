"""What proposes a case: always the same reasons, no party, and people open."""

from datetime import UTC, datetime, timedelta

import pytest

from truceline.cases.moves.opening import REASONS
from truceline.cases.proposing import Matter
from truceline.cases.shelf import OPENERS, proposals
from truceline.model.time import LegalCalendar
from truceline.tables import schemas

BEGAN = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # already the 3rd in Kyiv
FILE = {"exhibit": "ab", "file": "f.csv", "line": 1}


def table(schema, *rows):
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return schemas.from_columns(schema, columns, len(rows))


def matter(*, types=(), days=(), casualties=(), told="mortar", party="EAST"):
    """An incident i-N with act a-N and observation o-N for each type or day."""
    number = max(len(types), len(days))
    began = [BEGAN + timedelta(days=d) for d in (days or range(number))]
    each = range(number)
    base = {
        **FILE,
        "feed": "f",
        "source": "s",
        "source_kind": "patrol",
        "root": "s",
        "ended": BEGAN,
    }
    return Matter(
        observations=table(
            schemas.OBSERVATIONS,
            *(
                {**base, "observation_id": f"o-{n}", "began": began[n], "is_date_only": False,
                 "direction": "impact", "stance": "none", "type": told}
                for n in each
            ),
        ),
        casualties=table(
            schemas.CASUALTIES,
            *(
                {**base, "casualty_id": f"k-{n}", "status": "reported", "harm": "killed",
                 "began": BEGAN, "is_date_only": False, "observation_id": named}
                for n, named in enumerate(casualties)
            ),
        ),
        members=table(
            schemas.MEMBERS,
            *(
                {"observation_id": f"o-{n}", "incident_id": f"i-{n}", "probability": 1.0}
                for n in each
            ),
        ),
        incidents=table(
            schemas.INCIDENTS,
            *(
                {"incident_id": f"i-{n}", "p_real": 1.0, "began": began[n], "ended": began[n],
                 "direction": "impact", "observations": 1, "independent_roots": 1,
                 "is_date_only": False}
                for n in each
            ),
        ),
        acts=table(
            schemas.ACTS,
            *(
                {"act_id": f"a-{n}", "incident_id": f"i-{n}", "direction": "impact",
                 "type": types[n] if types else "mortar"}
                for n in each
            ),
        ),
        findings=table(
            schemas.FINDINGS,
            *(
                {"finding_id": f"f-{n}", "subject_kind": "act", "subject_id": f"a-{n}",
                 "party": party, "clause_id": "art-1", "agreement_version": "1",
                 "verdict": "violation", "threshold": 0.9, "trace": "t",
                 **dict.fromkeys(("p_violation", "p_compliant", "p_permitted_response", "p_exempt",
                                  "p_insufficient"), 0.2)}
                for n in each
            ),
        ),
        calendar=LegalCalendar(zone="Europe/Kyiv"),
    )  # fmt: skip


def reasons(found):
    return [(each.because, each.observations) for each in found]


def test_the_dead_and_hurt_of_one_incident_are_one_proposal():
    found = proposals(matter(types=["mortar"], casualties=["o-0", "o-0", None]))
    assert reasons(found) == [("casualty", ()), ("casualty", ("o-0",))]
    assert found[1].cites == ("k-0", "k-1")


def test_one_account_of_an_attack_on_monitors_is_enough():
    found = proposals(matter(types=["mortar"], told="attack_on_monitor"))
    assert reasons(found) == [("attack_on_monitor", ("o-0",))]


@pytest.mark.parametrize("type_", ["missile", "air_strike", "mlrs"])
def test_a_threshold_weapon_is_proposed(type_):
    found = proposals(matter(types=[type_, "small_arms_fire"]))
    assert reasons(found) == [("threshold_weapon", ("o-0",))]


@pytest.mark.parametrize(
    ("days", "is_pattern"),
    [((0, 1, 6), True), ((0, 1, 7), False), ((0, 0, 0), False), ((0, 6, 7, 8), True)],
)
def test_a_pattern_is_three_legal_days_within_seven(days, is_pattern):
    found = proposals(matter(days=days))
    assert [each.because for each in found] == ["pattern"] * is_pattern


def test_what_cases_name_already_is_not_proposed_again():
    given = matter(types=["missile"], casualties=["o-0"])
    assert len(proposals(given)) == 2
    assert proposals(given, frozenset({"o-0"})) == ()


def test_whoever_is_named_the_same_is_proposed():
    east, west = matter(days=(0, 1, 2)), matter(days=(0, 1, 2), party="WEST")
    assert proposals(east) == proposals(west)


def test_every_opener_has_its_word_among_the_reasons():
    assert {opener.name for opener in OPENERS} | {"party_request"} == set(REASONS)
