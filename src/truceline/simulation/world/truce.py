"""A whole truce, span by span: every maker of deeds in one order, with what waits for its span."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Ground, Posts, Settlements
from truceline.simulation.contract import Scenario, Span, Streams
from truceline.simulation.world import (
    commanders,
    exercises,
    ground,
    holdings,
    intensity,
    movements,
    non_party,
    obstructions,
    staged,
    surroundings,
    weather,
)
from truceline.simulation.world.deeds import Counter, in_order, joined, none
from truceline.simulation.world.making import Making

SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "ground": ground.NUMBERS,
    "weather": weather.NUMBERS,
    "intensity": intensity.NUMBERS,
    "commanders": commanders.NUMBERS,
    "exercises": exercises.NUMBERS,
    "holdings": holdings.NUMBERS,
    "movements": movements.NUMBERS,
    "non_party": non_party.NUMBERS,
    "staged": staged.NUMBERS,
    "surroundings": surroundings.NUMBERS,
    "sides": {"mirror": False},  # exchanges the sides, and nothing else
}
"""What a scenario may change, by section, with what holds where it says nothing."""


def numbers_of(scenario: Scenario, section: str) -> dict[str, Any]:
    """The numbers of a section with the scenario's changes."""
    return {**SECTIONS[section], **scenario.world.get(section, {})}


def spans(scenario: Scenario) -> list[Span]:
    """The stretches of a truce, in order; the last one may be shorter."""
    edges = np.arange(scenario.from_s, scenario.to_s, scenario.span_s)
    ends = [*edges[1:].tolist(), scenario.to_s]
    return [
        Span(number=number, from_s=float(begin), to_s=float(end))
        for number, (begin, end) in enumerate(zip(edges, ends, strict=True))
    ]


@dataclass(slots=True, kw_only=True)
class Truce:
    """What happens, span by span; spans must be asked for in order, each once.

    Parameters
    ----------
    scenario
        What is asked for.
    ground
        As everybody sees it: with the sides exchanged where the scenario mirrors.
    conditions
        Weather, light and blindness.
    planned
        Exercises of the whole truce.
    stocks
        Weapons at sites over the whole truce; sides as drawn, north first.
    watched
        Posts of the mission that a side may keep from seeing, by observer (`obstructions.WATCHED`).
    """

    scenario: Scenario
    ground: Ground
    conditions: weather.Weather
    planned: exercises.Exercises
    stocks: holdings.Stocks
    making: Making
    spots: intensity.HotSpots
    streams: Streams
    pending: Deeds = field(default_factory=none)
    watched: dict[str, Posts] = field(default_factory=dict)

    @property
    def is_mirrored(self) -> bool:
        """Whether the sides are exchanged."""
        return bool(numbers_of(self.scenario, "sides")["mirror"])

    def side_of_site(self, site: holdings.Site) -> int:
        """Whose a site is, as everybody sees the sides."""
        return 1 - site.side if self.is_mirrored else site.side

    def deeds(self, span: Span) -> Deeds:
        """Everything that begins in a span, in order; what begins later waits."""
        made = joined([self.pending, *self._drawn(span)])
        # What was moved to an hour before the span's own begins with it; the end cuts the rest off.
        is_now = made.began_s < span.to_s
        is_later = ~is_now & (made.began_s < self.scenario.to_s)
        self.pending = made.take(is_later)
        now = made.take(is_now & (made.began_s >= self.scenario.from_s))
        return in_order(now.exchanged() if self.is_mirrored else now)

    def _drawn(self, span: Span) -> list[Deeds]:
        def number(section: str) -> dict[str, Any]:
            return numbers_of(self.scenario, section)

        def rng(name: str) -> Generator:
            return self.streams(f"world/{name}/span-{span.number}")

        making, asked = self.making, number("intensity")
        with_ = commanders.Commanders(
            numbers=number("commanders"),
            bursts=asked,
            ground=making.ground,
            counter=making.counter,
            campaigns=making.campaigns,
        )
        made = []
        first = intensity.firsts(
            asked, making.ground, self.spots, span, rng("intensity"),
            start_s=making.start_s, scale=making.scale,
        )  # fmt: skip
        made.append(commanders.clusters(with_, first, rng("commanders")))
        storm = intensity.surge(
            asked, making.ground, self.spots, span, rng("surge"), start_s=making.start_s
        )
        if storm is not None:
            made.append(commanders.clusters(with_, storm, rng("surge-commanders")))
        made.append(
            exercises.drawn(number("exercises"), making, self.planned, span, rng("exercises"))
        )
        for name, maker in _MAKERS.items():
            made.append(maker(number(name), making, span, rng(name)))
        made.append(
            obstructions.drawn(
                self.conditions, self.watched, making, span,
                to_s=self.scenario.to_s, is_mirrored=self.is_mirrored,
            )
        )  # fmt: skip
        return made


_MAKERS = {
    "movements": movements.drawn,
    "non_party": non_party.drawn,
    "staged": staged.drawn,
    "surroundings": surroundings.drawn,
}


def begin(
    scenario: Scenario, settlements: Settlements, streams: Streams, *, seed: int, scale: float
) -> Truce:
    """A truce before its first span.

    Parameters
    ----------
    scenario
        What is asked for.
    settlements
        Places with names, metres about the origin of the scenario's ground.
    streams
        A generator for each name.
    seed
        For what is mixed and not drawn: names and blindness.
    scale
        Multiplies every rate; 1 is the scenario as named.
    """
    drawn = ground.lay(numbers_of(scenario, "ground"), settlements, streams)
    making = Making(
        ground=drawn,
        start_s=scenario.from_s,
        scale=scale,
        counter=Counter(),
        campaigns=Counter(following=_CAMPAIGNS_FROM),
    )
    seen = ground.mirrored(drawn) if numbers_of(scenario, "sides")["mirror"] else drawn
    return Truce(
        scenario=scenario,
        ground=seen,
        conditions=weather.weather(
            numbers_of(scenario, "weather"), seen, streams, seed=seed, start_s=scenario.from_s
        ),
        planned=exercises.plan(
            numbers_of(scenario, "exercises"), making, to_s=scenario.to_s, streams=streams
        ),
        stocks=holdings.drawn(
            numbers_of(scenario, "holdings"), making, to_s=scenario.to_s, streams=streams
        ),
        making=making,
        spots=intensity.hot_spots(numbers_of(scenario, "intensity"), drawn, streams),
        streams=streams,
    )


_CAMPAIGNS_FROM = 1 << 40  # above every deed's number, which lone deeds take for their campaign
