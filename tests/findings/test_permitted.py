"""Responses in the order of time: who began stays in breach, however long the exchange."""

from dataclasses import replace

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, exempt, happening, hours, truce

from truceline.agreement.terms import Party
from truceline.findings.contract import Subjects
from truceline.findings.explain import explain
from truceline.findings.find import find
from truceline.pipeline import plugins
from truceline.tables import schemas

BAN = clause("prohibit", {"acts": ["mortar", "artillery"]})


def respond(**terms: object) -> object:
    return clause("respond", {"within_h": 6, "within_km": 10} | terms)


def exchange(*authors: str, every: float = 1.0, **fields: object) -> Subjects:
    """Acts an hour apart, each admitted by its author."""
    at = [
        happening(id=str(n), began=NOON + hours(every * n), error_m=100.0, p_real=0.99, **fields)
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
    # Who speaks speaks through its own channel, unless the row names another.
    rows = [fixed | {"source": row.get("speaker") or "s"} | row for row in said]
    columns = {name: [row.get(name) for row in rows] for name in schemas.OBSERVATIONS.names}
    arrays = [pa.array(columns[field.name], field.type) for field in schemas.OBSERVATIONS]
    observations = pa.Table.from_arrays(arrays, schema=schemas.OBSERVATIONS)
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
    return Subjects(
        acts=subjects.acts,
        incidents=subjects.incidents,
        posterior=subjects.posterior,
        observations=observations,
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
    far = evidence(
        [happening(id="0", p_real=0.99), happening(id="1", began=NOON + hours(1), lat=48.62)]
    )
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
    at = evidence([happening(id="0", p_real=0.99), happening(id="1", began=NOON + hours(1))])
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
    admits = {"speaker": "a", "stance": "admits"}
    relayed = [accused[0] | admits | {"source": "gazette", "source_kind": "media"}]
    forged = [accused[0] | admits | {"source": "b"}]
    admitted = [accused[0] | admits]
    agreement = truce(BAN, respond())
    assert verdicts(agreement, told(at, accused))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, printed))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, relayed))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, forged))["1", "b"] == "insufficient_evidence"
    assert verdicts(agreement, told(at, admitted))["1", "b"] == "permitted_response"


def test_what_the_responder_confesses_in_its_rivals_name_is_no_confession() -> None:
    at = evidence([happening(id="0", p_real=0.99), happening(id="1", began=NOON + hours(1))])
    said = {"claimed_actor": "a", "speaker": "a", "stance": "admits", "source_kind": "party"}
    for channel in ("b", "Side B", "a ministry"):
        forged = [report(1), report(2, source=channel, **said)]
        assert verdicts(ANSWERABLE, told(at, forged))["1", "b"] == "insufficient_evidence"
    own = [report(1), report(2, source="Side A", **said)]
    assert verdicts(ANSWERABLE, told(at, own))["1", "b"] == "permitted_response"


def test_an_exception_for_responses_works_as_a_clause_for_responses_does() -> None:
    rule = exempt(verdict="permitted_response", response=True, within_h=6, within_km=10)
    ban = clause("prohibit", {"acts": ["mortar"]}, exceptions=(rule,))
    got = verdicts(truce(ban), exchange("a", "b", "a"))
    assert [got[str(n), party] for n, party in enumerate("aba")] == [
        "violation", "permitted_response", "violation",
    ]  # fmt: skip


def test_attributions_say_who_acted_where_they_are_given() -> None:
    at = evidence([happening(id="0", p_real=0.99), happening(id="1", began=NOON + hours(1))])
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


NAMES = {"en": "Side B", "uk": "Сторона Б", "ru": "Сторона Бэ"}
PARTIES = (
    Party(party_id="a", names={"en": "Side A"}),
    Party(party_id="b", names=NAMES, aliases=("The B Army",)),
)


def answered(said: list[dict], p_real: float = 0.99) -> dict:
    """B's finding for its answer to an act that is attributed to A."""
    at = evidence([happening(id="0", p_real=p_real), happening(id="1", began=NOON + hours(1))])
    share = {"act_id": "a-0-1", "hypothesis": "party:a", "p": 0.99, "p_low": 0.98, "p_high": 1.0}
    given = pa.Table.from_pylist([share | {"outcome": "attributed"}], schema=schemas.ATTRIBUTIONS)
    subjects = replace(told(at, said), attributions=given)
    rows = find(ANSWERABLE, subjects, plugins.load("clauses")).to_pylist()
    return next(r for r in rows if r["party"] == "b" and r["subject_id"] == "a-1-1")


