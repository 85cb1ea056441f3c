"""What the mandate in force lets a body do: where it is silent, nobody; where it names ground, there."""

from truceline.agreement.terms import Grant
from truceline.cases.case import Case
from truceline.cases.contract import NEEDS, NotAllowedError, Role, Rules, refuse


def check_granted(rules: Rules, role: Role, body_id: str) -> None:
    """An office in that role may act for that body.

    Parameters
    ----------
    rules
        Those in force when it acts.

    Raises
    ------
    NotAllowedError
        The mandate lets no body, or not this one, do what the role is for; or names no such body.
    """
    if role is Role.LIAISON:
        if body_id not in rules.parties:
            do = f"write body=PARTY, one of {', '.join(rules.parties)}"
            refuse(f"a liaison speaks for a party, and `{body_id}` is none", do)
        return
    act = NEEDS.get(role)
    if act is not None and act not in rules.grants:
        do = "no case can come to it; amend the agreement if the parties agreed to it"
        refuse(f"the mandate grants `{act}` to no body", do)
    body = rules.body(body_id)
    if body is None:
        if rules.mandate.bodies:
            known = ", ".join(each.body_id for each in rules.mandate.bodies)
            refuse(f"the mandate names no body `{body_id}`", f"it names {known}")
        return
    if act is not None and act not in {grant.act for grant in body.may}:
        able = [b.body_id for b in rules.mandate.bodies if act in {g.act for g in b.may}]
        why = f"the mandate does not let `{body_id}` {act}"
        refuse(why, f"it lets {', '.join(able)}")
    if role is Role.EMERGENCY_SIGNER and not body.emergency_signer:
        why = f"the mandate gives `{body_id}` no emergency signer"
        refuse(why, "add `emergency_signer` to it if the text has one")


def is_granted(rules: Rules, role: Role, body_id: str) -> bool:
    """Whether an office in that role may act for that body under these rules."""
    try:
        check_granted(rules, role, body_id)
    except NotAllowedError:
        return False
    return True


def check_ground(rules: Rules, role: Role, body_id: str, case: Case) -> None:
    """What the case is about lies where the body may act.

    An account outside every zone of every grant stands against it. One of which nobody said where
    it was does not, nor does any where a grant goes by bands along a line, which accounts do not
    tell; assumed.

    Raises
    ------
    NotAllowedError
        An account lies elsewhere.
    """
    act, body = NEEDS.get(role), rules.body(body_id)
    if act is None or body is None:
        return
    grants = [grant for grant in body.may if grant.act == act]
    if not grants or any(_is_open(grant) for grant in grants):
        return
    ground = {zone for grant in grants for zone in grant.zones}
    for account in case.accounts:
        if account.zones is not None and ground.isdisjoint(account.zones):
            why = (
                f"the mandate lets `{body_id}` {act} in {', '.join(sorted(ground))} alone, and "
                f"`{account.observation_id}` of case `{case.case_id}` lies outside"
            )
            refuse(why, "leave it to a body that may act there")


def _is_open(grant: Grant) -> bool:
    return bool(grant.bands) or not grant.zones
