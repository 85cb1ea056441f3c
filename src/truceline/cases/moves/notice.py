"""Notice to the parties, and their replies."""

from dataclasses import replace

from truceline.cases.case import Notice, Reply
from truceline.cases.clocks import due_at
from truceline.cases.contract import Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind

LEAST_REPLY = "24 h"  # shorter is no right of reply; assumed
STANCES = ("admits", "denies", "explains", "disputes", "no_comment")


def _notice(setting: Setting) -> Docket:
    move, rules, case = setting.move, setting.rules, setting.case
    party = move.word("to")
    if party not in rules.parties:
        refuse(f"`{party}` is no party", f"parties are {', '.join(rules.parties)}")
    if not case.stands:
        do = "give notice of facts, an attribution or a ruling once it is signed"
        refuse("nothing stands that a party could be told of", do)
    until = due_at(move.counts_from, move.word("within"), rules.calendar)
    if until < due_at(move.counts_from, LEAST_REPLY, rules.calendar):
        do = f"give at least {LEAST_REPLY}"
        refuse(f"{move.word('within')} is too short to reply", do)
    given = Notice(
        to=party,
        sequence=move.sequence,
        office=move.office,
        at=move.at,
        reply_until=until,
        within=move.word("within"),
        covers=tuple(each.sequence for each in case.stands),
    )
    return setting.put(replace(case, notices=(*case.notices, given)))


def _reply(setting: Setting) -> Docket:
    move, case, party = setting.move, setting.case, setting.who.body
    if not any(each.to == party for each in case.notices):
        why = f"no notice of case `{case.case_id}` was given to `{party}`"
        refuse(why, "a reply answers a notice; a claim of the party is an observation")
    made = Reply(
        party=party, sequence=move.sequence, at=move.at,
        stance=move.word("stance"), text=move.word("text"),
    )  # fmt: skip
    return setting.put(replace(case, replies=(*case.replies, made)))


MOVES = (
    MoveKind(
        name="notice",
        summary="Tell a party what stands, and start the time in which it may reply.",
        roles=frozenset({Role.SECRETARY}),
        step=_notice,
        says={
            "to": Field("the party; each party is told"),
            "within": Field("time to reply, at least 24 h, such as `72 h` or `3 d`"),
        },
    ),
    MoveKind(
        name="reply",
        summary="A party's answer. Where there is none, nothing is admitted.",
        roles=frozenset({Role.LIAISON}),
        step=_reply,
        says={
            "stance": Field("what the answer does", among=STANCES),
            "text": Field("the answer", is_required=False),
        },
    ),
)
