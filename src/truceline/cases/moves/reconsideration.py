"""What is signed is reopened on new evidence, and on nothing else."""

from dataclasses import replace

from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.moves.opening import joined
from truceline.cases.signing import check_free
from truceline.model.vocabulary import VerificationStatus as Status

_ORDER = tuple(Stage)


def _reconsider(setting: Setting) -> Docket:
    """The stage and those that rest on it are past; signatures, notices, replies and dissents stay."""
    move, case = setting.move, setting.case
    if setting.who.role is not Role.LIAISON:
        check_free(case, setting.who)
    stage = Stage(move.word("stage"))
    stands = case.standing(stage)
    if stands is None:
        refuse(f"the {stage} of this case does not stand", "there is nothing to reopen")
    accounts = joined(case.accounts, move.accounts)
    # What was merely added to the case since is new too: adding it must not bury it.
    if {each.observation_id for each in move.accounts} <= set(stands.known):
        why = f"nothing cited is new since the {stage} was laid down"
        refuse(why, "cite an observation of the record that was not before those who signed")
    again = _ORDER[_ORDER.index(stage) :]
    reopened = tuple(each for each in case.stands if each.stage in again)
    case = case.without_drafts()
    status = Status.UNDER_VERIFICATION if stage is Stage.FACTS else case.status
    case = replace(
        case,
        accounts=accounts,
        status=status,
        stands=tuple(each for each in case.stands if each.stage not in again),
        past=(*case.past, *reopened),
    )
    return setting.put(case)


MOVES = (
    MoveKind(
        name="reconsider",
        summary="Reopen a signed stage, and all that rests on it, because of a new observation.",
        roles=frozenset({Role.LIAISON, Role.VERIFIER, Role.ATTRIBUTOR, Role.ADJUDICATOR}),
        step=_reconsider,
        says={"stage": Field("from which on", among=tuple(Stage))},
        needs_cites=True,
    ),
)
