"""Making a new mission folder."""

from pathlib import Path

from truceline.agreement.load import library_names as names
from truceline.model.errors import SettingsError
from truceline.model.time import LegalCalendar
from truceline.pipeline.mission import FILE_NAME

_TEMPLATE = """\
# What this mission is, under which agreement, and which feeds read which files.
# `truceline feeds` lists the feeds; `truceline check .` says what is wrong here.
mission: {name}
title: {name}
agreement: {agreement}        # a shipped agreement, or a path to your own agreement.yaml
zone: {zone}          # legal days and times that state no zone
cutoff: "00:00"               # local time at which a reporting day closes, such as "19:30"
# theatre: [44, 22, 53, 41]  # south, west, north, east: so that a swapped point stands out
feeds:
  - feed: observations        # the plain template: docs/reference/observation-template
    files: [raw/observations.csv]
    # archive: true           # taken in later: known when its source reported it, not today
limits:
  - "Say here what these reports cannot show."
"""

_HEADER = (
    "observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction,"
    "claimed_actor,bearing_deg,bearing_error_deg,range_m,text,count_low,count_best,count_high,"
    "count_unit,means,weapon,observer_position,language,marking\n"
)


def make_mission(folder: Path, *, agreement: str, zone: str) -> tuple[Path, ...]:
    """Write `mission.yaml` and an empty observation file; nothing that exists is overwritten.

    Raises
    ------
    SettingsError
        The folder already holds a mission, or agreement or zone is not known.
    """
    if (folder / FILE_NAME).exists():
        msg = f"{folder / FILE_NAME} already exists; choose another folder, or edit that file"
        raise SettingsError(msg)
    if agreement not in names():
        msg = f"no shipped agreement is called {agreement!r}; there are {', '.join(names())}"
        raise SettingsError(msg)
    LegalCalendar(zone=zone)
    raw = folder / "raw" / "observations.csv"
    try:
        raw.parent.mkdir(parents=True, exist_ok=True)
        text = _TEMPLATE.format(name=folder.resolve().name, agreement=agreement, zone=zone)
        (folder / FILE_NAME).write_text(text, encoding="utf-8")
        if not raw.exists():
            raw.write_text(_HEADER, encoding="utf-8")
    except OSError as exc:
        msg = f"{folder}: cannot be made: {exc.strerror}; choose a folder that you may write to"
        raise SettingsError(msg) from exc
    return folder / FILE_NAME, raw
