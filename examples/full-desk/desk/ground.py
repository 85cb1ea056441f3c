"""The invented ground: places in kilometres about a meridian, which east and west may be exchanged on."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2025, 2, 3, tzinfo=UTC) + timedelta(hours=1)  # 00:00 in the Azores: UTC-1
LAT0, LON0 = 30.0, -40.0  # the south end of the line of contact, in the open Atlantic
KM_PER_LAT, KM_PER_LON = 111.2, 96.0  # of a degree at 30 N, near enough for an invented place
WINDS = str.maketrans("EW", "WE")
TOWNS = {
    "Millbridge": (30, -5),
    "Quarrytown": (30, 5),
    "Saltmarsh": (78, -5),
    "Pinegate": (78, 5),
    "Longbridge": (50, 0),
}
PAIRS = (
    ("ALDER", "BIRCH"),
    ("Alderland", "Birchland"),
    ("Alder", "Birch"),
    ("alder", "birch"),
    ("Millbridge", "Quarrytown"),
    ("millbridge", "quarrytown"),
    ("Saltmarsh", "Pinegate"),
    ("west", "east"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ground as drawn, or as seen in a mirror that hangs on the meridian."""

    is_mirrored: bool = False

    def at(self, north_km: float, east_km: float) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        sign = -1 if self.is_mirrored else 1
        lat, lon = LAT0 + north_km / KM_PER_LAT, LON0 + sign * east_km / KM_PER_LON
        return round(lat, 5), round(lon, 5)

    def bearing(self, degrees: float) -> float:
        """A bearing from north."""
        return (360 - degrees) % 360 if self.is_mirrored else degrees

    def wind(self, wind: str) -> str:
        """A wind of the rose, such as NNE."""
        return wind.translate(WINDS) if self.is_mirrored else wind

    def words(self, text: str) -> str:
        """Words with the names of the sides exchanged, where this is the mirror."""
        if not self.is_mirrored:
            return text
        other = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
        return re.sub(rf"\b({'|'.join(other)})\b", lambda m: other[m[0]], text)

    def file(self, text: str) -> bytes:
        """The bytes of a file."""
        return self.words(text).encode()


def local(day: int, clock: str) -> datetime:
    """An instant: day of the week from 1, Monday, and a local clock time."""
    hours, minutes = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day - 1, hours=hours, minutes=minutes)


def utc(day: int, clock: str) -> str:
    """The same, as written in UTC."""
    return f"{local(day, clock):%Y-%m-%dT%H:%M:%SZ}"


def table(header: str, rows: list[dict[str, object]], delimiter: str = ",") -> str:
    """A table with a header; a column that a row does not have stays empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(","), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def square(world: World, south: float, west: float, north: float, east: float) -> list[list[float]]:
    """A closed ring of [lon, lat] from kilometres."""
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return [[lon, lat] for lat, lon in (world.at(n, e) for n, e in corners)]


def geojson(features: list[tuple[dict[str, str], str, object]]) -> str:
    """A collection of (properties, type of geometry, coordinates)."""
    whole = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": at}}
            for said, kind, at in features
        ],
    }
    return json.dumps(whole, indent=1) + "\n"


def agreement_maps() -> dict[str, str]:
    """The maps of the agreement, each its own mirror image."""
    world = World()

    def box(name: str, *sides: float) -> tuple[dict[str, str], str, object]:
        return {"id": name}, "Polygon", [square(world, *sides)]

    towns = [square(world, n - 1.5, e - 1.5, n + 1.5, e + 1.5) for n, e in TOWNS.values() if e]
    zones = [
        box("truce-area", 0, -90, 110, 90),
        box("disengagement-north", 58, -2, 62, 2),
        box("disengagement-south", 18, -2, 22, 2),
        box("longbridge", 48, -2, 52, 2),
        box("sound", 1, -8, 10, 8),
        ({"id": "settlements"}, "MultiPolygon", [[ring] for ring in towns]),
    ]
    line = ({"id": "contact-line"}, "LineString", [list(world.at(n, 0)[::-1]) for n in (0, 110)])
    return {"zones.geojson": geojson(zones), "lines.geojson": geojson([line])}


def control_maps(world: World) -> dict[str, str]:
    """Who holds what, by two authors: they disagree about four kilometres in the north."""

    def held(side: str, *sides: float) -> tuple[dict[str, str], str, object]:
        return {"class": world.words(side)}, "Polygon", [square(world, *sides)]

    atlas = [held("alder", 0, -90, 110, 0), held("birch", 0, 0, 110, 90)]
    harbour = [
        held("alder", 0, -90, 70, 0),
        held("birch", 0, 0, 70, 90),
        held("alder", 70, -90, 110, -4),
        held("birch", 70, 4, 110, 90),
        held("disputed", 70, -4, 110, 4),
    ]
    return {"atlas-2025-02.geojson": geojson(atlas), "harbour-2025-02.geojson": geojson(harbour)}


def towns(world: World) -> str:
    """Coordinates of the towns that the table of violations names."""
    rows: list[dict[str, object]] = []
    for name, place in TOWNS.items():
        lat, lon = world.at(*place)
        rows.append({"town": name, "lat": lat, "lon": lon})
    return table("town,lat,lon", rows)
