"""When and where posts could have seen, as it really was: watches, outages, access denied.

The chance and the radius that a watch states are measured on the observer's own physics: the mean over
a disc and over the usual mix of arms, by day and by night. Kinds whose silence says little (a mean
chance under a quarter even near by) state no watch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ints, Posts
from truceline.simulation.contract import Observer, Streams
from truceline.simulation.mission.instants import iso
from truceline.simulation.naming import named
from truceline.simulation.observers import uavs
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.rows import rows
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import Counter, make
from truceline.simulation.world.ground import degrees
from truceline.simulation.world.truce import Truce

LEAST = 0.25  # assumed: a watch that sees less states nothing
_RADII_M = np.array([500.0, 1e3, 2e3, 3e3, 5e3, 8e3, 12e3, 20e3, 30e3, 50e3, 80e3])
_TRIES = 400  # deeds a radius
_DAY_S = 86_400.0
_HALF_DAY_S = _DAY_S / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One kind of post: who they are, and the physics of what they notice."""

    observer: Observer
    numbers: Mapping[str, float]
    posts: Posts


LOGS: Mapping[str, tuple[str, str, str]] = {
    "cameras": ("camera_log", "camera", "range_m"),
    "uavs": ("uav_log", "uav", "radius_m"),
}
"""Kinds that keep a log of their own: its feed, its column of names, and that of its reach."""

_IN_LEG = 0.8  # of what a drone notices that is in view, how much from a leg's middle; assumed


def exposures(kinds: list[Watching], truce: Truce, streams: Streams) -> bytes:
    """The file of exposures of kinds that stand somewhere and keep no log; empty where nobody does."""
    kept = [kind for kind in kinds if kind.observer.name not in LOGS]
    columns = _all_of(kept, truce, streams)
    if columns is None:
        return b""
    ids = named(truce.conditions.seed, "exposure", np.arange(len(columns["source"])))
    return rows({"exposure_id": ids, **columns})


def logs(kinds: list[Watching], truce: Truce, streams: Streams) -> dict[str, bytes]:
    """Logs of cameras and drones, by the feed that reads each: hours in which they watched or were out."""
    found = {}
    for kind in kinds:
        feed, sensor, reach = LOGS.get(kind.observer.name, ("", "", ""))
        columns: dict[str, Any] | None = None
        if kind.observer.name == "uavs":
            columns = _flown(kind, truce)
        elif feed:
            columns = _all_of([kind], truce, streams)
        if columns is None:
            continue
        shown = ("began", "ended", "lat", "lon", "p_detect")
        found[feed] = rows(
            {
                "log_id": named(truce.conditions.seed, feed, np.arange(len(columns["source"]))),
                sensor: columns["source"],
                "state": columns["kind"],
                **{name: columns[name] for name in shown},
                reach: columns["radius_m"],
            }
        )
    return found


def _flown(kind: Watching, truce: Truce) -> dict[str, np.ndarray]:
    """Legs of drones in the columns of exposures."""
    scenario, posts = truce.scenario, kind.posts
    post, began_s, x_m, y_m = uavs.legs(
        kind.numbers, posts, truce.conditions, scenario.from_s, scenario.to_s
    )
    lat, lon = degrees(truce.ground, x_m, y_m)
    sure = _IN_LEG * kind.numbers["in_view"]
    return {
        "source": posts.name[post],
        "kind": np.full(len(post), "watch", dtype=np.object_),
        "began": iso(began_s),
        "ended": iso(began_s + uavs.LEG_S),
        "lat": np.round(lat, 5),
        "lon": np.round(lon, 5),
        "radius_m": np.full(len(post), kind.numbers["footprint_m"]),
        "p_detect": np.round(sure * posts.skill[post], 3),
    }


def _all_of(kinds: list[Watching], truce: Truce, streams: Streams) -> dict[str, np.ndarray] | None:
    """Columns of every kind that stands somewhere, in the order of their beginnings."""
    parts = [_of_kind(kind, truce, streams) for kind in kinds if np.isfinite(kind.posts.x_m).all()]
    found = [part for part in parts if part is not None]
    if not found:
        return None
    columns = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    order = np.lexsort((columns["source"].astype(np.str_), columns["_at"]))
    return {name: column[order] for name, column in columns.items() if name != "_at"}


def _of_kind(kind: Watching, truce: Truce, streams: Streams) -> dict[str, np.ndarray] | None:
    scenario, posts = truce.scenario, kind.posts
    name = kind.observer.name
    rng = streams(f"mission/exposures/{name}")
    seen = [_sight(kind, truce, is_night, rng) for is_night in (False, True)]
    if all(sight is None for sight in seen):
        return None
    out_post, out_from, out_to = truce.conditions.outages(
        name, len(posts), scenario.from_s, scenario.to_s
    )
    is_patrol = kind.observer.source_kind == "patrol"
    watch = _watches(truce, posts, (out_post, out_from, out_to), seen)
    blind = _table(
        truce, posts, out_post, out_from, out_to, kind="access_denial" if is_patrol else "outage"
    )
    return {key: np.concatenate([watch[key], blind[key]]) for key in watch}


