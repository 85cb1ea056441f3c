"""Scores of a run against a known truth, beside an oracle's where there is one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.pipeline import dues, matter, plugins
from truceline.pipeline import mission as missions
from truceline.pipeline import oracle as oracles
from truceline.pipeline.line import agreement_of
from truceline.pipeline.matter import Labelled, labelled, read_run
from truceline.pipeline.run import run
from truceline.pipeline.scored import figures
from truceline.pipeline.sealed import Sealed, unseal
from truceline.remedies.propose import propose
from truceline.simulation.scoring.acts import true_act_of
from truceline.simulation.scoring.attribution import (
    AttributionScores,
    Told,
    score_attribution,
    told_of,
)
from truceline.simulation.scoring.bulletin import Bulletin, Comparison, compare
from truceline.simulation.scoring.due import as_run
from truceline.simulation.scoring.duties import DutyScores, score_duties
from truceline.simulation.scoring.findings import (
    FindingScores,
    asked_by,
    forecasts,
    score_findings,
)
from truceline.simulation.scoring.incidents import (
    LIKELY,
    IncidentScores,
    ToldIncidents,
    TrueIncidents,
    score_incidents,
)
from truceline.simulation.scoring.partition import labelled as shares_of
from truceline.simulation.scoring.remedies import RemedyScores, score_remedies

Ints = npt.NDArray[np.int64]
Announce = Callable[[str], None]

BAND_SEED = 20_250_419
"""Seed of the bands: the same tables give the same numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mission with its truth opened, over one numbering of its labelled observations."""

    title: str
    agreement: Agreement
    sealed: Sealed
    tables: Mapping[str, pa.Table]
    labelled: Labelled
    true: TrueIncidents


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All scores of one teller; None where it tells nothing of the kind.

    `duties` are by kind, and only of kinds that the truth speaks of.
    """

    incidents: IncidentScores | None
    findings: FindingScores | None
    attribution: AttributionScores | None
    remedies: RemedyScores | None = None
    bulletin: Comparison | None = None
    duties: Mapping[str, DutyScores] = field(default_factory=dict)


def score(
    folder: Path,
    *,
    rerun: bool = False,
    oracle: Mapping[str, pa.Table] | None = None,
    ask: bool = False,
    announce: Announce = lambda _: None,
) -> dict[str, Any]:
    """Score a mission's run against its sealed truth.

    Parameters
    ----------
    folder
        The mission, with its `truth`.
    rerun
        Run the line even where there is a run.
    oracle
        What the oracle tells, by table: `members`, `incidents` (incident_id, p_real), and, by true
        act ids, `findings` and `attributions`; any may be absent. With `acts` of its own it speaks of
        those.
    ask
        Ask the oracle, where the mission is a simulated one.
    announce
        Called with the name of each stage as it begins.

    Returns
    -------
    dict
        As `docs/how-to/score-a-run.md` lists it; every number with its band, None where nothing was
        to be measured.

    Raises
    ------
    InputError
        There is no truth, or it is not this mission's.
    """
    case = open_case(folder, rerun=rerun, announce=announce)
    if ask and oracle is None:
        oracle = oracles.tables(folder, announce=announce)
    announce("scoring")
    if oracle and "asked" in oracle:
        case = narrowed(case, oracle["asked"]["observation_id"].combine_chunks())
    best = best_of(case, oracle) if oracle else None
    line = score_tables(case, case.tables, oracle=best)
    found = figures(case, line, best.scores if best else None)
    return found | ({"asked": best.asked} if best and best.asked else {})


def open_case(folder: Path, *, rerun: bool = False, announce: Announce = lambda _: None) -> Case:
    """A mission with its truth opened; the line is run first where there is no run.

    Raises
    ------
    InputError
        There is no truth, or it is not this mission's.
    """
    mission = missions.load(folder)
    sealed = unseal(folder)
    if rerun or not (mission.out_folder / "summary.json").is_file():
        run(folder, announce=announce)
    announce("reading the run and the truth")
    tables = read_run(mission.out_folder)
    of = labelled(sealed, tables["provenance"], folder)
    return Case(
        title=mission.title,
        agreement=agreement_of(mission),
        sealed=sealed,
        tables=tables,
        labelled=of,
        true=matter.true_incidents(sealed, of),
    )


