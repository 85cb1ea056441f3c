"""Responses in the order of time: who began stays in breach, however long the exchange."""

from datetime import timedelta

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, exempt, happening, hours, truce

from truceline.findings.contract import Subjects
from truceline.findings.find import find
from truceline.pipeline import plugins
from truceline.tables import schemas

BAN = clause("prohibit", {"acts": ["mortar", "artillery"]})


def respond(**terms: object) -> object:
    return clause("respond", {"within_h": 6, "within_km": 10} | terms)


def exchange(*authors: str, every: float = 1.0, **fields: object) -> Subjects:
    """Acts an hour apart, each admitted by its author."""
    at = [
        happening(id=str(n), began=NOON + hours(every * n), error_m=100.0, **fields)
        for n in range(len(authors))
    ]
    said = [
        {
            "observation_id": f"o{n}", "claimed_actor": author, "speaker": author,
            "stance": "admits", "root": f"r{n}",
        }
        for n, author in enumerate(authors)
    ]  # fmt: skip
    return told(evidence(at), said)


def told(subjects: Subjects, said: list[dict]) -> Subjects:
    fixed = {
        "feed": "f", "source": "s", "source_kind": "party", "began": NOON, "ended": NOON,
        "is_date_only": False, "direction": "undetermined",
    }  # fmt: skip
    observations = pa.Table.from_pylist([fixed | {"speaker": None} | row for row in said])
    members = pa.Table.from_pylist(
        [
            {
                "observation_id": row["observation_id"],
                "incident_id": row.get("of", f"i-{row['observation_id'][1:]}"),
                "probability": 1.0,
            }
            for row in said
        ]
    )
    columns = [name for name in observations.column_names if name != "of"]
    return Subjects(
        acts=subjects.acts,
        incidents=subjects.incidents,
        posterior=subjects.posterior,
        observations=schemas.conform(observations.select(columns), schemas.OBSERVATIONS),
        members=schemas.conform(members, schemas.MEMBERS),
    )


def verdicts(agreement: object, subjects: Subjects) -> dict[tuple[str, str], str]:
    found = find(agreement, subjects, plugins.load("clauses")).to_pylist()
    return {(row["subject_id"][2:-2], row["party"]): row["verdict"] for row in found}


def test_an_answer_is_permitted_and_an_answer_to_the_answer_is_not() -> None:
    got = verdicts(truce(BAN, respond()), exchange("a", "b", "a", "b"))
    assert got["0", "a"] == "violation"
    assert got["1", "b"] == "permitted_response"
    assert got["2", "a"] == "violation"
    assert got["3", "b"] == "permitted_response"


def test_who_began_is_not_laundered_by_swapping_the_names() -> None:
    got = verdicts(truce(BAN, respond()), exchange("b", "a", "b", "a"))
    assert [got[str(n), party] for n, party in enumerate("baba")] == [
        "violation", "permitted_response", "violation", "permitted_response",
    ]  # fmt: skip


def test_nobody_answers_an_act_of_its_own() -> None:
    got = verdicts(truce(BAN, respond()), exchange("a", "a"))
    assert got["1", "a"] == "violation"


@pytest.mark.parametrize(
    ("terms", "every", "verdict"),
    [
        ({"within_h": 1}, 0.99, "permitted_response"),
        ({"within_h": 1}, 1.01, "violation"),
        ({"only_if": {"types": ["artillery"]}}, 1.0, "violation"),
        ({"after_attempt": True}, 1.0, "violation"),
        ({"order_level": "brigade"}, 1.0, "violation"),
        ({"notify": True}, 1.0, "violation"),
        ({"clauses": ["another"]}, 1.0, "violation"),
    ],
)
def test_a_response_that_does_not_keep_the_conditions_is_a_breach(
    terms: dict, every: float, verdict: str
) -> None:
    got = verdicts(truce(BAN, respond(**terms)), exchange("a", "b", every=every))
    assert got["1", "b"] == verdict


def test_a_response_too_far_away_is_a_breach() -> None:
    subjects = exchange("a", "b")
    far = evidence([happening(id="0"), happening(id="1", began=NOON + hours(1), lat=48.62)])
    moved = Subjects(
        acts=far.acts, incidents=far.incidents, posterior=far.posterior,
        members=subjects.members, observations=subjects.observations,
    )  # fmt: skip
    assert verdicts(truce(BAN, respond()), moved)["1", "b"] == "violation"
    assert verdicts(truce(BAN, respond(within_km=20)), moved)["1", "b"] == "permitted_response"


def test_of_two_reports_of_one_day_neither_answers_the_other() -> None:
    day = {"began": NOON - hours(12), "ended": NOON + hours(12), "is_date_only": True}
    at = evidence([happening(id="0", **day), happening(id="1", **day)])
    said = [
        {"observation_id": f"o{n}", "claimed_actor": p, "speaker": p, "stance": "admits", "root": p}
        for n, p in enumerate("ab")
    ]
    got = verdicts(truce(BAN, respond(within_h=48)), told(at, said))
    assert got["0", "a"] == got["1", "b"] == "violation"


def test_no_number_of_accusations_makes_a_response_lawful_and_one_admission_does() -> None:
    at = evidence([happening(id="0"), happening(id="1", began=NOON + timedelta(hours=1))])
    accused = [
        {
            "observation_id": f"o{n}",
            "of": "i-0",
            "claimed_actor": "a",
            "speaker": "b",
            "stance": "asserts",
            "root": f"r{n}",
        }
        for n in range(30)
    ]
    printed = [row | {"speaker": None, "source_kind": "media"} for row in accused]
    relayed = [accused[0] | {"speaker": "a", "stance": "admits", "source_kind": "media"}]
    admitted = [accused[0] | {"speaker": "a", "stance": "admits"}]
    agreement = truce(BAN, respond())
    assert verdicts(agreement, told(at, accused))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, printed))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, relayed))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, admitted))["1", "b"] == "permitted_response"


def test_an_exception_for_responses_works_as_a_clause_for_responses_does() -> None:
    rule = exempt(verdict="permitted_response", response=True, within_h=6, within_km=10)
    ban = clause("prohibit", {"acts": ["mortar"]}, exceptions=(rule,))
    got = verdicts(truce(ban), exchange("a", "b", "a"))
    assert [got[str(n), party] for n, party in enumerate("aba")] == [
        "violation", "permitted_response", "violation",
    ]  # fmt: skip


def test_attributions_say_who_acted_where_they_are_given() -> None:
    at = evidence([happening(id="0"), happening(id="1", began=NOON + hours(1))])
    given = pa.Table.from_pylist(
        [
            {
                "act_id": "a-0-1",
                "hypothesis": "party:a",
                "p": 0.97,
                "p_low": 0.95,
                "p_high": 0.98,
                "outcome": "attributed",
            },
        ],
        schema=schemas.ATTRIBUTIONS,
    )
    with_authors = Subjects(
        acts=at.acts, incidents=at.incidents, posterior=at.posterior, attributions=given
    )
    agreement = truce(BAN, respond())
    assert verdicts(agreement, with_authors)["1", "b"] == "permitted_response"
    assert verdicts(agreement, at)["1", "b"] == "insufficient_evidence"
