"""Where a patrol could see: its place or its track, as one disc with the share of it in sight."""

import math
from collections.abc import Mapping

import numpy as np

from truceline.geometry.plane import to_plane
from truceline.sources.submissions import point_of

SIGHT_M = 1000.0  # to which a patrol sees or hears where it states none; assumed
P_DETECT = 0.3  # chance to notice what happens in sight, where nothing better is known; assumed


def watched(cells: Mapping[str, str], sight_m: float) -> dict[str, str]:
    """Middle and radius of what a patrol watched, in words, from `patrol_track` or `patrol_place`.

    A patrol that moves is at one place at a time: of the disc round its track only the share
    (sight / radius) squared is in sight, and the chance to notice falls with it.

    Parameters
    ----------
    cells
        Answers of a report; `sight_m` among them comes before the one given.
    sight_m
        Metres.

    Examples
    --------
    >>> watched({"patrol_place": "48 37.8 0 5", "sight_m": "2000"}, 1000.0)
    {'lat': '48', 'lon': '37.8', 'radius_m': '2000'}
    >>> watched({"patrol_track": "48 37.8 0 0;48 37.84 0 0"}, 1000.0)["p_detect"]
    '0.0483'
    """
    stated = cells.get("sight_m")
    track = [point for point in cells.get("patrol_track", "").split(";") if point.strip()]
    if len(track) > 1:
        return _disc(track, _figure(stated) if stated else sight_m)
    place = track[0] if track else cells.get("patrol_place")
    if place is None:
        return {"radius_m": stated} if stated else {}
    lat, lon, _ = point_of(place)
    return {"lat": lat, "lon": lon, "radius_m": stated or f"{sight_m:g}"}


def _disc(track: list[str], sight_m: float | None) -> dict[str, str]:
    figures = [[_figure(cell or "") for cell in point_of(point)[:2]] for point in track]
    for pair, written in zip(figures, track, strict=True):
        if not all(figure is not None and abs(figure) <= 180 for figure in pair):
            return {"lat": written.strip()[:60], "lon": ""}  # refused by the reader of coordinates
    if sight_m is None or sight_m <= 0:
        lat_0, lon_0, _ = point_of(track[0])
        return {"lat": lat_0, "lon": lon_0, "radius_m": "-1"}  # refused: sight is not above 0
    lat, lon = np.array(figures, dtype=np.float64).T
    middle_lat = float(lat.min() + lat.max()) / 2
    middle_lon = float(lon.min() + lon.max()) / 2
    east, north = to_plane(lat, lon, middle_lat, middle_lon)
    radius_m = float(np.hypot(east, north).max()) + sight_m
    share = (sight_m / radius_m) ** 2
    return {
        "lat": f"{middle_lat:.7f}",
        "lon": f"{middle_lon:.7f}",
        "radius_m": f"{radius_m:.1f}",
        "p_detect": f"{P_DETECT * share:.4f}",
    }


def _figure(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
