"""Rivals and the line on one simulated truce: the same observations, the same acts, one call."""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.board.pairs import f1_ratio, pair_f1
from benchmarks.board.result import LINE, Joined, Named
from benchmarks.board.tuning import LINE_GRID, Tuned, earliest, fused, part, tune
from benchmarks.rivals.contract import Floats, Given, Ints, Rival, load
from truceline.simulation.scoring.attribution import Told, TrueAuthors, told_of
from truceline.simulation.scoring.calibration import FLOOR, brier_scores, log_scores
from truceline.simulation.scoring.incidents import TrueIncidents
from truceline.simulation.scoring.partition import agreement, labelled
from truceline.simulation.scoring.resample import NOTHING, Banded, mean_banded

ALONE, UNSEEN = -1, -2
Bests = Mapping[str, Mapping[str, Any]]
"""By competitor the setting that was best on the tuning seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A simulated truce that the line has run, with its truth laid beside its tables.

    Parameters
    ----------
    given
        What rivals see.
    exposures
        What only the line's fusion takes beside observations.
    attributions
        The line's own.
    true
        Of each labelled observation.
    row
        `(labelled,)` row of each in `given.observations`; -1: the line set it aside, so that it is
        alone for everybody.
    authors
        Of the true acts.
    act_of
        Number of the true act of each computed one that has one.
    threshold
        From which probability on a party is named.
    """

    given: Given
    exposures: pa.Table
    attributions: pa.Table
    true: TrueIncidents
    row: Ints
    authors: TrueAuthors
    act_of: Mapping[str, int]
    threshold: float

    def author_columns(self) -> Ints:
        """Column of the true author of each computed act among the hypotheses; -1: not known."""
        column = pc.index_in(self.authors.author, pa.array(self.given.hypotheses)).fill_null(-1)
        return np.append(np.asarray(column, np.int64), -1)[self.true_acts()]

    def true_acts(self) -> Ints:
        """Number of the true act of each computed one; -1: none."""
        acts = self.given.acts["act_id"].to_pylist()
        return np.array([self.act_of.get(act, -1) for act in acts], np.int64)

    def labels(self, told: Ints, rows: Ints) -> tuple[Ints, Ints]:
        """Which labelled observations count, and the label of each of them.

        Parameters
        ----------
        told
            `(rows,)` what a competitor said.
        rows
            Which observations it saw; what was set aside counts only for who saw all.
        """
        of = np.full(self.given.observations.num_rows + 1, UNSEEN, np.int64)
        of[rows] = np.maximum(told, ALONE)
        if rows.size == self.given.observations.num_rows:
            of[-1] = ALONE
        label = of[self.row]
        counted = np.flatnonzero(label != UNSEEN)
        return counted, label[counted]


def joiners_of(case: Case, without: Collection[str]) -> Iterator[Rival]:
    """The line's fusion as one competitor among others, then every rival that is installed."""

    def run(seen: Given, **setting: Any) -> Ints:
        return fused(seen.observations, case.exposures, **setting)

    yield Rival(name=LINE, task="association", idea="this project", run=run, grid=LINE_GRID)
    for rival in load("association").values():
        if rival.is_ready() and rival.name not in without:
            yield rival


def tune_all(case: Case, without: Collection[str] = ()) -> list[Tuned]:
    """Everybody's settings on the tuning seed; first the line's."""
    joiners = [_tune_joiner(rival, case) for rival in joiners_of(case, without)]
    return [*joiners, *(_tune_namer(rival, case) for rival in load("attribution").values())]


def _tune_joiner(rival: Rival, case: Case) -> Tuned:
    rows = earliest(case.given.observations, rival.most_rows)
    seen = part(case.given, rows)

    def score(told: Ints) -> float:
        counted, labels = case.labels(told, rows)
        return pair_f1(case.true.of[counted], labels)

    return tune(rival.name, rival.grid, lambda **s: rival.run(seen, **s), score)


def _tune_namer(rival: Rival, case: Case) -> Tuned:
    """Learned on every other campaign of the tuning seed, scored on those between."""
    authors = case.author_columns()
    is_held_out = np.append(case.authors.campaign, -1)[case.true_acts()] % 2 == 1
    seen = np.where(is_held_out, -1, authors)

    def run(**setting: Any) -> Floats:
        learned = rival.learn(case.given, seen, **setting)
        return rival.run(case.given, learned, **setting)

    def score(p: Floats) -> float:
        told = np.maximum(p[is_held_out, authors[is_held_out]], FLOOR)
        return float(np.log(told[authors[is_held_out] >= 0]).mean())

    return tune(rival.name, rival.grid, run, score)


