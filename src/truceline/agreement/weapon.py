"""What a weapon's name says: its class, calibre and greatest range, where the name gives them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from truceline.agreement.catalogue import SYSTEMS, WORDS, System, WeaponClass

_CALIBRE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*[-–—]?\s*(?:mm|мм|millimet\w*|миллиметр\w*|міліметр\w*)(?!\w)"
)
_RANGE = re.compile(
    r"(?:range|reach\w*|дальн\w*|дальність)\W+(?:of |of up to |up to |до )?(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:km|км)(?!\w)"
)
_FOLD = str.maketrans(
    {"ё": "е", "–": "-", "—": "-", "‑": "-", "’": "'", "_": " ", "«": '"', "»": '"'}
)
_BY_NAME = {system.name: system for system in SYSTEMS}
_CLASSES = {kind.value.replace("_", " "): kind for kind in WeaponClass}
_LONGEST = 400  # characters; a weapon's name is short, and text beyond this is not one


@dataclass(frozen=True, slots=True, kw_only=True)
class Weapon:
    """A weapon as far as its name goes. None is unknown, never zero.

    `name` is the system's name where one was recognised, otherwise the words as given.
    """

    weapon_class: str
    calibre_mm: float | None = None
    range_km: float | None = None
    name: str = ""


@lru_cache(maxsize=4096)
def parse(text: str | None) -> Weapon:
    """The weapon that a text names: the first system in it, or else its class word and calibre.

    Parameters
    ----------
    text
        A name or a template entry in Ukrainian, Russian, English or Latin letters, such as
        `82 mm mortar`; None, `N/K` and `not_known` give the class `not_known`.

    Examples
    --------
    >>> parse("mortar 120 mm")
    Weapon(weapon_class='mortar', calibre_mm=120.0, range_km=8.0, name='mortar 120 mm')
    >>> parse("howitzer, range 20.1 km").range_km
    20.1
    >>> parse("БМ-21 «Град»").name, parse("N/K").weapon_class
    ('BM-21 Grad', 'not_known')
    """
    words = "" if text is None else text.strip()
    folded = words[:_LONGEST].casefold().translate(_FOLD)
    stated = _CALIBRE.search(folded)
    calibre_mm = float(stated[1].replace(",", ".")) if stated else None
    reaches = _RANGE.search(folded)
    range_km = float(reaches[1].replace(",", ".")) if reaches else None
    system = _named(folded)
    if system is not None:
        return Weapon(
            weapon_class=system.weapon_class.value,
            calibre_mm=_agreed(system.calibre_mm, calibre_mm),
            range_km=system.range_km if range_km is None else _agreed(system.range_km, range_km),
            name=system.name,
        )
    weapon_class = _CLASSES.get(folded) or next(
        (kind for kind, word in WORDS if word.search(folded)), WeaponClass.NOT_KNOWN
    )
    return Weapon(
        weapon_class=weapon_class.value,
        calibre_mm=calibre_mm,
        range_km=range_km or _greatest_range_km(weapon_class, calibre_mm),
        name=words,
    )


def matches(selector: Mapping[str, Any] | None, weapon: Weapon) -> bool | None:
    """Whether a weapon falls under a selector of an agreement; None where that is not known.

    All conditions given must hold. One that surely fails decides against, whatever is unknown
    of the rest. No selector, or an empty one, takes every weapon.

    Parameters
    ----------
    selector
        `classes`, `calibre_min_mm` (inclusive unless `calibre_min_exclusive`), `calibre_max_mm`
        (inclusive unless `calibre_max_exclusive`), `names`, `range_min_km`, `range_max_km`.
        A figure that is None is one that the text does not give: the answer is then not known.

    Examples
    --------
    >>> heavy = {"classes": ["gun", "howitzer"], "calibre_min_mm": 100}
    >>> matches(heavy, parse("gun 99 mm")), matches(heavy, parse("gun 100 mm"))
    (False, True)
    >>> matches(heavy, parse("howitzer")) is None
    True
    """
    if not selector:
        return True
    answers: list[bool | None] = []
    for key in ("classes", "names"):
        if selector.get(key):
            answers.append(_ANSWERS[key](selector[key], weapon))
    for key, value, is_minimum in (
        ("calibre_min", weapon.calibre_mm, True),
        ("calibre_max", weapon.calibre_mm, False),
        ("range_min", weapon.range_km, True),
        ("range_max", weapon.range_km, False),
    ):
        unit = "mm" if key.startswith("calibre") else "km"
        if f"{key}_{unit}" in selector:
            is_open = bool(selector.get(f"{key}_exclusive", False))
            answers.append(_within(value, selector[f"{key}_{unit}"], is_minimum, is_open))
    if False in answers:
        return False
    return None if None in answers else True


def _named(folded: str) -> System | None:
    """The system that the text names first; of two at one place, the longer spelling."""
    found = [
        (hit.start(), -len(hit[0]), order)
        for order, system in enumerate(SYSTEMS)
        if system.spellings is not None and (hit := system.spellings.search(folded))
    ]
    return SYSTEMS[min(found)[2]] if found else None


def _agreed(known: float | None, stated: float | None) -> float | None:
    """The figure, unless the text contradicts the system that it names: then it is not known."""
    if known is None or stated is None or known == stated:
        return known if stated is None else stated
    return None


def _greatest_range_km(weapon_class: WeaponClass, calibre_mm: float | None) -> float | None:
    """The farthest that any listed system of this class and calibre reaches: an upper bound."""
    if calibre_mm is None:
        return None
    return max(
        (
            system.range_km
            for system in SYSTEMS
            if system.weapon_class is weapon_class
            and system.calibre_mm == calibre_mm
            and system.range_km is not None
        ),
        default=None,
    )


def _of_class(classes: list[str], weapon: Weapon) -> bool | None:
    if weapon.weapon_class == WeaponClass.NOT_KNOWN:
        return None
    return weapon.weapon_class in classes


def _of_name(names: list[str], weapon: Weapon) -> bool | None:
    wanted = [parse(name) for name in names]
    if any(weapon.name.casefold() == name.casefold() for name in names) or any(
        weapon.name == other.name for other in wanted
    ):
        return True
    if weapon.name in _BY_NAME:
        return False
    # A weapon known by its class alone may be one of the named systems of that class.
    is_open = weapon.weapon_class == WeaponClass.NOT_KNOWN or any(
        other.weapon_class == weapon.weapon_class
        and (None in (other.calibre_mm, weapon.calibre_mm) or other.calibre_mm == weapon.calibre_mm)
        for other in wanted
    )
    return None if is_open else False


def _within(
    value: float | None, bound: float | None, is_minimum: bool, is_open: bool
) -> bool | None:
    if value is None or bound is None:
        return None
    if value == bound:
        return not is_open
    return value > bound if is_minimum else value < bound


_ANSWERS = {"classes": _of_class, "names": _of_name}
