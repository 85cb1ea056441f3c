"""The scoreboard: today's line, its rivals and the oracle over every scenario, against the targets.

    python -m benchmarks.score [--scenarios NAME ...] [--scale S | --acts N] [--without RIVAL ...] [--no-page]

Simulates every scenario twice, on a tuning seed that never changes and on a scoring seed that follows
from the digest of `src/truceline`; tunes everybody on the first, scores everybody on the second;
prints the budget, what was tried and chosen, and met or missed for every target. It ends with 1 if
the line beats the oracle beyond the band: something leaks. A missed target does not end it so.
Writes `docs/scoreboard.md` when it ran all scenarios at their scales, and marks there every calibration
error with fewer than 20,000 held-out acts behind it. `--acts 20000` draws world after world of each
scenario instead, without rivals, until so many acts were found and scored, and writes the errors to
`docs/scoreboard-acts.txt`, a part of that page; for all scenarios it takes hours.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.board import many, page, seeds, targets
from benchmarks.board.result import Result
from benchmarks.board.running import PLOTS, score_scenario
from benchmarks.rivals.contract import BUDGET

DOCS = seeds.ROOT / "docs"
YEAR = "year-of-the-front"
BESIDE = {
    "pair_f1_over_oracle": "pair F1 over the oracle's",
    "verdict_gain": "share of the log-score gain, base rate to oracle, verdicts",
    "author_gain": "the same of authors",
    "attributed_of_oracle": "share attributed over the oracle's",
}
SCALES = {YEAR: 0.05}
"""The year of the front is run whole by `make bench`; here, and to tune on, a twentieth stands for it."""


def main() -> int:
    stated = targets.load()
    given = _arguments(list(stated.bounds))
    names = given.scenarios or list(stated.bounds)
    digest = seeds.source_digest()
    if given.acts:
        return on_many(names, stated, digest, given)
    print(
        f"source {digest}; {BUDGET} settings for each competitor on the tuning seed of a scenario"
    )
    results = []
    for name in names:
        scale = given.scale or SCALES.get(name, 1.0)
        with tempfile.TemporaryDirectory(prefix="truceline-score-") as scratch:
            result = score_scenario(
                name, stated, Path(scratch), digest=digest, without=given.without,
                scales=(min(scale, SCALES.get(name, scale)), scale),
                announce=lambda stage, name=name: print(f"{name}: {stage} ...", file=sys.stderr),
            )  # fmt: skip
        show(result)
        results.append(result)
    is_usual = not given.scenarios and not given.scale and not given.without
    if is_usual and not given.no_page:
        write(results, stated, digest)
    return ended(results)


def on_many(
    names: Sequence[str], stated: targets.Targets, digest: str, given: argparse.Namespace
) -> int:
    """Calibration over world after world of each scenario; 0."""
    each = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="truceline-score-") as scratch:
            one = many.many(
                name, acts=given.acts, scale=SCALES.get(name, 1.0), digest=digest,
                folder=Path(scratch),
                announce=lambda stage, name=name: print(f"{name}: {stage}", file=sys.stderr),
            )  # fmt: skip
        each.append(one)
    print(many.fragment(each, stated, digest))
    if not given.no_page:
        write_many(each, stated, digest)
    return 0


def write_many(each: Sequence[many.Many], stated: targets.Targets, digest: str) -> None:
    """Their part of the page, and its pictures."""
    for name, svg in many.pictures(each):
        (DOCS / "pictures" / name).write_text(svg, encoding="utf-8")
    text = many.fragment(each, stated, digest)
    (DOCS / "scoreboard-acts.txt").write_text(text, encoding="utf-8")


def ended(results: Sequence[Result]) -> int:
    """0, or 1 where the line beats the oracle beyond the band; it is said where."""
    leaks = [f"{r.scenario}: {measure}" for r in results for measure in r.beaten]
    for leak in leaks:
        print(
            f"the line beats the oracle beyond the band: {leak}; something leaks, or the oracle is at "
            "fault: find out which before any of these numbers is believed"
        )
    return 1 if leaks else 0


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenarios", nargs="+", choices=names, metavar="NAME", help="only these")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--scale", type=float, help="of every scenario; the page is then not written")
    size.add_argument(
        "--acts", type=int, metavar="N", help="worlds until so many acts are scored, and no rivals"
    )
    parser.add_argument("--without", nargs="+", default=[], metavar="RIVAL", help="leave these out")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/scoreboard.md")
    return parser.parse_args()


def show(result: Result) -> None:
    """One scenario on the terminal."""
    print(f"\n{result.title}: seed {result.seed}, scale {result.scale:g}, "
          f"{result.observations:,} observations, {result.acts:,} of {result.true_acts:,} acts found")  # fmt: skip
    print(
        f"tuned on seed {result.tuning_seed} at scale {result.tuning_scale:g}, the chosen marked:"
    )
    for tuned in result.tuned:
        print("\n".join(tuned.lines()))
    print("who belongs with whom: pair F1")
    for one in result.joined:
        print(f"  {one.name:<20} {page.banded(one.pair_f1):<26} {one.note or f'{one.rows:,}'}")
    print("who did it: nats an act")
    for one in result.named:
        print(f"  {one.name:<20} {page.banded(one.nats)}")
    if result.asked:
        print(f"beside the oracle: {result.asked}")
        for name, says in BESIDE.items():
            print(f"  {says:<58} {page.banded(result.beside[name])}")
    for kind, duty in result.duties.items():
        for verdict, one in duty.verdicts.items():
            print(
                f"{kind}: {verdict} true of {one.true:,}, stated of {one.stated:,}, rightly of {one.right:,}"
            )
    print("targets")
    for judged in result.judged:
        print(f"  {page.verdict(judged):<22} {judged.target.measure:<28} "
              f"{judged.target.words():<16} {page.banded(judged.found)}")  # fmt: skip
    print("seconds: " + ", ".join(f"{stage} {s:.1f}" for stage, s in result.took_s.items()))
    sys.stdout.flush()


def write(results: list[Result], stated: targets.Targets, digest: str) -> None:
    """The page and its pictures."""
    pictures = DOCS / "pictures"
    for old in pictures.glob("scoreboard-*.svg"):
        if not old.name.startswith(f"scoreboard-{many.TOGETHER}-"):
            old.unlink()
    for result in results:
        for name, svg in result.plots.items():
            (pictures / f"scoreboard-{result.scenario}-{name}.svg").write_text(
                svg, encoding="utf-8"
            )
    text = page.page(results, stated, digest, PLOTS)
    (DOCS / "scoreboard.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