def _told(case: Case, p: Floats) -> Told:
    """A rival's probabilities as attributions on the true acts."""
    acts, names = case.given.acts["act_id"].combine_chunks(), case.given.hypotheses
    table = pa.table(
        {
            "act_id": acts.take(pa.array(np.repeat(np.arange(len(acts)), len(names)))),
            "hypothesis": pa.array(list(names) * len(acts), pa.string()),
            "p": p.ravel(),
        }
    )
    return told_of(case.authors, table, case.act_of, case.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """Who joined how well; `over_best` is the line's pair F1 over that of the best rival."""

    rows: tuple[Joined, ...]
    over_best: Banded


def join_all(
    case: Case, shipped: Ints, bests: Bests, rng: np.random.Generator, without: Collection[str] = ()
) -> Joins:
    """The line as it ran, as tuned, and every rival at its best setting.

    Parameters
    ----------
    shipped
        `(observations,)` likeliest incident of each, as the line ran.
    bests
        From the tuning seed.
    """
    everything = np.arange(case.given.observations.num_rows)
    rows = [_joined(case, LINE, shipped, everything, rng)]
    best, over = -1.0, NOTHING
    for rival in joiners_of(case, without):
        setting, taken = bests[rival.name], earliest(case.given.observations, rival.most_rows)
        seen, began = part(case.given, taken), time.perf_counter()
        told = rival.run(seen, **setting)
        took_s = time.perf_counter() - began
        is_line = rival.name == LINE
        name = f"{LINE}, tuned" if is_line else rival.name
        found = replace(_joined(case, name, told, taken, rng), setting=setting, took_s=took_s)
        rows.append(found)
        if not is_line and found.pair_f1.value > best:
            best, over = found.pair_f1.value, _ratio(case, shipped, told, taken, rng)
    absent = load("association").keys() - {row.name for row in rows}
    rows += [Joined(name=name, note="not run") for name in sorted(absent)]
    return Joins(rows=tuple(rows), over_best=over)


def _ratio(case: Case, shipped: Ints, told: Ints, rows: Ints, rng: np.random.Generator) -> Banded:
    counted, theirs = case.labels(told, rows)
    _, ours = case.labels(shipped[rows], rows)
    return f1_ratio(case.true.of[counted], ours, theirs, case.true.blocks()[counted], rng)


def _joined(case: Case, name: str, told: Ints, rows: Ints, rng: np.random.Generator) -> Joined:
    counted, labels = case.labels(told, rows)
    block = case.true.blocks()[counted]
    found = agreement(case.true.of[counted], labelled(labels), block, rng)
    return Joined(name=name, pair_f1=found.pair_f1, bcubed=found.bcubed, rows=rows.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who named how well; `over_best_nats` is the line's log score less the best rival's."""

    rows: tuple[Named, ...]
    over_best_nats: Banded


def name_all(case: Case, tuning: Case, bests: Bests, rng: np.random.Generator) -> Names:
    """The line and every rival at its best setting; who learns has learned on the tuning seed."""
    line = told_of(case.authors, case.attributions, case.act_of, case.threshold)
    rows = [_named(LINE, line, {}, rng)]
    best, over = -np.inf, NOTHING
    for rival in load("attribution").values():
        setting = bests[rival.name]
        known = tuning.author_columns()
        learned = rival.learn(tuning.given, known, **setting)
        told = _told(case, rival.run(case.given, learned, **setting))
        rows.append(_named(rival.name, told, setting, rng))
        if rows[-1].nats.value > best:
            best = rows[-1].nats.value
            more = log_scores(line.said.of_truth()) - log_scores(told.said.of_truth())
            over = mean_banded(more, line.said.block, rng)
    return Names(rows=tuple(rows), over_best_nats=over)


def _named(name: str, told: Told, setting: Mapping[str, Any], rng: np.random.Generator) -> Named:
    said = told.said
    if not said.truth.size:
        return Named(name=name, setting=setting)
    wrong = said.p.argmax(axis=1) != said.truth
    return Named(
        name=name,
        nats=mean_banded(log_scores(said.of_truth()), said.block, rng),
        brier=mean_banded(brier_scores(said.p, said.truth), said.block, rng),
        wrong=mean_banded(wrong.astype(np.float64), said.block, rng),
        setting=setting,
    )
