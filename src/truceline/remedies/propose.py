"""Measures under the agreement's own ladder: the rung that fits, with reasons, and no more.

No clock starts here: `due` is a duration from a start that a named person gives. Force, sanctions
and collective response are never among the rows; `limbs` lays out the evidence for and against
their conditions instead.
"""

import hashlib
from collections.abc import Mapping

import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.model.errors import PluginError
from truceline.model.vocabulary import NEVER_PROPOSED, RemedyType, Responsibility
from truceline.remedies.answerable import ACT, HOLDING, OBSTRUCTION, OMISSION
from truceline.remedies.contract import Certainty, Measure, Occasion
from truceline.remedies.gather import gather, histories
from truceline.remedies.ladder import Step, refuse_forbidden, step
from truceline.remedies.limbs import LimbEvidence, limbs
from truceline.tables import schemas

__all__ = ["LimbEvidence", "limbs", "propose"]

_GRANT = "propose"
CLOCK = "after a named person starts this clock (reading: breach or determination)"


_NOUNS: Mapping[str, tuple[str, str]] = {
    ACT: ("act", "acts"),
    HOLDING: ("holding", "holdings"),
    OMISSION: ("thing owed and not done in time", "things owed and not done in time"),
    OBSTRUCTION: ("obstruction of monitors", "obstructions of monitors"),
}
_TOLD: Mapping[str, str] = {
    HOLDING: "The holding is {name}'s by the register.",
    OMISSION: "It was {name}'s to do by the text, so no author is sought; only a signed ruling finds.",
    OBSTRUCTION: "The mission's own record names {name} as having kept it out, and no party's word was "
    "taken for that; only a signed ruling finds.",
}


def propose(
    agreement: Agreement,
    findings: pa.Table,
    attributions: pa.Table,
    acts: pa.Table,
    incidents: pa.Table,
    measures: Mapping[str, Measure],
    exposures: pa.Table | None = None,
) -> pa.Table:
    """Proposed measures, one row for like acts of one party, clause and legal day.

    Parameters
    ----------
    agreement
        Ladder, calendar and thresholds; without the grant `propose` nothing is proposed.
    findings, attributions, acts, incidents
        Tables of one run.
    measures
        Measures by name.
    exposures
        Rows of EXPOSURES, for obstructions; None: none asks for anything.

    Returns
    -------
    table
        `REMEDIES`, in the order of parties, clauses and days.

    Raises
    ------
    AgreementError
        The ladder names force, sanctions or a collective response as a measure.
    PluginError
        A measure is named after one of them, or after none of the stored words.
    """
    refuse_forbidden(agreement.ladder)
    for name in measures:
        _refuse_measure(name)
    if _GRANT not in agreement.grants:
        return schemas.empty(schemas.REMEDIES)
    gathered = gather(agreement, findings, attributions, acts, incidents, exposures)
    counted = histories(gathered.occasions)
    rows: list[dict[str, object]] = []
    for occasion, ids in zip(gathered.occasions, gathered.finding_ids, strict=True):
        history = counted[occasion.party, occasion.clause.clause_id, occasion.certainty]
        found = step(agreement.ladder, occasion, history, measures)
        if found is not None:
            rows.append(_row(agreement, occasion, found, ids.as_py()))
    columns = {name: [row[name] for row in rows] for name in schemas.REMEDIES.names}
    return schemas.from_columns(schemas.REMEDIES, columns, len(rows))


def _refuse_measure(name: str) -> None:
    if name not in {each.value for each in RemedyType} or RemedyType(name) in NEVER_PROPOSED:
        msg = (
            f"measure {name!r} is not one that may be proposed; a measure is named after a stored "
            "word of remedies, and never after sanctions, an assistance trigger or a collective "
            "response"
        )
        raise PluginError(msg)


def _row(agreement: Agreement, occasion: Occasion, found: Step, ids: str) -> dict[str, object]:
    rung = found.rung
    digest = hashlib.sha256(f"{ids}\n{rung.rung}\n{found.measure.name}".encode()).hexdigest()
    return {
        "remedy_id": f"r-{digest[:16]}",
        "finding_ids": ids,
        "rung": rung.rung,
        "measure": found.measure.name,
        "addressee": found.addressee,
        "due": f"{rung.due} {CLOCK}",
        "required_standard": rung.required_standard.value,
        "why": _why(agreement, occasion, found),
        "why_not_next": found.why_not_next,
        "ends_when": _ends(occasion, rung.ends_when),
    }


def _why(agreement: Agreement, occasion: Occasion, found: Step) -> str:
    clause = occasion.clause
    noun = _NOUNS[occasion.subject]
    many = f"{occasion.count} {noun[occasion.count > 1]}"
    day = "" if occasion.day is None else occasion.day.isoformat()
    owed = ", due by" if occasion.subject == OMISSION else " on"
    when = f"{owed} {day}" if day else ""
    article = f"clause {clause.clause_id}" + (f" ({clause.article})" if clause.article else "")
    harm = f"harm {occasion.severity.value}" + (" at the gravest" if occasion.count > 1 else "")
    days = "1 day" if found.repetition == 1 else f"{found.repetition} days"
    repeated = f"the like on {days} within the rung's time"
    return (
        f"It is proposed {found.measure.asks}. {many[0].upper()}{many[1:]}{when}, {article}; {harm}; "
        f"{repeated}; intent {occasion.intent.value}. {_author(agreement, occasion)}"
    )


def _ends(occasion: Occasion, stated: str) -> str:
    """What the ladder says ends it, and whether what was owed is still to be done."""
    if occasion.subject != OMISSION:
        return stated
    if occasion.is_outstanding:
        return f"{stated} What was owed is still to be done: {occasion.clause.title}."
    return f"{stated} What was owed has been done since: {occasion.clause.title}."


def _author(agreement: Agreement, occasion: Occasion) -> str:
    if occasion.is_disputed:
        return "The readings of the clause differ on it, so nobody is charged."
    if occasion.certainty == Certainty.OPEN:
        words = {
            Responsibility.CONTESTED.value: "The evidence points to more than one side",
            Responsibility.JOINT_OR_MULTIPLE.value: "More than one side may have a part in it",
        }
        why = words.get(occasion.outcome, "Who did it is undetermined")
        return f"{why}, so nobody is addressed as its author."
    party = next(p for p in agreement.parties if p.party_id == occasion.party)
    name = party.names.get("en", party.party_id)
    if occasion.subject != ACT:
        return _TOLD[occasion.subject].format(name=name)
    sure = "attributed to" if occasion.certainty == Certainty.ATTRIBUTED else "probably by"
    return f"By the listed evidence it is {sure} {name}; only a signed ruling finds."
