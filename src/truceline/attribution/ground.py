"""Who held which ground, as the maps of several authors claim it, and what standing there says.

Silence of a map is not control: a point in no polygon, or in those of two parties, is nobody's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from truceline.agreement.names import NOBODY, SOME_PARTY, folded, party_words
from truceline.attribution.contract import ASSERTION_NATS, Floats, Integers, Mask, Matter
from truceline.geometry.offset import metres_per_degree
from truceline.geometry.zone_index import ZoneIndex, index_zones, pairs

# How often a party acts from ground that it holds, how often anybody else acts from ground that
# one given party holds, and how often a party acts from its rival's. No published figures exist;
# they are this project's judgement, the same for every party.
FROM_OWN = 0.9
FROM_HELD_BY_ANOTHER = 0.1
FROM_RIVALS = 0.02
# How often a map is right well inside its edges. No published figure: judgement. A party's own map
# is its claim and earns little.
AUTHOR_RIGHT = 0.9
PARTY_AUTHOR_RIGHT = 0.6
EDGE_ERROR_M = 1000.0  # 95 % error of an edge whose author states none; assumed
EDGE_SIGMAS_95 = 1.959963984540054  # an edge errs across itself only: one dimension
# Below this ratio between the two likeliest parties a place tells them apart too little to say so.
TELLING_RATIO = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One author's map for one stretch of time."""

    author: str
    version: str
    began_us: int
    ended_us: int
    rows: tuple[int, ...]
    edge_sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sheet ready to be asked: its polygons and whose each is (-1: contested)."""

    index: ZoneIndex
    holder: Integers


def sheets(matter: Matter) -> Mapping[str, tuple[Sheet, ...]]:
    """Every author's sheets, earliest first; authors by name."""
    controls = matter.evidence.controls
    keys = ("author", "version", "began", "ended")
    columns = [controls[k].to_pylist() for k in keys[:2]]
    columns += [controls[k].cast(pa.int64()).to_pylist() for k in keys[2:]]
    errors = controls["error_m"].to_pylist()
    members: dict[tuple[str, str, int, int], list[int]] = {}
    for row, key in enumerate(zip(*columns, strict=True)):
        members.setdefault(key, []).append(row)
    found: dict[str, list[Sheet]] = {}
    for (author, version, began, ended), rows in sorted(members.items()):
        stated = [errors[row] for row in rows if errors[row] is not None]
        edge = max(stated) if stated else EDGE_ERROR_M
        sheet = Sheet(
            author=author,
            version=version,
            began_us=began,
            ended_us=ended,
            rows=tuple(rows),
            edge_sigma_m=edge / EDGE_SIGMAS_95,
        )
        found.setdefault(author, []).append(sheet)
    return {a: tuple(sorted(s, key=lambda x: (x.began_us, x.version))) for a, s in found.items()}


def covering(of_author: tuple[Sheet, ...], began_us: Integers, ended_us: Integers) -> Integers:
    """For each interval the latest sheet that speaks for the whole of it, or -1; `(n,)`."""
    chosen = np.full(len(began_us), -1, np.int64)
    for number, sheet in enumerate(of_author):
        holds = (sheet.began_us <= began_us) & (
            (ended_us < sheet.ended_us) | ((ended_us == sheet.ended_us) & (ended_us > began_us))
        )
        chosen[holds] = number
    return chosen


def drawn(matter: Matter, sheet: Sheet) -> Drawn | None:
    """The polygons of a sheet, indexed; None where none of them encloses anything."""
    controls = matter.evidence.controls.take(pa.array(sheet.rows))
    words = party_words(matter.agreement)
    holders = [
        -1 if word is None else words.get(folded(word), -1)
        for word in controls["controller"].to_pylist()
    ]
    zones = [
        [
            [list(map(tuple, ring.coords)) for ring in (part.exterior, *part.interiors)]
            for part in shapely.get_parts(_sound(wkb)).tolist()
            if part.geom_type == "Polygon"
        ]
        for wkb in controls["geometry_wkb"].to_pylist()
    ]
    kept = [i for i, polygons in enumerate(zones) if polygons]
    if not kept:
        return None
    return Drawn(
        index=index_zones([zones[i] for i in kept]),
        holder=np.array([holders[i] for i in kept], dtype=np.int64),
    )


def holders(sheet: Drawn, lon: Floats, lat: Floats) -> Integers:
    """Which party holds each point on a sheet: its number, or -1 for nobody or for several."""
    point, zone = pairs(sheet.index, lon, lat)
    held = np.full(len(lon), -1, np.int64)
    if not len(point):
        return held
    owner = sheet.holder[zone]
    start = np.flatnonzero(np.diff(point, prepend=-1))
    low, high = np.minimum.reduceat(owner, start), np.maximum.reduceat(owner, start)
    held[point[start]] = np.where(low == high, low, -1)
    return held


