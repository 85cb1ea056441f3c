"""What a report may show, for whom, and what a format is. Read this page before adding a format.

A `Dossier` is everything that is known. `publication.publish` turns it into a `Release`, which holds
only what its view may see; a `Format` turns a release into bytes and never sees the dossier.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.model.errors import PublicationError
from truceline.reports.columns import AMOUNTS, ANSWERS, CASES, OUTAGES, SETTLEMENTS, WAITING
from truceline.reports.rules import PublicationRules
from truceline.tables import schemas
from truceline.tables.answers import RESPONSIBILITY
from truceline.tables.desk import WINDOW_STATES

PUBLIC = "public"
PARTY = "party"
COMMISSION = "commission"

_VIEW = re.compile(r"public|commission|party:[^\s:]+")
_INSTANT = schemas.INSTANT


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose eyes a document is for: `public`, `party:ID`, or `commission`, which is internal.

    Examples
    --------
    >>> View.parse("party:RU").party
    'RU'
    >>> View.parse("commission").is_release
    False
    >>> View.parse("everyone")
    Traceback (most recent call last):
    truceline.model.errors.PublicationError: view 'everyone' is not known; write public, party:ID or commission
    """

    kind: str
    party: str | None = None

    @classmethod
    def parse(cls, text: str) -> "View":
        """The view that the words name."""
        if not _VIEW.fullmatch(text):
            msg = f"view {text!r} is not known; write public, party:ID or commission"
            raise PublicationError(msg)
        kind, _, party = text.partition(":")
        return cls(kind=kind, party=party or None)

    @property
    def is_release(self) -> bool:
        """Whether it leaves the mission, and so keeps to the red lines."""
        return self.kind != COMMISSION

    def __str__(self) -> str:
        return f"{self.kind}:{self.party}" if self.party else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Legal days, the first and the last included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came in: rows upstream, taken, refused, and set aside as not about the truce."""

    upstream: int
    taken: int
    refused: int
    set_aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """One condition of a consequence that is never proposed: what speaks for, against, and is missing."""

    consequence: str
    limb: str
    in_favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that a report may be made from, at full precision. Never handed to a format.

    Parameters
    ----------
    agreement
        The truce as code; its calendar says where legal days begin.
    period, previous
        Legal days reported on, and those compared with.
    as_of
        What was known at this instant is all that is here; the publication delay is counted from it.
    record_head, evidence_digest
        Head of the record's log, and the order-free digest of the evidence.
    observations ... remedies
        Tables of `tables.schemas` and `tables.posterior`, whole, not cut to the period.
    attributions_without_sealed
        Rows of ATTRIBUTIONS computed again without sealed material; None: not computed.
    area_names
        Names by area id, such as `UA-14`; an id that is neither here nor in a zone is not released.
    outlines
        Lines of a backdrop for the map, each of (lon, lat); none is a statement about sovereignty.
    holdings
        Rows of HOLDINGS; a finding on a holding that is not here is not released.
    judged_cell_m
        Findings, counts, attributions, evidence, limbs and remedies were computed from cells of this
        least side, metres, and not from places. None: from places; no release is made of them.
    amounts
        Rows of `columns.AMOUNTS`: how many each act counts by each counting rule.
    settlements
        Rows of `columns.SETTLEMENTS`: public names for the map, which no report was read from.
    licences
        Licence of what was read from a file, by the file's name.
    release_key
        Secret of the mission: a release names things by digests keyed with it. None leaves without.
    desk
        Rows of `tables.desk`, whole, by the names of their tables.
    windows
        Rows of `desk.WINDOW_STATES`.
    responsibility
        Rows of `answers.RESPONSIBILITY`: who answers for an act, which is not who did it.
    cases
        Rows of `columns.CASES`: what people decided by the instant that the view may know.
    """

    mission_id: str
    mission_title: str
    agreement: Agreement
    period: Period
    previous: Period | None
    as_of: datetime
    record_head: str
    evidence_digest: str
    intake: Intake
    observations: pa.Table
    exposures: pa.Table
    claims: pa.Table
    incidents: pa.Table
    posterior: pa.Table
    members: pa.Table
    acts: pa.Table
    findings: pa.Table
    counts: pa.Table
    attributions: pa.Table
    evidence: pa.Table
    remedies: pa.Table
    attributions_without_sealed: pa.Table | None = None
    limbs: tuple[Limb, ...] = ()
    limits: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_hypothetical: bool = False
    area_names: Mapping[str, str] = field(default_factory=dict)
    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()
    holdings: pa.Table = field(default_factory=schemas.HOLDINGS.empty_table)
    judged_cell_m: float | None = None
    amounts: pa.Table = field(default_factory=AMOUNTS.empty_table)
    settlements: pa.Table = field(default_factory=SETTLEMENTS.empty_table)
    licences: Mapping[str, str] = field(default_factory=dict)
    release_key: bytes = b""
    desk: Mapping[str, pa.Table] = field(default_factory=dict)
    windows: pa.Table = field(default_factory=WINDOW_STATES.empty_table)
    responsibility: pa.Table = field(default_factory=RESPONSIBILITY.empty_table)
    cases: pa.Table = field(default_factory=CASES.empty_table)


