"""The nouns of an agreement: dated, sourced terms. Rooms read these; `agreement.load` makes them.

Figures live here and nowhere in code. A figure that the public text does not give is None and its
clause says why in `missing`; such a clause can only yield `insufficient_evidence`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from truceline.model.time import Interval, LegalCalendar
from truceline.model.vocabulary import LineKind, RemedyType, StandardMet

Point = tuple[float, float]  # lon, lat: GeoJSON order, inside geometries only
Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """Where a figure or a rule was read."""

    cite: str
    url: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party to the agreement, or the declarer of an undertaking."""

    party_id: str
    names: Mapping[str, str]  # language -> name
    aliases: tuple[str, ...] = ()  # how feeds and texts write it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line on the ground, of one kind, in force for a time. Without prejudice to any other."""

    line_id: str
    kind: LineKind
    valid: Interval
    paths: tuple[Ring, ...] | None  # polylines; None where no public coordinates exist
    missing: str = ""
    error_m: float = 0.0  # 95 % error of the drawn line
    left: str | None = None  # party on the left hand of one who walks the line as it is drawn
    right: str | None = None
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area with a validity: polygons, or a width to each side of a line."""

    zone_id: str
    name: str
    valid: Interval
    polygons: tuple[tuple[Ring, ...], ...] | None  # each: outer ring, then holes
    line_id: str | None = None
    width_m: float | None = None  # to each side of the line, where the zone is made from one
    side: str | None = None  # party on whose side of the line the zone lies; None: both
    area_ids: tuple[str, ...] = ()  # ids by which reports name this area (for example UA-14)
    missing: str = ""
    error_m: float = 0.0
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPeriod:
    """When a clause binds a party: `state` is in_force or suspended."""

    party_id: str
    when: Interval
    state: str = "in_force"
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """From when on a clause that waits for another one asks anything of a party.

    No text holds this: it is told from what was counted, and laid over the clause before it judges.

    Parameters
    ----------
    after
        Ids of the clauses that it waits for, joined by `;`.
    perhaps_at, surely_at
        From when on it perhaps does, and surely does; None: not yet. Between them nobody can tell.
    because
        Why, in a sentence.
    """

    party_id: str
    after: str
    perhaps_at: datetime | None
    surely_at: datetime | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """What takes a subject out of a clause, and what takes it back in (`unless`).

    `when` holds conditions, all of which must be met:
    `types` (incident types), `zone` (zone id), `actors` (party ids or actor names),
    `weapons` (weapon classes), `notice` (true: a notice covers it), `response` (true: it answers
    an earlier violation of the other party within `within_h` hours and `within_km` km).
    """

    exception_id: str
    verdict: str  # exempt | permitted_response
    when: Mapping[str, Any]
    because: str = ""
    unless: tuple["ExceptionRule", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One side's, or one scholar's, reading of a disputed clause: what it changes. Each is evaluated."""

    reading_id: str
    held_by: tuple[str, ...]
    summary: str
    terms: Mapping[str, Any] = field(default_factory=dict)  # laid over the clause's terms
    periods: tuple[PartyPeriod, ...] | None = None  # replaces the clause's periods
    exceptions: tuple[ExceptionRule, ...] | None = None  # replaces the clause's exceptions
    begins: tuple[Beginning, ...] | None = None  # replaces the clause's, by another way to count
    translation: str | None = None  # it rests on this translation, which says something else
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One obligation, prohibition or rule of the agreement.

    `basis` is `agreement` or `undertaking`; an undertaking binds its declarer alone, and what
    breaks it is `inconsistent_with_declaration`. `terms` belong to the clause kind and are checked
    against its schema.
    """

    clause_id: str
    article: str
    kind: str
    title: str
    text: str  # our plain summary; the authentic text is behind text_hash
    periods: tuple[PartyPeriod, ...]
    terms: Mapping[str, Any]
    basis: str = "agreement"
    text_hash: str | None = None
    exceptions: tuple[ExceptionRule, ...] = ()
    readings: tuple[Reading, ...] = ()
    missing: str = ""  # why it cannot be judged, where a figure or a map is not public
    sources: tuple[SourceNote, ...] = ()
    at: str = ""  # file:line, for messages
    begins: tuple[Beginning, ...] | None = None  # None: nobody told what it waits for, if at all

    def binds(self, party_id: str, at: datetime) -> bool:
        """Whether the clause is in force for the party at the instant, what it waits for being met."""
        waits = [each for each in self.begins or () if each.party_id == party_id]
        if any(each.surely_at is None or at < each.surely_at for each in waits):
            return False
        return any(
            p.party_id == party_id
            and p.state == "in_force"
            and p.when.began <= at
            and (p.when.ended is None or at < p.when.ended)
            for p in self.periods
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder: which measures, after what, on which standard of proof."""

    rung: int
    measures: tuple[RemedyType, ...]
    required_standard: StandardMet
    due: str  # a duration such as "24 h", counted from a start that a named person gives
    when: Mapping[str, Any]  # min_severity, min_repetition, within_days, outcomes
    ends_when: str  # the off-ramp
    addressee: str = "accused"
    article: str = ""
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The remedies that the agreement allows, lowest rung first, with its ceiling."""

    rungs: tuple[Rung, ...]
    cap: Mapping[str, int]  # severity -> highest rung
    limb_lists: Mapping[str, tuple[str, ...]]  # never proposed: name -> limbs to lay out
    basis: str = ""  # the article, or "default ladder: the agreement has none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Decision thresholds that the commission adopts; sorting numbers, not standards of proof."""

    finding: float = 0.9
    attribution: float = 0.95
    probable: float = 0.8
    prior_low: float = 0.2  # symmetric prior range of each party
    prior_high: float = 0.4
    p_real: float = 0.5  # below this an incident is listed as unconfirmed and not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Ground along a line: from `from_m` metres, included, to `to_m`, not; one side of it or both."""

    line_id: str
    from_m: float
    to_m: float
    side: str | None = None  # `left` or `right` of the line as it is drawn; None: both


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One thing that a body may do, and of what; without a scope it may do it everywhere.

    `act` is observe, inspect, find, attribute, propose, rule or publish. Zones and bands add up;
    `weapons` is a selector that narrows both.
    """

    act: str
    zones: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    weapons: Mapping[str, Any] | None = None
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A mission, commission, guarantor or other body, and how it comes to a decision.

    `quorum` and `members` are numbers of members, None where the text gives none. The rest is in
    words; a signer is a role, never a name.
    """

    body_id: str
    name: str
    kind: str  # mission | commission | guarantor | other
    may: tuple[Grant, ...]
    members: int | None = None
    quorum: int | None = None
    recusal: str = ""
    deadlock: str = ""
    reconsideration: str = ""
    emergency_signer: str = ""
    article: str = ""
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What the text keeps from every body, and the article that does so."""

    act: str
    article: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Who may do what under the agreement. Where the text is silent, `is_stated` is false."""

    bodies: tuple[Body, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    is_stated: bool = False
    note: str = ""
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A text in another language than the authentic ones: it proves nothing, and may mislead."""

    translation_id: str
    language: str
    text_hash: str | None = None  # of the bytes that were read
    is_divergent: bool = False  # it says something else; a reading then names it
    note: str = ""
    sources: tuple[SourceNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The languages in which the text is authentic, and its translations."""

    authentic: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A truce as code: dated text in one version."""

    agreement_id: str
    version: str
    title: str
    is_hypothetical: bool
    calendar: LegalCalendar
    parties: tuple[Party, ...]
    lines: tuple[Line, ...]
    zones: tuple[Zone, ...]
    clauses: tuple[Clause, ...]
    ladder: Ladder
    thresholds: Thresholds
    definitions: Mapping[str, Any] = field(default_factory=dict)
    asymmetries: tuple[str, ...] = ()  # reported, not forbidden
    non_party_exclusions: tuple[str, ...] = ()  # actors that the text or both parties exclude
    grants: frozenset[str] = frozenset({"observe", "find", "attribute", "propose"})  # of any body
    mandate: Mandate = field(default_factory=Mandate)
    languages: Languages = field(default_factory=Languages)
    publication: Mapping[str, Any] = field(default_factory=dict)  # rules that it tightens
    variant: str | None = None  # unadopted changes laid over the text; such a text is hypothetical
    signed_on: date | None = None
    sources: tuple[SourceNote, ...] = ()

    def party_ids(self) -> tuple[str, ...]:
        """Ids in the order of the text."""
        return tuple(party.party_id for party in self.parties)
