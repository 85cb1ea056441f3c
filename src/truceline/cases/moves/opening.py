"""A case is opened by people: on their own, on a proposal, or because a party asks."""

from dataclasses import replace

from truceline.cases.case import Case
from truceline.cases.contract import Account, Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind

REASONS = ("casualty", "attack_on_monitor", "threshold_weapon", "pattern", "party_request")


def _open(setting: Setting) -> Docket:
    move, who = setting.move, setting.who
    if setting.here is not None:
        refuse(f"case `{move.case_id}` is open already", "choose another id")
    accused = move.words("accused")
    for party in accused:
        if party not in setting.rules.parties:
            do = f"parties are {', '.join(setting.rules.parties)}; leave an unknown author out"
            refuse(f"`{party}` is no party", do)
    is_request = move.word("because") == "party_request"
    if is_request != (who.role is Role.LIAISON):
        why = "a party's request is entered by its liaison, and a liaison enters nothing else"
        refuse(why, "let the right office open the case")
    rests = move.accounts or (move.word("because") == "casualty" and move.cites)
    if not is_request and not rests:
        do = "cite observations of the record; a case names observations, never computed ids"
        refuse("the case rests on no observation", do)
    made = Case(
        case_id=move.case_id,
        opened_at=move.at,
        why=move.word("because"),
        reason=move.reason,
        accounts=joined((), move.accounts),
        requester=who.body if is_request else "",
        accused=accused,
        last_at=move.at,
    )
    return setting.put(made)


def _add(setting: Setting) -> Docket:
    case = setting.case
    both = joined(case.accounts, setting.move.accounts)
    if both == case.accounts:
        do = "cite an observation of the record that the case does not name yet"
        refuse("nothing new was cited", do)
    return setting.put(replace(case, accounts=both))


def joined(accounts: tuple[Account, ...], more: tuple[Account, ...]) -> tuple[Account, ...]:
    """Accounts with those that were not among them, each once, in the order of coming."""
    by_id = {each.observation_id: each for each in (*more, *accounts)}
    ids = dict.fromkeys(each.observation_id for each in (*accounts, *more))
    return tuple(by_id[each] for each in ids)


MOVES = (
    MoveKind(
        name="open",
        summary="Open a case over observations, or at a party's request.",
        roles=frozenset({Role.DUTY_OFFICER, Role.LIAISON}),
        step=_open,
        opens=True,
        says={
            "because": Field("what opens it", among=REASONS),
            "accused": Field("parties that a claim accuses", is_required=False, is_list=True),
        },
    ),
    MoveKind(
        name="add",
        summary="Add observations to a case.",
        roles=frozenset({Role.DUTY_OFFICER, Role.VERIFIER}),
        step=_add,
        needs_cites=True,
    ),
)
