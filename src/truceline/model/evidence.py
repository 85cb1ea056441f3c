"""What is received: sources, exhibits, observations, exposures and claims."""

from dataclasses import dataclass
from datetime import datetime

from truceline.model.place import Place
from truceline.model.time import Interval
from truceline.model.vocabulary import (
    AccessStatus,
    Direction,
    IncidentType,
    Means,
    SourceKind,
    Stance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sensor, patrol, person, publisher or party.

    `grade` is Admiralty reliability A to F (F: cannot be judged). `root` is its independence group:
    two sources of one root never corroborate each other.
    """

    source_id: str
    kind: SourceKind
    root: str
    grade: str = "F"
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """Preserved bytes: what they hash to, how many, under which name, who acquired them and when."""

    sha256: str
    size_bytes: int
    name: str
    acquired_at: datetime
    acquired_by: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many: low, best and high, in a unit. None is unknown, never zero."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One source's account of one happening. Never changed; a correction supersedes it."""

    observation_id: str
    source: str
    source_kind: SourceKind
    root: str
    known_at: datetime
    when: Interval
    is_date_only: bool = False
    is_reconstructed: bool = False
    where: Place | None = None
    what: IncidentType | None = None
    type_confidence: float = 1.0
    direction: Direction = Direction.UNDETERMINED
    means: Means | None = None
    count: Count = Count()
    weapon: str | None = None
    claimed_actor: str | None = None
    stance: Stance = Stance.NONE
    speaker: str | None = None
    text: str | None = None
    exhibit: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """When and where a source could have seen; silence is evidence only inside one.

    `kind` is `watch` (it could see), `outage`, `access_denial` or `zero_report`.
    """

    exposure_id: str
    source: str
    kind: str
    when: Interval
    where: Place | None = None
    p_detect: float | None = None
    obstructed_by: str | None = None
    controller: str | None = None
    status: AccessStatus | None = None
    minutes_lost: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A party's assertion about a whole period or front: a tally. Never an incident."""

    claim_id: str
    claimant: str
    accused: str | None
    when: Interval
    what: str
    count: Count
    published_at: datetime | None = None
    part_of: str | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Declared, inspected or inferred stock at a site. Repeated sightings never add up."""

    holding_id: str
    site: str
    party: str
    weapon: str
    count: Count
    when: Interval
    where: Place | None = None
    basis: str = "declared"
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualty:
    """A record of its own, nameless, never fused from news, no proof of author."""

    casualty_id: str
    when: Interval
    count: Count
    status: str = "reported"
    cause: str | None = None
    age_band: str | None = None
    sex: str | None = None
