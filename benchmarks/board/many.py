"""Calibration on many held-out acts: world after world of a scenario, until enough acts were scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.board import page, seeds
from benchmarks.board.running import WRITTEN_AS, Announce
from benchmarks.board.targets import Targets
from truceline.pipeline import pooled, scoring
from truceline.pipeline.pooled import Said
from truceline.pipeline.scored import plain
from truceline.pipeline.simulating import scenario_of, simulate
from truceline.simulation.scoring.calibration import Reliability
from truceline.simulation.scoring.plots import reliability as drawn

ASKED = {
    "real": "That an incident is real",
    "violation": "That an act is a violation",
    "authors": "The leading author",
}
TOGETHER = "together"
MOST_WORLDS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What the line said in several worlds of one scenario, or of all.

    Parameters
    ----------
    scenario, title, scale
        Which truce.
    worlds, observations, acts, true_acts
        How many there were; acts that were found and so scored, and all.
    said
        Of each world.
    """

    scenario: str
    title: str
    scale: float
    worlds: int
    observations: int
    acts: int
    true_acts: int
    said: Sequence[Mapping[str, Said]] = field(repr=False)

    def judged(self) -> dict[str, Reliability]:
        """Reliability by question."""
        return pooled.pooled(self.said, np.random.default_rng(scoring.BAND_SEED))


def many(
    name: str, *, acts: int, scale: float, digest: str, folder: Path, announce: Announce
) -> Many:
    """Worlds of a scenario, at the line's defaults, until so many acts were found and scored.

    Parameters
    ----------
    name
        A scenario that the targets speak of.
    acts
        How many are to be scored; the last world may bring more.
    scale
        Of each world.
    digest
        Of the source that is scored.
    folder
        Empty; a mission at a time is written into it.
    """
    scenario = scenario_of(WRITTEN_AS.get(name, name))
    said, found, true, observations = [], 0, 0, 0
    while found < acts and len(said) < MOST_WORLDS:
        out = folder / str(len(said))
        simulate(scenario, seed=world_seed(digest, name, len(said)), scale=scale, out=out)
        case = scoring.open_case(out)
        said.append(pooled.said_by(case))
        found += len(set(scoring.acts_of(case, case.tables).values()))
        true += case.sealed.acts.num_rows
        observations += int(case.labelled.member.size)
        _emptied(out)
        announce(f"{len(said)} worlds, {found:,} acts")
    return Many(
        scenario=name,
        title=scenario.title,
        scale=scale,
        worlds=len(said),
        observations=observations,
        acts=found,
        true_acts=true,
        said=said,
    )


def world_seed(digest: str, name: str, number: int) -> int:
    """Seed of one of the worlds; the first is the scoreboard's.

    Examples
    --------
    >>> world_seed("a", "quiet-week", 0) == seeds.scoring_seed("a", "quiet-week")
    True
    >>> world_seed("a", "quiet-week", 1) == world_seed("a", "quiet-week", 2)
    False
    """
    return seeds.scoring_seed(digest, name if number == 0 else f"{name}/{number}")


def together(each: Sequence[Many]) -> Many:
    """All of them as one."""
    return Many(
        scenario=TOGETHER,
        title="All together",
        scale=float("nan"),
        worlds=sum(one.worlds for one in each),
        observations=sum(one.observations for one in each),
        acts=sum(one.acts for one in each),
        true_acts=sum(one.true_acts for one in each),
        said=[said for one in each for said in one.said],
    )


def fragment(each: Sequence[Many], targets: Targets, digest: str) -> str:
    """The part of the page: a table, and the pictures of all together."""
    least = targets.least_acts
    rows = [_row(one, least) for one in (*each, together(each))]
    head = ["scenario", "scale", "worlds", "observations", "acts found, of all",
            *(what[0].lower() + what[1:] for what in ASKED.values())]  # fmt: skip
    lost = [name for name in targets.bounds if name not in {one.scenario for one in each}]
    parts = [
        "Calibration errors with their bands over further worlds of each scenario, drawn with other "
        f"seeds of the same digest, `{digest}`; nobody was tuned on any of them. {page.THIN}: fewer than "
        f"{least:,} acts were found and scored.",
        page.table(head, rows),
        *([f"Not run: {', '.join(lost)}."] if lost else []),
        "\n".join(
            f"![All together: {what[0].lower()}{what[1:]}](pictures/scoreboard-{TOGETHER}-{name}.svg)"
            "{width=48%}"
            for name, what in ASKED.items()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _row(one: Many, least: int) -> list[str]:
    judged = one.judged()
    thin = page.THIN if one.acts < least else ""
    scale = f"{one.scale:g}" if one.scale == one.scale else "each its own"
    return [
        one.title, scale, f"{one.worlds:,}", f"{one.observations:,}",
        f"{one.acts:,}{thin} of {one.true_acts:,}",
        *(page.banded(judged[name].error) for name in ASKED),
    ]  # fmt: skip


def pictures(each: Sequence[Many]) -> Iterator[tuple[str, str]]:
    """Names of files and SVG of all together."""
    judged = together(each).judged()
    for name, what in ASKED.items():
        yield f"scoreboard-{TOGETHER}-{name}.svg", drawn(plain(judged[name]), what)


def _emptied(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