def _sight(
    kind: Watching, truce: Truce, is_night: bool, rng: Generator
) -> tuple[float, float] | None:
    """Radius and mean chance of the largest disc over which a post notices a quarter of what falls."""
    best = int(np.argmax(kind.posts.skill))
    at_s = _clear_hour(kind, truce, best, is_night)
    chances = []
    for radius_m in _RADII_M:
        deeds = _usual(kind.posts, best, radius_m, at_s, truce, rng)
        posts = kind.posts.take(np.full(len(deeds), best))
        chances.append(
            float(kind.observer.detects(kind.numbers, deeds, posts, truce.conditions).mean())
        )
    enough = np.flatnonzero(np.array(chances) >= LEAST)
    if not len(enough):
        return None
    return float(_RADII_M[enough[-1]]), round(chances[enough[-1]], 2)


def _clear_hour(kind: Watching, truce: Truce, post: int, is_night: bool) -> float:
    """An instant by day or by night at which the post is not out."""
    day_s = np.floor(truce.scenario.from_s / _DAY_S) * _DAY_S
    # Late in the forenoon by the sun at the longitudes of which the gazetteer has names.
    light_s = day_s + (0.9166 - truce.ground.origin_lon / 360.0) * _HALF_DAY_S
    days = np.arange(max(1, int((truce.scenario.to_s - truce.scenario.from_s) / _DAY_S)))
    tries = np.asarray(
        light_s + _DAY_S * days + (_HALF_DAY_S if is_night else 0.0), dtype=np.float64
    )
    out = truce.conditions.is_out(kind.observer.name, np.full(len(tries), post), tries)
    return float(tries[int(np.argmin(out))])


def _usual(
    posts: Posts, post: int, radius_m: float, at_s: float, truce: Truce, rng: Generator
) -> Deeds:
    """The usual mix of fire, even over a disc about a post."""
    arm = rng.choice(len(arms.ARMS), size=_TRIES, p=arms.column("share"))
    angle, off_m = rng.uniform(0.0, 2 * np.pi, _TRIES), radius_m * np.sqrt(rng.random(_TRIES))
    x_m = posts.x_m[post] + off_m * np.cos(angle)
    y_m = posts.y_m[post] + off_m * np.sin(angle)
    back_m = arms.column("behind_m")[arm] + arms.column("into_m")[arm]
    return make(
        Counter(),
        began_s=np.full(_TRIES, at_s),
        lasted_s=30.0,
        x_m=x_m,
        y_m=y_m,
        origin_x_m=x_m,
        origin_y_m=y_m + back_m * rng.choice([-1.0, 1.0], _TRIES),
        type=arms.TYPE_OF_ARM[arm],
        weapon=arm,
        author=rng.integers(0, 2, _TRIES),
        rounds=np.maximum(1, arms.column("rounds")[arm]),
        energy_kg=arms.column("kg_tnt")[arm],
        salience=arms.column("salience")[arm],
    )


_Out = tuple[Ints, Floats, Floats]


def _watches(
    truce: Truce, posts: Posts, out: _Out, seen: list[tuple[float, float] | None]
) -> dict[str, np.ndarray]:
    """Every half day of every post, less the stretches in which it was out."""
    scenario = truce.scenario
    # Half days from six to six by the sun.
    shift_s = (0.25 - truce.ground.origin_lon / 360.0) * _DAY_S
    first = np.floor((scenario.from_s - shift_s) / _HALF_DAY_S) * _HALF_DAY_S + shift_s
    edges = np.arange(first, scenario.to_s + _HALF_DAY_S, _HALF_DAY_S)
    parts = []
    for post in range(len(posts)):
        mine = out[0] == post
        cuts = np.unique(np.concatenate([edges, out[1][mine], out[2][mine]]))
        cuts = np.clip(cuts, scenario.from_s, scenario.to_s)
        middle = (cuts[1:] + cuts[:-1]) / 2
        blind = ((middle[:, None] >= out[1][mine]) & (middle[:, None] < out[2][mine])).any(axis=1)
        number = np.floor((middle - shift_s) / _HALF_DAY_S).astype(np.int64)
        for is_night, sight in enumerate(seen):
            kept = ~blind & (cuts[1:] > cuts[:-1]) & (number % 2 == is_night)
            if sight is not None and kept.any():
                who = np.full(int(kept.sum()), post)
                parts.append(
                    _table(
                        truce,
                        posts,
                        who,
                        cuts[:-1][kept],
                        cuts[1:][kept],
                        kind="watch",
                        sight=sight,
                    )
                )
    empty = _table(
        truce, posts, np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), kind="watch"
    )
    return {key: np.concatenate([part[key] for part in [empty, *parts]]) for key in empty}


def _table(
    truce: Truce,
    posts: Posts,
    who: Ints,
    from_s: Floats,
    to_s: Floats,
    *,
    kind: str,
    sight: tuple[float, float] = (np.nan, np.nan),
) -> dict[str, np.ndarray]:
    lat, lon = degrees(truce.ground, posts.x_m[who], posts.y_m[who])
    hosts = np.array([*PARTY_IDS, ""], dtype=np.object_)[posts.host[who]]
    is_denied = kind == "access_denial"
    nothing = np.full(len(who), "", dtype=np.object_)
    return {
        "_at": from_s,
        "source": posts.name[who],
        "kind": np.full(len(who), kind, dtype=np.object_),
        "began": iso(from_s),
        "ended": iso(to_s),
        "lat": np.round(lat, 5),
        "lon": np.round(lon, 5),
        "radius_m": np.full(len(who), sight[0]) if kind == "watch" else np.full(len(who), 5_000.0),
        "p_detect": np.full(len(who), sight[1]),
        "obstructed_by": hosts if is_denied else nothing,
        "status": np.full(len(who), "denied" if is_denied else "", dtype=np.object_),
    }
