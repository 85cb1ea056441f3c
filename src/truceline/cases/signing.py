"""Who may sign: two people for each stage, and nobody two stages of one case."""

from dataclasses import replace

from truceline.cases.case import Case, Signature, Signed
from truceline.cases.contract import SIGNS, Appointment, Stage, refuse
from truceline.cases.docket import Setting


def sign(case: Case, stage: Stage, who: Appointment, sequence: int) -> Case:
    """The case with one more hand under a stage.

    Signatures stay on a case whatever becomes of what was signed: a person who once signed its
    facts, in a draft that fell, never rules on it.

    Raises
    ------
    NotAllowedError
        The person signed another stage, stepped aside, or serves a party that is concerned.
    """
    if SIGNS[stage] is not who.role:
        refuse(f"a {who.role} does not sign the {stage}", f"that is for a {SIGNS[stage]}")
    check_apart(case, stage, who)
    check_free(case, who)
    mine = Signature(stage=stage, holder=who.holder, office=who.office, sequence=sequence)
    return replace(case, signatures=(*case.signatures, mine))


def check_apart(case: Case, stage: Stage, who: Appointment) -> None:
    """Nobody signs two of facts, attribution and ruling of one case.

    Raises
    ------
    NotAllowedError
        The person of the office has signed another stage.
    """
    for earlier in case.signatures:
        if earlier.holder == who.holder and earlier.stage is not stage:
            why = (
                f"whoever holds `{who.office}` signed the {earlier.stage} of case "
                f"`{case.case_id}` as `{earlier.office}`"
            )
            refuse(why, f"let somebody else sign the {stage}")


def check_free(case: Case, who: Appointment) -> None:
    """The person has not stepped aside, and serves no party that the case concerns.

    Raises
    ------
    NotAllowedError
        One of the two holds.
    """
    if who.holder in case.recused:
        why = f"whoever holds `{who.office}` has stepped aside from case `{case.case_id}`"
        refuse(why, "let somebody else act")
    if any(each.holder == who.holder and not each.outcome for each in case.challenges):
        why = f"`{who.office}` is challenged in case `{case.case_id}`"
        refuse(why, "let the body decide the challenge without it first")
    if who.interest in case.concerned:
        why = f"`{who.office}` serves `{who.interest}`, which case `{case.case_id}` concerns"
        refuse(why, "let an office without that interest act")


def drafted(setting: Setting, draft: Signed) -> Case:
    """The case with a draft that bears the first of two signatures."""
    case = sign(setting.case, draft.stage, setting.who, setting.move.sequence)
    return case.with_draft(draft)


def draft_of(setting: Setting, stage: Stage, word: str) -> Signed:
    """A draft in the words of the move."""
    move = setting.move
    return Signed(
        stage=stage,
        word=word,
        reason=move.reason,
        offices=(move.office,),
        body=move.body,
        sequence=move.sequence,
        at=move.at,
        counts_from=setting.counts_from,
        party=move.word("party"),
        standard=move.word("standard"),
        method=move.word("method"),
        text=move.word("text"),
        clauses=move.words("clauses"),
        cites=move.cites,
        known=setting.case.observations,
    )
