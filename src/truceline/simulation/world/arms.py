"""The arms of both sides: what they fire, from how far, how often, and with what blast.

Both sides have the same arms: a difference between them would be a sign of who fired.
Ranges are those of `agreement.catalogue`; charges and rates of fire are general knowledge, assumed.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from truceline.model.vocabulary import IncidentType
from truceline.tables.posterior import TYPES

INDEX = {name: number for number, name in enumerate(TYPES)}


def type_index(kind: IncidentType) -> int:
    """The index of a type in `tables.posterior.TYPES`."""
    return INDEX[kind.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One sort of fire.

    Parameters
    ----------
    type
        What a report that knows calls it.
    weapon
        As the agreement and the forms spell it; empty: no weapon is named.
    weapon_class
        Class of the agreement's selectors.
    calibre_mm
        0: none.
    share
        Of all fire; shares sum to one.
    behind_m
        Median distance of the firing position behind the own line.
    into_m
        Median depth of what is hit behind the other side's line.
    range_m
        Greatest range.
    rounds
        Median number of shots or impacts of one act.
    kg_tnt
        Charge of a round; 0: none to speak of.
    p_fire
        Chance that something burns afterwards.
    damage
        Mean share of structures that fall at what is hit.
    salience
        How much the world talks of one such act.
    """

    type: IncidentType
    weapon: str
    weapon_class: str
    calibre_mm: float
    share: float
    behind_m: float
    into_m: float
    range_m: float
    rounds: float
    kg_tnt: float
    p_fire: float
    damage: float
    salience: float


def _arm(kind: IncidentType, weapon: str, *figures: float, of: str) -> Arm:
    names = [f.name for f in fields(Arm)][3:]
    return Arm(type=kind, weapon=weapon, weapon_class=of, **dict(zip(names, figures, strict=True)))


_T = IncidentType
ARMS: tuple[Arm, ...] = (
    # calibre, share, behind, into, range, rounds, kg TNT, fire, damage, salience
    _arm(_T.SMALL_ARMS_FIRE, "rifle", 7.62, 0.36, 250, 150, 1_500, 20, 0, 0.0, 0.0, 0.25, of="small_arms"),
    _arm(_T.SMALL_ARMS_FIRE, "machine gun 12.7 mm", 12.7, 0.10, 400, 250, 2_000, 30, 0, 0.01, 0.0, 0.3, of="machine_gun"),
    _arm(_T.SNIPER_FIRE, "sniper rifle", 7.62, 0.03, 300, 200, 1_500, 2, 0, 0.0, 0.0, 0.6, of="sniper"),
    _arm(_T.MORTAR, "mortar 82 mm", 82, 0.14, 1_500, 700, 4_000, 5, 0.5, 0.05, 0.01, 0.6, of="mortar"),
    _arm(_T.MORTAR, "mortar 120 mm", 120, 0.13, 2_500, 1_200, 7_000, 6, 2.5, 0.08, 0.03, 0.8, of="mortar"),
    _arm(_T.TANK_FIRE, "tank 125 mm", 125, 0.04, 1_200, 700, 4_000, 4, 3.0, 0.10, 0.05, 1.0, of="tank"),
    _arm(_T.ARTILLERY, "howitzer 122 mm", 122, 0.07, 6_000, 3_000, 15_000, 6, 4.0, 0.12, 0.06, 1.3, of="howitzer"),
    _arm(_T.ARTILLERY, "howitzer 152 mm", 152, 0.04, 9_000, 5_000, 18_000, 6, 7.0, 0.15, 0.10, 1.6, of="howitzer"),
    _arm(_T.MLRS, "MLRS 122 mm", 122, 0.02, 9_000, 6_000, 20_000, 20, 6.0, 0.30, 0.15, 3.0, of="mlrs"),
    _arm(_T.UAV_ATTACK, "UAV", 0, 0.055, 3_000, 2_500, 10_000, 1, 1.5, 0.15, 0.05, 1.0, of="uav"),
    _arm(_T.AIR_STRIKE, "fixed-wing aircraft", 0, 0.010, 25_000, 12_000, 60_000, 2, 150.0, 0.40, 0.40, 5.0, of="fixed_wing"),
    _arm(_T.MISSILE, "missile", 0, 0.005, 40_000, 25_000, 80_000, 1, 300.0, 0.50, 0.50, 6.0, of="missile"),
)  # fmt: skip

WEAPONS: tuple[str, ...] = tuple(dict.fromkeys(arm.weapon for arm in ARMS))
"""What `Deeds.weapon` points into."""

WEAPON_CLASSES: tuple[str, ...] = tuple(arm.weapon_class for arm in ARMS)
CALIBRES_MM: npt.NDArray[np.float64] = np.array([arm.calibre_mm for arm in ARMS])


def column(name: str) -> npt.NDArray[np.float64]:
    """One figure of every arm, in the order of `ARMS`.

    Examples
    --------
    >>> round(float(column("share").sum()), 9)
    1.0
    """
    return np.array([float(getattr(arm, name)) for arm in ARMS])


TYPE_OF_ARM: npt.NDArray[np.int64] = np.array([type_index(arm.type) for arm in ARMS])
