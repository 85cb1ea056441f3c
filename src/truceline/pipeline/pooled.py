"""What a run said, forecast by forecast, so that several missions can be judged together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from truceline.pipeline import matter
from truceline.pipeline.scoring import Case, acts_of, told_incidents
from truceline.simulation.scoring.attribution import told_of
from truceline.simulation.scoring.calibration import Reliability, reliability
from truceline.simulation.scoring.findings import VERDICTS, asked_by, forecasts
from truceline.simulation.scoring.incidents import real_or_not
from truceline.simulation.scoring.resample import MOST_BLOCKS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUESTIONS = ("real", "violation", "authors")
"""An incident is real; an act would be a violation, were that party its author; the leading author did it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Forecasts of one kind, `(n,)` each.

    Parameters
    ----------
    p, came
        What was said, and whether it was so.
    block
        What is resampled together.
    """

    p: Floats
    came: Flags
    block: Ints


def said_by(case: Case) -> dict[str, Said]:
    """What the line said in a mission, by the words of `QUESTIONS`; scored as `scoring.score` does.

    Parameters
    ----------
    case
        The mission with its truth opened.
    """
    tables = case.tables
    act_of = acts_of(case, tables)
    p, is_real, block = real_or_not(case.true, told_incidents(case, tables))
    verdicts = asked_by(matter.true_verdicts(case.sealed), tables["findings"], act_of)
    found = forecasts(verdicts, tables["findings"], act_of)
    broken = VERDICTS.index("violation")
    authors = matter.true_authors(case.sealed, case.agreement.party_ids())
    who = told_of(authors, tables["attributions"], act_of, case.agreement.thresholds.attribution)
    lead = who.said.p.argmax(axis=1)
    return {
        "real": Said(p=p, came=is_real, block=block),
        "violation": Said(p=found.p[:, broken], came=found.truth == broken, block=found.block),
        "authors": Said(
            p=who.said.p.max(axis=1), came=lead == who.said.truth, block=who.said.block
        ),
    }


def pooled(missions: Iterable[Mapping[str, Said]], rng: Generator) -> dict[str, Reliability]:
    """Reliability over several missions at once, by question; campaigns of different missions are apart.

    Parameters
    ----------
    missions
        What was said in each.
    rng
        For bands; seeded by the caller.
    """
    every = list(missions)
    found = {}
    for question in QUESTIONS:
        said = [one[question] for one in every]
        first = np.cumsum([0, *(one.block.max(initial=-1) + 1 for one in said)])
        block = [one.block + start for one, start in zip(said, first[:-1], strict=True)]
        found[question] = reliability(
            np.concatenate([one.p for one in said]),
            np.concatenate([one.came for one in said]),
            np.concatenate(block) % MOST_BLOCKS,
            rng,
        )
    return found
