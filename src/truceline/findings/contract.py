"""What a clause kind and a counting rule are. Read this page before adding one.

A clause kind says, for one clause in one reading and one party, what would break it: a `Breach`
(what an act must be), a `Stock` (what may not stand, or not in such numbers) or a `Duty` (what must
be done, by when); or what it allows: an `Answer` (when the party may respond) or a `Relief` (what
other clauses do not reach). It says so once; the engine then takes a million subjects through it,
with their places, times, types and weapons as the distributions that they are. A kind that judges
nothing says how it stands on a date: a `State`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.terms import Agreement, Clause, ExceptionRule
from truceline.tables import desk, schemas
from truceline.tables.posterior import POSTERIOR

Terms = Mapping[str, Any]

WATCHED = pa.schema(
    [
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("exposure_hours", pa.float64(), nullable=False),
    ]
)
"""Hours that somebody watched, by legal day and area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """The tables that findings are made from; what there is none of stays empty.

    `attributions` is optional: where it is given, the authors of earlier acts that a response
    answers are taken from it, and otherwise from what the observations say.
    """

    acts: pa.Table
    incidents: pa.Table
    posterior: pa.Table = field(default_factory=lambda: schemas.empty(POSTERIOR))
    members: pa.Table = field(default_factory=lambda: schemas.empty(schemas.MEMBERS))
    observations: pa.Table = field(default_factory=lambda: schemas.empty(schemas.OBSERVATIONS))
    holdings: pa.Table = field(default_factory=lambda: schemas.empty(schemas.HOLDINGS))
    notices: pa.Table = field(default_factory=lambda: schemas.empty(desk.NOTICES))
    exposures: pa.Table = field(default_factory=lambda: schemas.empty(schemas.EXPOSURES))
    inspections: pa.Table = field(default_factory=lambda: schemas.empty(desk.INSPECTIONS))
    windows: pa.Table = field(default_factory=lambda: schemas.empty(desk.WINDOWS))
    attributions: pa.Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question: one clause, in one reading (or its own text), for one party."""

    clause: Clause
    terms: Terms  # the reading's terms laid over the clause's
    party: str
    agreement: Agreement
    after: datetime | None = None  # what the clause waits for was met: its days count from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A condition on a place: a zone with a width around it, or a band along a line.

    Parameters
    ----------
    zone, line
        Id of the one or the other. Without coordinates in the agreement nobody can tell.
    from_m, to_m
        Metres from the line, the near edge included and the far one not; for a zone, `to_m` is how
        far outside it still counts (0: in it, edges included). None: the text gives no figure.
    side
        For a line: `left` or `right` of it as it is drawn; None: either side.
    """

    zone: str | None = None
    line: str | None = None
    from_m: float | None = 0.0
    to_m: float | None = 0.0
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What an act must be to break the clause; every part that is given must hold.

    Parameters
    ----------
    types
        Incident types; None: any.
    where
        Conditions on the place, all of which must hold; none: anywhere.
    weapons
        Selector of weapons; None: any.
    at_weapon
        The place meant is the weapon's own. An impact does not say where the weapon stood, so such
        acts give `insufficient_evidence` where the rest fits.
    since
        Not judged before this instant, as with a withdrawal that has a deadline.
    unless_notified_h
        A notice that covers the act, given at least so many hours before, makes it no breach.
    is_omission
        What is broken is a duty that was not done (the finding's subject_kind is `omission`).
    missing
        Figures that the text does not give, in words; the rest then yields
        `insufficient_evidence`.
    obstructions
        Access statuses: what monitors noted of being kept out, with one of these, is judged as an
        act of who kept them out. None: obstructions are no matter of the clause.
    name, also
        Further ways to break the clause, each whole in itself, and the name that tells them apart.
    """

    types: frozenset[str] | None = None
    where: tuple[Where, ...] = ()
    weapons: Terms | None = None
    at_weapon: bool = False
    since: datetime | None = None
    unless_notified_h: float | None = None
    is_omission: bool = False
    missing: tuple[str, ...] = ()
    obstructions: frozenset[str] | None = None
    name: str = ""
    also: tuple["Breach", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What a party may not have somewhere, or not more than `maximum` of; None: none at all.

    `also` holds further stocks that the clause forbids, told apart by `name`; of several none has a
    maximum.
    """

    weapons: Terms | None = None
    where: tuple[Where, ...] = ()
    maximum: int | None = None
    since: datetime | None = None
    missing: tuple[str, ...] = ()
    name: str = ""
    also: tuple["Stock", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What must be done by a date, or again and again; not doing it is an omission.

    Parameters
    ----------
    shown_by
        Where doing it would show: `inspections` of the party's sites, or `declarations` (holdings
        that the party declared).
    by
        The body that must do it, where it is not the party itself. The party then only lets it.
    every_days, due
        The longest that may pass from one time to the next, or the dates themselves.
    since
        From when on; None: from when the clause binds the party.
    sites
        Each of these on its own; None: any site of the party will do.
    weapons
        Selector of what must be inspected or declared; None: any.
    where
        Where the site must lie, all of it; none: anywhere.
    missing
        Figures that the text does not give, in words.
    """

    shown_by: str
    by: str | None = None
    every_days: float | None = None
    due: tuple[datetime, ...] = ()
    since: datetime | None = None
    sites: tuple[str, ...] | None = None
    weapons: Terms | None = None
    where: tuple[Where, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What clauses do not reach while this one binds the party.

    Parameters
    ----------
    rule
        The exception that it adds to each of them.
    clauses
        Ids of clauses; None: every ban of the same basis.
    needs
        Conditions of the text that no evidence records, in words. What it relieves is then left
        open, and never taken out.
    """

    rule: ExceptionRule
    clauses: frozenset[str] | None = None
    needs: tuple[str, ...] = ()


class Standing(StrEnum):
    """How a clause that judges nothing stands on a date."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    LAID_OUT = "laid_out"  # nothing follows from it by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a clause stands, and why in sentences; `until` is when that next changes, if it is known."""

    standing: Standing
    because: tuple[str, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the state of a clause is told from.

    Parameters
    ----------
    at
        The instant asked about.
    counts
        Rows of COUNTS.
    watched
        `legal_day`, `area`, `exposure_hours`: a day and area that is not here was watched by nobody.
    """

    at: datetime
    counts: pa.Table = field(default_factory=lambda: schemas.empty(schemas.COUNTS))
    watched: pa.Table = field(default_factory=lambda: schemas.empty(WATCHED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When the clauses that a clause names (`clauses` in its terms) begin, by one way to count.

    Parameters
    ----------
    perhaps_at, surely_at
        From when on they perhaps do, and surely do; None: not by what is known.
    because
        Why, in a sentence.
    counted
        The way to count, where the text leaves more than one; empty: the clause's own.
    """

    perhaps_at: datetime | None
    surely_at: datetime | None
    because: str
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """When the party may respond: to which earlier breach of the other party, how soon, how near.

    `needs` names conditions that the text sets on the response itself (`notify`, `after_attempt`,
    `order_level`). A notice is looked for among the notices; nothing in the evidence records an
    attempt or an order, so a response that needs one is not settled as permitted.
    """

    only_if: frozenset[str] | None = None
    within_h: float | None = None
    within_km: float | None = None
    needs: tuple[str, ...] = ()
    clauses: frozenset[str] | None = None  # the clauses it relieves from; None: all of its basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseKind:
    """One kind of clause: at least one of the seven functions, and the schema of its terms.

    Parameters
    ----------
    name, summary
        As listed by the command line and the documentation.
    terms
        JSON Schema of the clause's `terms` in an agreement file.
    example
        Terms that keep the schema, for the conformance suite and the documentation.
    breach, stock, duty
        What breaks the clause by an act, by a holding, by what was not done.
    answer, relief
        When it allows a response, and what it takes out of other clauses.
    state
        How it stands on a date, given what is known; for a kind that judges nothing.
    opens
        When the clauses that it names begin, by each way to count, given what is known.

    Each is given the question and returns None where the clause asks nothing of the kind.
    """

    name: str
    summary: str
    terms: Mapping[str, Any]
    example: Mapping[str, Any]
    breach: Callable[[Asked], Breach | None] | None = None
    stock: Callable[[Asked], Stock | None] | None = None
    duty: Callable[[Asked], Duty | None] | None = None
    answer: Callable[[Asked], Answer | None] | None = None
    relief: Callable[[Asked], Relief | None] | None = None
    state: Callable[[Asked, Known], State | None] | None = None
    opens: Callable[[Asked, Known], tuple[Opening, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a counting rule is given: acts that are counted, and what they are made of.

    Parameters
    ----------
    acts
        Rows of ACTS, in the order of `act_id`.
    incident
        `(n,)` number of each act's incident: equal numbers, one incident.
    type
        `(n,)` type of each act, or `""`.
    """

    acts: pa.Table
    incident: npt.NDArray[np.int64]
    type: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRule:
    """One way to count: how many each act adds, never negative, and never from nothing.

    `amount` gives `(n,)` whole numbers for `n` acts. Unknown is not zero: an act of unknown number
    that the rule counts at all is at least one.
    """

    name: str
    summary: str
    amount: Callable[[Counted], npt.NDArray[np.int64]]
