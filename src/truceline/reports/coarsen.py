"""Making things coarse: cells of the ground, whole hours, and words that carry no place.

Cells form one fixed grid over the world: rows of latitude, and in each row steps of longitude as
wide as the row's poleward edge asks for. A released place is the middle of its cell, so two places
of one cell cannot be told apart.
"""

import math
import re

import numpy as np
import numpy.typing as npt

from truceline.geometry.plane import metres_per_degree
from truceline.model.errors import PublicationError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Steps that people can read off a map; each divides 360.
STEPS_DEG = np.array([0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 90.0, 360.0])
NORTH_M_PER_DEG = 110_574.0  # shortest degree of latitude, at the equator (WGS 84)
WIDEST_NORTH_M_PER_DEG = 111_694.0  # longest degree of latitude, at a pole (WGS 84)
WIDEST_EAST_M_PER_DEG = 111_694.0  # above any east degree over cosine of latitude (WGS 84)
ERROR_STEP_M = 5_000.0
CIRCLE_STEP_M = 500.0
AZIMUTH_STEP_DEG = 15.0
_MOST_TURN = math.radians(AZIMUTH_STEP_DEG / 2)
LONGEST_TEXT = 400

# Anything in a text that may say where: decimal degrees, degrees and minutes, metres, map grids.
_PLACE = re.compile(
    r"\d{1,3}[.,]\d{2,}|\d\s*[°º′″]|\d{1,3}\s*(?:deg|град)|\b\d{1,2}[A-Z]\s?[A-Z]{2}\s?\d{2,}"
    r"|\b\d{6,8}\b|\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng|mgrs|utm|шир\w*|долг\w*|довг\w*)\b"
    r"[\s.:=°]*[NSEW]?\s*[-+]?\d",
    re.IGNORECASE,
)


def cell_steps(lat: Floats, cell_m: float) -> tuple[float, Floats]:
    """Height of every row and width of the cells at these latitudes, in degrees.

    Examples
    --------
    >>> height, width = cell_steps(np.array([48.0, 70.0]), 5_000)
    >>> height, width.tolist()
    (0.05, [0.1, 0.2])
    """
    height_deg = _step(np.array([cell_m / NORTH_M_PER_DEG]))[0]
    row = np.floor(lat / height_deg)
    edge = np.minimum(np.maximum(np.abs(row), np.abs(row + 1)) * height_deg, 90.0)
    per_degree_m = metres_per_degree(0.0)[0] * np.cos(np.deg2rad(edge))
    return float(height_deg), _step(cell_m / np.maximum(per_degree_m, 1e-6))


def cells(lat: Floats, lon: Floats, cell_m: float) -> tuple[Floats, Floats]:
    """Middle of the cell that holds each point, degrees; NaN stays NaN.

    Examples
    --------
    >>> [float(x[0]) for x in cells(np.array([48.0123]), np.array([37.8456]), 5_000)]
    [48.025, 37.85]
    """
    height_deg, width_deg = cell_steps(np.nan_to_num(lat), cell_m)
    # A point on the last row's upper edge belongs to that row: there is no latitude above 90.
    row = np.minimum(np.floor(lat / height_deg), round(90.0 / height_deg) - 1)
    column = np.floor((lon + 180.0) / width_deg) % np.round(360.0 / width_deg)
    middle_lon = (column + 0.5) * width_deg - 180.0
    return np.round((row + 0.5) * height_deg, 4), np.round(middle_lon, 4)


def reach_m(lat: Floats, cell_m: float) -> Floats:
    """Metres from a cell's middle to its farthest corner, rounded up to half kilometres."""
    height_deg, width_deg = cell_steps(np.nan_to_num(lat), cell_m)
    equatorward = np.maximum(np.abs(np.nan_to_num(lat)) - height_deg / 2, 0.0)
    east_m = WIDEST_EAST_M_PER_DEG * np.cos(np.deg2rad(equatorward))
    far = np.hypot(WIDEST_NORTH_M_PER_DEG * height_deg / 2, east_m * width_deg / 2)
    return np.asarray(np.ceil(far / 500.0) * 500.0)


def widen(
    error_major_m: Floats, error_minor_m: Floats, error_azimuth_deg: Floats, reach: Floats
) -> tuple[Floats, Floats, Floats]:
    """Error ellipses about a cell's middle that hold what the true ones held, wherever in the cell.

    An error within the cell becomes a circle that holds both. A wider one becomes the ellipse about
    the sum of the true one and the cell's circle (Kurzhanski and Valyi 1997), grown so
    that it still holds it when its azimuth is rounded, and set to whole steps.
    """
    is_wide = error_major_m > reach
    major = np.maximum(error_major_m, 1.0)
    long2 = (major + reach) ** 2
    short2 = (1 + reach / major) * error_minor_m**2 + reach * (reach + major)
    sine, cosine = math.sin(_MOST_TURN), math.cos(_MOST_TURN)
    spare = (long2 - short2) * sine
    long_m = np.sqrt(long2 + spare * (cosine - sine))
    short_m = np.sqrt(short2 + spare * (cosine + sine))
    circle = reach + np.ceil(error_major_m / CIRCLE_STEP_M) * CIRCLE_STEP_M
    azimuth = np.round(error_azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 180.0
    return (
        np.where(is_wide, np.ceil(long_m / ERROR_STEP_M) * ERROR_STEP_M, circle),
        np.where(is_wide, np.ceil(short_m / ERROR_STEP_M) * ERROR_STEP_M, circle),
        np.where(is_wide, azimuth, 0.0),
    )


def hours(began_us: Integers, ended_us: Integers, step_min: int) -> tuple[Integers, Integers]:
    """Intervals widened outward to whole steps.

    Examples
    --------
    >>> minute = 60_000_000
    >>> began, ended = hours(np.array([61 * minute]), np.array([62 * minute]), 60)
    >>> int(began[0]) // minute, int(ended[0]) // minute
    (60, 120)
    """
    step_us = step_min * 60_000_000
    began = began_us // step_us * step_us
    ended = -(-ended_us // step_us) * step_us
    return began, np.maximum(ended, began + step_us)


def speakable(text: str | None) -> str | None:
    """The text where it carries nothing that reads like a place; otherwise None.

    Examples
    --------
    >>> speakable("the parts sum to 2,928")
    'the parts sum to 2,928'
    >>> speakable("seen at 48.0159, 37.8029") is None
    True
    >>> speakable("lat N 48, long 37") is None
    True
    >>> speakable("the latest of 12 long-range drones")
    'the latest of 12 long-range drones'
    """
    if text is None or len(text) > LONGEST_TEXT:
        return None
    thousands = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return None if _PLACE.search(thousands) else text


def _step(least_deg: Floats) -> Floats:
    index = np.searchsorted(STEPS_DEG, least_deg - 1e-12)
    if np.any(index >= len(STEPS_DEG)) and not np.all(np.isfinite(least_deg)):
        msg = "a latitude is not a number; places without coordinates must be left out"
        raise PublicationError(msg)
    return np.asarray(STEPS_DEG[np.minimum(index, len(STEPS_DEG) - 1)])
