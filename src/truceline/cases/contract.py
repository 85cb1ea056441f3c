"""The words of casework: roles, stages, moves, appointments, rules and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn

from truceline.agreement.terms import Body, Mandate
from truceline.model.errors import InputError
from truceline.model.time import LegalCalendar

KIND = "case_move"
"""The kind of entry that a move is in the record."""

NO_CASE = "-"
"""Where a move is about no case: appointments, and routine counts."""

TOLERANCE = timedelta(minutes=5)  # clocks of two desks differ; assumed


class Role(StrEnum):
    """What an office does. An office has one role, and no role has two of facts, attribution, ruling."""

    REGISTRAR = "registrar"
    DUTY_OFFICER = "duty_officer"
    SECRETARY = "secretary"
    VERIFIER = "verifier"
    ATTRIBUTOR = "attributor"
    ADJUDICATOR = "adjudicator"
    EMERGENCY_SIGNER = "emergency_signer"
    PUBLISHER = "publisher"
    LIAISON = "liaison"


NEEDS: Mapping[Role, str] = {
    Role.DUTY_OFFICER: "observe",
    Role.VERIFIER: "find",
    Role.ATTRIBUTOR: "attribute",
    Role.ADJUDICATOR: "rule",
    Role.PUBLISHER: "publish",
}
"""What the mandate must grant to the body of an office in that role."""


class Stage(StrEnum):
    """What is signed apart from one another, in this order."""

    FACTS = "facts"
    ATTRIBUTION = "attribution"
    RULING = "ruling"


SIGNS: Mapping[Stage, Role] = {
    Stage.FACTS: Role.VERIFIER,
    Stage.ATTRIBUTION: Role.ATTRIBUTOR,
    Stage.RULING: Role.ADJUDICATOR,
}
"""Which role signs a stage; one role, one stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An observation that a case rests on, and whether the mission itself saw it.

    `keys` are digests of its source, root and text: accounts that share one are one voice. `zones`
    are the ids of those in which it surely lies; None where nobody said where it was.
    """

    observation_id: str
    keys: tuple[str, ...]
    is_direct: bool
    zones: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that an office did about a case, as it stands in the record.

    Parameters
    ----------
    sequence
        Its number in the log.
    case_id
        Which case, or `-` where it is about none.
    kind
        The name of a kind of move.
    at, recorded_at
        When it was known, and what the clock said when it was written.
    office, role, body
        Who: a post, never a private name; its role; the body (or party) that it belongs to.
    reason
        Why; never empty.
    reading
        `breach` or `determination`, where a clock is started.
    cites
        Ids of observations and documents that it rests on.
    accounts
        Of those that are observations, whose voice each is.
    says
        What this kind of move asks for: field to words.
    """

    sequence: int
    case_id: str
    kind: str
    at: datetime
    recorded_at: datetime
    office: str
    role: str
    body: str
    reason: str
    reading: str = ""
    cites: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """The one word of a field; empty where it is absent."""
        return next(iter(self.says.get(name, ())), "")

    def words(self, name: str) -> tuple[str, ...]:
        """All words of a field."""
        return tuple(self.says.get(name, ()))

    @property
    def counts_from(self) -> datetime:
        """From when a period runs that it starts: nobody shortens a reply by writing an earlier hour."""
        return max(self.at, self.recorded_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Who holds an office, in which role, for which body.

    `holder` is a service code, never a name: one person who holds two offices is known by it.
    `interest` is the party that the holder serves or was named by; `is_casting`: breaks deadlocks.
    """

    office: str
    role: Role
    body: str
    holder: str
    since: datetime
    until: datetime | None = None
    interest: str = ""
    is_casting: bool = False
    last_at: datetime | None = None  # of its latest move

    def is_held(self, at: datetime) -> bool:
        """Whether somebody holds the office at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Under what casework stands: the mandate, the parties, the legal calendar.

    `is_hypothetical`: a made-up mission, whose hours may lie in the future. `since` is when this
    version of the text began, None where it is the first; `earlier` are those before it.
    """

    mandate: Mandate
    grants: frozenset[str]
    parties: tuple[str, ...]
    calendar: LegalCalendar
    is_hypothetical: bool = False
    party_names: tuple[str, ...] = ()  # names and aliases, beside the ids
    since: datetime | None = None
    earlier: tuple["Rules", ...] = ()  # oldest first

    def at(self, instant: datetime) -> "Rules":
        """The rules in force at an instant: a move stands under the text of its own hour."""
        for rules in (self, *reversed(self.earlier)):
            if rules.since is None or rules.since <= instant:
                return rules
        return self.earlier[0] if self.earlier else self

    def body(self, body_id: str) -> Body | None:
        """A body of the mandate; None where the text names no such body."""
        return next((each for each in self.mandate.bodies if each.body_id == body_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A move that was not made: why, and what to do instead."""

    sequence: int
    case_id: str
    kind: str
    office: str
    why: str
    do: str


class NotAllowedError(InputError):
    """The rules of casework do not allow the move; nothing changed."""

    def __init__(self, why: str, do: str) -> None:
        super().__init__(f"{why}; {do}")
        self.why = why
        self.do = do


def refuse(why: str, do: str) -> NoReturn:
    """Refuse a move.

    Raises
    ------
    NotAllowedError
        Always.
    """
    raise NotAllowedError(why, do)
