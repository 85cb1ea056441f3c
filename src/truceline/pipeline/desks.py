"""Who watches a simulated truce: posts of each kind of observer, and the format each writes in."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from truceline.pipeline import plugins
from truceline.pipeline.named_places import settlements
from truceline.pipeline.streams import Streams
from truceline.simulation import writing
from truceline.simulation.columns import Posts, Settlements
from truceline.simulation.contract import Observer, Scenario
from truceline.simulation.mission import terms
from truceline.simulation.mission.rounds import Rounds
from truceline.simulation.mission.sight import Watching
from truceline.simulation.observers.account import numbers_of
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world import truce as world
from truceline.simulation.world.obstructions import WATCHED
from truceline.simulation.world.truce import Truce
from truceline.simulation.writing.contract import Setting, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One kind of observer: its posts, and the format that its sightings are written in."""

    observer: Observer
    numbers: Mapping[str, float]
    posts: Posts
    writer: Writer
    setting: Setting

    @property
    def watching(self) -> Watching:
        """Who watches, for the exposures."""
        return Watching(observer=self.observer, numbers=self.numbers, posts=self.posts)

    @property
    def feed(self) -> dict[str, Any]:
        """The line of `mission.yaml` that reads what it writes."""
        files = [f"raw/{self.writer.files_of(self.observer.name)}"]
        line: dict[str, Any] = {"feed": self.writer.feed, "files": files}
        options = self.writer.options_of(self.setting)
        return line | ({"options": options} if options else {})


def world_of(scenario: Scenario, *, seed: int, scale: float) -> tuple[Truce, Streams]:
    """A truce before its first span, and the chance that it is drawn with."""
    streams = Streams(seed)
    truce = world.begin(scenario, _places(scenario), streams, seed=seed, scale=scale)
    observers = plugins.load("observers")
    for name in WATCHED:
        if name in observers:
            truce.watched[name] = _stand(observers[name], truce, streams, scale)[1]
            truce.conditions.know(name, truce.watched[name])
    return truce, streams


def desks_of(truce: Truce, streams: Streams, names: tuple[str, ...], scale: float) -> list[Desk]:
    """The observers of some names that have posts in this truce.

    Parameters
    ----------
    truce, streams
        As `world_of` gives them.
    names
        Of observers.
    scale
        Multiplies how many posts there are; one stays at least.
    """
    made = []
    writers, observers = _writers(), plugins.load("observers")
    offset_s = _ahead_s(truce.scenario.from_s)
    for name in names:
        observer = observers[name]
        numbers, posts = _stand(observer, truce, streams, scale)
        if observer.stands_with:
            _, others = _stand(observers[observer.stands_with], truce, streams, scale)
            posts = replace(others, host=np.full(len(others), -1, dtype=np.int64))
        if "offset_s" in numbers:
            numbers["offset_s"] = offset_s
        truce.conditions.know(name, posts)
        if len(posts) == 0:
            continue
        setting = Setting(
            observer=name,
            source_kind=observer.source_kind,
            posts=posts,
            ground=truce.ground,
            parties=PARTY_IDS,
            offset_s=offset_s,
            seed=truce.conditions.seed,
        )
        if observer.feed == "patrol_reports":
            watching = Watching(observer=observer, numbers=numbers, posts=posts)
            rounds = Rounds(kind=watching, truce=truce, streams=streams)
            setting = replace(setting, rounds=rounds)
        writer = writers[observer.form_of(numbers)]
        made.append(
            Desk(observer=observer, numbers=numbers, posts=posts, writer=writer, setting=setting)
        )
    return made


def _stand(
    observer: Observer, truce: Truce, streams: Streams, scale: float
) -> tuple[dict[str, float], Posts]:
    """An observer's numbers in this truce, and its posts."""
    numbers = numbers_of(observer, truce.scenario.observers.get(observer.name, {}))
    if numbers.get("posts"):
        numbers["posts"] = float(max(1, round(numbers["posts"] * scale)))
    return numbers, observer.posts(numbers, truce.ground, streams)


def _writers() -> Mapping[str, Writer]:
    """Every format that is written, by its name."""
    found = {}
    for info in pkgutil.iter_modules(writing.__path__):
        module = importlib.import_module(f"{writing.__name__}.{info.name}")
        if isinstance(writer := getattr(module, "WRITER", None), Writer):
            found[writer.form or writer.feed] = writer
    return found


def _ahead_s(at_s: float) -> float:
    """Seconds by which the mission's clocks are ahead of UTC as the truce begins, and for all of it."""
    at = datetime.fromtimestamp(at_s, ZoneInfo(terms.ZONE))
    return (at.utcoffset() or timedelta()).total_seconds()


def _places(scenario: Scenario) -> Settlements:
    ground = world.numbers_of(scenario, "ground")
    half_m = 500.0 * float(ground["length_km"])
    return settlements(
        float(ground["origin_lat"]),
        float(ground["origin_lon"]),
        half_east_m=half_m + 20_000.0,
        half_north_m=45_000.0,
    )
