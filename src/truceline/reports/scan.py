"""Searching the bytes of a release for places finer than it may hold.

The scan knows every true coordinate of the dossier and looks for it in the ways that a coordinate
can be written: decimal degrees of any precision and order, degrees with minutes and seconds, scaled
whole numbers, metres of the web map, geohashes, binary floats, and points of a drawing turned back
into degrees by the drawing's own frame.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.reports.coarsen import cells
from truceline.reports.contract import Dossier
from truceline.reports.frame import Frame

Floats = npt.NDArray[np.float64]
Number = tuple[int, float, float, str]  # its order in the text, value, slack, and as it is written

DEGREES = "degrees"
LEAST_DECIMALS = 2  # 0.01 degrees is 1.1 km; one decimal is 11 km and says nothing finer than 5
NEAR_NUMBERS = 4  # a latitude and its longitude stand within so many numbers of each other
EARTH_RADIUS_M = 6_378_137.0  # of the web map (EPSG 3857)
_NUMBERS = (  # a comma parts numbers, or parts a whole from its decimals: both are tried
    re.compile(r"(?<![\w.])[-−+]?\d+(?:\.\d+)?"),
    re.compile(r"(?<![\w.])[-−+]?\d+,\d+"),
)
_SEXAGESIMAL = re.compile(  # `a-13d03` is the beginning of an id
    r"(?<!\w)(?<!\w-)(\d{1,3})\s*[°ºd:]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:[′'m:]\s*(\d{1,2}(?:[.,]\d+)?)?)?"
)
_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"  # of geohashes (Niemeyer 2008)
_ANCHOR = re.compile(
    r'<(?:circle|ellipse)[^>]*?\bcx="([-\d.]+)"[^>]*?\bcy="([-\d.]+)"|translate\(([-\d.]+)[ ,]+([-\d.]+)\)'
)
_FRAME = re.compile(r'data-frame="([-\d. ]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A true place found in released bytes: how it was written, and where in the text."""

    how: str
    lat: float
    lon: float
    found: str


def scan(content: bytes, dossier: Dossier, *, cell_m: float = 5_000.0) -> list[Leak]:
    """True places of the dossier that stand in the bytes; none where the release keeps the red line.

    Parameters
    ----------
    content
        Bytes of a file; for a PDF, the text drawn from it and its drawings as SVG.
    cell_m
        Side of the release's cells. A middle or corner of the grid that happens to be a true place
        is no leak: the release says it of every place in the cell.
    """
    truth = places(dossier)
    if not len(truth):
        return []
    text = content.decode("utf-8", errors="replace")
    public = _grid(truth, cell_m)
    return [
        *_decimals(text, truth, public),
        *_degrees(text, truth, public),
        *_hashes(text, truth),
        *_binary(content, truth, public),
        *_drawings(text, truth, public),
    ]


def places(dossier: Dossier) -> Floats:
    """Every true (latitude, longitude) that a release must not give away, without repeats."""
    pairs: set[tuple[float, float]] = set()
    tables = (dossier.observations, dossier.exposures, dossier.incidents, dossier.posterior)
    for table in tables:
        rows = zip(table["lat"].to_pylist(), table["lon"].to_pylist(), strict=True)
        pairs.update((lat, lon) for lat, lon in rows if lat is not None and lon is not None)
    for parts in dossier.observations["components"].to_pylist():
        for part in parts or ():
            if part["lat"] is not None and part["lon"] is not None:
                pairs.add((part["lat"], part["lon"]))
    for words in dossier.observations["observer_position"].to_pylist():
        found = [float(word.replace(",", ".")) for word in re.findall(r"-?\d+\.\d+", words or "")]
        if len(found) == 2:
            pairs.add((found[0], found[1]))
    return np.array(sorted(pairs), dtype=np.float64).reshape(-1, 2)


