"""From the scores of the line, the oracle and the rivals to the measures that targets name."""

from collections.abc import Mapping

from benchmarks.board.competing import Joins, Names
from truceline.pipeline import scored
from truceline.pipeline.scoring import Scores
from truceline.simulation.scoring.resample import NOTHING, Banded


def measures(line: Scores, joins: Joins, names: Names, over_oracle: Banded) -> dict[str, Banded]:
    """What was found of every measure; what could not be taken is not a number.

    Parameters
    ----------
    line
        Scores of the line as it ran, with the oracle beside it where there is one.
    joins, names
        The line against its rivals.
    over_oracle
        Pair F1 of the line over the oracle's.
    """
    return {
        **{name: _banded(found) for name, found in scored.measures(line).items()},
        "pair_f1_over_best_rival": joins.over_best,
        "pair_f1_over_oracle": over_oracle,
        "author_over_best_rival_nats": names.over_best_nats,
    }


def _banded(found: Mapping[str, float | None]) -> Banded:
    known = {name: value for name, value in found.items() if value is not None}
    return Banded(**known) if len(known) == len(found) else NOTHING


def beaten(line: Scores, over_oracle: Banded) -> tuple[str, ...]:
    """Measures in which the line is better than the oracle beyond the band: something leaks."""
    excess = {"pair F1": (over_oracle, 1.0)}
    if line.findings:
        excess["log score of verdicts"] = (line.findings.scores.over_oracle, 0.0)
    if line.attribution:
        excess["log score of authors"] = (line.attribution.scores.over_oracle, 0.0)
    return tuple(name for name, (found, even) in excess.items() if found.low > even)