ROWS = pa.schema(  # one act a row: the annexed table, after the SMM's
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("began", _INSTANT, nullable=False),
        pa.field("ended", _INSTANT, nullable=False),
        pa.field("is_date_only", pa.bool_(), nullable=False),
        pa.field("hours", pa.string()),  # inside | outside | unclear: against the hours in force
        pa.field("place", pa.string()),  # zone, area or cell, in words; null: nobody said where
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("error_major_m", pa.float64()),
        pa.field("error_minor_m", pa.float64()),
        pa.field("error_azimuth_deg", pa.float64()),
        pa.field("type", pa.string()),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("weapon", pa.string()),
        pa.field("means", pa.string()),  # joined by ', '
        pa.field("positions", pa.string()),  # where observers stood; null in every release
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("count_unit", pa.string()),
        pa.field("observations", pa.int32(), nullable=False),
        pa.field("independent_roots", pa.int32(), nullable=False),
        pa.field("is_counted", pa.bool_(), nullable=False),  # p_real reaches the threshold
        pa.field("p_real", pa.float64()),  # null in every release
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("sealed", pa.int32(), nullable=False),  # withheld observations behind it
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What a view does not see: which category, how many, and whether an outcome depends on it."""

    category: str
    what: str
    number: int
    effect: str  # a key of the catalogue
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """What reports that carry only a date do to certainty, within the period."""

    observations: int
    date_only: int
    incidents: int
    incidents_date_only: int
    findings_timed: int
    findings_timed_open: int  # insufficient_evidence or ambiguous_clause
    findings_date_only: int
    findings_date_only_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one view may see. Formats read this and nothing else; nothing in it needs coarsening.

    Parameters
    ----------
    released_through
        Nothing that happened after this instant is in here: `as_of` less the publication delay.
    rows ... remedies
        Tables of this module and of `columns`, in a fixed order, cut to the period (`counts` and
        `tallies` to both periods).
    held_back
        Days of the period that are not, or not wholly, told yet; a matter of the calendar alone.
    elsewhere
        Incidents that may be told, whose middle lies outside the period.
    desk
        Sums over the period, by the names of `desk.TABLES`.
    """

    view: View
    mission_id: str
    mission_title: str
    agreement: Agreement
    period: Period
    previous: Period | None
    as_of: datetime
    released_through: datetime
    record_head: str
    evidence_digest: str
    intake: Intake
    rules: PublicationRules
    rows: pa.Table
    previous_rows: pa.Table
    verdicts: pa.Table
    accusations: pa.Table
    outcomes: pa.Table
    counts: pa.Table
    tallies: pa.Table
    claims: pa.Table
    coverage: pa.Table
    obstructions: pa.Table
    duties: pa.Table
    kept_out: pa.Table
    remedies: pa.Table
    certainty: Certainty
    withheld: tuple[Withheld, ...]
    held_back: int
    elsewhere: int
    limbs: tuple[Limb, ...]
    limits: tuple[str, ...]
    credits: tuple[str, ...]
    versions: Mapping[str, str]
    settings: Mapping[str, Any]
    is_hypothetical: bool
    outlines: tuple[tuple[tuple[float, float], ...], ...]
    settlements: pa.Table
    desk: Mapping[str, pa.Table]
    outages: pa.Table = field(default_factory=OUTAGES.empty_table)
    answers: pa.Table = field(default_factory=ANSWERS.empty_table)
    waiting: pa.Table = field(default_factory=WAITING.empty_table)
    cases: pa.Table = field(default_factory=CASES.empty_table)

    @property
    def counting_rules(self) -> tuple[str, ...]:
        """Names of the counting rules that its numbers were counted by."""
        return tuple(sorted(set(self.counts["rule"].to_pylist())))

    @property
    def stated(self) -> dict[str, str]:
        """What every release states, in whatever form: how it counted, at which record, by which rules."""
        return {
            "record_head": self.record_head,
            "counting_rules": " ".join(self.counting_rules),
            "publication_rules": self.rules.name,
        }

    @property
    def is_early(self) -> bool:
        """Whether hours of watch are kept back: the period's close lies within the delay."""
        closed = self.agreement.calendar.bounds(self.period.last_day).ended
        return self.view.is_release and closed is not None and closed > self.released_through


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form of document.

    Parameters
    ----------
    name, summary
        As listed by the command line and the documentation.
    suffix
        Of the file, with its dot.
    render
        Release to bytes; pure: the same release gives the same bytes.
    """

    name: str
    summary: str
    suffix: str
    render: Callable[[Release], bytes]
