"""Camera logs: when a camera watched which ground, when it was out, and when it was interfered with."""

from collections.abc import Sequence

import numpy as np

from truceline.sources.contract import Feed, RawFile, ReadContext, Reading
from truceline.sources.degrees import points
from truceline.sources.delimited import Sheet
from truceline.sources.faults import Faults, gather, kept, where
from truceline.sources.figures import numbers, to_float64
from truceline.sources.template import OPTIONS, metres
from truceline.sources.views import within_sector
from truceline.sources.watch_log import Circle, Log, read_log


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read logs of cameras: each row a stretch of time in one state."""
    return read_log(files, context, LOG)


def _circle(sheet: Sheet) -> Circle:
    """The ground wholly in view: the greatest circle inside the sector that the row states."""
    at = points(sheet, "lat", "lon")
    reach, wrong = metres(sheet, "range_m")
    bearing, view = (
        numbers(sheet.column("bearing_deg"), "bearing_deg"),
        numbers(sheet.column("view_deg"), "view_deg"),
    )
    faults: Faults = {}
    gather(faults, at.faults, wrong, bearing.faults, view.faults)
    with np.errstate(invalid="ignore"):
        turned = (bearing.values < 0) | (bearing.values > 360)
        odd = (view.values <= 0) | (view.values > 360)
    is_sector = view.values < 360
    advice = "correct it, or leave it empty if it is not known"
    gather(faults, where(turned, "bearing_deg is outside [0, 360]", advice))
    gather(faults, where(odd, "view_deg is not above 0 and up to 360", advice))
    advice = "write both where it looks and how wide, or neither for a camera that looks all round"
    blind = is_sector & np.isnan(bearing.values)
    wide = np.isnan(view.values) & ~np.isnan(bearing.values)
    gather(faults, where(blind, "view_deg is given and bearing_deg is not", advice))
    gather(faults, where(wide, "bearing_deg is given and view_deg is not", advice))
    sound = kept(sheet.rows, faults)
    lat, lon = np.where(sound, at.lat, np.nan), np.where(sound, at.lon, np.nan)
    range_m = reach.to_numpy(zero_copy_only=False)
    angles = (np.where(sound, read.values, np.nan) for read in (bearing, view))
    mid_lat, mid_lon, radius = within_sector(lat, lon, range_m, *angles)
    return Circle(
        lat=to_float64(mid_lat),
        lon=to_float64(mid_lon),
        radius_m=to_float64(radius),
        own_lat=to_float64(lat),
        own_lon=to_float64(lon),
        faults=faults,
        notes=at.notes,
    )


LOG = Log(
    feed="camera_log",
    sensor="camera",
    kind="camera",
    columns=("range_m", "bearing_deg", "view_deg"),
    circle=_circle,
)

SAMPLE = b"""\
log_id,camera,state,began,ended,lat,lon,range_m,bearing_deg,view_deg,p_detect,reason
c-1,camera 1,watch,2026-03-07T06:00:00Z,2026-03-07T12:00:00Z,48.1,37.8,5000,90,60,0.8,
c-2,camera 1,outage,2026-03-07T12:00:00Z,2026-03-07T15:00:00Z,48.1,37.8,5000,90,60,,Power cut
c-3,camera 1,jammed,2026-03-07T15:00:00Z,2026-03-07T15:20:00Z,48.1,37.8,5000,90,60,,Link lost under noise
"""

FEED = Feed(
    name="camera_log",
    summary="When cameras watched which ground, when they were out, and when they were jammed",
    publisher="The mission's camera desk",
    method=(
        "A row is a stretch of time in one state; its ground is the greatest circle wholly in view; "
        "jamming is an outage and an observation of interference"
    ),
    limitation="A camera that works may still not see: fog and night stand in p_detect, if anywhere",
    licence="As the mission states",
    patterns=("camera*.csv",),
    read=read,
    yields=("exposures", "observations"),
    options=OPTIONS,
    sample={"camera_log.csv": SAMPLE},
)
