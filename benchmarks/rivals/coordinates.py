"""Place and time of observations as numbers that a clusterer can use."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.rivals.contract import Floats, Ints

EAST_M, NORTH_M = 111_320.0, 111_200.0  # metres a degree, at the equator and along a meridian


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The placed observations.

    Parameters
    ----------
    rows
        `(placed,)` row of each in the table, in the order of their ids: the order of arrival is
        no evidence.
    lat, lon
        Degrees.
    east_m, north_m
        Metres on a plane whose east is scaled at the middle latitude.
    middle_s, half_s
        Middle and half width of the stated interval, seconds since the first observation began.
    """

    rows: Ints
    lat: Floats
    lon: Floats
    east_m: Floats
    north_m: Floats
    middle_s: Floats
    half_s: Floats


def points(observations: pa.Table) -> Points:
    """Coordinates of every observation that states a place."""
    lat, lon = (
        np.asarray(observations[name].fill_null(np.nan), np.float64) for name in ("lat", "lon")
    )
    by_name = np.asarray(pc.sort_indices(observations["observation_id"]), np.int64)
    rows = by_name[(np.isfinite(lat) & np.isfinite(lon))[by_name]]
    began, ended = (
        np.asarray(observations[name].cast(pa.int64()), np.int64) for name in ("began", "ended")
    )
    first = began.min(initial=np.iinfo(np.int64).max)
    lat, lon = lat[rows], lon[rows]
    middle = np.deg2rad(np.median(lat)) if rows.size else 0.0
    half_s = (ended - began)[rows] / 2e6
    return Points(
        rows=rows,
        lat=lat,
        lon=lon,
        east_m=lon * EAST_M * np.cos(middle),
        north_m=lat * NORTH_M,
        middle_s=(began[rows] - first) / 1e6 + half_s,
        half_s=half_s,
    )


def spread(labels: Ints, rows: Ints, total: int) -> Ints:
    """Labels of all observations: noise (-1) and what has no place stand alone.

    Examples
    --------
    >>> spread(np.array([0, -1, 0]), np.array([0, 2, 3]), 5).tolist()
    [0, -2, -3, 0, -5]
    """
    out = -1 - np.arange(total, dtype=np.int64)
    joined = np.asarray(labels) >= 0
    out[np.asarray(rows)[joined]] = np.asarray(labels)[joined]
    return out
