"""The emergency notice: one office, no finding, no name, and gone after 24 hours."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta

from truceline.cases.case import Ballot, Case, Emergency
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.signing import check_free
from truceline.cases.voting import body_of, quorum_of, seats_of, tally

LASTS = timedelta(hours=24)
_CHOICES = ("for", "against", "abstain")


def _emergency(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    said = _words(move.word("text"))
    for name in (*setting.rules.parties, *setting.rules.party_names):
        if (known := _words(name)).strip() and known in said:
            do = "say what happened and what is asked of everybody"
            refuse(f"an emergency notice names no party, and this names `{name}`", do)
    seen = frozenset(case.observations)
    if any(seen <= set(each.observations) for each in case.emergencies):
        do = "an emergency notice lapses and is not renewed; it takes a new observation"
        refuse("nothing is new since the last emergency notice", do)
    made = Emergency(
        office=move.office,
        text=move.word("text"),
        at=move.at,
        lapses_at=move.at + LASTS,
        sequence=move.sequence,
        observations=case.observations,
        body=move.body,
    )
    return setting.put(replace(case, emergencies=(*case.emergencies, made)))


def _words(text: str) -> str:
    """Words as they are read: no matter of case, accents, width, marks or what cannot be seen.

    Each stands between two spaces, so that a name is found whole, whatever signs are in it.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    seen = "".join(each for each in plain if unicodedata.category(each) not in ("Mn", "Cf"))
    words = " ".join(re.findall(r"[^\W_]+", seen))
    return f" {words} "


def _vote(setting: Setting) -> Docket:
    """The body confirms the notice, or lifts it, before it lapses; either finds nothing."""
    move, case, who = setting.move, setting.case, setting.who
    last = case.emergencies[-1] if case.emergencies else None
    if last is None:
        refuse("this case has no emergency notice", "vote on one that was given")
    if last.outcome or state_of(last, case, setting.counts_from) != "standing":
        state = last.outcome or state_of(last, case, setting.counts_from)
        refuse(f"the emergency notice is {state}", "what has ended is not brought back by a vote")
    if last.body != move.body:
        refuse(f"the notice is `{last.body}`'s", "its own seats vote on it")
    check_free(case, who)
    if any(each.holder == who.holder for each in last.ballots):
        refuse("this seat has voted on it", "a vote stands")
    ballot = Ballot(
        holder=who.holder, office=who.office, choice=move.word("choice"), sequence=move.sequence
    )
    cast = replace(last, ballots=(*last.ballots, ballot))
    return setting.put(replace(case, emergencies=(*case.emergencies[:-1], _counted(setting, cast))))


def _counted(setting: Setting, cast: Emergency) -> Emergency:
    """Decided by the same majority and quorum as a ruling; even votes leave it to lapse."""
    body, chosen = body_of(setting), [each.choice for each in cast.ballots]
    found = tally(
        *(chosen.count(each) for each in _CHOICES),
        seats=seats_of(setting, setting.case, body),
        quorum=quorum_of(setting, body),
    )
    return replace(cast, outcome={"adopted": "confirmed", "fallen": "lifted"}.get(found, ""))


def state_of(emergency: Emergency, case: Case, at: datetime) -> str:
    """What an emergency notice is at an instant.

    `standing`, `confirmed` or `lifted` by its body, `ruled` upon, or `lapsed`.

    Parameters
    ----------
    emergency
        Of the case.
    case
        As it stood at that instant.
    at
        UTC.
    """
    rulings = [each for each in (*case.stands, *case.past) if each.stage is Stage.RULING]
    if any(
        emergency.sequence < each.sequence and each.counts_from < emergency.lapses_at
        for each in rulings
    ):
        return "ruled"
    if emergency.outcome:
        return emergency.outcome
    return "lapsed" if at >= emergency.lapses_at else "standing"


MOVES = (
    MoveKind(
        name="emergency",
        summary="Warn at once, alone, naming nobody; it lapses after 24 hours unless confirmed or ruled upon.",
        roles=frozenset({Role.EMERGENCY_SIGNER}),
        step=_emergency,
        says={"text": Field("the warning; it names no party")},
    ),
    MoveKind(
        name="vote_emergency",
        summary="Vote within the 24 hours on an emergency notice: confirm it, or lift it.",
        roles=frozenset({Role.ADJUDICATOR}),
        step=_vote,
        says={"choice": Field("for: it stands beyond 24 hours", among=_CHOICES)},
    ),
)
