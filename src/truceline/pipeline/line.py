"""The line: from a prefix of the record to remedies, as pure functions in one order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from truceline.agreement.terms import Agreement
from truceline.attribution.answering import responsibilities
from truceline.attribution.attribute import Evidence, attribute
from truceline.cases.contract import KIND as MOVE
from truceline.detection.text.reader import TextReading
from truceline.detection.text.reader import read as read_text
from truceline.findings.count import count
from truceline.findings.find import Subjects, find_all
from truceline.findings.state import STATES
from truceline.findings.state import table as states
from truceline.findings.unmandated import Allowed, mandated
from truceline.findings.windows import window_states
from truceline.fusion.decisions import Decisions
from truceline.fusion.fuse import Fusion, fuse
from truceline.fusion.parameters import FusionParameters
from truceline.model.errors import SettingsError
from truceline.model.spelling import plain
from truceline.model.time import LegalCalendar
from truceline.pipeline import plugins
from truceline.pipeline.agreements import agreement_of as agreement_of
from truceline.pipeline.agreements import term_schemas as term_schemas
from truceline.pipeline.agreements import versions_of as versions_of
from truceline.pipeline.beginning import begun
from truceline.pipeline.compiled import wait_for
from truceline.pipeline.corrections import refused_rows, standing
from truceline.pipeline.editions import Edits, settled
from truceline.pipeline.joining import Joined, joined
from truceline.pipeline.memory import give_back
from truceline.pipeline.mission import Mission
from truceline.pipeline.moves import Stood, stood, under
from truceline.pipeline.parties import party_names, with_parties_own, with_party_ids
from truceline.pipeline.tips import without_tips
from truceline.record.entry import Head
from truceline.record.store import Record
from truceline.remedies.propose import propose
from truceline.reports.alike import MIDDLE, SPREAD, put
from truceline.tables import schemas
from truceline.tables.answers import RESPONSIBILITY
from truceline.tables.desk import WINDOW_STATES
from truceline.tables.digest import evidence_digest
from truceline.tables.schemas import EVIDENCE_TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the record held at an instant: evidence tables, and what was refused on the way in."""

    as_of: datetime
    tables: Mapping[str, pa.Table]
    upstream: int
    taken: int
    refused: int
    published: pa.Table
    evidence_digest: str
    record_head: str  # of the log at the last entry of evidence that was known
    record_size: int = 0  # entries up to there
    edits: Edits = field(default_factory=Edits)
    stood: Stood = field(default_factory=Stood)  # how the mandate did
    joined: Joined = field(default_factory=Joined)  # observations that people said are one
    told: pa.Table | None = None  # counts to set beside, where not `published`

    @property
    def beside(self) -> pa.Table:
        """Counts published before, to stand beside those of now."""
        return self.published if self.told is None else self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Everything computed from one prefix of the record."""

    known: Known
    agreement: Agreement
    observations: pa.Table  # as read: text turned into type, place, time, actor
    claims: pa.Table
    exposures: pa.Table
    controls: pa.Table
    holdings: pa.Table
    set_aside: pa.Table  # observation_id, reason: not about the truce, or only a tip
    fusion: Fusion
    findings: pa.Table
    counts: pa.Table
    attributions: pa.Table
    evidence: pa.Table
    remedies: pa.Table
    windows: pa.Table  # what became of each local ceasefire
    desk: Mapping[str, pa.Table]  # inspections, calls and casualties, as they came
    states: pa.Table  # how clauses that judge nothing stand, and those that wait for them
    responsibility: pa.Table = field(default_factory=RESPONSIBILITY.empty_table)  # who answers
    allowed: Allowed = field(default_factory=dict)  # inspections, by the mandate
    parameters: FusionParameters


Announce = Callable[[str], None]


def known_at(mission: Mission, record: Record, as_of: datetime | None = None) -> Known:
    """The prefix of the record at an instant; the latest instant known to it where none is given.

    Raises
    ------
    SettingsError
        Nothing was known yet.
    """
    at = as_of or _latest(record)
    if at is None:
        msg = (
            f"the record of {mission.folder} holds nothing yet; `truceline ingest {mission.folder}`"
        )
        raise SettingsError(msg)
    every = {name: record.table(name, as_of=at) for name in EVIDENCE_TABLES}
    every, edits = settled(every, record.table("editions"))
    tables = {name: standing(name, table) for name, table in every.items()}
    one = joined(mission, record, as_of)
    head = evidence_head(record, at, one.sequences)
    taken, refused = tables["observations"].num_rows, refused_rows(record, at)
    return Known(
        as_of=at,
        tables=tables,
        upstream=taken + refused,
        taken=taken,
        refused=refused,
        published=published(record, as_of),
        evidence_digest=evidence_digest(tables | {"decisions": one.table()}),
        joined=one,
        record_head=head.digest,
        record_size=head.size,
        edits=edits,
        stood=stood(mission, agreement_of(mission), record, as_of, at),
    )


def _latest(record: Record) -> datetime | None:
    """When the last evidence became known; what we published ourselves is no evidence."""
    return max((entry.known_until for entry in record.entries(kind="batch")), default=None)


def evidence_head(record: Record, at: datetime, decisions: Collection[int] = ()) -> Head:
    """The head of the log at its last entry of evidence known by then: nothing else moves it.

    Moves by which people joined observations count as evidence while they stand.
    """
    last = next(record.entries())
    for entry in record.entries(at, kind="batch"):
        last = entry
    for entry in record.entries(kind=MOVE) if decisions else ():
        if entry.sequence in decisions and entry.sequence > last.sequence:
            last = entry
    return Head(size=last.sequence + 1, digest=last.chain_hash)


def published(record: Record, at: datetime | None, besides: str = "") -> pa.Table:
    """Counts as they were last published, by an instant if one is given; in the schema of counts.

    `besides`: publications of this evidence, by its digest, are left out. So what is released again
    from the same evidence is the same again, though the log has grown by its first release.
    """
    latest: dict[tuple[str, str, str, str], int] = {}
    for entry in record.entries(at, kind="publication"):
        if besides and entry.payload["evidence_digest"] == besides:
            continue
        for *key, number in entry.payload["counts"]:
            latest[tuple(key)] = number
    keys = sorted(latest)
    columns = {
        "legal_day": [date.fromisoformat(key[0]) for key in keys],
        "area": [key[1] for key in keys],
        "rule": [key[2] for key in keys],
        "party": [key[3] for key in keys],
        "as_published": [latest[key] for key in keys],
        "as_now_known": [latest[key] for key in keys],
    }
    return schemas.from_columns(schemas.COUNTS, columns, len(keys))


def compute(
    mission: Mission,
    known: Known,
    *,
    parameters: FusionParameters | None = None,
    cell_m: float | None = None,
    announce: Announce = lambda _: None,
) -> Line:
    """Run the whole line over what was known.

    Parameters
    ----------
    mission
        Which agreement, calendar and screened feeds.
    known
        The prefix of the record.
    parameters
        Of fusion; the defaults where None.
    cell_m
        For a release: reports are joined, and incidents placed, by cells of this least side and not
        by places. Which reports join would else tell how near they lie to one another.
    announce
        Called with the name of each stage as it begins.

    Returns
    -------
    line
        With `cell_m`, up to incidents: `releasing.judged_by_cell` judges it, from cells and never
        from true places.
    """
    parameters = parameters or FusionParameters()
    agreement = under(agreement_of(mission), known.stood)
    announce("reading text")
    names = party_names(agreement)
    observations = with_party_ids(known.tables["observations"], ("claimed_actor", "speaker"), names)
    observations = with_parties_own(observations, agreement)
    feeds = plugins.load("feeds")
    observations, tips = without_tips(observations, [n for n, f in feeds.items() if f.is_tip])
    reading = read_text(
        observations,
        party_aliases=party_names(agreement, plain),
        screened_feeds=frozenset(n for n, f in feeds.items() if f.is_screened),
        calendar_zone=mission.calendar.zone,
    )
    if tips.num_rows:
        reading = replace(reading, set_aside=pa.concat_tables([reading.set_aside, tips]))
    give_back()
    announce(f"fusing reports into incidents{wait_for()}")
    one = known.joined.among(reading.observations["observation_id"])
    fusion = _fused(reading.observations, known.tables["exposures"], parameters, cell_m, one)
    if cell_m is not None:
        by_day = replace(agreement, calendar=mission.calendar)
        return replace(_unjudged(known, by_day, reading, fusion), parameters=parameters)
    return judge(mission, known, agreement, reading, fusion, parameters, announce)


def _fused(
    observations: pa.Table,
    exposures: pa.Table,
    parameters: FusionParameters,
    cell_m: float | None,
    one: Decisions | None,
) -> Fusion:
    if cell_m is None:
        return fuse(observations, exposures, parameters, decisions=one)
    spread, middle = (put(observations, stance, cell_m) for stance in (SPREAD, MIDDLE))
    watched = put(exposures, SPREAD, cell_m)
    return fuse(spread, watched, parameters, decisions=one, located=middle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What acts were, by which clause and by whom: all that a place can change the answer of."""

    agreement: Agreement  # with the beginning of what waits for other clauses
    tables: Mapping[str, pa.Table]  # evidence, its parties written as ids
    claims: pa.Table
    subjects: Subjects
    findings: pa.Table
    zones: Mapping[str, Any]
    attributions: pa.Table
    evidence: pa.Table
    windows: pa.Table
    responsibility: pa.Table
    allowed: Allowed


