"""Names of larger places on the map: where one fits, clear of every figure and of other names.

They are clear of shapes too; only a city that finds no such room is set across them, in bare letters.

Names and points are public and come from a list that no report was read from. Whether one is drawn
depends on the list and on shapes that the view already shows, so a name says nothing that the map
does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.reports.frame import WIDTH, Frame

Floats = npt.NDArray[np.float64]

MOST_NAMES = 32
MOST_TRIED = 300
SIZES = (14, 12)  # type size of the largest places, and of the others
LARGE = 500_000  # people: set in the larger size
KNOWN = 200_000  # people: worth a line back to the square where there is no room beside it
MARK = 4.0  # side of the square at a place; a circle would look like a shape of uncertainty
_LETTER = 0.56  # mean width of a letter in parts of its size: wider than our serif sets it
_GAP = 4.0
_STEPS = (0.0, 10.0, 20.0, 32.0)
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
_EDGE = 22.0  # room for the figures of the graticule
_TURNS = 24  # points of an outline that are held against a box


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of paper: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share any paper."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name to draw: its square, its baseline, and the paper that its letters take."""

    words: str
    size: int
    x: float
    y: float
    mark: tuple[float, float]
    foot: tuple[float, float] | None  # where a line back to the square begins; None: it is near
    box: Box
    is_bare: bool = False  # across outlines: set without an edge, so that they show between letters


def names(settlements: pa.Table, frame: Frame, shapes: Floats, taken: Sequence[Box]) -> list[Name]:
    """Names that fit, the largest places first.

    Parameters
    ----------
    settlements
        Rows of SETTLEMENTS, most people first.
    shapes
        `(shapes, 5)` units of paper: middle x and y, semi-axes along and across, and the azimuth of
        the first in degrees.
    taken
        Paper that holds something else already.
    """
    outlines = _outlines(shapes)
    lines: list[Box] = []
    found: list[Name] = []
    for row in _near(settlements, frame):
        used = [*taken, *(each.box for each in found)]
        fits = [
            each
            for each in _candidates(row, frame)
            if not any(each.box.meets(other) for other in (*used, *lines))
            and not any(_line(each).meets(other.box) for other in found)
        ]
        name = next((each for each in fits if _is_clear(each.box, outlines)), None)
        if name is None and fits and row["population"] >= KNOWN:
            name = replace(fits[0], is_bare=True)
        if name:
            found.append(name)
            lines.append(_line(name))
        if len(found) == MOST_NAMES:
            break
    return found


def _line(name: Name) -> Box:
    """Paper of the square with the line to it."""
    (x, y), half = name.mark, MARK / 2
    far = name.foot or name.mark
    return Box(
        left=min(x, far[0]) - half,
        top=min(y, far[1]) - half,
        right=max(x, far[0]) + half,
        bottom=max(y, far[1]) + half,
    )


def _near(settlements: pa.Table, frame: Frame) -> list[dict[str, Any]]:
    lat, lon = (settlements[name].to_numpy(zero_copy_only=False) for name in ("lat", "lon"))
    within = (lat > frame.south) & (lat < frame.north) & (lon > frame.west) & (lon < frame.east)
    chosen = settlements.filter(pa.array(within)).sort_by(
        [("population", "descending"), ("name", "ascending"), ("lat", "ascending")]
    )
    rows: list[dict[str, Any]] = chosen.slice(0, MOST_TRIED).to_pylist()
    return rows


def _candidates(row: dict[str, Any], frame: Frame) -> Iterator[Name]:
    """The name beside its square, on eight sides, and farther off with a line back to it."""
    words, people = row["name"], row["population"]
    x, y = frame.x(row["lon"]), frame.y(row["lat"])
    size = SIZES[0] if people >= LARGE else SIZES[1]
    width, tall = _LETTER * size * len(words), size * 0.72
    for off in _STEPS if people >= KNOWN else _STEPS[:1]:
        for east, north in _SIDES:
            reach = MARK / 2 + _GAP + off
            # The anchor of the words is their edge or middle that faces the square.
            left = x + east * reach - width * (0.5 - 0.5 * east)
            baseline = y - north * reach + tall * (0.5 - 0.5 * north)
            box = Box(
                left=left - 1, top=baseline - tall - 2, right=left + width + 1, bottom=baseline + 4
            )
            if _is_within(box, frame):
                yield Name(
                    words=words,
                    size=size,
                    x=round(left, 1),
                    y=round(baseline, 1),
                    mark=(x, y),
                    foot=_foot(box, x, y) if off else None,
                    box=box,
                )


def _foot(box: Box, x: float, y: float) -> tuple[float, float]:
    """The point of the box nearest to the square."""
    return (
        round(min(max(x, box.left), box.right), 1),
        round(min(max(y, box.top), box.bottom), 1),
    )


def _is_within(box: Box, frame: Frame) -> bool:
    is_wide_enough = box.left > 2 and box.right < WIDTH - 2
    return is_wide_enough and box.top > 2 and box.bottom < frame.height - _EDGE


def _outlines(shapes: Floats) -> Floats:
    """`(shapes, turns + 1, 2)`: points of each outline, and its middle."""
    turn = np.linspace(0.0, 2 * np.pi, _TURNS, endpoint=False)
    azimuth = np.deg2rad(shapes[:, 4])[:, None]
    along, across = shapes[:, 2, None] * np.cos(turn), shapes[:, 3, None] * np.sin(turn)
    x = shapes[:, 0, None] + along * np.sin(azimuth) + across * np.cos(azimuth)
    y = shapes[:, 1, None] - along * np.cos(azimuth) + across * np.sin(azimuth)
    rim = np.stack([x, y], axis=-1)
    return np.concatenate([rim, shapes[:, None, :2]], axis=1)


def _is_clear(box: Box, outlines: Floats) -> bool:
    """Whether no rim runs through the box, and no middle lies in it."""
    if not len(outlines):
        return True
    rim, middle = outlines[:, :-1], outlines[:, -1]
    is_in = (
        (middle[:, 0] > box.left)
        & (middle[:, 0] < box.right)
        & (middle[:, 1] > box.top)
        & (middle[:, 1] < box.bottom)
    )
    return not bool(np.any(is_in)) and not bool(np.any(_crosses(box, rim)))


def _crosses(box: Box, rim: Floats) -> npt.NDArray[np.bool_]:
    """Which closed outlines have a side that runs through the box (Liang and Barsky 1984)."""
    start, step = rim, np.roll(rim, -1, axis=1) - rim
    low, high = np.zeros(rim.shape[:2]), np.ones(rim.shape[:2])
    is_off = np.zeros(rim.shape[:2], np.bool_)
    for axis, (least, most) in enumerate(((box.left, box.right), (box.top, box.bottom))):
        along = step[..., axis]
        is_still = np.abs(along) < 1e-9
        safe = np.where(is_still, 1.0, along)
        one, two = (least - start[..., axis]) / safe, (most - start[..., axis]) / safe
        low = np.where(is_still, low, np.maximum(low, np.minimum(one, two)))
        high = np.where(is_still, high, np.minimum(high, np.maximum(one, two)))
        is_off |= is_still & ((start[..., axis] < least) | (start[..., axis] > most))
    return np.asarray(np.any((low <= high) & ~is_off, axis=1))
