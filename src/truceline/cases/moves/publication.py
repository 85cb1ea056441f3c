"""Publication: after notice, with every reply and every dissent attached."""

from dataclasses import replace

from truceline.cases.case import Published
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.hearing import check_heard, silent
from truceline.cases.kinds import Field, MoveKind


def _publish(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    stage = Stage(move.word("stage"))
    stands = case.standing(stage)
    if stands is None:
        why = f"the {stage} of case `{case.case_id}` does not stand"
        refuse(why, "nothing leaves before it is signed")
    if any(each.of == stands.sequence for each in case.published):
        refuse(f"this {stage} is published", "a correction is a reconsideration")
    check_heard(case, stands, setting.rules, move.counts_from)
    _check_dissents(setting, stage)
    name = move.word("name") or f"{case.case_id}/{stage}/{stands.sequence}"
    if any(each.name == name for one in setting.docket.cases.values() for each in one.published):
        refuse(f"a release is named `{name}` already", "give it another name")
    made = Published(
        name=name,
        stage=stage,
        of=stands.sequence,
        at=move.at,
        sequence=move.sequence,
        replies=tuple(each.sequence for each in case.replies),
        dissents=tuple(each.sequence for each in case.dissents if each.stage is stage),
        silent=silent(case, stands, setting.rules),
    )
    return setting.put(replace(case, published=(*case.published, made)))


def _check_dissents(setting: Setting, stage: Stage) -> None:
    """Who voted against has its say beside the ruling, or says that it has none.

    Who was relieved since may still have it, and holds up nothing.
    """
    case = setting.case
    if stage is not Stage.RULING:
        return
    told = {each.office for each in case.dissents if each.stage is stage}
    offices = setting.docket.offices
    owed = [
        each.office
        for each in case.ballots
        if each.choice == "against"
        and each.office not in told
        and offices[each.office].is_held(setting.move.at)
    ]
    if owed:
        why = f"{', '.join(owed)} voted against and has not stated a dissent"
        refuse(why, "let it `dissent`, if only to say that it gives no reasons")


MOVES = (
    MoveKind(
        name="publish",
        summary="Clear a stage for publication under a name, after notice, replies and dissents attached.",
        roles=frozenset({Role.PUBLISHER}),
        step=_publish,
        says={
            "stage": Field("what is cleared", among=tuple(Stage)),
            "name": Field("of the release; case, stage and entry if absent", is_required=False),
        },
    ),
)
