"""What acts were: distributions over types, and the weapons that they name or imply."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.agreement.weapon import Weapon, matches, parse
from truceline.findings.event import ALL_TYPES, Term
from truceline.tables.posterior import TYPES

Floats = npt.NDArray[np.float64]
Answer = bool | None

_NOT_KNOWN = "not_known"

# Classes that an act's type implies where nobody named the weapon. A type that is not here, such as
# an unidentified explosion, implies none.
IMPLIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "small_arms_fire": ("small_arms", "machine_gun"),
        "sniper_fire": ("sniper",),
        "mortar": ("mortar",),
        "artillery": ("gun", "howitzer"),
        "mlrs": ("mlrs",),
        "tank_fire": ("tank",),
        "missile": ("missile",),
        "air_strike": ("fixed_wing", "rotary_wing"),
        "uav_attack": ("uav",),
        "uav_overflight": ("uav",),
        "aircraft_overflight": ("fixed_wing", "rotary_wing"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What each act was, as columns.

    `p_type` is `(types, n)`; `weapon` the number of each act's weapon among `weapons`, or -1 where
    nobody named one; `is_outgoing` where the act's place is where the fire came from.
    """

    p_type: npt.NDArray[np.float32]
    weapon: npt.NDArray[np.int64]
    weapons: tuple[Weapon, ...]
    is_outgoing: npt.NDArray[np.bool_]


def selector_key(selector: Mapping[str, Any]) -> str:
    """A selector as canonical JSON, so that equal ones are one.

    Examples
    --------
    >>> selector_key({"classes": ["mortar"], "calibre_min_mm": 100})
    '{"calibre_min_mm":100,"classes":["mortar"]}'
    """
    return json.dumps(dict(selector), sort_keys=True, separators=(",", ":"), default=list)


def p_what(deeds: Deeds, term: Term) -> Floats:
    """Probability of a term's types and weapons, and of its direction, for each act."""
    result = p_types(deeds, term.types)
    if term.weapons or term.sure_weapons:
        unnamed = deeds.weapon < 0
        implied = p_types(deeds, term.types & implied_types(term.weapons, term.sure_weapons))
        fits = np.array([float(_fits(weapon, term)) for weapon in deeds.weapons] or [0.0])
        result = np.where(unnamed, implied, result * fits[deeds.weapon])
    if term.fired_here is not None:
        result = result * (deeds.is_outgoing == term.fired_here)
    return result


def p_types(deeds: Deeds, bits: int) -> Floats:
    """Probability that each act is of one of the types of a mask."""
    count = deeds.p_type.shape[1]
    if bits == ALL_TYPES:
        return np.ones(count)
    total = np.zeros(count)
    for number in range(len(TYPES)):
        if bits >> number & 1:
            total += deeds.p_type[number]
    return np.minimum(total, 1.0)


def implied_types(possible: frozenset[str], sure: frozenset[str]) -> int:
    """Types whose implied weapons may meet the selectors (and surely meet the sure ones)."""
    bits = 0
    for number, name in enumerate(TYPES):
        fits = all(_implied(name, key) is not False for key in possible)
        fits = fits and all(_implied(name, key) is True for key in sure)
        bits |= int(fits) << number
    return bits


def _implied(name: str, key: str) -> Answer:
    selector = json.loads(key)
    classes = IMPLIED.get(name, (_NOT_KNOWN,))
    answers = {matches(selector, Weapon(weapon_class=each)) for each in classes}
    return answers.pop() if len(answers) == 1 else None


def _fits(weapon: Weapon, term: Term) -> bool:
    return all(matches(json.loads(key), weapon) is not False for key in term.weapons) and all(
        matches(json.loads(key), weapon) is True for key in term.sure_weapons
    )


def named(texts: list[str | None]) -> tuple[npt.NDArray[np.int64], tuple[Weapon, ...]]:
    """Numbers of the weapons that distinct texts name, -1 where a text names none."""
    weapons: list[Weapon] = []
    numbers = []
    for text in texts:
        weapon = parse(text) if text else Weapon(weapon_class=_NOT_KNOWN)
        is_named = weapon.weapon_class != _NOT_KNOWN
        numbers.append(len(weapons) if is_named else -1)
        if is_named:
            weapons.append(weapon)
    return np.array(numbers, np.int64), tuple(weapons)