def weigh(
    known: Known,
    agreement: Agreement,
    reading: TextReading,
    fusion: Fusion,
    announce: Announce,
    calendar: LegalCalendar,
) -> Weighed:
    """The line from incidents to authors; quiet days are those of the calendar."""
    tables = _with_ids(known, party_names(agreement))
    claims = schemas.concat([tables["claims"], reading.claims], schemas.CLAIMS)
    fused = {name: getattr(fusion, name) for name in ("acts", "incidents", "posterior", "members")}
    shared = {**fused, "observations": reading.observations}
    every = Subjects(**shared, **{name: tables[name] for name in _JUDGED})
    subjects, allowed = mandated(agreement, every)
    give_back()
    announce("weighing who did it")
    weighed = Evidence(**shared, controls=tables["controls"], claims=claims)
    kinds = plugins.load("evidence")
    attributions, evidence = attribute(agreement, weighed, kinds)
    give_back()
    announce("holding acts against clauses")
    agreement = begun(agreement, subjects, attributions, known.as_of, known.published, calendar)
    findings, zones = find_all(agreement, subjects, plugins.load("clauses"))
    return Weighed(
        agreement=agreement,
        tables=tables,
        claims=claims,
        subjects=subjects,
        findings=findings,
        zones=zones,
        attributions=attributions,
        evidence=evidence,
        windows=window_states(agreement, subjects),
        responsibility=responsibilities(agreement, weighed, kinds, zones, findings),
        allowed=allowed,
    )


