"""What moves: troops and diggers near the line, drones and aircraft over it, vessels in the sound.

Flights and vessels are deeds that last; observers make their tracks from them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Deeds, Ints, Nature
from truceline.simulation.contract import Span
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import joined, make, none
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.making import Making, along, instants

NUMBERS: Mapping[str, Any] = {
    "moves_per_day": 2.0,  # assumed, both sides, on 120 km of line
    "advances_per_day": 0.2,  # assumed
    "works_per_day": 0.8,  # assumed: digging
    "entries_per_day": 0.3,  # assumed: troops in areas that they had left
    "uavs_per_day": 6.0,  # assumed; drones are the everyday breach of a drone-dense front
    "aircraft_per_day": 0.2,  # assumed
    "vessels_per_day": 0.0,  # only where the ground has a sound
    "p_fishing": 0.5,  # assumed: vessels that belong to nobody's navy
    "creep": 0.0,  # natural log growth a week of moves, advances and works: slow erosion
    "tilt": 0.0,  # natural log of side A's rate over side B's
}


def drawn(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    """Movements, works, flights and voyages that begin in a span."""
    week = float(making.day(np.array([span.from_s]))[0]) / 7.0
    creep = np.exp(float(numbers["creep"]) * week)
    per_day = {name: float(numbers[f"{name}_per_day"]) for name in _GROUND_KINDS}
    moves = [
        _on_ground(name, creep * rate, numbers, making, span, rng) for name, rate in per_day.items()
    ]
    return joined(
        [*moves, _flights(numbers, making, span, rng), _vessels(numbers, making, span, rng)]
    )


_GROUND_KINDS: Mapping[str, IncidentType] = {
    "moves": IncidentType.FORCE_MOVEMENT,
    "advances": IncidentType.POSITION_ADVANCE,
    "works": IncidentType.FORTIFICATION,
    "entries": IncidentType.FORCE_MOVEMENT,
}


def _sides(count: int, tilt: float, rng: Generator) -> Ints:
    return np.where(rng.random(count) < 1.0 / (1.0 + np.exp(-tilt)), int(Author.A), int(Author.B))


def _on_ground(
    name: str,
    per_day: float,
    numbers: Mapping[str, Any],
    making: Making,
    span: Span,
    rng: Generator,
) -> Deeds:
    began_s = instants(span, per_day * making.scale, rng)
    count = len(began_s)
    side = _sides(count, float(numbers["tilt"]), rng)
    north = np.where(side == int(Author.A), 1.0, -1.0)
    x_m = along(making, count, rng)
    # Behind the own line, but advances go some hundred metres beyond it.
    off_m = (
        -rng.lognormal(np.log(500.0), 0.6, count)
        if name == "advances"
        else making.ground.width_m / 2 + rng.lognormal(np.log(2_500.0), 0.7, count)
    )
    y_m = line_y(making.ground, x_m) + north * off_m
    if name == "entries":
        x_m, y_m = _in_left_areas(making, side, rng)
        began_s = began_s[: len(x_m)]
        side = side[: len(x_m)]
        count = len(x_m)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(600.0, 14_400.0, count),
        x_m=x_m,
        y_m=y_m,
        type=arms.type_index(_GROUND_KINDS[name]),
        author=side,
        nature=int(Nature.MOVEMENT),
        rounds=rng.integers(1, 12, count),
        salience=0.25 * rng.lognormal(0.0, 0.6, count),
    )


def _in_left_areas(making: Making, side: Ints, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Places in the areas that were left, on the own half."""
    rings = [r for n, r in sorted(making.ground.zones_m.items()) if n.startswith("disengagement-")]
    if not rings:
        return np.zeros(0), np.zeros(0)
    chosen = rng.integers(0, len(rings), len(side))
    low = np.array([ring.min(axis=0) for ring in rings])[chosen]
    high = np.array([ring.max(axis=0) for ring in rings])[chosen]
    x_m = low[:, 0] + rng.random(len(side)) * (high - low)[:, 0]
    middle_m, half_m = (low + high)[:, 1] / 2, (high - low)[:, 1] / 2
    north = np.where(side == int(Author.A), 1.0, -1.0)
    return x_m, middle_m + north * rng.random(len(side)) * half_m


def _flights(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    parts = []
    for name, kind, weapon, depth_m, stay_s in (
        ("uavs_per_day", IncidentType.UAV_OVERFLIGHT, "UAV", 3_000.0, 1_500.0),
        (
            "aircraft_per_day",
            IncidentType.AIRCRAFT_OVERFLIGHT,
            "fixed-wing aircraft",
            9_000.0,
            900.0,
        ),
    ):
        began_s = instants(span, float(numbers[name]) * making.scale, rng)
        count = len(began_s)
        side = _sides(count, float(numbers["tilt"]), rng)
        north = np.where(side == int(Author.A), 1.0, -1.0)
        x_m = along(making, count, rng)
        # From the own side up to the line and often beyond it: where it is noticed.
        off_m = rng.normal(0.5 * depth_m, depth_m, count)
        start_x_m = x_m + rng.normal(0.0, depth_m, count)
        behind_m = rng.uniform(1.0, 2.0, count) * depth_m
        parts.append(
            make(
                making.counter,
                began_s=began_s,
                lasted_s=rng.uniform(0.3, 1.5, count) * stay_s,
                x_m=x_m,
                y_m=line_y(making.ground, x_m) + north * off_m,
                origin_x_m=start_x_m,
                origin_y_m=line_y(making.ground, start_x_m) + north * behind_m,
                type=arms.type_index(kind),
                weapon=arms.WEAPONS.index(weapon),
                author=side,
                nature=int(Nature.OVERFLIGHT),
                salience=0.2 * rng.lognormal(0.0, 0.6, count),
            )
        )
    return joined(parts)


def _vessels(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    ring = making.ground.zones_m.get("sound")
    if ring is None:
        return none()
    began_s = instants(span, float(numbers["vessels_per_day"]) * making.scale, rng)
    count = len(began_s)
    side = _sides(count, float(numbers["tilt"]), rng)
    is_fishing = rng.random(count) < float(numbers["p_fishing"])
    low, high = ring.min(axis=0), ring.max(axis=0)
    # A third never enters: it passes outside, up to 10 km off.
    at = low + rng.uniform(-0.15, 1.15, (count, 2)) * (high - low)
    north = np.where(side == int(Author.A), 1.0, -1.0)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(1_800.0, 14_400.0, count),
        x_m=at[:, 0],
        y_m=at[:, 1],
        origin_x_m=at[:, 0],
        origin_y_m=at[:, 1] + north * 20_000.0,
        type=arms.type_index(IncidentType.MARITIME),
        author=np.where(is_fishing, int(Author.NON_PARTY), side),
        nature=int(Nature.MOVEMENT),
        salience=0.3,
    )
