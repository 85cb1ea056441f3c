"""In which zones of the text an observation surely lies: what a mandate that names ground asks."""

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry import Point

from truceline.agreement.shape import zone_polygon
from truceline.agreement.terms import Agreement
from truceline.geometry.plane import metres_per_degree


def zones_of(row: Mapping[str, Any], agreement: Agreement) -> tuple[str, ...] | None:
    """Ids of the zones in force then that hold the whole of its error, or its area; None: no place.

    Parameters
    ----------
    row
        Of an observation: `lat` and `lon` in degrees, `error_major_m`, `area_id`, `began`.
    agreement
        The text whose zones are meant.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from truceline.agreement.load import load
    >>> at = datetime(2015, 3, 1, tzinfo=UTC)
    >>> here = {"lat": None, "lon": None, "error_major_m": None, "area_id": None, "began": at}
    >>> zones_of(here, load("minsk-2")) is None
    True
    """
    has_place = row["lat"] is not None and row["lon"] is not None
    if not has_place and row["area_id"] is None:
        return None
    spot = _spot(row) if has_place else None
    found = []
    for zone in agreement.zones:
        valid = zone.valid
        is_then = valid.began <= row["began"] and (
            valid.ended is None or row["began"] < valid.ended
        )
        if not is_then:
            continue
        ground = zone_polygon(agreement, zone.zone_id)
        is_named = row["area_id"] is not None and row["area_id"] in zone.area_ids
        if is_named or (spot is not None and ground is not None and ground.contains(spot)):
            found.append(zone.zone_id.partition("@")[0])
    return tuple(sorted(set(found)))


def _spot(row: Mapping[str, Any]) -> Any:
    """The place as far as it may err, in degrees."""
    point = Point(row["lon"], row["lat"])
    if not row["error_major_m"]:
        return point
    east_m, north_m = metres_per_degree(row["lat"])
    round_deg = shapely.buffer(Point(0, 0), row["error_major_m"])
    return shapely.transform(
        round_deg, lambda xy: xy / (east_m, north_m) + (row["lon"], row["lat"])
    )