ANSWERABLE = replace(truce(BAN, respond()), parties=PARTIES)


def report(number: int, **fields: object) -> dict:
    bare = {"observation_id": f"o{number}", "of": "i-0", "root": f"r{number}", "stance": "none"}
    return bare | {"source": f"s{number}", "source_kind": "patrol"} | fields


B_SAYS = report(1, source="b", source_kind="party", root="b", text="A fired upon us at noon.")


def test_what_a_patrol_saw_may_be_answered_and_what_the_responder_alone_tells_may_not() -> None:
    assert answered([report(1)])["verdict"] == "permitted_response"
    alone = answered([B_SAYS])
    assert alone["verdict"] == "insufficient_evidence"
    assert alone["p_permitted_response"] == 0.0
    assert alone["p_insufficient"] > 0.9


@pytest.mark.parametrize(
    "repeats",
    [
        {"source": "b", "root": "b"},
        {"root": "b"},
        {"speaker": "b"},
        {"text": "A fired upon us -- at noon", "reported_at": NOON + hours(2)},
        {"source": "the b  army"},
        {"source": "SIDE B"},
        {"source": "СТОРОНА Б"},
        {"source": " сторона  бэ"},
        {"source": "a ministry", "source_kind": "party"},
    ],
)
def test_no_number_of_reports_in_the_responders_name_or_words_permits(repeats: dict) -> None:
    said = [B_SAYS | {"reported_at": NOON + hours(1)}, *(report(n, **repeats) for n in range(2, 9))]
    finding = answered(said)
    assert finding["p_permitted_response"] == 0.0
    assert finding["verdict"] == "insufficient_evidence"


def test_the_accused_cannot_take_a_patrols_report_away_by_repeating_it() -> None:
    words = {"text": "shells went out from the quarry"}
    patrol = report(1, reported_at=NOON + hours(1), **words)
    later = report(
        2, source="a", root="a", source_kind="party", reported_at=NOON + hours(2), **words
    )
    assert answered([patrol, later])["verdict"] == "permitted_response"


def test_the_responders_word_beside_a_patrols_adds_nothing_to_what_permits() -> None:
    """An incident that two tell of is the surer for it; the surplus is not the responder's to use."""
    alone, both = (
        answered([report(1)], 0.9),
        answered([report(1), B_SAYS | {"observation_id": "o2"}]),
    )
    assert 0.85 < both["p_permitted_response"] < 0.9
    assert both["p_permitted_response"] == pytest.approx(alone["p_permitted_response"], abs=0.02)
    assert both["verdict"] == "insufficient_evidence"


def test_an_act_that_is_hardly_real_permits_hardly_anything() -> None:
    finding = answered([report(1)], 0.3)
    assert finding["p_permitted_response"] < 0.3
    assert finding["p_violation"] > 0.6


def test_the_finding_says_that_the_responders_word_permits_nothing_and_what_would_turn_it() -> None:
    trace, flips = explain(answered([B_SAYS]), ANSWERABLE)
    assert any("its own word permits nothing" in sentence for sentence in trace)
    assert any("if others than Side B established the earlier breach" in s for s in flips)
    assert not any("cannot be judged" in sentence for sentence in trace)


def test_whoever_responds_the_same_rule_holds() -> None:
    """A answers B by the same words turned round."""
    at = evidence([happening(id="0", p_real=0.99), happening(id="1", began=NOON + hours(1))])
    for author, responder in ("ab", "ba"):
        said = [report(1, source=responder, root=responder, source_kind="party"), report(2)]
        confession = report(
            3, source=author, root=author, source_kind="party", claimed_actor=author,
            speaker=author, stance="admits",
        )  # fmt: skip
        got = verdicts(ANSWERABLE, told(at, [*said, confession]))
        assert got["1", responder] == "permitted_response"
        got = verdicts(ANSWERABLE, told(at, said[:1]))
        assert got["1", responder] == "insufficient_evidence"