def by_author(
    matter: Matter, began_us: Integers, ended_us: Integers
) -> Iterator[tuple[str, Drawn, Sheet, Integers]]:
    """Each author's map that is needed: author, the map, and the rows whose time it covers."""
    for author, of_author in sheets(matter).items():
        chosen = covering(of_author, began_us, ended_us)
        for number in np.unique(chosen[chosen >= 0]).tolist():
            sheet = drawn(matter, of_author[number])
            if sheet is not None:
                yield author, sheet, of_author[number], np.flatnonzero(chosen == number)


def around(lat: Floats, lon: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Points some metres from each place, `(n, points)` from `(n,)` places.

    The length of a degree is taken to change evenly with latitude, which errs by less than a metre
    at 50 km: what a map's edge errs by is hundreds. It spares a sine for every point.

    Examples
    --------
    >>> far = np.array([[30_000.0]])
    >>> lat, lon = around(np.array([48.0]), np.array([37.8]), far, far)
    >>> round(float(lat[0, 0]), 4), round(float(lon[0, 0]), 4)
    (48.2698, 38.2031)
    """
    east, north = (scale[:, None] for scale in metres_per_degree(lat))
    east_up, north_up = (scale[:, None] for scale in metres_per_degree(lat + 0.5))
    up = north_m / north
    up = north_m / (north + (north_up - north) * up)  # half of the way up, a half degree's change
    return lat[:, None] + up, lon[:, None] + east_m / (east + (east_up - east) * up)


def standing(matter: Matter, mass: Floats, author: str) -> Floats:
    """Nats of each hypothesis from where the author of the act stood, on one author's map.

    Parameters
    ----------
    matter
        The question.
    mass
        `(n, parties)` probability that the place is ground of each party; the rest of the mass is
        nobody's and says nothing.
    author
        Of the map.

    Returns
    -------
    array
        `(n, hypotheses)`; a row is zero where the map does not tell the parties apart.
    """
    own = FROM_OWN / FROM_HELD_BY_ANOTHER
    rival = FROM_RIVALS / FROM_HELD_BY_ANOTHER
    held = mass.sum(axis=1, keepdims=True)
    ratio = 1.0 + mass * (own - 1.0) + (held - mass) * (rival - 1.0)
    right = AUTHOR_RIGHT if author_party(matter, author) == NOBODY else PARTY_AUTHOR_RIGHT
    ratio = right * ratio + (1.0 - right)
    ranked = np.sort(ratio, axis=1)
    if ratio.shape[1] > 1:
        ratio = np.where(ranked[:, -1:] < TELLING_RATIO * ranked[:, -2:-1], 1.0, ratio)
    nats = np.zeros((len(mass), len(matter.hypotheses)))
    nats[:, : len(matter.parties)] = np.log(ratio)
    return nats


def author_party(matter: Matter, author: str) -> int:
    """Which party drew a map: its number, `SOME_PARTY` for two, `NOBODY`."""
    return party_words(matter.agreement).get(folded(author), NOBODY)


def partisan(matter: Matter, nats: Floats, author: str) -> tuple[Floats, Mask]:
    """What a map may weigh whose author has an interest, and which rows are no more than his word.

    A party that draws its rival's ground where fire came from accuses it. What it draws as its own
    speaks against it and keeps its weight.

    Parameters
    ----------
    nats
        `(n, hypotheses)` as `standing` gives them.
    author
        Of the map.

    Returns
    -------
    nats, is_assertion
        `(n, hypotheses)` and `(n,)`.
    """
    party = author_party(matter, author)
    if party == NOBODY:
        return nats, np.zeros(len(nats), np.bool_)
    owns = np.zeros(len(nats), np.bool_)
    if party != SOME_PARTY:
        owns = (nats[:, party] > 0.0) & (nats[:, party] >= nats.max(axis=1))
    weak = np.clip(nats, -ASSERTION_NATS, ASSERTION_NATS)
    return np.where(owns[:, None], nats, weak), ~owns


def author_root(matter: Matter, author: str) -> str:
    """Words for the author of a map as a root: a party's map is its word."""
    party = author_party(matter, author)
    return f"party {matter.parties[party]}" if party >= 0 else author


def _sound(wkb: bytes) -> shapely.Geometry:
    shape = shapely.from_wkb(wkb)
    return shape if shape.is_valid else shapely.make_valid(shape)
