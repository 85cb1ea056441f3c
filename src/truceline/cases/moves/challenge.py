"""Challenge: a party asks that a member step aside, and the body decides it without that member."""

from dataclasses import replace

from truceline.cases.case import Ballot, Case, Challenge
from truceline.cases.contract import Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.signing import check_free
from truceline.cases.voting import body_of, seats_of, tally, without

_CHOICES = ("for", "against", "abstain")


def _challenge(setting: Setting) -> Docket:
    """Once for each party and person: it may not be used to keep a body from ruling."""
    move, case, name = setting.move, setting.case, setting.move.word("office")
    member = setting.docket.offices.get(name)
    if member is None or member.role is not Role.ADJUDICATOR or not member.is_held(move.at):
        why = f"`{name}` is no seat of a body that rules"
        refuse(why, "name the office of an adjudicator that is held")
    if member.holder in case.recused:
        refuse(f"`{name}` has stepped aside from this case", "nothing is left to ask for")
    mine = [e for e in case.challenges if e.holder == member.holder and e.party == setting.who.body]
    if mine:
        state = mine[0].outcome or "waits"
        why = f"`{setting.who.body}` challenged `{name}` in this case before: {state}"
        refuse(why, "ask to reconsider what is signed, on new evidence")
    made = Challenge(
        party=setting.who.body, office=name, holder=member.holder, body=member.body,
        reason=move.reason, sequence=move.sequence,
    )  # fmt: skip
    return setting.put(replace(case, challenges=(*case.challenges, made)))


def _decide(setting: Setting) -> Docket:
    """A majority of the other seats upholds it; where none is for it, the member stays; assumed."""
    move, case, who = setting.move, setting.case, setting.who
    name = move.word("office")
    waiting = next((e for e in case.challenges if e.office == name and not e.outcome), None)
    if waiting is None:
        refuse(f"no challenge of `{name}` waits in this case", "name an office that is challenged")
    if waiting.body != move.body:
        refuse(f"`{name}` sits in `{waiting.body}`", "its own seats decide")
    if waiting.holder == who.holder:
        refuse("the body decides it without the member", "let the other seats vote, or `recuse`")
    check_free(replace(case, challenges=()), who)  # who is challenged too still votes on the others
    if any(each.holder == who.holder for each in waiting.ballots):
        refuse("this seat has voted on it", "a vote stands")
    ballot = Ballot(
        holder=who.holder, office=who.office, choice=move.word("choice"), sequence=move.sequence
    )
    cast = replace(waiting, ballots=(*waiting.ballots, ballot))
    return setting.put(_counted(setting, case, cast))


def _counted(setting: Setting, case: Case, cast: Challenge) -> Case:
    chosen = [each.choice for each in cast.ballots]
    found = tally(
        *(chosen.count(each) for each in _CHOICES),
        seats=seats_of(setting, case, body_of(setting)) - 1,
        quorum=1,
    )
    outcome = {"open": "", "adopted": "upheld"}.get(found, "dismissed")
    decided = replace(cast, outcome=outcome)
    challenges = tuple(decided if e.sequence == cast.sequence else e for e in case.challenges)
    case = replace(case, challenges=challenges)
    return without(setting, case, cast.holder, "upheld") if outcome == "upheld" else case


MOVES = (
    MoveKind(
        name="challenge",
        summary="Ask that a member of the body step aside from a case; the reason says why.",
        roles=frozenset({Role.LIAISON}),
        step=_challenge,
        says={"office": Field("the office of the member")},
    ),
    MoveKind(
        name="decide_challenge",
        summary="Vote on a challenge, as a seat of the body other than the one that is challenged.",
        roles=frozenset({Role.ADJUDICATOR}),
        step=_decide,
        says={
            "office": Field("the office that is challenged"),
            "choice": Field("for: it steps aside", among=_CHOICES),
        },
    ),
)