def judge(
    mission: Mission,
    known: Known,
    agreement: Agreement,
    reading: TextReading,
    fusion: Fusion,
    parameters: FusionParameters,
    announce: Announce,
) -> Line:
    """The line from incidents on: findings, authors, counts, proposals."""
    told = weigh(known, agreement, reading, fusion, announce, mission.calendar)
    tables, found = told.tables, (told.findings, told.attributions)
    give_back()
    announce("counting, and proposing remedies")
    # Days are counted by the mission's calendar; its cut-off need not be the agreement's midnight.
    agreement = replace(told.agreement, calendar=mission.calendar)
    rules, acts = plugins.load("counting"), (fusion.acts, fusion.incidents)
    of, before = (told.subjects, told.attributions), known.beside
    counts = count(agreement, *of, rules, published=before, zones=told.zones)
    return Line(
        known=known,
        agreement=agreement,
        observations=reading.observations,
        claims=told.claims,
        exposures=tables["exposures"],
        controls=tables["controls"],
        holdings=tables["holdings"],
        set_aside=reading.set_aside,
        fusion=fusion,
        findings=told.findings,
        counts=counts,
        attributions=told.attributions,
        evidence=told.evidence,
        remedies=propose(agreement, *found, *acts, plugins.load("measures"), tables["exposures"]),
        windows=told.windows,
        responsibility=told.responsibility,
        allowed=told.allowed,
        desk={name: tables[name] for name in _DESK},
        states=states(agreement, plugins.load("clauses"), known.as_of, counts, told.subjects),
        parameters=parameters,
    )


def _unjudged(known: Known, agreement: Agreement, reading: TextReading, fusion: Fusion) -> Line:
    """The line as far as incidents; what judges acts is empty."""
    tables = _with_ids(known, party_names(agreement))
    names = ("findings", "counts", "attributions", "evidence", "remedies")
    return Line(
        known=known,
        agreement=agreement,
        observations=reading.observations,
        claims=schemas.concat([tables["claims"], reading.claims], schemas.CLAIMS),
        **{name: tables[name] for name in ("exposures", "controls", "holdings")},
        set_aside=reading.set_aside,
        fusion=fusion,
        **{name: schemas.empty(getattr(schemas, name.upper())) for name in names},
        windows=schemas.empty(WINDOW_STATES),
        desk={name: tables[name] for name in _DESK},
        states=schemas.empty(STATES),
        parameters=FusionParameters(),
    )


def _with_ids(known: Known, names: Mapping[str, str]) -> dict[str, pa.Table]:
    return {
        name: with_party_ids(known.tables[name], columns, names)
        for name, columns in _PARTY_COLUMNS.items()
    }


_JUDGED = ("holdings", "notices", "exposures", "inspections", "windows")
_DESK = ("inspections", "activations", "casualties")
_PARTY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "activations": ("caller",),
    "casualties": (),
    "claims": ("claimant", "accused"),
    "holdings": ("party",),
    "inspections": ("party", "body"),
    "notices": ("party",),
    "windows": ("party",),
    "controls": ("controller",),
    "exposures": ("obstructed_by", "controller"),
}
