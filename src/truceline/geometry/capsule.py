"""Segments near a place as rays meet them, and the capsules about them.

A capsule is the ground within a distance of one segment. A ray through it has one interval in it.
All is in metres about the middle of the place, and along a ray in standard deviations.
"""

import math

import numba
import numpy as np
import numpy.typing as npt

from truceline.geometry.distance import scales

Floats = npt.NDArray[np.float64]
Frame = tuple[float, float, float, float]
"""East and north metres of a step from ray to ray, then of a step along a ray."""

FAR = 12.0  # standard deviations: nothing lies beyond
FLAT = 1e-12
_BLOCK = 16  # segments that are looked at or passed over together

# What is known of a segment: its ends, how far it is, then across + u across_step + s across_slope
# and the same along it, for a point s along the ray number u.
AX, AY, BX, BY, AWAY, LENGTH = range(6)
ACROSS, ACROSS_STEP, ACROSS_SLOPE, ALONG, ALONG_STEP, ALONG_SLOPE, IS_LAST = range(6, 13)
COLUMNS = 13


def boxes_of(segments: Floats) -> Floats:
    """West, south, east and north of each block of segments, degrees."""
    start = np.arange(0, len(segments), _BLOCK)
    low = np.minimum(segments[:, :2], segments[:, 2:])
    high = np.maximum(segments[:, :2], segments[:, 2:])
    return np.hstack([np.minimum.reduceat(low, start), np.maximum.reduceat(high, start)])


@numba.njit(cache=True)
def collect(
    segments: Floats, boxes: Floats, lat: float, lon: float, limit_m: float, near: Floats
) -> tuple[int, float]:
    """Segments within a distance of a middle, and metres to the nearest of them."""
    east_m, north_m = scales(lat)
    wide, high = limit_m / east_m, limit_m / north_m
    kept, least, last = 0, np.inf, -2
    for block in range(len(boxes)):
        if boxes[block, 0] - lon > wide or lon - boxes[block, 2] > wide:
            continue
        if boxes[block, 1] - lat > high or lat - boxes[block, 3] > high:
            continue
        for s in range(block * _BLOCK, min((block + 1) * _BLOCK, len(segments))):
            ax, bx = (segments[s, 0] - lon) * east_m, (segments[s, 2] - lon) * east_m
            ay, by = (segments[s, 1] - lat) * north_m, (segments[s, 3] - lat) * north_m
            dx, dy = bx - ax, by - ay
            squared = dx * dx + dy * dy
            along = min(1.0, max(0.0, -(ax * dx + ay * dy) / squared))
            away = math.hypot(ax + along * dx, ay + along * dy)
            if away > limit_m:
                continue
            row = near[kept]
            row[AX], row[AY], row[BX], row[BY] = ax, ay, bx, by
            row[AWAY], row[LENGTH], row[IS_LAST] = away, math.sqrt(squared), 1.0
            if kept and last == s - 1 and near[kept - 1, BX] == ax and near[kept - 1, BY] == ay:
                near[kept - 1, IS_LAST] = 0.0  # its far end is the near end of this one
            last, least, kept = s, min(least, away), kept + 1
    return kept, least


@numba.njit(cache=True)
def turn(near: Floats, frame: Frame) -> None:
    """Each segment as the rays meet it: how far across and along it a point of a ray lies."""
    bx, by, wx, wy = frame
    for k in range(len(near)):
        row = near[k]
        tx, ty = (row[BX] - row[AX]) / row[LENGTH], (row[BY] - row[AY]) / row[LENGTH]
        row[ACROSS] = -(tx * row[AY] - ty * row[AX])
        row[ACROSS_STEP], row[ACROSS_SLOPE] = tx * by - ty * bx, tx * wy - ty * wx
        row[ALONG] = -(tx * row[AX] + ty * row[AY])
        row[ALONG_STEP], row[ALONG_SLOPE] = tx * bx + ty * by, tx * wx + ty * wy


@numba.njit(cache=True)
def keep(near: Floats, kept: int, limit_m: float) -> int:
    """Move the segments within a distance to the front; how many they are."""
    count = 0
    for k in range(kept):
        if near[k, AWAY] > limit_m:
            if count:  # its near end is the far end of the one before
                near[count - 1, IS_LAST] = 1.0
            continue
        if count != k:
            near[count] = near[k]
        count += 1
    return count


@numba.njit(cache=True, inline="always")
def _between(at: float, slope: float, low: float, high: float) -> tuple[float, float]:
    """Where along the ray a value that starts so and grows so lies between two."""
    if abs(slope) > FLAT:
        first, last = (low - at) / slope, (high - at) / slope
        return min(first, last), max(first, last)
    return (-FAR, FAR) if low <= at <= high else (FAR, -FAR)


@numba.njit(cache=True, inline="always")
def _disc(
    x: float, y: float, wx: float, wy: float, ww: float, squared: float
) -> tuple[float, float]:
    """Where a ray that starts so far from a disc's middle lies in it."""
    b, c = wx * x + wy * y, x * x + y * y - squared
    under = b * b - ww * c
    if under < 0.0:
        return FAR, -FAR
    root = math.sqrt(under)
    return (-b - root) / ww, (-b + root) / ww


@numba.njit(cache=True, inline="always")
def chord(row: Floats, u: float, frame: Frame, metres: float) -> tuple[float, float]:
    """Where a ray lies within a distance of a segment; a first above the last: nowhere."""
    bx, by, wx, wy = frame
    x, y, ww = u * bx, u * by, wx * wx + wy * wy
    low, high = _between(row[ACROSS] + u * row[ACROSS_STEP], row[ACROSS_SLOPE], -metres, metres)
    if low > high:
        return low, high  # farther from the whole line through it
    start, end = _between(row[ALONG] + u * row[ALONG_STEP], row[ALONG_SLOPE], 0.0, row[LENGTH])
    if start <= low and high <= end:
        return low, high  # beside the segment all the way: its rounded ends add nothing
    low, high = max(low, start), min(high, end)
    if low > high:
        low, high = FAR, -FAR
    start, end = _disc(x - row[AX], y - row[AY], wx, wy, ww, metres * metres)
    low, high = min(low, start), max(high, end)
    if row[IS_LAST] != 0.0:
        start, end = _disc(x - row[BX], y - row[BY], wx, wy, ww, metres * metres)
        low, high = min(low, start), max(high, end)
    return low, high
