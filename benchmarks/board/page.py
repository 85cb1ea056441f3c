"""The scoreboard as a page: generated tables around paragraphs that people write."""

import math
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.board.result import LINE, ORACLE, Result
from benchmarks.board.targets import Judged, Targets
from benchmarks.board.tuning import words
from benchmarks.rivals.contract import BUDGET
from truceline.pipeline.oracle import PROVEN
from truceline.simulation.scoring.resample import Banded

_HEAD = """\
# Scoreboard

Today's line against its rivals and against an oracle, on made-up truces whose truth is known.
`make score` writes this page; the paragraphs under [where we lose](#where-we-lose-and-why) are
written by people. Every truce here is hypothetical.

Source scored: `{digest}`. Scoring seeds follow from that digest, so nobody can tune to them; tuning
seeds are others. Targets were stated on {stated_on}, before anything was measured, in
`benchmarks/targets.toml`; a target is met only where the unfavourable end of its 95 % band meets it,
and a measure that could not be taken is missed. Bands resample whole campaigns. At a scale below one
a scenario has fewer happenings and fewer sources than its name promises.

A calibration error needs many acts. Where fewer than {least:,} held-out acts were found and scored, the
error is thin: it is marked {thin}, its band is wide, and what it does not show is no comfort.
"""
THIN = "†"
"""Marks an error behind which too few acts stand."""
CALIBRATED = ("real_calibration", "verdict_calibration")
"""Measures that are calibration errors."""
_MANY = """\
### On many acts

```{include} scoreboard-acts.txt
```
"""
_JOIN = """\
## Who belongs with whom

Pair F1, with the 95 % band. Each rival saw the same observations as the line, text already read into
type, place and time, and tried {budget} settings on the tuning seed. *{line}* is the line as a
mission runs it, at its defaults; it is the one that targets judge. *{line}, tuned* tried
{budget} settings too. The oracle knows the density that the truce was drawn from. It can
sample only so much at once: where the truce is too dense, a truce of the same seed and a smaller scale
stands in, and measures that need the oracle are taken there, the line on the same observations. A line
above it beyond the band has seen the truth somewhere, or the oracle is at fault. How far its own doubt was
right on truces that nobody had looked at is in [Score a run](how-to/score-a-run.md); all of it was in {proven}.
"""
_NAME = """\
## Who did it

Mean log score in nats an act; zero is certainty in the truth, and higher is better. Rivals were asked
about the line's own acts.
"""
_DUE = """\
## What was held, and what was due

Findings on what is no act, in scenarios whose agreement has a cap on tanks or inspections. A stretch of
time under the cap is one question, and so is a date by which a site had to be seen. *Given* is the mean
probability that the line gave to the verdict where it was true. The oracle is not asked about these, and
nobody else answers.
"""


