"""Is the oracle's doubt right, on worlds that nobody looked at?

    python -m benchmarks.oracle [--scenario NAME] [--days D] [--scale S] [--from-seed N] [--worlds N]

The oracle is asked of worlds whose truth is at hand, and of what it says with 70 in 100, seventy in 100
must be true. The seeds of these worlds are for this alone: no setting of the oracle is chosen after a
look at them, and a seed that was looked at for that may not be used here again.

It passes where all of this holds, and says which does not:

- of every question (two accounts are of one deed; an account is of something that happened; who did
  it; that a party broke a clause) there are at least 20 answers in at least two of the four classes of
  sureness (below 0.05, below 0.5, below 0.95, above), and in every class with so many the 99 % band of
  the gap between what is true and what is said reaches to within 0.02 of nought;
- the gate lets at least 97 in 100 of the true pairs through, of at least 100;
- of at least 80 incidents with a true place, the 50 % region holds 38 to 62 in 100 and the 90 % region
  82 to 98 in 100.

These are the bounds of the deep test of the same name. They were written down before the first of
these worlds was drawn. A scenario that passes may stand in `truceline.pipeline.oracle.PROVEN`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from truceline.pipeline.oracle_trial import QUESTIONS, Answers, Gap, answers, gaps
from truceline.simulation import scenario as scenarios
from truceline.simulation.oracle.effort import Effort

DAY_S = 86_400.0
QUICK = Effort(draws=800, kept=120, runs=2, partitions=30, burn=10, each=24)
"""The effort of the deep test; `--full` asks with that of the scoreboard."""
CLASSES, PAIRS, LET_THROUGH, PLACES = 2, 100, 0.97, 80
HELD = {0.5: (0.38, 0.62), 0.9: (0.82, 0.98)}


def main() -> int:
    given = _arguments()
    scenario = scenarios.load(given.scenario)
    if given.days:
        scenario = replace(scenario, to_s=scenario.from_s + DAY_S * given.days)
    worlds = []
    for seed in range(given.from_seed, given.from_seed + given.worlds):
        began = time.perf_counter()
        one = answers(
            scenario, seed=seed, scale=given.scale, effort=Effort() if given.full else QUICK
        )
        worlds.append(one)
        print(f"seed {seed}: {one.said['real'].size} accounts, {one.within.size} incidents, "
              f"{time.perf_counter() - began:.0f} s", file=sys.stderr)  # fmt: skip
    print(f"{given.scenario}, {given.days or 'all'} days, scale {given.scale:g}, seeds {given.from_seed} to "
          f"{given.from_seed + given.worlds - 1}")  # fmt: skip
    wrong = judged(worlds)
    print("\n".join(f"FAILS: {one}" for one in wrong) or "passes")
    return 1 if wrong else 0


def judged(worlds: Sequence[Answers]) -> list[str]:
    """Print what was found; which of the bounds above do not hold."""
    held = gaps(worlds)
    for gap in held:
        print(_words(gap))
    wrong = [_words(gap) for gap in held if not gap.is_right]
    for question in QUESTIONS:
        if sum(gap.question == question for gap in held) < CLASSES:
            wrong.append(f"too few answers: {question}")
    pairs = int(sum(world.true["pair"].sum() for world in worlds))
    through = sum(world.looked_at for world in worlds)
    print(f"the gate let {through:,} of {pairs:,} true pairs through")
    if pairs < PAIRS or through < LET_THROUGH * pairs:
        wrong.append(f"the gate: {through:,} of {pairs:,} pairs")
    within = np.concatenate([world.within for world in worlds])
    for level, (least, most) in HELD.items():
        share = float((within <= level).mean()) if within.size else float("nan")
        print(f"the {level:.0%} region holds {share:.3f} of {within.size} true places")
        if within.size < PLACES or not least <= share <= most:
            wrong.append(f"the {level:.0%} region: {share:.3f} of {within.size}")
    return wrong


def _words(gap: Gap) -> str:
    return (
        f"{gap.question:<10} said {gap.low:.2f} to {min(gap.high, 1.0):.2f}: true less said "
        f"{gap.mean:+.4f} ({gap.least:+.4f} to {gap.most:+.4f}) of {gap.count:,} answers"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenario", default="quiet-week")
    parser.add_argument("--days", type=float, default=1.0, help="0: all of them")
    parser.add_argument("--scale", type=float, default=0.25)
    parser.add_argument("--from-seed", type=int, default=7000)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--full", action="store_true", help="with the effort of the scoreboard")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
