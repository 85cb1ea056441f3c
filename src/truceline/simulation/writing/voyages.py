"""Tracks from sightings of what moves: along its course to the told place, and on or back from there."""

from dataclasses import dataclass

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ground, Sightings
from truceline.simulation.naming import key_of, mixed
from truceline.simulation.world.ground import inside
from truceline.simulation.writing.contract import Names

ASIDE_DEG = 25.0  # by how much the way back may part from the way in; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Voyage:
    """Tracks, `(n, fixes)`: instants, metres, degrees; and `(n,)` a number that names each track."""

    at_s: Floats
    x_m: Floats
    y_m: Floats
    course_deg: Floats
    who: "np.ndarray[tuple[int], np.dtype[np.int64]]"


def voyages(
    said: Sightings, ids: Names, speed_ms: float, step_s: float, fixes: int, *, returns: bool
) -> Voyage:
    """A track for each sighting: half of its fixes before the told instant, half after.

    It comes along the told course, from its own side's ground, at a steady speed.

    Parameters
    ----------
    said, ids
        Sightings with a place and a course, and ids from which the name of each track, its way back,
        and the course where none is told are mixed.
    speed_ms, step_s, fixes
        Metres a second, seconds between fixes, and how many of them (odd).
    returns
        Whether it turns at the told place and goes back, some way beside where it came; else it goes on.
    """
    number = mixed(key_of(0, "track"), np.array([int(one[-15:], 16) for one in ids], np.int64))
    # From the north or from the south: what crosses the line runs across it.
    turn = (number >> np.uint64(40)).astype(np.float64) / 2.0**24
    across = np.where(turn < 0.5, 0.0, 180.0) + 60.0 * (2.0 * (turn % 0.5) - 0.5)
    course = np.where(np.isnan(said.bearing_deg), across, said.bearing_deg + 180.0)
    after_s = step_s * (np.arange(fixes) - fixes // 2)
    back = course + 180.0 + ASIDE_DEG * (2.0 * turn - 1.0)
    onward = np.where(returns, back, course)
    heading = np.where(after_s[None, :] > 0, onward[:, None], course[:, None])
    way_m = speed_ms * after_s[None, :]
    radian = np.deg2rad(heading)
    return Voyage(
        at_s=np.floor(said.seen_from_s)[:, None] + after_s[None, :],
        x_m=said.x_m[:, None] + way_m * np.sin(radian),
        y_m=said.y_m[:, None] + way_m * np.cos(radian),
        course_deg=heading % 360.0,
        who=(number % np.uint64(2**24)).astype(np.int64),
    )


def first_within(
    voyage: Voyage, ground: Ground, zone: str
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """For each track its first fix in a zone, under which a feed records it; 0 without the zone."""
    ring = ground.zones_m.get(zone)
    if ring is None:
        return np.zeros(len(voyage.who), dtype=np.int64)
    shape = voyage.x_m.shape
    is_in: Bools = inside(ring, voyage.x_m.ravel(), voyage.y_m.ravel()).reshape(shape)
    return np.argmax(is_in, axis=1).astype(np.int64)
