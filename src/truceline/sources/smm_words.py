"""The wording of violation tables: distances from towns, "at least", what was heard, of which weapon."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from truceline.geometry.plane import to_degrees

WINDS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW",
         "NNW")  # fmt: skip
WIND_SIGMA_DEG = 10.0  # a sixteenth of the circle is 22.5 degrees wide, and ears err; assumed
_UNIFORM_TO_95 = 2.4477 / 12**0.5  # 95 % semi-axis of the Gaussian with a uniform's deviation
_FROM = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?:\s*[-–—]\s*(?P<high>\d+(?:\.\d+)?))?\s*km\s+(?P<wind>[NESW]{1,3})\b"
    r"(?:\s+of\s+(?:the\s+)?(?P<town>[^,;()]+))?"
)
_NUMBER = re.compile(
    r"(?P<least>(?:at\s+least|no\s+fewer\s+than|>=)\s*)?(?P<about>(?:about|approx\.?|around|~)\s*)?"
    r"(?P<low>\d[\d,]*)(?:\s*(?:[-–—]|to)\s*(?P<high>\d[\d,]*))?(?P<more>\s*\+)?",
    re.IGNORECASE,
)
_UNITS = (
    ("explosion", "explosion"), ("muzzle flash", "muzzle_flash"), ("projectile", "projectile"),
    ("flare", "flare"), ("burst", "burst"), ("shot", "shot"),
)  # fmt: skip
_WEAPONS = (
    (r"\bMLRS\b|multiple.launch|grad\b|uragan|smerch", "mlrs"),
    (r"mortar", "mortar"),
    (r"\btank\b", "tank_fire"),
    (r"artillery|howitzer", "artillery"),
    (r"\bUAV\b|drone", "uav_attack"),
    (r"missile", "missile"),
    (r"sniper", "sniper_fire"),
    (r"small.?arms|\bHMG\b|machine.?gun|rifle", "small_arms_fire"),
)
_MEANS = (("recorded", "camera"), ("camera", "camera"), ("saw", "seen"), ("seen", "seen"),
          ("heard", "heard"))  # fmt: skip
_CLOCKS = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*[-–—]\s*(\d{1,2}:\d{2}(?::\d{2})?))?")

Towns = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """So far, that way, from a town or from the observer: metres and degrees from north."""

    low_m: float
    high_m: float
    bearing_deg: float
    town: str | None

    @property
    def middle_m(self) -> float:
        """Middle of the range."""
        return (self.low_m + self.high_m) / 2


def plain_town(name: str) -> str:
    """A town's name without case and outer blanks."""
    return " ".join(name.split()).casefold()


def bearing_of(cell: str) -> Bearing | None:
    """The first distance and direction in a cell; None where it states none.

    Examples
    --------
    >>> bearing_of("2-7km NNE")
    Bearing(low_m=2000.0, high_m=7000.0, bearing_deg=22.5, town=None)
    >>> bearing_of("School (3km NW of Exampleville)").town
    'Exampleville'
    """
    found = _FROM.search(cell)
    if found is None or found["wind"] not in WINDS:
        return None
    low = float(found["low"]) * 1000
    high = float(found["high"]) * 1000 if found["high"] else low
    return Bearing(
        low_m=low,
        high_m=high,
        bearing_deg=WINDS.index(found["wind"]) * 22.5,
        town=found["town"].strip() if found["town"] else None,
    )


def position_of(cell: str, towns: Towns) -> tuple[tuple[float, float] | None, str | None]:
    """Where an observer's position is, and the town that would be needed to know it.

    Examples
    --------
    >>> position_of("Camera (3km N of Exampleville)", {"exampleville": (48.0, 37.8)})[0][0] > 48.02
    True
    >>> position_of("3km N of Elsewhere", {})
    (None, 'Elsewhere')
    """
    own = cell.split("(")[0].strip(" ,;")
    for name in (
        own,
        re.sub(r"^(?:SMM\s+)?(?:camera|edge)\s+(?:at|in|of)\s+", "", own, flags=re.I),
    ):
        if plain_town(name) in towns:
            return towns[plain_town(name)], None
    said = bearing_of(cell)
    if said is None or said.town is None:
        return None, own or None
    if plain_town(said.town) not in towns:
        return None, said.town
    return moved(towns[plain_town(said.town)], said), None


