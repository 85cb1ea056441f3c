"""Latitude and longitude exchanged: a place far from where the mission is, and swapped, within it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.model.errors import SourceError
from truceline.sources.contract import Area, ReadContext
from truceline.sources.faults import Fault, Faults, Mask

Floats = npt.NDArray[np.float64]
_NEAR_DEG = 6.0  # points this near the middle of all make a region; assumed
_GROUND_DEG = 1.0  # by which the region of the points is grown; assumed
_FAR_DEG = 5.0  # how far outside that region a point must lie, while its swap lies inside; assumed
_FEWEST = 3  # points that make a region: of two, nobody can say which one is swapped


def faults_of(lat: Floats, lon: Floats, sound: Mask, context: ReadContext) -> Faults:
    """Faults of points that seem to be swapped; nothing is mended.

    A point is judged against option `bounds`; else against the mission's area; else against the
    other points, where two in three of them lie together.

    Parameters
    ----------
    lat, lon
        `(n,)` degrees; NaN where unknown.
    sound
        `(n,)` which of them have no other fault.
    context
        Its options and its area.

    Raises
    ------
    SourceError
        Option `bounds` is no box.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> area = Area(south=44.0, west=22.0, north=53.0, east=41.0, of="the theatre", if_right="mend")
    >>> told = ReadContext(zone="UTC", received_at=datetime(2026, 3, 9, tzinfo=UTC), area=area)
    >>> lat, lon = np.array([48.1, 37.8]), np.array([37.8, 48.1])
    >>> found = faults_of(lat, lon, np.ones(2, np.bool_), told)
    >>> list(found), found[1][0]
    ([1], 'lat and lon seem to be swapped: 37.8, 48.1 lies outside the theatre, and 48.1, 37.8 inside')
    """
    found = _area(lat, lon, sound, context)
    if found is None:
        return {}
    area, slack_deg = found
    with np.errstate(invalid="ignore"):
        wrong = sound & _inside(area, lon, lat) & ~_inside(area, lat, lon, slack_deg)
    return {
        int(row): _said(float(lat[row]), float(lon[row]), area) for row in np.flatnonzero(wrong)
    }


def fault_of_area(lat: float, lon: float, context: ReadContext) -> Fault | None:
    """The same for the middle of one area on a map, without regard to others."""
    one = np.array([lat]), np.array([lon])
    return faults_of(*one, np.ones(1, np.bool_), context).get(0)


def bounds_of(options: Mapping[str, Any]) -> Area | None:
    """The box of option `bounds`, if it is given.

    Raises
    ------
    SourceError
        It is no box.
    """
    given = options.get("bounds")
    if given is None:
        return None
    if isinstance(given, Sequence) and len(given) == 4:
        try:
            south, west, north, east = (float(value) for value in given)
        except (TypeError, ValueError, OverflowError):
            pass
        else:
            if south < north and west < east:
                return Area(
                    south=south, west=west, north=north, east=east,
                    of="option `bounds`", if_right="correct option `bounds`",
                )  # fmt: skip
    msg = f"option `bounds` is {given!r}; give [south, west, north, east] in degrees"
    raise SourceError(msg)


def _area(lat: Floats, lon: Floats, sound: Mask, context: ReadContext) -> tuple[Area, float] | None:
    stated = bounds_of(context.options) or context.area
    if stated is not None:
        return stated, 0.0
    others = _region(lat[sound], lon[sound])
    return None if others is None else (others, _FAR_DEG)


def _region(lat: Floats, lon: Floats) -> Area | None:
    """The box of most points, where that is a region and not the world."""
    known = ~np.isnan(lat) & ~np.isnan(lon)
    lat, lon = lat[known], lon[known]
    if len(lat) < _FEWEST:
        return None
    near = np.abs(lat - np.median(lat)) <= _NEAR_DEG
    near &= np.abs(lon - np.median(lon)) <= _NEAR_DEG
    if 3 * int(near.sum()) < 2 * len(lat):
        return None
    return Area(
        south=float(lat[near].min()) - _GROUND_DEG,
        west=float(lon[near].min()) - _GROUND_DEG,
        north=float(lat[near].max()) + _GROUND_DEG,
        east=float(lon[near].max()) + _GROUND_DEG,
        of="the region of the other points",
        if_right="set `theatre` in mission.yaml, or option `bounds`",
    )


def _inside(area: Area, lat: Floats, lon: Floats, slack_deg: float = 0.0) -> Mask:
    inside: Mask = (
        (lat >= area.south - slack_deg)
        & (lat <= area.north + slack_deg)
        & (lon >= area.west - slack_deg)
        & (lon <= area.east + slack_deg)
    )
    return inside


def _said(lat: float, lon: float, area: Area) -> Fault:
    one, two = round(lat, 5), round(lon, 5)
    reason = (
        f"lat and lon seem to be swapped: {one}, {two} lies outside {area.of}, and {two}, {one} "
        "inside"
    )
    return reason, f"swap them in this row; or {area.if_right} if the place is right"
