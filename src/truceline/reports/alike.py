"""Evidence as a release may know it: every place is a place of its cell, and never the true one.

Whatever is computed from such evidence cannot tell two places of one cell apart. What comes out
alike at the middle, at the corners and with the place spread over all of the cell is the same for
every place in it; the rest is too near an edge to be released.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.place import SIGMAS_95
from truceline.reports.coarsen import cell_steps, cells, reach_m

Floats = npt.NDArray[np.float64]

SURE_SIGMAS = 3.5  # findings take an edge that lies farther than this to decide nothing
_CORNER = 0.4999  # of a cell's side from its middle: within the cell, whatever rounding does


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Where in its cell a place is put.

    Parameters
    ----------
    east, north
        Parts of the cell's side from its middle.
    is_spread
        The place is not put anywhere: it may be all over the cell.
    is_sharp
        The place's own error is left away.
    """

    east: float = 0.0
    north: float = 0.0
    is_spread: bool = False
    is_sharp: bool = False


MIDDLE = Stance()
CORNERS = tuple(Stance(east=e, north=n) for e in (-_CORNER, _CORNER) for n in (-_CORNER, _CORNER))
SPREAD = Stance(is_spread=True)
CELL = Stance(is_spread=True, is_sharp=True)
DOT = Stance(is_sharp=True)


def put(table: pa.Table, stance: Stance, cell_m: float) -> pa.Table:
    """A table of evidence with every place put somewhere in its cell.

    Parameters
    ----------
    table
        With columns `lat` and `lon`; and, where it has them, errors as a covariance (`var_east_m2`
        ...) or as 95 % semi-axes (`error_major_m` ...). Names of areas beside coordinates are left
        away, for an area's edge can run through a cell; and so is where an observer stood.
    cell_m
        Least side of a cell, metres.

    Examples
    --------
    >>> told = pa.table({"lat": [48.0123, None], "lon": [37.8456, None]})
    >>> put(told, MIDDLE, 5_000).to_pylist()
    [{'lat': 48.025, 'lon': 37.85}, {'lat': None, 'lon': None}]
    """
    lat, lon = (_floats(table[name]) for name in ("lat", "lon"))
    is_known = ~np.isnan(lat) & ~np.isnan(lon)
    middle_lat, middle_lon = cells(lat, lon, cell_m)
    height, width = cell_steps(np.nan_to_num(middle_lat), cell_m)
    reach = np.where(is_known, reach_m(middle_lat, cell_m), 0.0)
    changed: dict[str, Any] = {
        "lat": _nullable(middle_lat + stance.north * height, is_known),
        "lon": _nullable(middle_lon + stance.east * width, is_known),
        **_errors(table, stance, reach, is_known),
    }
    if "area_id" in table.column_names:
        changed["area_id"] = pc.if_else(pa.array(is_known), None, table["area_id"])
    for name in ("components", "observer_position"):
        if name in table.column_names:
            changed[name] = pa.nulls(table.num_rows, table.schema.field(name).type)
    return _with(table, changed)


def _errors(
    table: pa.Table, stance: Stance, reach: Floats, is_known: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    if "var_east_m2" in table.column_names:
        names = ("var_east_m2", "cov_en_m2", "var_north_m2")
        east, both, north = (_floats(table[name]) for name in names)
        if stance.is_sharp:
            east, both, north = (np.zeros(len(reach)) for _ in names)
        if stance.is_spread:
            half = np.hypot((east - north) / 2, both)
            sigma = np.sqrt(np.maximum((east + north) / 2 + half, 0.0))
            east = north = (sigma + reach / SURE_SIGMAS) ** 2
            both = np.zeros(len(reach))
        return {
            name: _nullable(value, is_known)
            for name, value in zip(names, (east, both, north), strict=True)
        }
    if "error_major_m" in table.column_names and (stance.is_spread or stance.is_sharp):
        axes = _semi_axis(table, stance, reach)
        axis_names = (
            "error_major_m",
            "error_minor_m",
        )  # visits state one error for every direction
        return {
            name: _nullable(axes, is_known) for name in axis_names if name in table.column_names
        }
    if "radius_m" in table.column_names and (stance.is_spread or stance.is_sharp):
        radius = np.nan_to_num(_floats(table["radius_m"])) * (not stance.is_sharp)
        grown = radius + (SIGMAS_95 / SURE_SIGMAS) * reach * stance.is_spread
        return {"radius_m": _nullable(grown, is_known)}
    return {}


def _semi_axis(table: pa.Table, stance: Stance, reach: Floats) -> Floats:
    major = np.nan_to_num(_floats(table["error_major_m"])) * (not stance.is_sharp)
    return np.asarray(major + (SIGMAS_95 / SURE_SIGMAS) * reach * stance.is_spread)


def _with(table: pa.Table, columns: Mapping[str, Any]) -> pa.Table:
    for name, values in columns.items():
        at = table.schema.get_field_index(name)
        field = table.schema.field(at)
        table = table.set_column(at, field, values.cast(field.type))
    return table


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan), dtype=np.float64)


def _nullable(values: Floats, is_known: npt.NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=~is_known | np.isnan(values))
