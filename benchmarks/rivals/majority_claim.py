"""Who did it: whom most reports accuse."""

import numpy as np

from benchmarks.rivals.contract import Floats, Given, Rival
from benchmarks.rivals.testimony import NOBODY, base_rates, claims, spread_over


def run(given: Given, rates: Floats, *, trust: float, by_source: bool) -> Floats:
    """Probabilities; a tie accuses nobody."""
    votes = claims(given, by_source=by_source)
    top = votes.max(1, initial=0.0)
    alone = (votes == top[:, None]).sum(1) == 1
    return spread_over(np.where((top > 0) & alone, votes.argmax(1), NOBODY), trust, rates)


RIVAL = Rival(
    name="majority claim",
    task="attribution",
    idea="majority voting; own",
    run=run,
    learn=base_rates,
    grid={"trust": (0.05, 0.15, 0.3, 0.45, 0.6, 0.8), "by_source": (True, False)},
)
