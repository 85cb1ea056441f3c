"""Clocks: started by a named office, on a named reading; nothing computed starts one."""

from dataclasses import replace
from datetime import UTC, datetime

from truceline.cases.case import Clock
from truceline.cases.clocks import due_at
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind

READINGS = ("breach", "determination")


def _start(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    if move.reading not in READINGS:
        why = f"a clock counts from the breach or from its determination, not from {move.reading!r}"
        refuse(why, "give --reading breach or --reading determination")
    ruling = case.standing(Stage.RULING)
    if ruling is None:
        do = "start clocks of measures once the body has ruled"
        refuse("no ruling stands, so nothing is determined", do)
    running = [c.name for c in case.clocks if not c.stopped_because]
    if move.word("name") in running:
        refuse(f"the clock `{move.word('name')}` runs", "stop it first, or name another")
    began = ruling.counts_from if move.reading == "determination" else _breach(setting)
    clock = Clock(
        name=move.word("name"),
        office=move.office,
        role=move.role,
        reading=move.reading,
        began=began,
        due_at=due_at(began, move.word("due"), setting.rules.calendar),
        sequence=move.sequence,
    )
    return setting.put(replace(case, clocks=(*case.clocks, clock)))


def _breach(setting: Setting) -> datetime:
    """When the breach was, as the person who starts the clock says; no computed hour is taken."""
    word = setting.move.word("breach_at")
    at: datetime | None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at > setting.move.at:
        why = f"{word!r} is no hour of a breach"
        refuse(why, "write breach_at=TIME, with a zone, such as breach_at=2025-04-19T18:00+03:00")
    return at.astimezone(UTC)


def _stop(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    name = move.word("name")
    if not any(each.name == name and not each.stopped_because for each in case.clocks):
        refuse(f"no clock `{name}` runs", "name one that does")
    clocks = tuple(
        replace(each, stopped_because=move.reason)
        if each.name == name and not each.stopped_because
        else each
        for each in case.clocks
    )
    return setting.put(replace(case, clocks=clocks))


_MAY = frozenset({Role.SECRETARY, Role.ADJUDICATOR})

MOVES = (
    MoveKind(
        name="start_clock",
        summary="Start the time of a measure, and record from which reading it counts.",
        roles=_MAY,
        step=_start,
        says={
            "name": Field("what is due, such as a measure"),
            "due": Field("how long, such as `48 h` or `14 d`"),
            "breach_at": Field(
                "when the breach was, where it counts from the breach", is_required=False
            ),
        },
    ),
    MoveKind(
        name="stop_clock",
        summary="Stop a time, because what was due was done, or was let go.",
        roles=_MAY,
        step=_stop,
        says={"name": Field("which")},
    ),
)
