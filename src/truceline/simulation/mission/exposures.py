"""When and where posts could have seen, as it really was: watches, outages, legs of drones.

Files are made piece by piece, a fortnight at a time, so that a year takes no more room than a month.
What patrols watched stands in their own reports (`mission.rounds`), and where they were kept out in
spot reports; jamming stands in a log of its own. Kinds without a sight to state state no watch.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ints
from truceline.simulation.contract import Streams
from truceline.simulation.mission.halves import edges_of, is_night
from truceline.simulation.mission.sight import Watching, sight
from truceline.simulation.naming import named_cells
from truceline.simulation.observers import uavs
from truceline.simulation.rows import Column, rows
from truceline.simulation.world.ground import degrees
from truceline.simulation.world.truce import Truce
from truceline.simulation.writing import cells

LOGS: Mapping[str, tuple[str, str, str]] = {
    "cameras": ("camera_log", "camera", "range_m"),
    "uavs": ("uav_log", "uav", "radius_m"),
}
"""Kinds that keep a log of their own: its feed, its column of names, and that of its reach."""

FEED = "exposures"
_HALVES = 28  # of days, made at once
_IN_LEG = 0.8  # of what a drone notices that is in view, how much from a leg's middle; assumed
_BLIND_M = 5_000.0  # radius of what an outage is said to hide; assumed
_Sight = tuple[float, float] | None


def pieces(kinds: list[Watching], truce: Truce, streams: Streams) -> Iterator[tuple[str, bytes]]:
    """Pieces of the files, each with the name of the feed that reads it; a file's first has its head.

    Parameters
    ----------
    kinds
        Who watches.
    truce, streams
        When and where, and a generator for each name.
    """
    standing = [one for one in kinds if np.isfinite(one.posts.x_m).all() and len(one.posts)]
    reports = [one for one in standing if one.observer.source_kind != "patrol"]
    own = {name: [one for one in reports if one.observer.name == name] for name in LOGS}
    other = [one for one in reports if one.observer.name not in LOGS]
    for feed, some in ((FEED, other), *((LOGS[name][0], some) for name, some in own.items())):
        written = 0
        known = [(kind, _sights(kind, truce, streams)) for kind in some]
        for begin_s, end_s in _windows(truce):
            parts = [_of_kind(one, seen, truce, begin_s, end_s) for one, seen in known]
            table = _in_order([part for part in parts if part is not None])
            if table is None:
                continue
            count = len(table["source"])
            ids = named_cells(
                truce.conditions.seed, "exposure" if feed == FEED else feed,
                np.arange(written, written + count),
            )  # fmt: skip
            columns = _columns(feed, ids, table)
            yield feed, rows(columns, has_head=written == 0)
            written += count


def _windows(truce: Truce) -> Iterator[tuple[float, float]]:
    """Stretches of the truce, cut where half days end."""
    scenario = truce.scenario
    edges = edges_of(truce.ground, scenario.from_s, scenario.to_s)
    cuts = [scenario.from_s, *edges[_HALVES:-1:_HALVES].tolist(), scenario.to_s]
    yield from pairwise(cuts)


def _sights(kind: Watching, truce: Truce, streams: Streams) -> list[_Sight]:
    """By day and by night."""
    if kind.observer.name == "uavs":
        return []
    rng = streams(f"mission/exposures/{kind.observer.name}")
    return [sight(kind, truce, night, rng) for night in (False, True)]


_Table = dict[str, np.ndarray]


def _of_kind(
    kind: Watching, seen: list[_Sight], truce: Truce, from_s: float, to_s: float
) -> _Table | None:
    name, posts = kind.observer.name, kind.posts
    if name == "uavs":
        watch = _flown(kind, truce, from_s, to_s)
    elif all(one is None for one in seen):
        return None
    else:
        watch = _watched(kind, seen, truce, from_s, to_s)
    post, begin_s, end_s = truce.conditions.outages(name, len(posts), from_s, to_s)
    nothing = np.full(len(post), np.nan)
    blind = _table(
        kind, truce, post, begin_s, end_s, np.zeros(len(post), dtype=np.bool_),
        np.full(len(post), _BLIND_M), nothing,
    )  # fmt: skip
    return {key: np.concatenate([watch[key], blind[key]]) for key in watch}


def _watched(
    kind: Watching, seen: list[_Sight], truce: Truce, from_s: float, to_s: float
) -> _Table:
    """Every half day of every post, less the stretches in which it was out."""
    post, begin_s, end_s = stretches(kind, truce, from_s, to_s)
    night = is_night(truce.ground, (begin_s + end_s) / 2)
    figures = np.array([(np.nan, np.nan) if one is None else one for one in seen])
    radius_m, chance = figures[night.astype(np.int64)].T
    kept = np.isfinite(radius_m)
    return _table(
        kind, truce, post[kept], begin_s[kept], end_s[kept], np.ones(int(kept.sum()), np.bool_),
        radius_m[kept], chance[kept],
    )  # fmt: skip


def stretches(
    kind: Watching, truce: Truce, from_s: float, to_s: float
) -> tuple[Ints, Floats, Floats]:
    """Half days between two instants, post by post, less the hours in which a post was out.

    Parameters
    ----------
    kind, truce
        Whose half days.
    from_s, to_s
        Instants; half days are cut there.
    """
    name, count = kind.observer.name, len(kind.posts)
    edges = np.clip(edges_of(truce.ground, from_s, to_s), from_s, to_s)
    out_post, out_from_s, out_to_s = truce.conditions.outages(name, count, from_s, to_s)
    post = np.concatenate([np.repeat(np.arange(count), len(edges)), out_post, out_post])
    cut_s = np.concatenate([np.tile(edges, count), out_from_s, out_to_s])
    order = np.lexsort((cut_s, post))
    post, cut_s = post[order], cut_s[order]
    kept = (post[1:] == post[:-1]) & (cut_s[1:] > cut_s[:-1])
    post, begin_s, end_s = post[:-1][kept], cut_s[:-1][kept], cut_s[1:][kept]
    up = ~truce.conditions.is_out(name, post, (begin_s + end_s) / 2)
    return post[up], begin_s[up], end_s[up]


def _flown(kind: Watching, truce: Truce, from_s: float, to_s: float) -> _Table:
    """Legs of drones."""
    scenario = truce.scenario
    post, began_s, x_m, y_m = uavs.legs(
        kind.numbers, kind.posts, truce.conditions, from_s, to_s,
        first_s=scenario.from_s, last_s=scenario.to_s,
    )  # fmt: skip
    lat, lon = degrees(truce.ground, x_m, y_m)
    sure = _IN_LEG * kind.numbers["in_view"] * kind.posts.skill[post]
    return {
        "post": post,
        "began_s": began_s,
        "ended_s": began_s + uavs.LEG_S,
        "source": kind.posts.name[post],
        "is_watch": np.ones(len(post), dtype=np.bool_),
        "lat": lat,
        "lon": lon,
        "radius_m": np.full(len(post), kind.numbers["footprint_m"]),
        "p_detect": np.round(sure, 3),
    }


def _table(
    kind: Watching,
    truce: Truce,
    post: Ints,
    begin_s: Floats,
    end_s: Floats,
    is_watch: Bools,
    radius_m: Floats,
    chance: Floats,
) -> _Table:
    lat, lon = degrees(truce.ground, kind.posts.x_m, kind.posts.y_m)
    return {
        "post": post,
        "began_s": begin_s,
        "ended_s": end_s,
        "source": kind.posts.name[post],
        "is_watch": is_watch,
        "lat": lat[post],
        "lon": lon[post],
        "radius_m": radius_m,
        "p_detect": chance,
    }


def _in_order(parts: list[_Table]) -> _Table | None:
    """All rows in the order of their beginnings, then of kinds and posts."""
    if not sum(len(part["post"]) for part in parts):
        return None
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    of = np.repeat(np.arange(len(parts)), [len(part["post"]) for part in parts])
    order = np.lexsort((~table["is_watch"], table["post"], of, table["began_s"]))
    return {name: column[order] for name, column in table.items()}


def _columns(feed: str, ids: Column, table: _Table) -> dict[str, Column]:
    """The columns of a feed; blindness of posts is an outage."""
    shared: dict[str, Column] = {
        "began": cells.instants(table["began_s"]),
        "ended": cells.instants(table["ended_s"]),
        "lat": np.round(table["lat"], 5),
        "lon": np.round(table["lon"], 5),
    }
    state = cells.words(("outage", "watch"), table["is_watch"].astype(np.int64))
    if feed == FEED:
        return {
            "exposure_id": ids, "source": table["source"], "kind": state, **shared,
            "radius_m": table["radius_m"], "p_detect": table["p_detect"],
        }  # fmt: skip
    sensor, reach = next((s, r) for name, s, r in LOGS.values() if name == feed)
    return {
        "log_id": ids, sensor: table["source"], "state": state, **shared,
        "p_detect": table["p_detect"], reach: table["radius_m"],
    }  # fmt: skip
