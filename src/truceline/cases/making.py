"""What every move must satisfy, whatever its kind, before its own step is taken."""

from collections.abc import Mapping
from dataclasses import replace

from truceline.cases.book import KINDS
from truceline.cases.contract import (
    NEEDS,
    NO_CASE,
    TOLERANCE,
    Appointment,
    Move,
    Role,
    Rules,
    refuse,
)
from truceline.cases.docket import Docket, Setting
from truceline.cases.granting import check_granted, check_ground
from truceline.cases.kinds import MoveKind


def made(docket: Docket, move: Move, rules: Rules) -> Docket:
    """The docket after a move.

    Raises
    ------
    NotAllowedError
        A rule stands against it.
    """
    kind = KINDS.get(move.kind)
    if kind is None:
        why = f"no move is called `{move.kind}`"
        refuse(why, f"known are {', '.join(KINDS)}")
    _check_words(move, kind)
    written = rules if rules.is_hypothetical else rules.at(move.counts_from)
    rules = rules.at(move.at)  # a move stands under the text of its hour, not under a later one
    _check_hour(move, rules)
    appointed = docket.offices.get(move.office)
    here = docket.cases.get(move.case_id)
    setting = Setting(docket=docket, move=move, rules=rules, appointed=appointed, here=here)
    if not (kind.name == "appoint" and not docket.offices):  # the first office appoints itself
        _check_office(move, setting.who, kind)
        if not kind.is_always:
            _check_mandate(setting)
            check_granted(rules, setting.who.role, setting.who.body)
            check_granted(written, setting.who.role, setting.who.body)  # no earlier hour helps
    if here is not None and kind.is_about_a_case and not kind.is_always:
        check_ground(rules, setting.who.role, setting.who.body, here)
    if kind.is_about_a_case and not kind.opens and move.at < setting.case.last_at:
        why = f"case `{move.case_id}` has moved since {move.at.isoformat()}"
        do = "enter what was known earlier as of now, and give the earlier hour in the reason"
        refuse(why, do)
    after = kind.step(setting)
    mine = after.offices.get(move.office)
    if mine is None:
        return after
    latest = move.at if mine.last_at is None else max(mine.last_at, move.at)
    return replace(after, offices={**after.offices, move.office: replace(mine, last_at=latest)})


def _check_words(move: Move, kind: MoveKind) -> None:
    if not move.reason.strip():
        refuse(f"`{kind.name}` has no reason", "give one with --reason")
    if kind.is_about_a_case == (move.case_id in {"", NO_CASE}):
        why = f"`{kind.name}` is about {'a case' if kind.is_about_a_case else 'no case'}"
        refuse(why, "name the case" if kind.is_about_a_case else "write `-` for the case")
    for name in move.says:
        if name not in kind.says:
            known = ", ".join(kind.says) or "nothing"
            refuse(f"`{kind.name}` does not say `{name}`", f"it says {known}")
    _check_fields(move, kind)
    if kind.needs_cites and not move.cites:
        refuse(f"`{kind.name}` must rest on something", "cite observations or documents by id")


def _check_fields(move: Move, kind: MoveKind) -> None:
    for name, field in kind.says.items():
        words = move.words(name)
        if not all(word.strip() for word in words):
            refuse(f"`{name}` of `{kind.name}` is empty", "say it, or leave it out")
        if field.is_required and not words:
            refuse(f"`{kind.name}` must say `{name}`: {field.what}", f"write {name}=WORDS")
        if len(words) > 1 and not field.is_list:
            refuse(f"`{kind.name}` says `{name}` once", "keep one of them")
        for word in words:
            if field.among and word not in field.among:
                do = f"write one of {', '.join(field.among)}"
                refuse(f"`{name}` of `{kind.name}` cannot be {word!r}", do)


def _check_hour(move: Move, rules: Rules) -> None:
    if move.at > move.recorded_at + TOLERANCE and not rules.is_hypothetical:
        why = f"{move.at.isoformat()} has not come yet"
        refuse(why, "leave the hour out; it is then now")


def _check_office(move: Move, who: Appointment, kind: MoveKind) -> None:
    if (move.role, move.body) != (who.role.value, who.body):
        why = (
            f"office `{who.office}` is {who.role} of `{who.body}`, not {move.role} of `{move.body}`"
        )
        refuse(why, "write its role and body as it was appointed")
    if not who.is_held(move.at) and not (kind.outlasts_office and who.since <= move.at):
        why = f"office `{who.office}` was not held at {move.at.isoformat()}"
        refuse(why, "let an office that is held make the move")
    if who.role not in kind.roles:
        roles = ", ".join(sorted(kind.roles))
        why = f"a {who.role} may not `{kind.name}`"
        refuse(why, f"that is for {roles}")


def _check_mandate(setting: Setting) -> None:
    """What the mandate no longer grants is not signed; what comes in is entered all the same."""
    act = _TAKES.get(setting.who.role)
    why = None if act is None else setting.docket.standing.why_not(act, setting.counts_from)
    if why is not None:
        do = "wait until it is taken up again; notices, replies and appointments are entered as before"
        refuse(f"nobody may {act}: {why}", do)


_TAKES: Mapping[Role, str] = {**NEEDS, Role.EMERGENCY_SIGNER: "observe"}
