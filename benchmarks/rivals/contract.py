"""What a rival gets and gives. One file a rival, with `RIVAL = Rival(...)` at its foot."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.model.vocabulary import Hypothesis
from truceline.tables import schemas

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

BUDGET = 12
"""Settings that each rival, and the line, may try on the tuning seeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the line got, as it read it: text is turned into type, place, time and actor.

    Parameters
    ----------
    observations
        `tables.schemas.OBSERVATIONS`; all that a rival of association may look at.
    acts, incidents, members, controls
        For rivals of attribution: the line's own acts, so that all answer the same questions.
    parties
        Their ids; the first columns of probabilities are theirs.
    """

    observations: pa.Table
    acts: pa.Table = field(default_factory=lambda: schemas.empty(schemas.ACTS))
    incidents: pa.Table = field(default_factory=lambda: schemas.empty(schemas.INCIDENTS))
    members: pa.Table = field(default_factory=lambda: schemas.empty(schemas.MEMBERS))
    controls: pa.Table = field(default_factory=lambda: schemas.empty(schemas.CONTROLS))
    parties: tuple[str, ...] = ()

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """Columns of probabilities: each party, then the authors that are no party."""
        return (*(f"party:{each}" for each in self.parties), *(h.value for h in Hypothesis))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A way to do one task.

    Parameters
    ----------
    name
        As the scoreboard prints it.
    task
        `association` or `attribution`.
    idea
        Whose it is, in a line.
    run
        Association: `(given, **setting) -> (observations,)` labels. Attribution:
        `(given, learned, **setting) -> (acts, hypotheses)` probabilities.
    grid
        Values of each setting; their product holds exactly `BUDGET` settings.
    learn
        Attribution only: `(given, authors, **setting)` on the tuning seed, with the true column of
        each act or -1; what it returns goes to `run`. Base rates at least: the line has none.
    most_rows
        More observations than this are not given to it: it would not end in reasonable time.
    is_ready
        Whether what it needs is installed.
    """

    name: str
    task: str
    idea: str
    run: Callable[..., Any]
    grid: Mapping[str, tuple[Any, ...]]
    learn: Callable[..., Any] = lambda *_, **__: None
    most_rows: int | None = None
    is_ready: Callable[[], bool] = lambda: True


def settings(grid: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Every setting of a grid, in the order it is written.

    Raises
    ------
    ValueError
        The grid has more or fewer settings than the budget allows.
    """
    made = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    if len(made) != BUDGET:
        msg = f"a grid of {len(made)} settings; each competitor gets {BUDGET}: {dict(grid)}"
        raise ValueError(msg)
    return iter(made)


def load(task: str) -> dict[str, Rival]:
    """All rivals of a task by name, found by folder.

    Raises
    ------
    ValueError
        Two rivals share a name.
    """
    found: dict[str, Rival] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        rival = getattr(import_module(f"benchmarks.rivals.{path.stem}"), "RIVAL", None)
        if rival is not None and rival.task == task:
            if rival.name in found:
                msg = f"two rivals are called {rival.name}; rename the one in {path.name}"
                raise ValueError(msg)
            found[rival.name] = rival
    return found
