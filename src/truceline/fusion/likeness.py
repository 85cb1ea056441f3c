"""Which types are told for one another: families of likeness, and the words for a bare effect.

All shares are assumed: no published table of confusions between these words was found. They only
say that an explosion nobody identified may be any fire, that gun, mortar and rocket are mixed up
by ear, and that a damaged building or a hurt person is what any fire leaves behind.
"""

import numpy as np
import numpy.typing as npt

from truceline.tables.posterior import TYPES

Floats = npt.NDArray[np.float64]

GROUND_FIRE = ("mortar", "artillery", "mlrs", "tank_fire", "exercise_live_fire")
SMALL_FIRE = ("small_arms_fire", "sniper_fire")
AIR_FIRE = ("missile", "air_strike", "uav_attack")
EFFECTS = ("infrastructure_attack", "civilian_harm", "attack_on_monitor", "mine_or_uxo")
FLIGHTS = ("uav_overflight", "aircraft_overflight")
FORCES = (
    "weapon_in_violation_of_line",
    "cap_exceeded",
    "force_movement",
    "position_advance",
    "fortification",
    "troop_or_weapon_buildup",
)
UNKNOWN_FIRE = "explosion_unidentified"
FIRE = (*GROUND_FIRE, *SMALL_FIRE, *AIR_FIRE, *EFFECTS, UNKNOWN_FIRE)

_FAMILIES = (GROUND_FIRE, SMALL_FIRE, AIR_FIRE, EFFECTS, FLIGHTS, FORCES)
_OWN, _FAMILY, _UNKNOWN, _EFFECT = 0.60, 0.12, 0.15, 0.08  # assumed; the rest is anything at all

FAMILY_NAMES = ("fire", "flight", "forces", "other")


def family_codes() -> npt.NDArray[np.int8]:
    """Which broad family a type is of, by position in `FAMILY_NAMES`; fire is one family."""
    codes = np.full(len(TYPES) + 1, 3, np.int8)
    for at, name in enumerate(TYPES):
        if name in FIRE:
            codes[at] = 0
        elif name in FLIGHTS:
            codes[at] = 1
        elif name in FORCES:
            codes[at] = 2
    codes[len(TYPES)] = -1
    return codes


def told_given_true() -> Floats:
    """P(type told | true type), `(types, types)`; rows sum to one.

    Examples
    --------
    >>> table = told_given_true()
    >>> bool(np.allclose(table.sum(axis=1), 1.0))
    True
    """
    size = len(TYPES)
    at = {name: index for index, name in enumerate(TYPES)}
    table = np.zeros((size, size))
    for name in TYPES:
        row = table[at[name]]
        row[at[name]] += _OWN
        for family in _FAMILIES:
            others = [other for other in family if other != name]
            if name in family and others:
                row[[at[other] for other in others]] += _FAMILY / len(others)
        if name in FIRE and name != UNKNOWN_FIRE:
            row[at[UNKNOWN_FIRE]] += _UNKNOWN
        if name == UNKNOWN_FIRE:
            row[at[UNKNOWN_FIRE]] += _UNKNOWN
        if name in FIRE and name not in EFFECTS:
            row[[at[other] for other in EFFECTS]] += _EFFECT / len(EFFECTS)
        row += (1.0 - row.sum()) / size
    return table


def confusion(told: npt.NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Joint and marginal chance of the types that two reports of one incident tell.

    Parameters
    ----------
    told
        `(n,)` type codes of all reports at hand: how common each type is decides how much it says
        when two reports share it.
    """
    prior = type_prior(told)
    table = told_given_true()
    joint = (table * prior[:, None]).T @ table
    return joint, joint.sum(axis=1)


def type_prior(told: npt.NDArray[np.int8]) -> Floats:
    """How common each true type is, from what is told, with one of each assumed beside."""
    counts = np.bincount(told, minlength=len(TYPES) + 1)[: len(TYPES)].astype(np.float64)
    counts[TYPES.index(UNKNOWN_FIRE)] *= 0.5  # half of the unidentified are one of the others
    return (counts + 1.0) / (counts.sum() + len(TYPES))