def narrowed(case: Case, asked: pa.Array) -> Case:
    """The same case over some of its observations, and over the acts that they saw.

    Parameters
    ----------
    case
        The mission.
    asked
        Ids of observations, as the run writes them.
    """
    is_asked = pc.is_in(case.labelled.observation_id, value_set=asked)
    rows = np.flatnonzero(np.asarray(is_asked))
    of = replace(
        case.labelled,
        observation_id=case.labelled.observation_id.take(pa.array(rows)),
        member=case.labelled.member[rows],
    )
    sealed = case.sealed
    seen = sealed.members["act_id"].combine_chunks().take(pa.array(of.member))
    kept = {
        name: table.filter(pc.is_in(table["act_id"], value_set=seen))
        for name in ("acts", "responsibility", "verdicts")
        if (table := getattr(sealed, name)).num_rows
    }
    sealed = replace(sealed, **kept)
    # Happenings stay whole: the act that leads one may be among those that nobody asked saw.
    true = replace(case.true, of=case.true.of[rows], is_copy=case.true.is_copy[rows])
    return replace(case, sealed=sealed, labelled=of, true=true)


def score_partition(case: Case, labels: Ints) -> IncidentScores:
    """Scores of any labelling of the case's observations, such as a peer's.

    Parameters
    ----------
    case
        The mission.
    labels
        `(n,)` number of the incident of each labelled observation; below zero: alone.
    """
    sure = np.ones(int(labels.max(initial=-1)) + 1)
    told = ToldIncidents(shares=shares_of(labels), p_real=sure)
    return score_incidents(case.true, told, _rng())


def score_tables(
    case: Case, tables: Mapping[str, pa.Table], oracle: "Best | None" = None
) -> Scores:
    """Scores of the line's tables, or of tables like them."""
    told, home = _incidents(case, tables)
    act_of = _acts(case, tables, told, home)
    authors = matter.true_authors(case.sealed, case.agreement.party_ids())
    said = told_of(authors, tables["attributions"], act_of, case.agreement.thresholds.attribution)
    verdicts = asked_by(matter.true_verdicts(case.sealed), tables["findings"], act_of)
    best = None
    if oracle is not None and oracle.findings is not None:
        best = forecasts(verdicts, oracle.findings, oracle.act_of)
    return Scores(
        incidents=score_incidents(case.true, told, _rng()),
        findings=score_findings(verdicts, tables["findings"], act_of, _rng(), best),
        attribution=score_attribution(authors, said, _rng(), oracle.authors if oracle else None),
        remedies=_remedies(case, tables, act_of),
        bulletin=_bulletin(tables, told, home, oracle),
        duties=score_duties(
            dues.true_duties(case.sealed),
            dues.told_duties(tables["findings"], tables["holdings"]),
            _rng(),
        ),
    )


