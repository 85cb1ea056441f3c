"""How far the facts have been checked; verified and refuted take two hands."""

from dataclasses import replace

from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.signing import check_apart, check_free, draft_of, drafted, sign
from truceline.cases.voices import voices
from truceline.model.vocabulary import VerificationStatus as Status

ROOTS = 2  # independent roots that corroborate: design, section 4

_OPEN = frozenset({Status.REPORTED, Status.UNDER_VERIFICATION, Status.CORROBORATED})
_MAY_BEGIN = frozenset(
    {
        Status.REPORTED,
        Status.UNVERIFIABLE,
        Status.NOT_CORROBORATED,
        Status.DUPLICATE,
        Status.WITHDRAWN,
    }
)


def _begin(setting: Setting) -> Docket:
    check_status(setting, _MAY_BEGIN)
    case = setting.case.without_drafts()
    case = replace(case, duplicate_of="", one=(), one_by=-1)  # what was joined is joined no more
    return setting.put(replace(case, status=Status.UNDER_VERIFICATION))


def _corroborate(setting: Setting) -> Docket:
    check_status(setting, frozenset({Status.UNDER_VERIFICATION}))
    roots = _roots(setting)
    if roots < ROOTS:
        why = (
            f"the observations cited are the voice of {roots}, and two independent roots are needed"
        )
        refuse(why, "cite an independent one, or end with `not_corroborated`")
    case = sign(setting.case, Stage.FACTS, setting.who, setting.move.sequence)
    return setting.put(replace(case, status=Status.CORROBORATED))


def _verify(setting: Setting) -> Docket:
    check_status(setting, frozenset({Status.UNDER_VERIFICATION, Status.CORROBORATED}))
    cited = set(setting.move.cites)
    seen = any(a.is_direct for a in setting.case.accounts if a.observation_id in cited)
    if not seen and _roots(setting) < ROOTS:
        why = "neither a direct observation of the mission nor two independent roots are cited"
        refuse(why, "cite them, or end with `unverifiable` or `not_corroborated`")
    return setting.put(drafted(setting, draft_of(setting, Stage.FACTS, Status.VERIFIED)))


def _refute(setting: Setting) -> Docket:
    check_status(setting, _OPEN - {Status.REPORTED})
    return setting.put(drafted(setting, draft_of(setting, Stage.FACTS, Status.REFUTED)))


def _end(status: Status) -> MoveKind:
    def step(setting: Setting) -> Docket:
        check_status(setting, frozenset({Status.UNDER_VERIFICATION}))
        case = sign(setting.case, Stage.FACTS, setting.who, setting.move.sequence)
        return setting.put(replace(case.without_drafts(), status=status))

    told = {
        Status.UNVERIFIABLE: "End: nobody could look, and the reason says why.",
        Status.NOT_CORROBORATED: "End: it was looked into, and no second root was found.",
    }
    return MoveKind(name=status.value, summary=told[status], roles=_VERIFIER, step=step)


def _countersign(setting: Setting) -> Docket:
    stage = Stage(setting.move.word("stage"))
    draft = setting.case.draft(stage)
    if draft is None:
        refuse(f"no draft of the {stage} waits for a second hand", "draft it first")
    case = sign(setting.case, stage, setting.who, setting.move.sequence)
    first = next(each for each in case.signatures if each.sequence == draft.sequence)
    if first.holder == setting.who.holder:
        why = f"whoever holds `{setting.move.office}` drafted it as `{first.office}`"
        refuse(why, "let a second person sign")
    move = setting.move
    signed = replace(
        draft, offices=(*draft.offices, move.office), sequence=move.sequence, at=move.at,
        counts_from=setting.counts_from,
    )  # fmt: skip
    case = case.with_standing(signed)
    if stage is Stage.FACTS:
        case = replace(case, status=Status(draft.word))
    return setting.put(case)


def check_status(setting: Setting, allowed: frozenset[Status]) -> None:
    """The case is at one of these points.

    Raises
    ------
    NotAllowedError
        It is not.
    """
    status = setting.case.status
    if status not in allowed:
        why = f"case `{setting.case.case_id}` is {status}"
        do = f"`{setting.move.kind}` is for cases that are {', '.join(sorted(allowed))}"
        if status in {Status.VERIFIED, Status.REFUTED}:
            do += "; what is signed is reopened with `reconsider`, on new evidence"
        refuse(why, do)


def _roots(setting: Setting) -> int:
    """How many voices there are among the cited observations that the case names; copies of one are one."""
    cited = set(setting.move.cites)
    unknown = sorted(
        {each.observation_id for each in setting.move.accounts} - set(setting.case.observations)
    )
    if unknown:
        why = f"case `{setting.case.case_id}` does not name the observation `{unknown[0]}`"
        refuse(why, "add it first with the move `add`")
    check_apart(setting.case, Stage.FACTS, setting.who)
    check_free(setting.case, setting.who)
    return voices(a for a in setting.case.accounts if a.observation_id in cited)


_VERIFIER = frozenset({Role.VERIFIER})

MOVES = (
    MoveKind(
        name="begin",
        summary="Begin to verify, or begin again what had ended unsigned.",
        roles=frozenset({Role.VERIFIER, Role.DUTY_OFFICER}),
        step=_begin,
    ),
    MoveKind(
        name="corroborate",
        summary="Two independent roots say the same.",
        roles=_VERIFIER,
        step=_corroborate,
        needs_cites=True,
    ),
    MoveKind(
        name="verify",
        summary="First hand under the facts: by the agreed method, seen by the mission or by two roots.",
        roles=_VERIFIER,
        step=_verify,
        says={"method": Field("the agreed method that was used"), "text": Field("the facts")},
        needs_cites=True,
    ),
    MoveKind(
        name="refute",
        summary="First hand under a finding that it did not happen as told.",
        roles=_VERIFIER,
        step=_refute,
        says={"text": Field("what shows it")},
        needs_cites=True,
    ),
    _end(Status.UNVERIFIABLE),
    _end(Status.NOT_CORROBORATED),
    MoveKind(
        name="countersign",
        summary="Second hand under the facts or the attribution; with it the stage stands.",
        roles=frozenset({Role.VERIFIER, Role.ATTRIBUTOR}),
        step=_countersign,
        says={"stage": Field("what is signed", among=(Stage.FACTS, Stage.ATTRIBUTION))},
    ),
)
