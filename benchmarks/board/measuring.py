"""From the scores of the line, the oracle and the rivals to the measures that targets name."""

from collections.abc import Mapping

from benchmarks.board.competing import Joins, Names
from truceline.pipeline import scored
from truceline.pipeline.scoring import Scores
from truceline.simulation.scoring.resample import NOTHING, Banded

OF_ORACLE = ("verdict_gain", "author_gain", "attributed_of_oracle")
"""Measures that need an oracle, taken on what it was asked about."""


def measures(
    line: Scores, beside: Scores, joins: Joins, names: Names, over_oracle: Banded
) -> dict[str, Banded]:
    """What was found of every measure; what could not be taken is not a number.

    Parameters
    ----------
    line
        Scores of the line as it ran.
    beside
        The same on what the oracle was asked about, with the oracle beside it where there is one.
    joins, names
        The line against its rivals.
    over_oracle
        Pair F1 of the line over the oracle's.
    """
    whole, of_oracle = scored.measures(line), scored.measures(beside)
    whole |= {name: of_oracle[name] for name in OF_ORACLE if name in of_oracle}
    return {
        **{name: _banded(found) for name, found in whole.items()},
        "pair_f1_over_best_rival": joins.over_best,
        "pair_f1_over_oracle": over_oracle,
        "author_over_best_rival_nats": names.over_best_nats,
    }


def _banded(found: Mapping[str, float | None]) -> Banded:
    known = {name: value for name, value in found.items() if value is not None}
    return Banded(**known) if len(known) == len(found) else NOTHING


def beaten(beside: Scores, over_oracle: Banded) -> tuple[str, ...]:
    """Measures in which the line is better than the oracle beyond the band: something leaks."""
    excess = {"pair F1": (over_oracle, 1.0)}
    if beside.findings:
        excess["log score of verdicts"] = (beside.findings.scores.over_oracle, 0.0)
    if beside.attribution:
        excess["log score of authors"] = (beside.attribution.scores.over_oracle, 0.0)
    return tuple(name for name, (found, even) in excess.items() if found.low > even)