def moved(origin: tuple[float, float], said: Bearing) -> tuple[float, float]:
    """The point that far and that way from an origin, degrees."""
    angle = np.deg2rad(said.bearing_deg)
    east, north = said.middle_m * np.sin(angle), said.middle_m * np.cos(angle)
    lat, lon = to_degrees(np.array([east]), np.array([north]), *origin)
    return float(lat[0]), float(lon[0])


def place_of(cell: str, position: str, towns: Towns) -> tuple[dict[str, str], str | None]:
    """Cells of a place in the plain columns, and the town without which there is none."""
    said = bearing_of(cell)
    if said is None:
        return {}, None
    half_m = (said.high_m - said.low_m) * _UNIFORM_TO_95
    if said.town is not None:
        origin = towns.get(plain_town(said.town))
        if origin is None:
            return {}, said.town
        lat, lon = moved(origin, said)
        return {
            "lat": f"{lat:.6f}",
            "lon": f"{lon:.6f}",
            "error_m": f"{max(half_m, 1000):.0f}",
        }, None
    origin, missing = position_of(position, towns)
    if origin is None:
        return {}, missing
    cells = {
        "observer_position": f"{origin[0]:.6f} {origin[1]:.6f}",
        "bearing_deg": f"{said.bearing_deg:g}",
        "bearing_error_deg": f"{WIND_SIGMA_DEG:g}",
        "range_m": f"{said.middle_m:g}",
    }
    return cells | ({"error_m": f"{half_m:.0f}"} if half_m else {}), None


def place_name_of(cell: str, position: str) -> str:
    """A place as the table names it; a distance from nowhere named is one from the observer's position.

    Examples
    --------
    >>> place_name_of("3km NNE", "Millbridge"), place_name_of("5km NW of Exampleville", "Millbridge")
    ('3km NNE of Millbridge', '5km NW of Exampleville')
    """
    said = bearing_of(cell)
    is_bare = said is not None and said.town is None
    return f"{cell} of {position}" if is_bare and position else cell


def number_of(cell: str) -> dict[str, str] | None:
    """Counts of a number as written; "at least" is a lowest, and no best. None: no number.

    Examples
    --------
    >>> number_of("at least 98"), number_of("2-3"), number_of("4")
    ({'count_low': '98'}, {'count_low': '2', 'count_high': '3'}, {'count_low': '4', 'count_best': '4', 'count_high': '4'})
    """
    found = _NUMBER.fullmatch(cell.strip())
    if found is None:
        return None
    low = found["low"].replace(",", "")
    if found["least"] or found["more"]:
        return {"count_low": low}
    if found["high"]:
        return {"count_low": low, "count_high": found["high"].replace(",", "")}
    if found["about"]:
        return {"count_best": low}
    return {"count_low": low, "count_best": low, "count_high": low}


def unit_of(cell: str) -> str | None:
    """What was counted, in the singular."""
    words = cell.casefold()
    return next((unit for word, unit in _UNITS if word in words), None)


def type_of(weapon: str, unit: str | None, told: str) -> str | None:
    """The incident type that the weapon names; of an unknown one, an explosion is unidentified."""
    if "exercise" in told.casefold():
        return "exercise_live_fire"
    for pattern, kind in _WEAPONS:
        if re.search(pattern, weapon, re.IGNORECASE):
            return kind
    return "explosion_unidentified" if unit == "explosion" else None


def means_of(cell: str) -> str | None:
    """How it was noticed: a camera before eyes before ears."""
    words = cell.casefold()
    return next((means for word, means in _MEANS if word in words), None)


def direction_of(description: str, unit: str | None) -> str:
    """Which way; a projectile seen to fly from one side to another is in transit."""
    words = description.casefold()
    for word in ("undetermined", "outgoing", "incoming", "impact"):
        if word in words:
            return word
    return "transit" if unit == "projectile" else "undetermined"


def clocks_of(cell: str) -> tuple[str, str | None] | None:
    """The clock time of a cell, and the second one of a span."""
    found = _CLOCKS.search(cell)
    return None if found is None else (found[1], found[2])


def without_clocks(cell: str) -> str:
    """The date of a cell that may hold clock times as well.

    Examples
    --------
    >>> without_clocks("2026-03-07, 19:20-19:40"), without_clocks("7 Mar 2026 08:15")
    ('2026-03-07', '7 Mar 2026')
    """
    return _CLOCKS.sub("", cell).strip(" ,;")
