"""Drone logs: legs of flights with the ground below them, losses, and interference."""

from collections.abc import Sequence

import numpy as np

from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.template import OPTIONS, metres
from truceline.sources.views import footprint_m
from truceline.sources.watch_log import Circle, Log, read_log

WIDEST_DEG = 170.0  # of a lens that looks down; wider ones see the horizon, not the ground; assumed


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read logs of flights: each row a leg, or a stretch of time in one state."""
    return read_log(files, context, LOG)


def _circle(sheet: Sheet) -> Circle:
    """The ground below: the radius stated, else from the height and the angle of view."""
    at = points(sheet, "lat", "lon")
    stated, wrong = metres(sheet, "radius_m")
    height, high = metres(sheet, "height_m")
    view = numbers(sheet.column("view_deg"), "view_deg")
    faults: Faults = {}
    gather(faults, at.faults, wrong, high, view.faults)
    with np.errstate(invalid="ignore"):
        odd = (view.values <= 0) | (view.values > WIDEST_DEG)
    advice = "correct it, or write the radius on the ground in radius_m"
    gather(faults, where(odd, f"view_deg is not above 0 and up to {WIDEST_DEG:g}", advice))
    sound = kept(sheet.rows, faults)
    seen = np.where(sound, view.values, np.nan)
    radius = stated.to_numpy(zero_copy_only=False)
    below = footprint_m(height.to_numpy(zero_copy_only=False), seen)
    from_height = np.isnan(radius) & ~np.isnan(below)
    count = int(from_height.sum())
    note = f"{sheet.file.name}: {count} footprints are worked out from height and angle of view"
    lat, lon = to_float64(at.lat), to_float64(at.lon)
    return Circle(
        lat=lat,
        lon=lon,
        radius_m=to_float64(np.where(from_height, below, radius)),
        own_lat=lat,
        own_lon=lon,
        faults=faults,
        notes=(*at.notes, *((note,) if count else ())),
    )


LOG = Log(
    feed="uav_log",
    sensor="uav",
    kind="uav",
    columns=("radius_m", "height_m", "view_deg"),
    circle=_circle,
)

SAMPLE = b"""\
log_id,uav,state,began,ended,lat,lon,radius_m,height_m,view_deg,p_detect,reason
u-1,uav 1,watch,2026-03-07T09:00:00Z,2026-03-07T09:10:00Z,48.10,37.80,400,,,0.7,
u-2,uav 1,watch,2026-03-07T09:10:00Z,2026-03-07T09:20:00Z,48.11,37.82,,300,84,,
u-3,uav 1,jammed,2026-03-07T09:20:00Z,2026-03-07T09:26:00Z,48.12,37.84,,300,84,,Satellite signal lost
u-4,uav 1,outage,2026-03-07T09:26:00Z,2026-03-07T18:00:00Z,,,,,,,Grounded after the loss of signal
"""

FEED = Feed(
    name="uav_log",
    summary="Legs of drone flights with the ground below them, losses, and interference",
    publisher="The mission's drone teams",
    method=(
        "A row is a leg or a stretch of time in one state; the footprint is stated, or follows from "
        "height and angle of view; jamming is an outage and an observation of interference"
    ),
    limitation="A leg's circle is where the camera looked straight down, not the whole flight path",
    licence="As the mission states; flight paths are not for release",
    patterns=("uav*.csv", "flights*.csv"),
    read=read,
    yields=("exposures", "observations"),
    options=OPTIONS,
    sample={"uav_log.csv": SAMPLE},
)
