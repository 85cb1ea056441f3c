"""How far sounds and shocks carry, by what made them."""

from functools import cache

import numpy as np

from truceline.simulation.columns import Bools, Deeds, Floats
from truceline.tables.posterior import TYPES

SHOTS = ("small_arms_fire", "sniper_fire", "tank_fire", "exercise_live_fire", "attack_on_monitor")
FLIGHTS = ("uav_overflight", "aircraft_overflight", "uav_attack", "air_strike", "missile")
VEHICLES = ("force_movement", "position_advance", "weapon_in_violation_of_line", "cap_exceeded",
            "troop_or_weapon_buildup", "fortification", "unnotified_activity")  # fmt: skip


def is_of(deeds: Deeds, names: tuple[str, ...]) -> Bools:
    """Whether each deed is of one of these types."""
    return _table_of(names)[deeds.type]


@cache
def _table_of(names: tuple[str, ...]) -> Bools:
    return np.isin(TYPES, names)


def audible_m(deeds: Deeds, blast_m: float, shot_m: float, flight_m: float) -> Floats:
    """How far a deed is commonly heard, metres; 0 for what makes no noise.

    A blast's overpressure scales with the cube root of its yield (Hopkinson-Cranz scaling), and so
    does the distance at which it falls below a floor.

    Parameters
    ----------
    deeds
        What happened.
    blast_m
        For a kilogram of TNT.
    shot_m, flight_m
        For gun fire, and for engines in the air.
    """
    heard = np.where(is_of(deeds, SHOTS), shot_m, 0.0)
    heard = np.maximum(heard, np.where(is_of(deeds, FLIGHTS), flight_m, 0.0))
    return np.maximum(heard, blast_m * np.cbrt(deeds.energy_kg))


def fades(distance: Floats, scale: Floats | float) -> Floats:
    """1 at the source, falling as a Gaussian of that scale; 0 where the scale is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.exp(-((distance / scale) ** 2))
    return np.where(np.asarray(scale) > 0, found, 0.0)


def logistic(nats: Floats) -> Floats:
    """Chance from log odds.

    Examples
    --------
    >>> logistic(np.array([0.0])).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + np.exp(-np.clip(nats, -60.0, 60.0)))
