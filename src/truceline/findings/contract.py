"""What a clause kind and a counting rule are. Read this page before adding one.

A clause kind says, for one clause in one reading and one party, what would break it: a `Breach`
(what an act must be), a `Stock` (what may not stand, or not in such numbers), or an `Answer` (when
the party may respond). It says so once; the engine then takes a million subjects through it, with
their places, times, types and weapons as the distributions that they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.terms import Agreement, Clause
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR

Terms = Mapping[str, Any]


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
    notices: pa.Table = field(default_factory=lambda: schemas.empty(schemas.NOTICES))
    exposures: pa.Table = field(default_factory=lambda: schemas.empty(schemas.EXPOSURES))
    attributions: pa.Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question: one clause, in one reading (or its own text), for one party."""

    clause: Clause
    terms: Terms  # the reading's terms laid over the clause's
    party: str
    agreement: Agreement


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
    """

    types: frozenset[str] | None = None
    where: tuple[Where, ...] = ()
    weapons: Terms | None = None
    at_weapon: bool = False
    since: datetime | None = None
    unless_notified_h: float | None = None
    is_omission: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What a party may not have somewhere, or not more than `maximum` of; None: none at all."""

    weapons: Terms | None = None
    where: tuple[Where, ...] = ()
    maximum: int | None = None
    since: datetime | None = None
    missing: tuple[str, ...] = ()


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
    """One kind of clause: at least one of the three functions, and the schema of its terms.

    Parameters
    ----------
    name, summary
        As listed by the command line and the documentation.
    terms
        JSON Schema of the clause's `terms` in an agreement file.
    example
        Terms that keep the schema, for the conformance suite and the documentation.
    breach, stock, answer
        What breaks the clause by an act, by a holding; when it allows a response. Each is given
        the question and returns None where the clause asks nothing of the kind.
    """

    name: str
    summary: str
    terms: Mapping[str, Any]
    example: Mapping[str, Any]
    breach: Callable[[Asked], Breach | None] | None = None
    stock: Callable[[Asked], Stock | None] | None = None
    answer: Callable[[Asked], Answer | None] | None = None


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
