"""What is computed and what is decided: incidents, acts, findings, attributions, remedies, cases."""

from dataclasses import dataclass
from datetime import datetime

from truceline.model.place import Place
from truceline.model.time import Interval
from truceline.model.vocabulary import (
    Direction,
    IncidentType,
    RemedyType,
    Responsibility,
    StandardMet,
    Verdict,
    VerificationStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One actor's deed within an incident."""

    act_id: str
    incident_id: str
    type: IncidentType | None
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A happening fused from observations: how surely real, when, where and what."""

    incident_id: str
    p_real: float
    when: Interval
    where: Place | None
    type: IncidentType | None
    p_type: float
    observations: tuple[str, ...]
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Clause x subject x party: a proposed verdict, what led there, what would flip it."""

    finding_id: str
    subject_kind: str
    subject_id: str
    party: str
    clause_id: str
    agreement_version: str
    probabilities: tuple[tuple[Verdict, float], ...]
    verdict: Verdict
    trace: tuple[str, ...] = ()
    flips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """One item of evidence about the author: its capped log-likelihood ratio per hypothesis."""

    kind: str
    summary: str
    nats: tuple[tuple[str, float], ...]
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who did it, as far as the listed evidence tells; `undetermined` by default."""

    act_id: str
    outcome: Responsibility
    probabilities: tuple[tuple[str, float, float, float], ...]
    items: tuple[EvidenceItem, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A measure proposed under a rung of the ladder. A clock starts only when a person starts it."""

    remedy_id: str
    finding_ids: tuple[str, ...]
    rung: int
    measure: RemedyType
    addressee: str
    due: str
    required_standard: StandardMet
    why: str
    why_not_next: str
    ends_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A signed decision of the body that the agreement empowers. Only this finds."""

    ruling_id: str
    case_id: str
    decided_at: datetime
    body: str
    standard: StandardMet
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What people do about a matter: verification, notice, reply, dispute, ruling, publication."""

    case_id: str
    status: VerificationStatus
    subjects: tuple[str, ...]
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a guarantor owes, and what activates it."""

    commitment_id: str
    guarantor: str
    domain: str
    status: str
    when: Interval
    activated_by: str = ""
