"""What the scoreboard holds of one scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.board.targets import Judged
from benchmarks.board.tuning import Tuned
from truceline.simulation.scoring.duties import DutyScores
from truceline.simulation.scoring.resample import NOTHING, Banded

LINE = "truceline"
ORACLE = "oracle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """One competitor in association.

    Parameters
    ----------
    pair_f1, bcubed
        With bands by campaign.
    setting
        What it ran at; empty: as shipped.
    rows
        On so many of the earliest observations.
    note
        Why there is nothing to see, where there is nothing.
    """

    name: str
    pair_f1: Banded = NOTHING
    bcubed: Banded = NOTHING
    setting: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    took_s: float = float("nan")
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One competitor in attribution: mean nats, Brier score, and share led by the wrong author."""

    name: str
    nats: Banded = NOTHING
    brier: Banded = NOTHING
    wrong: Banded = NOTHING
    setting: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One scenario, scored.

    Parameters
    ----------
    acts, true_acts
        Acts that were found and so scored, and all that there were.
    beaten
        Measures in which the line beats the oracle beyond the band: something leaks.
    asked
        Of how much the oracle speaks; empty: of nothing.
    beside
        What was found of the measures that need it.
    took_s
        Seconds by stage.
    duties
        Findings on holdings and on omissions, by kind; empty where the agreement asks for neither.
    """

    scenario: str
    title: str
    seed: int
    tuning_seed: int
    tuning_scale: float
    scale: float
    observations: int
    acts: int
    true_acts: int
    is_exchangeable: bool
    misfit: tuple[str, ...]
    joined: tuple[Joined, ...]
    named: tuple[Named, ...]
    judged: tuple[Judged, ...]
    tuned: tuple[Tuned, ...]
    beaten: tuple[str, ...]
    took_s: Mapping[str, float]
    plots: Mapping[str, str]
    asked: str = ""
    beside: Mapping[str, Banded] = field(default_factory=dict)
    duties: Mapping[str, DutyScores] = field(default_factory=dict)

    def best_joiner(self) -> Joined:
        """The rival of highest pair F1."""
        rivals = [j for j in self.joined if not j.name.startswith((LINE, ORACLE)) and not j.note]
        return max(rivals, key=lambda j: j.pair_f1.value)