def acts_of(case: Case, tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Number of the true act of each computed one that has one; peers answer for the same acts."""
    return _acts(case, tables, *_incidents(case, tables))


def told_incidents(case: Case, tables: Mapping[str, pa.Table]) -> ToldIncidents:
    """Computed incidents over the case's observations."""
    return _incidents(case, tables)[0]


def _rng() -> np.random.Generator:
    return np.random.default_rng(BAND_SEED)


def _incidents(case: Case, tables: Mapping[str, pa.Table]) -> tuple[ToldIncidents, Ints]:
    ids = tables["incidents"]["incident_id"].combine_chunks()
    told = ToldIncidents(
        shares=matter.shares(case.labelled, tables["members"], ids),
        p_real=np.asarray(tables["incidents"]["p_real"], dtype=np.float64),
        ids=ids,
        posterior=tables.get("posterior"),
        is_outgoing=matter.are_outgoing(tables.get("acts"), ids),
    )
    return told, told.shares.homes()


def _acts(
    case: Case, tables: Mapping[str, pa.Table], told: ToldIncidents, home: Ints
) -> dict[str, int]:
    """Number of the true act of each computed one that has one."""
    acts = tables["acts"]
    of = true_act_of(
        home,
        matter.true_acts(case.sealed, case.labelled),
        acts,
        told.ids,
        case.sealed.acts["type"].combine_chunks(),
    )
    kept = np.flatnonzero(of >= 0)
    ids = acts["act_id"].combine_chunks().take(pa.array(kept)).to_pylist()
    return dict(zip(ids, of[kept].tolist(), strict=True))


def _remedies(
    case: Case, tables: Mapping[str, pa.Table], act_of: Mapping[str, int]
) -> RemedyScores:
    """Against what the same rules propose of the truth; proposals on holdings have no truth here."""
    true = as_run(matter.known(case.sealed), case.agreement.party_ids())
    measures = plugins.load("measures")
    due = propose(
        case.agreement, true.findings, true.attributions, true.acts, true.incidents, measures
    )
    findings = tables["findings"]
    others = findings.filter(pc.not_equal(findings["subject_kind"], "act"))["finding_id"]
    first = pc.list_element(pc.split_pattern(tables["remedies"]["finding_ids"], ";"), 0)
    proposed = tables["remedies"].filter(
        pc.invert(pc.is_in(first, value_set=others.combine_chunks()))
    )
    names = case.sealed.acts["act_id"].to_pylist()
    by_name = {computed: names[number] for computed, number in act_of.items()}
    return score_remedies(proposed, findings, by_name, due, true.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """What the oracle tells, as the line's scores take it, its own scores, and of how much it speaks."""

    scores: Scores
    findings: pa.Table | None
    authors: Told | None
    bulletin: Bulletin | None
    act_of: Mapping[str, int]
    asked: str = ""


def best_of(case: Case, tables: Mapping[str, pa.Table]) -> Best:
    """The oracle's answers, and their scores.

    Of acts it speaks by names of its own, which its table of `acts` joins to its incidents; without one
    by their true names.
    """
    act_of = _own_names(case)
    authors = matter.true_authors(case.sealed, case.agreement.party_ids())
    verdicts = matter.true_verdicts(case.sealed)
    incidents = bulletin = table = told = found = named = None
    if "members" in tables:
        given, home = _incidents(case, tables)
        incidents = score_incidents(case.true, given, _rng())
        bulletin = _as_bulletin(tables, given, home)
        if "acts" in tables:
            act_of = _acts(case, tables, given, home)
    if "findings" in tables:
        table = _whole(tables["findings"])
        found = score_findings(verdicts, table, act_of, _rng())
    if "attributions" in tables:
        threshold = case.agreement.thresholds.attribution
        told = told_of(authors, tables["attributions"], act_of, threshold)
        named = score_attribution(authors, told, _rng())
    scores = Scores(incidents=incidents, findings=found, attribution=named)
    says = (tables["asked"].schema.metadata or {}) if "asked" in tables else {}
    return Best(
        scores=scores,
        findings=table,
        authors=told,
        bulletin=bulletin,
        act_of=act_of,
        asked=says.get(b"says", b"").decode(),
    )


def _own_names(case: Case) -> dict[str, int]:
    """Numbers of the true acts by their own names."""
    names = case.sealed.acts["act_id"].to_pylist()
    return {name: number for number, name in enumerate(names)}


def _whole(findings: pa.Table) -> pa.Table:
    """Findings with the columns that an oracle need not give."""
    rest = {"subject_kind": "act", "reading": None}
    for name, value in rest.items():
        if name not in findings.column_names:
            column = pa.repeat(pa.scalar(value, pa.string()), findings.num_rows)
            findings = findings.append_column(name, column)
    return findings


def _as_bulletin(
    tables: Mapping[str, pa.Table], told: ToldIncidents, home: Ints
) -> Bulletin | None:
    incidents = tables["incidents"]
    if "error_major_m" not in incidents.column_names:
        return None
    stated = np.asarray(incidents["p_real"], dtype=np.float64) >= LIKELY
    return Bulletin(home=home, stated=stated, incidents=incidents, is_outgoing=told.is_outgoing)


def _bulletin(
    tables: Mapping[str, pa.Table], told: ToldIncidents, home: Ints, oracle: Best | None
) -> Comparison | None:
    own = _as_bulletin(tables, told, home)
    if own is None or oracle is None or oracle.bulletin is None:
        return None
    return compare(own, oracle.bulletin)
