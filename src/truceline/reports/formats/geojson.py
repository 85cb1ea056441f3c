"""Acts as GeoJSON points, with the error that holds the true place; for maps of one's own."""

import json

import pyarrow as pa

from truceline.reports.contract import Format, Release
from truceline.reports.document import plain

_LEFT_OUT = frozenset({"lat", "lon"})


def render(release: Release) -> bytes:
    """A FeatureCollection (RFC 7946); an act without a place has a null geometry.

    What was owed by a date, and monitors kept out, are no points: they stand under `truceline`.
    """
    about = {
        "title": plain(release.mission_title),
        "view": str(release.view),
        "is_internal": not release.view.is_release,
        "is_hypothetical": release.is_hypothetical,
        "first_day": release.period.first_day.isoformat(),
        "last_day": release.period.last_day.isoformat(),
        **release.stated,
        "precision": "points are middles of cells or zones; error_major_m is the 95 % semi-axis",
        "credits": [plain(credit) for credit in release.credits],
        "duties": plain_rows(release.duties),
        "kept_out": plain_rows(release.kept_out),
        "answers": plain_rows(release.answers),
        "waiting": plain_rows(release.waiting),
    }
    features = [_feature(row) for row in release.rows.to_pylist()]
    head = json.dumps(about, ensure_ascii=False)
    body = ",\n".join(features)
    return (f'{{"type":"FeatureCollection","truceline":{head},"features":[\n{body}\n]}}\n').encode()


def _feature(row: dict[str, object]) -> str:
    lat, lon = row["lat"], row["lon"]
    geometry = None if lat is None else {"type": "Point", "coordinates": [lon, lat]}
    properties = {name: _value(value) for name, value in row.items() if name not in _LEFT_OUT}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def plain_rows(table: pa.Table) -> list[dict[str, object]]:
    """Rows for JSON.

    Examples
    --------
    >>> from datetime import date
    >>> plain_rows(pa.table({"due_on": [date(2026, 3, 7)], "site": ["safe \\u202etxet"]}))
    [{'due_on': '2026-03-07', 'site': 'safe \ufffdtxet'}]
    """
    return [{name: _value(value) for name, value in row.items()} for row in table.to_pylist()]


def _value(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.replace("+00:00", "Z")


FORMAT = Format(
    name="geojson",
    summary="Acts as points with their error, for maps of one's own",
    suffix=".geojson",
    render=render,
)
