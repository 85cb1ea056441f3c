"""The emergency notice: one office, no finding, no name, and gone after 24 hours."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from truceline.cases.case import Case, Emergency
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind

LASTS = timedelta(hours=24)


def _emergency(setting: Setting) -> Docket:
    move, case = setting.move, setting.case
    for name in (*setting.rules.parties, *setting.rules.party_names):
        if re.search(rf"\b{re.escape(name)}\b", move.word("text"), re.IGNORECASE):
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
    )
    return setting.put(replace(case, emergencies=(*case.emergencies, made)))


def state_of(emergency: Emergency, case: Case, at: datetime) -> str:
    """What an emergency notice is at an instant: `standing`, `ruled` or `lapsed`.

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
        emergency.sequence < each.sequence and each.at < emergency.lapses_at for each in rulings
    ):
        return "ruled"
    return "lapsed" if at >= emergency.lapses_at else "standing"


MOVES = (
    MoveKind(
        name="emergency",
        summary="Warn at once, alone, naming nobody; it lapses after 24 hours unless ruled upon.",
        roles=frozenset({Role.EMERGENCY_SIGNER}),
        step=_emergency,
        says={"text": Field("the warning; it names no party")},
    ),
)
