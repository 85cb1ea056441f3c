"""Acts as a GeoPackage, and beside them tables without geometry."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC

from truceline.reports.contract import Format, Release
from truceline.reports.document import plain
from truceline.reports.formats.parquet import shown
from truceline.tables import geopackage

_LISTED = {
    "duties": "What was owed by a date",
    "kept_out": "Monitors kept out",
    "answers": "Who answers for an act; not who did it",
    "waiting": "Clauses that wait for another one",
}


def render(release: Release) -> bytes:
    """A layer `acts`, and tables without geometry; an act without a place has none either."""
    changed_at = release.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute("PRAGMA secure_delete = ON")  # no page keeps what was written over
        with geopackage.begun(base):
            acts = shown(release.rows)
            points = geopackage.points(acts["lon"], acts["lat"])
            rows = acts.drop_columns(["lat", "lon"])
            geopackage.add(base, "acts", rows, _said(release), changed_at, points)
            geopackage.about(base, _facts(release), "What this file is", changed_at)
            for name, what in _LISTED.items():
                geopackage.add(base, name, shown(getattr(release, name)), what, changed_at)
        base.execute("VACUUM")
        return bytes(base.serialize())


def _facts(release: Release) -> Mapping[str, str]:
    return {
        "title": plain(release.mission_title),
        "view": str(release.view),
        "is_internal": str(not release.view.is_release).lower(),
        "is_hypothetical": str(release.is_hypothetical).lower(),
        "first_day": release.period.first_day.isoformat(),
        "last_day": release.period.last_day.isoformat(),
        **release.stated,
        "precision": "points are middles of cells or zones; error_major_m is the 95 % semi-axis",
        "credits": "\n".join(plain(credit) for credit in release.credits),
    }


def _said(release: Release) -> str:
    kind = "released" if release.view.is_release else "INTERNAL, may not leave the mission"
    return f"Acts, {kind}" + (", HYPOTHETICAL" if release.is_hypothetical else "")


FORMAT = Format(
    name="geopackage",
    summary="Acts as a layer of a GeoPackage, for maps of one's own",
    suffix=".gpkg",
    render=render,
)
