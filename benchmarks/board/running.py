"""One scenario from seed to result: simulate, run the line, open the truth, set rivals beside it."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.board import competing, seeds
from benchmarks.board.beside import Beside, beside_oracle
from benchmarks.board.competing import Case
from benchmarks.board.measuring import beaten, measures
from benchmarks.board.opening import Announce, Watch, opened_case
from benchmarks.board.result import ORACLE, Joined, Named, Result
from benchmarks.board.targets import Targets, judge
from benchmarks.board.tuning import Tuned, homes
from benchmarks.rivals.contract import Ints
from truceline.pipeline import scoring
from truceline.pipeline.scored import figures
from truceline.pipeline.simulating import scenario_of
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.scoring.plots import plots

PLOTS = {
    "reliability-real": "that an incident is real",
    "reliability-violation": "that an act is a violation",
    "reliability-authors": "the leading author",
    "risk-coverage": "risk against coverage",
}
WRITTEN_AS = {"false-flag-campaign": "false-flag", "copycat-news-storm": "copycat-news"}
"""Scenarios whose file has another name than the targets, which were stated first."""


def score_scenario(
    name: str,
    targets: Targets,
    folder: Path,
    *,
    scales: tuple[float, float],
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
        Empty; missions are written into it.
    scales
        Of the mission that everybody is tuned on, and of the one that is scored; the oracle may be
        asked about a thinner one.
    digest
        Of the source that is scored.
    without
        Rivals that are left out.
    effort
        Of the oracle; None: its own.
    """
    watch, scenario = Watch(announce), scenario_of(WRITTEN_AS.get(name, name))
    tuning_seed, seed = seeds.tuning_seed(name), seeds.scoring_seed(digest, name)
    tuning_scale, scale = scales
    _, tuning = opened_case(scenario, tuning_seed, tuning_scale, folder / "tuning", watch)
    with watch.stage("tuning"):
        tuned = tuple(competing.tune_all(tuning, without))
    opened, case = opened_case(scenario, seed, scale, folder / "scoring", watch)
    shipped = homes(opened.tables["members"], case.given.observations)
    with watch.stage("scoring"):
        line = scoring.score_tables(opened, opened.tables)
    thin = beside_oracle(scenario, seed, scale, folder, (opened, case), effort, watch)
    joins, names = _held_against_rivals(case, tuning, shipped, tuned, without, watch)
    found = measures(line, thin.line or line, joins, names, thin.over)
    return Result(
        scenario=name,
        title=scenario.title,
        seed=seed,
        tuning_seed=tuning_seed,
        tuning_scale=tuning_scale,
        scale=scale,
        observations=case.given.observations.num_rows,
        acts=len(set(case.act_of.values())),
        true_acts=opened.sealed.acts.num_rows,
        is_exchangeable=scenario.is_exchangeable,
        misfit=tuple(scenario.misfit),
        joined=(*joins.rows, _ahead_joined(thin)),
        named=(*names.rows, _ahead_named(thin)),
        judged=tuple(judge(targets, name, found)),
        tuned=tuned,
        beaten=beaten(thin.line, thin.over) if thin.line else (),
        asked=f"at scale {thin.scale:g} {thin.best.asked}" if thin.best else "",
        beside=found,
        duties=line.duties,
        took_s=watch.took_s,
        plots=_drawn(opened, line, thin.best),
    )


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


def _ahead_joined(thin: Beside) -> Joined:
    if thin.best is None or thin.best.scores.incidents is None:
        return Joined(name=ORACLE, note="not run")
    found, setting = thin.best.scores.incidents.hard, {"scale": thin.scale}
    return Joined(
        name=ORACLE, pair_f1=found.pair_f1, bcubed=found.bcubed, rows=thin.rows, setting=setting
    )


def _ahead_named(thin: Beside) -> Named:
    if thin.best is None or thin.best.scores.attribution is None:
        return Named(name=ORACLE)
    found = thin.best.scores.attribution.scores
    return Named(name=ORACLE, nats=found.nats, brier=found.brier, setting={"scale": thin.scale})


def _drawn(
    opened: scoring.Case, line: scoring.Scores, best: scoring.Best | None
) -> Mapping[str, str]:
    """The plots that the page shows, as SVG."""
    said = figures(opened, line, best.scores if best else None)
    drawn = plots(said["line"], said["oracle"])
    return {name: drawn[name] for name in PLOTS if name in drawn}
