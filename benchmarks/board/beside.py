"""The oracle beside the line: on the same observations of a truce thin enough for it to speak of."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.board.competing import Case
from benchmarks.board.opening import Watch, opened, write
from benchmarks.board.pairs import f1_ratio
from benchmarks.board.tuning import homes
from truceline.pipeline import oracle, scoring
from truceline.simulation.contract import Scenario
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.scoring.resample import NOTHING, Banded

THINNER = (1.0, 0.5, 0.25, 0.1, 0.05)
"""Of the board's own scale, until no stretch of the truce holds more than the oracle can sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The line and the oracle on the same observations.

    Parameters
    ----------
    line
        Scores of the line, with the oracle beside it; None: the oracle was silent.
    best
        What the oracle says.
    over
        Pair F1 of the line over the oracle's.
    rows
        On how many observations.
    scale
        Of the truce that it was asked about.
    """

    line: scoring.Scores | None = None
    best: scoring.Best | None = None
    over: Banded = NOTHING
    rows: int = 0
    scale: float = 0.0


def beside_oracle(
    scenario: Scenario,
    seed: int,
    scale: float,
    folder: Path,
    whole: tuple[scoring.Case, Case],
    effort: Effort | None,
    watch: Watch,
) -> Beside:
    """Ask the oracle about the truce, or about the same truce with fewer happenings in it.

    Parameters
    ----------
    scenario, seed, scale
        Of the truce that is scored.
    folder
        Holds its mission as `scoring`; thinner ones are written beside it.
    whole
        It, opened.
    effort
        Of the oracle; None: its own.
    """
    for share in THINNER:
        own = folder / ("scoring" if share == 1.0 else f"scoring-{share:g}")
        if share < 1.0:
            write(scenario, seed, share * scale, own, watch)
        with watch.stage("oracle"):
            asked = oracle.ask(own, effort)
        if not asked.parts:
            continue  # it is silent; the line need not be run over a truce that nobody compares
        pair = whole if share == 1.0 else opened(own, watch)
        with watch.stage("oracle"):
            told = oracle.tables_of_asked(asked, own)
        with watch.stage("scoring"):
            return _compared(*pair, told, share * scale)
    return Beside()


def _compared(ran: scoring.Case, case: Case, told: dict[str, pa.Table], scale: float) -> Beside:
    asked = told["asked"]["observation_id"].combine_chunks()
    same = scoring.narrowed(ran, asked)
    best = scoring.best_of(same, told)
    ids = case.given.observations["observation_id"].combine_chunks()
    rows = np.flatnonzero(np.asarray(pc.is_in(ids, value_set=asked)))
    shipped = homes(ran.tables["members"], case.given.observations)
    counted, ours = case.labels(shipped[rows], rows)
    _, theirs = case.labels(homes(told["members"], case.given.observations)[rows], rows)
    true, block = case.true.of[counted], case.true.blocks()[counted]
    rng = np.random.default_rng(scoring.BAND_SEED)
    return Beside(
        line=scoring.score_tables(same, same.tables, oracle=best),
        best=best,
        over=f1_ratio(true, ours, theirs, block, rng),
        rows=rows.size,
        scale=scale,
    )
