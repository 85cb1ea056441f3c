"""Who did it: read off the map. Whoever holds the place did it, or the one across the line."""

import numpy as np
import pyarrow.compute as pc

from benchmarks.rivals.contract import Floats, Given, Rival
from benchmarks.rivals.testimony import NOBODY, base_rates, holder, spread_over


def run(given: Given, rates: Floats, *, trust: float, rule: str) -> Floats:
    """Probabilities; `rule` says whom the place accuses: `holder`, or `across`.

    `across`: of an impact or incoming fire the other party, of outgoing fire the holder.
    """
    party = holder(given)
    if rule == "across" and len(given.parties) == 2:
        outgoing = np.asarray(pc.equal(given.acts["direction"], "outgoing"))
        party = np.where((party != NOBODY) & ~outgoing, 1 - party, party)
    return spread_over(party, trust, rates)


RIVAL = Rival(
    name="nearest controller",
    task="attribution",
    idea="the map's rule of thumb; own",
    run=run,
    learn=base_rates,
    grid={"trust": (0.05, 0.15, 0.3, 0.45, 0.6, 0.8), "rule": ("holder", "across")},
)
