"""The mandate suspended, taken up again or ended, and a party that walks out or comes back."""

from dataclasses import replace
from datetime import UTC, datetime

from truceline.cases.contract import Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.standing import ACTS, Absence, Ending, Suspension

_USUAL = ACTS[1:]  # what is seen is written down in any case, unless that too is suspended by name


def _suspend(setting: Setting) -> Docket:
    move, standing = setting.move, setting.docket.standing
    _check_running(setting)
    wanted = move.words("acts") or _USUAL
    acts = tuple(act for act in ACTS if act in wanted)
    if held := [each for each in standing.suspensions if set(acts) <= set(each.acts)]:
        refuse(f"this is suspended already by entry {held[0].sequence}", "nothing is to be done")
    made = Suspension(
        acts=acts, on_word_of=move.word("on_word_of"), since=move.at, sequence=move.sequence
    )
    return _with(setting, suspensions=(*standing.suspensions, made))


def _resume(setting: Setting) -> Docket:
    _check_running(setting)
    if not setting.docket.standing.suspensions:
        refuse("nothing is suspended", "nothing is to be done")
    return _with(setting, suspensions=())


def _end(setting: Setting) -> Docket:
    move = setting.move
    _check_running(setting)
    at = _hour(move.word("on")) if move.word("on") else move.at
    made = Ending(on_word_of=move.word("on_word_of"), at=at, sequence=move.sequence)
    return _with(setting, ending=made)


def _extend(setting: Setting) -> Docket:
    if setting.docket.standing.ending is None:
        refuse("no end of the mandate is entered", "nothing is to be done")
    return _with(setting, ending=None)


def _walk_out(setting: Setting) -> Docket:
    move, standing, party = setting.move, setting.docket.standing, setting.move.word("party")
    if party not in setting.rules.parties:
        refuse(f"`{party}` is no party", f"parties are {', '.join(setting.rules.parties)}")
    if any(each.party == party for each in standing.absences):
        refuse(f"{party} stays away already", "nothing is to be done")
    made = Absence(party=party, since=move.at, sequence=move.sequence)
    return _with(setting, absences=(*standing.absences, made))


def _come_back(setting: Setting) -> Docket:
    standing, party = setting.docket.standing, setting.move.word("party")
    left = tuple(each for each in standing.absences if each.party != party)
    if left == standing.absences:
        refuse(f"`{party}` does not stay away", "name a party that does")
    return _with(setting, absences=left)


def _check_running(setting: Setting) -> None:
    ending = setting.docket.standing.ending
    if ending is not None and ending.at <= setting.move.counts_from:
        why = f"the mandate ended by entry {ending.sequence}"
        refuse(why, "enter `extend_mandate` if those who gave it have prolonged it")


def _hour(word: str) -> datetime:
    at: datetime | None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        refuse(
            f"{word!r} is no hour", "write on=TIME, with a zone, such as on=2025-06-30T24:00+03:00"
        )
    return at.astimezone(UTC)


def _with(setting: Setting, **changes: object) -> Docket:
    return replace(
        setting.docket,
        standing=replace(setting.docket.standing, **changes),  # type: ignore[arg-type]
    )


_REGISTRAR = frozenset({Role.REGISTRAR})
_WORD = Field("who decided it, and in what, such as `both parties, note of 3 May`")

MOVES = (
    MoveKind(
        name="suspend_mandate",
        summary="What nobody may do until it is taken up again: not signed, computed or published.",
        roles=_REGISTRAR,
        step=_suspend,
        is_about_a_case=False,
        says={
            "on_word_of": _WORD,
            "acts": Field(
                "which acts; all but observing if absent",
                is_required=False,
                is_list=True,
                among=ACTS,
            ),
        },
    ),
    MoveKind(
        name="resume_mandate",
        summary="Take up again whatever of the mandate is suspended.",
        roles=_REGISTRAR,
        step=_resume,
        is_about_a_case=False,
        says={"on_word_of": _WORD},
    ),
    MoveKind(
        name="end_mandate",
        summary="When the mandate ends, or ended; cases stand as they stood.",
        roles=_REGISTRAR,
        step=_end,
        is_about_a_case=False,
        says={
            "on_word_of": _WORD,
            "on": Field("the hour, with a zone; that of the move if absent", is_required=False),
        },
    ),
    MoveKind(
        name="extend_mandate",
        summary="The end that was entered holds no more: the mandate was prolonged.",
        roles=_REGISTRAR,
        step=_extend,
        is_about_a_case=False,
        says={"on_word_of": _WORD},
    ),
    MoveKind(
        name="walk_out",
        summary="A party leaves the work of the bodies; it is still told, and may still reply.",
        roles=_REGISTRAR,
        step=_walk_out,
        is_about_a_case=False,
        says={"party": Field("which")},
    ),
    MoveKind(
        name="come_back",
        summary="A party that had walked out comes back.",
        roles=_REGISTRAR,
        step=_come_back,
        is_about_a_case=False,
        says={"party": Field("which")},
    ),
)
