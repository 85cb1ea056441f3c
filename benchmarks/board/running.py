"""One scenario from seed to result: simulate, run the line, open the truth, set rivals beside it."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.board import competing, seeds
from benchmarks.board.best import oracle_tables
from benchmarks.board.competing import Case
from benchmarks.board.measuring import beaten, measures
from benchmarks.board.pairs import f1_ratio
from benchmarks.board.result import ORACLE, Joined, Named, Result
from benchmarks.board.targets import Targets, judge
from benchmarks.board.tuning import Tuned, homes
from benchmarks.rivals.contract import Given, Ints
from truceline.pipeline import matter, scoring
from truceline.pipeline import mission as missions
from truceline.pipeline.line import known_at
from truceline.pipeline.parties import party_names, with_party_ids
from truceline.pipeline.run import open_record
from truceline.pipeline.scored import figures
from truceline.pipeline.simulating import scenario_of, simulate
from truceline.simulation.contract import Scenario
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.scoring.plots import plots
from truceline.simulation.scoring.resample import NOTHING, Banded
from truceline.tables import schemas

PLOTS = {
    "reliability-real": "that an incident is real",
    "reliability-violation": "that an act is a violation",
    "reliability-authors": "the leading author",
    "risk-coverage": "risk against coverage",
}
WRITTEN_AS = {"false-flag-campaign": "false-flag", "copycat-news-storm": "copycat-news"}
"""Scenarios whose file has another name than the targets, which were stated first."""
Announce = Callable[[str], None]


class Watch:
    """Seconds by stage; says which one begins."""

    def __init__(self, announce: Announce) -> None:
        self.took_s: dict[str, float] = {}
        self._announce = announce

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._announce(name)
        began = time.perf_counter()
        yield
        self.took_s[name] = self.took_s.get(name, 0.0) + time.perf_counter() - began


def score_scenario(
    name: str,
    targets: Targets,
    folder: Path,
    *,
    scale: float,
    digest: str,
    without: Collection[str] = (),
    announce: Announce = lambda _: None,
    effort: Effort | None = None,
) -> Result:
    """Tune everybody on the tuning seed and score everybody on the scoring seed.

    Parameters
    ----------
    name
        A scenario that the targets speak of.
    folder
        Empty; two missions are written into it.
    scale
        Of both missions.
    digest
        Of the source that is scored.
    without
        Rivals that are left out.
    effort
        Of the oracle; None: its own.
    """
    watch, scenario = Watch(announce), scenario_of(WRITTEN_AS.get(name, name))
    tuning_seed, seed = seeds.tuning_seed(name), seeds.scoring_seed(digest, name)
    _, tuning = _case(scenario, tuning_seed, scale, folder / "tuning", watch)
    with watch.stage("tuning"):
        tuned = tuple(competing.tune_all(tuning, without))
    opened, case = _case(scenario, seed, scale, folder / "scoring", watch)
    shipped = homes(opened.tables["members"], case.given.observations)
    line, beside, best, over, asked = _held_against_the_oracle(
        opened, case, shipped, (folder / "scoring", effort), watch
    )
    joins, names = _held_against_rivals(case, tuning, shipped, tuned, without, watch)
    found = measures(line, beside, joins, names, over)
    return Result(
        scenario=name,
        title=scenario.title,
        seed=seed,
        tuning_seed=tuning_seed,
        scale=scale,
        observations=case.given.observations.num_rows,
        acts=len(set(case.act_of.values())),
        true_acts=opened.sealed.acts.num_rows,
        is_exchangeable=scenario.is_exchangeable,
        misfit=tuple(scenario.misfit),
        joined=(*joins.rows, _ahead_joined(best, asked)),
        named=(*names.rows, _ahead_named(best)),
        judged=tuple(judge(targets, name, found)),
        tuned=tuned,
        beaten=beaten(beside, over),
        asked=best.asked if best else "",
        beside=found,
        duties=line.duties,
        took_s=watch.took_s,
        plots=_drawn(opened, line, best),
    )


def _case(
    scenario: Scenario, seed: int, scale: float, folder: Path, watch: Watch
) -> tuple[scoring.Case, Case]:
    """A mission written, run and opened, for the scorer and for the rivals."""
    with watch.stage("simulating"):
        simulate(scenario, seed=seed, scale=scale, out=folder)
    with watch.stage("running the line"):
        opened = scoring.open_case(folder)
    mission = missions.load(folder)
    with open_record(mission) as record:
        tables = known_at(mission, record).tables
    names = party_names(opened.agreement)
    observations = pq.read_table(mission.out_folder / "observations.parquet")
    ids = observations["observation_id"].combine_chunks()
    row = pc.index_in(opened.labelled.observation_id, value_set=ids).fill_null(-1)
    parties = opened.agreement.party_ids()
    return opened, Case(
        given=Given(
            observations=schemas.conform(observations, schemas.OBSERVATIONS),
            acts=opened.tables["acts"],
            incidents=opened.tables["incidents"],
            members=opened.tables["members"],
            controls=with_party_ids(tables["controls"], ("controller",), names),
            parties=parties,
        ),
        exposures=with_party_ids(tables["exposures"], ("obstructed_by", "controller"), names),
        attributions=opened.tables["attributions"],
        true=opened.true,
        row=np.asarray(row).astype(np.int64),
        authors=matter.true_authors(opened.sealed, parties),
        act_of=scoring.acts_of(opened, opened.tables),
        threshold=opened.agreement.thresholds.attribution,
    )


def _held_against_the_oracle(
    opened: scoring.Case, case: Case, shipped: Ints, of: tuple[Path, Effort | None], watch: Watch
) -> tuple[scoring.Scores, scoring.Scores, scoring.Best | None, Banded, int]:
    """Scores of the line, the same on what the oracle was asked about, what the oracle says if it may,
    pair F1 of the one over the other's, and on how many observations.
    """
    with watch.stage("oracle"):
        told = oracle_tables(*of)
    with watch.stage("scoring"):
        line = scoring.score_tables(opened, opened.tables)
        if not told:
            return line, line, None, NOTHING, 0
        same = scoring.narrowed(opened, told["asked"]["observation_id"].combine_chunks())
        best = scoring.best_of(same, told)
        beside = scoring.score_tables(same, same.tables, oracle=best)
    ids = case.given.observations["observation_id"].combine_chunks()
    asked = told["asked"]["observation_id"].combine_chunks()
    rows = np.flatnonzero(np.asarray(pc.is_in(ids, value_set=asked)))
    counted, ours = case.labels(shipped[rows], rows)
    _, theirs = case.labels(homes(told["members"], case.given.observations)[rows], rows)
    true, block = case.true.of[counted], case.true.blocks()[counted]
    return line, beside, best, f1_ratio(true, ours, theirs, block, _rng()), rows.size


def _held_against_rivals(
    case: Case,
    tuning: Case,
    shipped: Ints,
    tuned: Iterable[Tuned],
    without: Collection[str],
    watch: Watch,
) -> tuple[competing.Joins, competing.Names]:
    """Everybody at the setting that was best on the tuning seed."""
    bests, rng = {each.name: each.best for each in tuned}, _rng()
    with watch.stage("rivals"):
        joins = competing.join_all(case, shipped, bests, rng, without)
        names = competing.name_all(case, tuning, bests, rng)
    return joins, names


def _rng() -> np.random.Generator:
    return np.random.default_rng(scoring.BAND_SEED)


def _ahead_joined(best: scoring.Best | None, rows: int) -> Joined:
    if best is None or best.scores.incidents is None:
        return Joined(name=ORACLE, note="not run")
    found = best.scores.incidents.hard
    return Joined(name=ORACLE, pair_f1=found.pair_f1, bcubed=found.bcubed, rows=rows)


def _ahead_named(best: scoring.Best | None) -> Named:
    if best is None or best.scores.attribution is None:
        return Named(name=ORACLE)
    found = best.scores.attribution.scores
    return Named(name=ORACLE, nats=found.nats, brier=found.brier)


def _drawn(
    opened: scoring.Case, line: scoring.Scores, best: scoring.Best | None
) -> Mapping[str, str]:
    """The plots that the page shows, as SVG."""
    said = figures(opened, line, best.scores if best else None)
    drawn = plots(said["line"], said["oracle"])
    return {name: drawn[name] for name in PLOTS if name in drawn}
