"""Dissent: signed, attached to whatever is published of its stage, and never taken out."""

from dataclasses import replace

from truceline.cases.case import Dissent
from truceline.cases.contract import SIGNS, Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind


def _dissent(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    stage = Stage(move.word("stage"))
    if SIGNS[stage] is not setting.who.role:
        refuse(f"a {setting.who.role} does not sign the {stage}", "dissent from your own")
    found = case.standing(stage) or case.draft(stage)
    if found is None:
        refuse(f"nothing of the {stage} is laid down", "dissent once it is")
    mine = {s.sequence for s in case.signatures if s.holder == setting.who.holder}
    is_for = any(b.sequence in mine and b.choice == "for" for b in case.ballots)
    if is_for or (stage is not Stage.RULING and setting.who.office in found.offices):
        refuse("this office signed it", "ask to reconsider, on new evidence")
    if not setting.who.is_held(move.at) and not mine:
        refuse(f"`{move.office}` is held no more, and signed nothing here", "let a seat that sits")
    made = Dissent(stage=stage, office=move.office, sequence=move.sequence, text=move.word("text"))
    return setting.put(replace(case, dissents=(*case.dissents, made)))


MOVES = (
    MoveKind(
        name="dissent",
        summary="Disagree, in words that are published beside what is disagreed with.",
        roles=frozenset({Role.VERIFIER, Role.ATTRIBUTOR, Role.ADJUDICATOR}),
        step=_dissent,
        is_always=True,
        outlasts_office=True,
        says={
            "stage": Field("from what", among=tuple(Stage)),
            "text": Field("the disagreement"),
        },
    ),
)
