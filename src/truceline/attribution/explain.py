"""Who did it, in plain words: what the listed evidence supports, and why it stops where it stops.

Released text carries no percentage: numbers of the method stand in its annex.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import Hypothesis, Responsibility

_OTHERS = {
    Hypothesis.JOINT.value: "several parties together",
    Hypothesis.NON_PARTY.value: "an actor outside the parties",
    Hypothesis.ACCIDENT.value: "an accident",
    Hypothesis.STAGED.value: "staging",
    Hypothesis.UNKNOWN.value: "an unknown author",
}


def explain(
    act_id: str,
    attributions: pa.Table,
    evidence: pa.Table,
    agreement: Agreement,
    answers: Sequence[Mapping[str, Any]] = (),
) -> tuple[str, ...]:
    """Sentences about the author of one act; none where the act was not judged.

    Parameters
    ----------
    act_id
        Of the act.
    attributions, evidence
        Tables `ATTRIBUTIONS` and `EVIDENCE` of one run.
    agreement
        For the names of the parties.
    answers
        Rows of RESPONSIBILITY of the act: who answers for it, which is not who did it.
    """
    rows = attributions.filter(pc.equal(attributions["act_id"], act_id)).to_pylist()
    if not rows:
        return ()
    listed = evidence.filter(pc.equal(evidence["act_id"], act_id)).to_pylist()
    items = [item for item in listed if item.get("uncounted") is None]
    names = _names(agreement)
    ranked = sorted(rows, key=lambda row: (-row["p"], row["hypothesis"]))
    said = [_outcome(rows[0]["outcome"], ranked, items, names)]
    for hypothesis in [row["hypothesis"] for row in ranked]:
        said += _about(hypothesis, items, names)
    silent = sorted({i["summary"] for i in items if i["nats"] == 0.0})
    said += [f"Listed, but it moves nothing: {summary}." for summary in silent]
    said += _uncounted(listed, items)
    if not listed:
        said.append("No evidence about its author is on record.")
    return (*said, *_limits(rows[0]["outcome"], items), *_answering(answers, names))


def _names(agreement: Agreement) -> dict[str, str]:
    parties = {f"party:{p.party_id}": p.names.get("en", p.party_id) for p in agreement.parties}
    return {**_OTHERS, **parties}


def _outcome(
    outcome: str, ranked: list[dict[str, object]], items: Sequence[object], names: dict[str, str]
) -> str:
    first, second = (names.get(str(r["hypothesis"]), str(r["hypothesis"])) for r in ranked[:2])
    texts = {
        Responsibility.ATTRIBUTED.value: (
            f"The listed evidence supports {first} over {second} and every other author, whatever "
            "was thought likely before within the agreed range."
        ),
        Responsibility.PROBABLE.value: (
            f"The listed evidence supports {first} over {second}, but does not reach the decision "
            "threshold for attribution."
        ),
        Responsibility.CONTESTED.value: (
            "The listed evidence points to more than one party, and does not settle who did it."
        ),
        Responsibility.NOT_ATTRIBUTABLE.value: (
            "The listed evidence supports an accident over an author who acted at the time."
        ),
        Responsibility.NON_PARTY_ACTOR.value: (
            "The listed evidence supports an actor outside the parties over any party."
        ),
        Responsibility.JOINT_OR_MULTIPLE.value: (
            "The listed evidence supports several parties together over any one of them."
        ),
    }
    if outcome in texts:
        return texts[outcome]
    if not items:
        return "Who did it is undetermined."
    return "Who did it is undetermined: the listed evidence does not settle it."


def _about(hypothesis: str, items: Sequence[dict[str, object]], names: dict[str, str]) -> list[str]:
    """What speaks for and what against one author."""
    name = names.get(hypothesis, hypothesis)
    said = []
    for word, sign in (("supports", 1.0), ("speaks against", -1.0)):
        because = sorted(
            {
                str(item["summary"])
                for item in items
                if item["hypothesis"] == hypothesis and float(str(item["nats"])) * sign > 0.0
            }
        )
        if because:
            said.append(f"It {word} {name} because {'; '.join(because)}.")
    return said


def _uncounted(
    listed: Sequence[dict[str, object]], items: Sequence[dict[str, object]]
) -> list[str]:
    """What is listed and not counted, and why; what also counts from another root is not told twice."""
    told = {(item["hypothesis"], item["summary"]) for item in items}
    left = {
        (str(item["summary"]), str(item.get("uncounted")))
        for item in listed
        if item.get("uncounted") is not None and (item["hypothesis"], item["summary"]) not in told
    }
    return [f"Listed, but not counted, because {why}: {what}." for what, why in sorted(left)]


def _answering(answers: Sequence[Mapping[str, Any]], names: dict[str, str]) -> list[str]:
    """Who answers for the act under which article; apart from who did it."""
    said = []
    for row in answers:
        name = names.get(f"party:{row['party']}", row["party"])
        reading = f", in the reading `{row['reading']}`" if row["reading"] else ""
        if row["standing"] != "open":
            word = "answers" if row["standing"] == "answers_for" else "probably answers"
            said.append(
                f"Apart from who did it, {name} {word} for it under {row['article']}{reading}: "
                f"{row['because']}."
            )
        else:
            said.append(
                f"Whether {name} answers for it under {row['article']}{reading} is open: {row['because']}."
            )
    return said


def _limits(outcome: str, items: Sequence[dict[str, object]]) -> list[str]:
    """What keeps an open outcome open."""
    settled = {Responsibility.ATTRIBUTED.value, Responsibility.PROBABLE.value}
    if outcome in settled:
        return ["This is proposed; only a signed ruling finds."]
    kinds = {str(item["kind"]) for item in items if item["nats"] != 0.0}
    if kinds and kinds <= {"claims", "admissions"}:
        return ["Claims alone name nobody: physical evidence is missing."]
    if outcome in {Responsibility.UNDETERMINED.value, Responsibility.CONTESTED.value}:
        roots = {str(item.get("root")).split(" + ")[0] for item in items if item["nats"] != 0.0}
        if len(roots) == 1:
            return ["One root alone names nobody: a second, independent one is missing."]
    if len(kinds) == 1:
        return ["One kind of evidence alone names nobody: a second, independent kind is missing."]
    return []