def _grid(truth: Floats, cell_m: float) -> set[tuple[float, float]]:
    lat, lon = cells(truth[:, 0], truth[:, 1], cell_m)
    return set(zip(lat.tolist(), lon.tolist(), strict=True))


def _decimals(text: str, truth: Floats, public: set[tuple[float, float]]) -> Iterator[Leak]:
    """Numbers near each other that are one place's latitude and longitude, in either order."""
    read = [_numbers(pattern, text) for pattern in _NUMBERS]
    for how, scaled in _scales(truth):
        for fine, large in read:
            numbers = fine if how == DEGREES else large
            yield from _pairs(numbers, how, truth, scaled, public)


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[list[Number], list[Number]]:
    """Numbers fine enough to be degrees, and large enough to be scaled ones or metres."""
    fine: list[Number] = []
    large: list[Number] = []
    for order, match in enumerate(pattern.finditer(text)):
        found = match.group()
        word = found.replace("−", "-").replace(",", ".")
        decimals = len(word.partition(".")[2])
        value = float(word)
        if decimals >= LEAST_DECIMALS:
            fine.append((order, value, 10.0**-decimals, found))
        if abs(value) >= 10_000:
            large.append((order, value, 10.0, found))
    return fine, large


def _scales(truth: Floats) -> Iterator[tuple[str, Floats]]:
    yield DEGREES, truth
    for power in (5, 6, 7):
        yield f"degrees times 10^{power}", truth * 10.0**power
    lat = np.clip(truth[:, 0], -85.0, 85.0)
    north = np.log(np.tan(np.pi / 4 + np.deg2rad(lat) / 2)) * EARTH_RADIUS_M
    yield (
        "metres of the web map",
        np.column_stack([north, np.deg2rad(truth[:, 1]) * EARTH_RADIUS_M]),
    )


def _pairs(
    found: list[Number],
    how: str,
    truth: Floats,
    scaled: Floats,
    public: set[tuple[float, float]],
) -> Iterator[Leak]:
    is_degrees = how == DEGREES
    by_value = [_matches(found, np.abs(scaled[:, axis])) for axis in (0, 1)]
    for place in sorted(set(by_value[0]) & set(by_value[1])):
        for a in by_value[0][place]:
            for b in by_value[1][place]:
                near = a != b and abs(found[a][0] - found[b][0]) <= NEAR_NUMBERS
                if near and not (is_degrees and _is_public(found[a][1], found[b][1], public)):
                    yield Leak(
                        how=how,
                        lat=float(truth[place, 0]),
                        lon=float(truth[place, 1]),
                        found=f"{found[a][3]} {found[b][3]}",
                    )


def _matches(found: list[Number], axis: Floats) -> dict[int, list[int]]:
    """For each place, the numbers that are its value to within their own precision; signs aside."""
    order = np.argsort(axis)
    ranked = axis[order]
    value = np.abs(np.array([number[1] for number in found], dtype=np.float64))
    slack = np.array([number[2] for number in found], dtype=np.float64)
    low = np.searchsorted(ranked, value - slack)
    high = np.searchsorted(ranked, value + slack, side="right")
    matched: dict[int, list[int]] = defaultdict(list)
    for number in np.flatnonzero(high > low).tolist():
        for place in order[low[number] : high[number]].tolist():
            matched[place].append(number)
    return matched


def _is_public(lat: float, lon: float, public: set[tuple[float, float]]) -> bool:
    return any(
        abs(abs(lat) - abs(at[0])) < 1e-9 and abs(abs(lon) - abs(at[1])) < 1e-9 for at in public
    )


