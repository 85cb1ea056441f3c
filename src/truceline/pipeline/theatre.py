"""Where a mission is: the box that its places lie in, so that a lone swapped point stands out."""

from collections.abc import Iterator

from truceline.agreement.terms import Agreement, Point
from truceline.model.errors import InputError
from truceline.pipeline.line import agreement_of
from truceline.pipeline.mission import Mission
from truceline.sources.contract import Area

_GROUND_DEG = 1.0  # some hundred kilometres about the agreement's ground; assumed


def area_of(mission: Mission) -> Area | None:
    """The theatre that the mission states; else its agreement's ground; None where neither is known.

    An agreement that cannot be loaded gives none here: evidence is taken in whatever state the text
    is in, and is read once more when the area becomes known.
    """
    if mission.theatre is not None:
        south, west, north, east = mission.theatre
        return Area(
            south=south, west=west, north=north, east=east,
            of="the theatre of mission.yaml", if_right="widen `theatre` in mission.yaml",
        )  # fmt: skip
    try:
        ground = tuple(_ground(agreement_of(mission)))
    except InputError:
        return None
    if not ground:
        return None
    lons, lats = zip(*ground, strict=True)
    return Area(
        south=min(lats) - _GROUND_DEG,
        west=min(lons) - _GROUND_DEG,
        north=max(lats) + _GROUND_DEG,
        east=max(lons) + _GROUND_DEG,
        of="the ground of the agreement's zones and lines",
        if_right="state a `theatre` in mission.yaml that holds it",
    )


def _ground(agreement: Agreement) -> Iterator[Point]:
    """Every corner of every zone and line, whenever it is valid."""
    for zone in agreement.zones:
        for polygon in zone.polygons or ():
            yield from polygon[0]
    for line in agreement.lines:
        for path in line.paths or ():
            yield from path
