"""Who holds which office. Offices are posts; who holds one is known by a service code alone."""

import re
from dataclasses import replace

from truceline.cases.contract import Appointment, Role, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.granting import check_granted
from truceline.cases.kinds import Field, MoveKind

_OFFICE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOLDER = re.compile(r"(?=.*\d)[a-z0-9]+(-[a-z0-9]+)*")  # a code has a digit, a name has none


def _appoint(setting: Setting) -> Docket:
    move, docket = setting.move, setting.docket
    office, role, holder = move.word("office"), Role(move.word("as")), move.word("holder")
    if not _OFFICE.fullmatch(office):
        do = "write small letters, digits and dashes, such as `verifier-2`"
        refuse(f"{office!r} is no name of an office", do)
    if not _HOLDER.fullmatch(holder):
        why = f"{holder!r} is no service code"
        refuse(why, "write a code with a digit, such as `p-17`, and never a name")
    if office in docket.offices:
        why = f"office `{office}` was filled before"
        refuse(why, "relieve it if it is held, and appoint a new office beside it")
    if not docket.offices and (office, role) != (move.office, Role.REGISTRAR):
        why = "no office is held yet"
        refuse(why, "first let the registrar enter its own appointment")
    interest = move.word("interest")
    if interest and interest not in setting.rules.parties:
        why = f"`{interest}` is no party"
        refuse(why, f"parties are {', '.join(setting.rules.parties)}")
    body = move.word("body")
    check_granted(setting.rules, role, body)
    made = Appointment(
        office=office, role=role, body=body, holder=holder, since=move.at,
        interest=body if role is Role.LIAISON else interest,
        is_casting=move.word("casting") == "yes",
    )  # fmt: skip
    return replace(docket, offices={**docket.offices, office: made})


def _relieve(setting: Setting) -> Docket:
    office = setting.docket.offices.get(setting.move.word("office"))
    if office is None or office.until is not None:
        why = f"office `{setting.move.word('office')}` is not held"
        refuse(why, "name an office that is held")
    if setting.move.at < max(office.since, office.last_at or office.since):
        why = f"office `{office.office}` has acted since {setting.move.at.isoformat()}"
        refuse(why, "relieve it as of now")
    ended = replace(office, until=setting.move.at)
    return replace(setting.docket, offices={**setting.docket.offices, office.office: ended})


_REGISTRAR = frozenset({Role.REGISTRAR})

MOVES = (
    MoveKind(
        name="appoint",
        summary="Fill an office; the registrar's own appointment is the first move of all.",
        roles=_REGISTRAR,
        step=_appoint,
        is_about_a_case=False,
        says={
            "office": Field("the post, such as verifier-2"),
            "as": Field("its role", among=tuple(Role)),
            "body": Field("the body of the mandate, or the party of a liaison"),
            "holder": Field("service code of the person, with a digit, never a name"),
            "interest": Field("the party that the person serves, if any", is_required=False),
            "casting": Field(
                "yes: breaks deadlocks of its body", is_required=False, among=("yes", "no")
            ),
        },
    ),
    MoveKind(
        name="relieve",
        summary="Vacate an office.",
        roles=_REGISTRAR,
        step=_relieve,
        is_about_a_case=False,
        says={"office": Field("the post")},
    ),
)