def page(results: Sequence[Result], targets: Targets, digest: str, plots: Mapping[str, str]) -> str:
    """The whole page in Markdown; `plots` says what each picture shows."""
    parts = [
        _HEAD.format(
            digest=digest, stated_on=targets.stated_on, least=targets.least_acts, thin=THIN
        ),
        *_summary(results, targets.least_acts),
        *_plots(results, plots),
        _MANY,
        "## Where we lose, and why",
        "```{include} scoreboard-in-words.txt\n```",
        _JOIN.format(
            budget=BUDGET, line=LINE, proven=", ".join(sorted(PROVEN)) or "no scenario yet"
        ),
        *_joins(results),
        _NAME,
        *_names(results),
        *_duties(results),
        "## Targets, one by one",
        *_means(targets),
        *(block for result in results for block in _judged(result, targets.least_acts)),
        "## Tuning",
        f"Every competitor tried {BUDGET} settings on the tuning seed of each scenario; chosen were:",
        *_tuned(results),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def number(value: float) -> str:
    """Three digits that matter; a dash where there is nothing.

    Examples
    --------
    >>> number(0.12345), number(45.678), number(float("nan"))
    ('0.123', '45.7', '–')
    """
    if not math.isfinite(value):
        return "–"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def banded(found: Banded) -> str:
    """A value with its band.

    Examples
    --------
    >>> banded(Banded(value=0.5, low=0.4, high=0.6))
    '0.500 (0.400 to 0.600)'
    """
    if not math.isfinite(found.value):
        return "–"
    if not math.isfinite(found.low) or found.low == found.high:
        return number(found.value)
    return f"{number(found.value)} ({number(found.low)} to {number(found.high)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def is_thin(result: Result, measure: str, least: int) -> bool:
    """Whether a measure is a calibration error with fewer acts behind it than it takes."""
    return measure in CALIBRATED and result.acts < least


def _summary(results: Sequence[Result], least: int) -> list[str]:
    rows = []
    for r in results:
        met = sum(j.is_met for j in r.judged)
        line, best = r.joined[0], r.best_joiner()
        rows.append(
            [f"[{r.title}](#targets-{r.scenario})", f"{r.scale:g}", f"{r.observations:,}",
             f"{r.acts:,}{THIN if r.acts < least else ''} of {r.true_acts:,}", f"{met} of {len(r.judged)}", number(line.pair_f1.value),
             f"{number(best.pair_f1.value)} {best.name}", _oracle(r)]
        )  # fmt: skip
    head = ["scenario", "scale", "observations", "acts found, of all", "targets met", "pair F1",
            "best rival", "beats the oracle"]  # fmt: skip
    found, true = sum(r.acts for r in results), sum(r.true_acts for r in results)
    said = f"Over all scenarios {found:,} held-out acts of {true:,} were found and scored."
    return ["## At a glance", table(head, rows), said]


def _oracle(result: Result) -> str:
    """Whether the line beats the oracle beyond the band; nobody can say where there was none."""
    ran = any(j.name == ORACLE and not j.note for j in result.joined)
    return ("**yes**" if result.beaten else "no") if ran else "not run"


def _plots(results: Sequence[Result], plots: Mapping[str, str]) -> list[str]:
    """Pictures of each scenario in a row that opens on a click."""
    blocks = []
    for r in results:
        shown = [
            f"![{r.title}: {what}](pictures/scoreboard-{r.scenario}-{name}.svg){{width=48%}}"
            for name, what in plots.items() if name in r.plots
        ]  # fmt: skip
        if shown:
            blocks.append(f"### {r.title}: pictures\n\n" + "\n".join(shown))
    return ["## How sure, and how often right", *blocks]


def _joins(results: Sequence[Result]) -> list[str]:
    blocks = []
    for r in results:
        rows = [
            [j.name, banded(j.pair_f1), banded(j.bcubed), j.note or f"{j.rows:,}",
             number(j.took_s), words(j.setting)]
            for j in r.joined
        ]  # fmt: skip
        head = ["competitor", "pair F1", "B-cubed", "observations", "seconds", "setting"]
        blocks += [f"**{r.title}**", table(head, rows)]
    return blocks


def _names(results: Sequence[Result]) -> list[str]:
    blocks = []
    for r in results:
        rows = [
            [n.name, banded(n.nats), banded(n.brier), banded(n.wrong), words(n.setting)]
            for n in r.named
        ]
        head = ["competitor", "nats", "Brier", "led by the wrong author", "setting"]
        blocks += [f"**{r.title}**", table(head, rows)]
    return blocks


def _duties(results: Sequence[Result]) -> list[str]:
    """Findings on holdings and omissions; no part of the page where no agreement asks for any."""
    rows = [
        [r.title, kind, verdict, f"{one.true:,}", f"{one.stated:,}", f"{one.right:,}",
         number(one.p), banded(duty.scores.brier), f"{duty.without_row:,}", f"{duty.beside:,}"]
        for r in results for kind, duty in r.duties.items() for verdict, one in duty.verdicts.items()
    ]  # fmt: skip
    head = ["scenario", "of", "verdict", "true of", "stated of", "rightly of", "given", "Brier of both",
            "no row", "stated unasked"]  # fmt: skip
    return [_DUE, table(head, rows)] if rows else []


def _means(targets: Targets) -> list[str]:
    return [table(["measure", "what it is"], [[f"`{n}`", m] for n, m in targets.means.items()])]


def _judged(result: Result, least: int) -> list[str]:
    kind = "exchangeable" if result.is_exchangeable else "stress: no guarantee of authors holds"
    lacks = f"; the line has no model of: {', '.join(result.misfit)}" if result.misfit else ""
    rows = [
        [f"`{j.target.measure}`", j.target.words(),
         banded(j.found) + THIN * is_thin(result, j.target.measure, least), verdict(j)]
        for j in result.judged
    ]  # fmt: skip
    return [
        f"(targets-{result.scenario})=\n### {result.title}",
        f"Seed {result.seed}, scale {result.scale:g}; {kind}{lacks}.",
        table(["measure", "target", "found", ""], rows),
    ]


def verdict(judged: Judged) -> str:
    """In a word."""
    if judged.is_met:
        return "met"
    return "missed" if math.isfinite(judged.found.value) else "missed: not measured"


def _tuned(results: Sequence[Result]) -> list[str]:
    rows = [
        [r.title, str(r.tuning_seed), t.name, number(max(each.score for each in t.tried)),
         words(t.best)]
        for r in results for t in r.tuned
    ]  # fmt: skip
    return [table(["scenario", "tuning seed", "competitor", "score", "chosen"], rows)]
