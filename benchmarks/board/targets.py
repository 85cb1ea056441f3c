"""What was stated before measuring, and whether it is met. This file reads targets and writes none."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from truceline.simulation.scoring.resample import NOTHING, Banded

FILE = Path(__file__).resolve().parents[1] / "targets.toml"
_SIDES = ("at_least", "at_most", "between")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One bound: the value must be no less than `low` and no more than `high`."""

    scenario: str
    measure: str
    low: float
    high: float

    def words(self) -> str:
        """As a table prints it.

        Examples
        --------
        >>> Target(scenario="s", measure="m", low=0.9, high=math.inf).words()
        'at least 0.9'
        >>> Target(scenario="s", measure="m", low=0.86, high=0.96).words()
        '0.86 to 0.96'
        """
        if math.isinf(self.high):
            return f"at least {self.low:g}"
        if math.isinf(self.low):
            return f"at most {self.high:g}"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A target beside what was measured."""

    target: Target
    found: Banded
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """All targets of one file, in its order.

    Parameters
    ----------
    means
        What each measure is, in a sentence.
    bounds
        By scenario.
    least_acts
        Below so many acts a calibration error is thin.
    """

    means: Mapping[str, str]
    bounds: Mapping[str, tuple[Target, ...]]
    why: Mapping[str, str]
    stated_on: str
    least_acts: int


def load(path: Path = FILE) -> Targets:
    """Targets of a file.

    Raises
    ------
    ValueError
        A scenario leaves a measure out, names one that is not explained, or a bound is no number.
    """
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    measures = said["measures"]
    for name, measure in measures.items():
        if measure["side"] not in _SIDES:
            msg = f"{path.name}: measure {name}: side {measure['side']!r} is none of {_SIDES}"
            raise ValueError(msg)
    return Targets(
        means={name: measure["means"] for name, measure in measures.items()},
        bounds={
            name: tuple(_bounds(path, name, bounds, measures))
            for name, bounds in said["scenarios"].items()
        },
        why={name: bounds["why"] for name, bounds in said["scenarios"].items()},
        stated_on=str(said["stated_on"]),
        least_acts=said["least_acts"],
    )


def _bounds(path: Path, scenario: str, bounds: Mapping, measures: Mapping) -> Iterator[Target]:  # type: ignore[type-arg]
    given = bounds.keys() - {"why"}
    if given != measures.keys():
        odd = sorted(given ^ measures.keys())
        msg = f"{path.name}: scenario {scenario}: {odd} must stand under both measures and scenario"
        raise ValueError(msg)
    for name, measure in measures.items():
        value, side = bounds[name], measure["side"]
        pair = value if side == "between" else [value, value]
        if not all(isinstance(v, int | float) for v in pair) or len(pair) != 2:
            msg = f"{path.name}: scenario {scenario}: {name} = {value!r} is no bound of side {side}"
            raise ValueError(msg)
        yield Target(
            scenario=scenario,
            measure=name,
            low=-math.inf if side == "at_most" else float(pair[0]),
            high=math.inf if side == "at_least" else float(pair[1]),
        )


def judge(targets: Targets, scenario: str, measured: Mapping[str, Banded]) -> list[Judged]:
    """Every target of a scenario, met only where the unfavourable end of the band meets it.

    A measure that is missing or not a number is missed: what was not shown does not hold.
    """
    return [
        Judged(target=t, found=(found := measured.get(t.measure, NOTHING)), is_met=_met(t, found))
        for t in targets.bounds[scenario]
    ]


def _met(target: Target, found: Banded) -> bool:
    if math.isinf(target.low):
        return found.high <= target.high  # never true of NaN
    if math.isinf(target.high):
        return found.low >= target.low
    return found.low >= target.low and found.high <= target.high