def _degrees(text: str, truth: Floats, public: set[tuple[float, float]]) -> Iterator[Leak]:
    """Degrees, minutes and seconds: finer than two minutes, and so than four kilometres."""
    found = []
    for order, match in enumerate(_SEXAGESIMAL.finditer(text)):
        degree, minute, second = (float((x or "0").replace(",", ".")) for x in match.groups())
        if minute < 60 and second < 60:
            slack = 1 / 3600 if match.group(3) else 1 / 60
            found.append((order, degree + minute / 60 + second / 3600, slack, match.group()))
    by_value = [_matches(found, np.abs(truth[:, axis])) for axis in (0, 1)]
    for place in sorted(set(by_value[0]) & set(by_value[1])):
        for a in by_value[0][place]:
            for b in by_value[1][place]:
                if abs(found[a][0] - found[b][0]) == 1 and not _is_public(
                    found[a][1], found[b][1], public
                ):
                    yield Leak(
                        how="degrees and minutes",
                        lat=float(truth[place, 0]),
                        lon=float(truth[place, 1]),
                        found=f"{found[a][3]} {found[b][3]}",
                    )


def _hashes(text: str, truth: Floats) -> Iterator[Leak]:
    words = set(re.findall(r"(?<![\w-])[0-9b-hjkmnp-z]{6,12}(?![\w-])", text))
    for lat, lon in truth:
        whole = geohash(float(lat), float(lon))
        for length in range(6, 13):  # five letters are 4.9 km: six are finer
            if whole[:length] in words:
                yield Leak(how="geohash", lat=float(lat), lon=float(lon), found=whole[:length])


def geohash(lat: float, lon: float, length: int = 12) -> str:
    """The geohash of a place.

    Examples
    --------
    >>> geohash(57.64911, 10.40744, 8)
    'u4pruydq'
    """
    span = [[-90.0, 90.0], [-180.0, 180.0]]
    bits, made = 0, []
    for n in range(5 * length):
        axis, value = (1, lon) if n % 2 == 0 else (0, lat)
        middle = sum(span[axis]) / 2
        is_high = value >= middle
        bits = bits * 2 + is_high
        span[axis][0 if is_high else 1] = middle
        if n % 5 == 4:
            made.append(_ALPHABET[bits])
            bits = 0
    return "".join(made)


def _binary(content: bytes, truth: Floats, public: set[tuple[float, float]]) -> Iterator[Leak]:
    for lat, lon in truth:
        if (float(lat), float(lon)) in public:
            continue
        for kind in ("<f8", ">f8", "<f4", ">f4"):
            first, second = (np.array(x, kind).tobytes() for x in (lat, lon))
            # Zeros and whole numbers have bytes that stand everywhere.
            if min(len(set(first)), len(set(second))) < 4:
                continue
            if first in content and second in content:
                yield Leak(how=f"binary {kind}", lat=float(lat), lon=float(lon), found=first.hex())


def _drawings(text: str, truth: Floats, public: set[tuple[float, float]]) -> Iterator[Leak]:
    """Anchors of a drawing within a unit of a true place, and not on the grid."""
    for part in re.findall(r"<svg\b.*?</svg>", text, re.DOTALL):
        stated = _FRAME.search(part)
        if not stated:
            continue
        west, south, east, north, height = (float(word) for word in stated.group(1).split())
        frame = Frame(west=west, south=south, east=east, north=north, height=height)
        for match in _ANCHOR.finditer(part):
            x, y = (float(word) for word in match.groups() if word is not None)
            lat, lon = frame.ground(x, y)
            east_u = np.abs(truth[:, 1] - lon) * frame.per_lon
            north_u = np.abs(truth[:, 0] - lat) * frame.per_lat
            for place in np.flatnonzero((east_u < 1.0) & (north_u < 1.0)):
                if not _on_grid(frame, lat, lon, public):
                    yield Leak(
                        how="drawing",
                        lat=float(truth[place, 0]),
                        lon=float(truth[place, 1]),
                        found=match.group()[:80],
                    )


def _on_grid(frame: Frame, lat: float, lon: float, public: set[tuple[float, float]]) -> bool:
    reach = 0.11 * math.sqrt(2)  # drawings are rounded to tenths of a unit
    return any(
        math.hypot((at[0] - lat) * frame.per_lat, (at[1] - lon) * frame.per_lon) < reach
        for at in public
    )
