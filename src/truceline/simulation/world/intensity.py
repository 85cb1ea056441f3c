"""How often fire breaks out, where, and how it bursts and dies away.

A Hawkes process in its cluster form (Hawkes and Oakes 1974): first deeds come at a rate that varies
with place, day and hour; each brings on others of the same side nearby and soon, and answers of the
other side (`commanders`). A cluster is one campaign. First deeds of a span bring their whole cluster
with them, and what falls beyond the span waits (`truce.Truce`), so memory does not grow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Bools, Floats, Ground, Ints
from truceline.simulation.contract import Span, Streams
from truceline.simulation.world.ground import distance_to_line_m, line_y, local_hour

NUMBERS: Mapping[str, Any] = {
    "first_per_day": 25.0,  # first deeds a day, both sides; 332 violations in 3 weeks of 2020 (OSCE SMM)
    "hot_spots": 8,  # assumed; SMM fire clustered about a few places (OSCE SMM, 11 September 2016)
    "hot_share": 0.7,  # assumed: share of first deeds about hot spots
    "hot_spread_m": 2_500.0,  # assumed: a town and its outskirts
    "rest_spread_m": 6_000.0,  # assumed: of the other first deeds, about any place with a name
    "near_m": 8_000.0,  # assumed: fire falls about places no farther from the line than this
    "branching": 0.45,  # deeds of the same side that one brings on; assumed below 1, so bursts end
    "burst_delay_s": 900.0,  # assumed: 240 explosions fell in 35 minutes (OSCE SMM, June 2018)
    "burst_spread_m": 800.0,  # assumed
    "night_share": 1.3,  # assumed: rate by night against by day
    "levels": [[0.0, 1.0]],  # [day, factor] of the rate, straight between, for both sides
    "levels_a": [[0.0, 1.0]],  # the same for side A alone
    "levels_b": [[0.0, 1.0]],  # and side B
    "tilt": 0.0,  # natural log of side A's rate over side B's
    "surge": None,  # {day, hour, minutes, count}: a storm of fire at one place
}

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HotSpots:
    """Places along the line about which fire breaks out: the hot ones first, then all the others.

    Parameters
    ----------
    x_m
        `(n,)` metres east.
    weight
        `(n,)` chances, which sum to one.
    spread_m
        `(n,)` deviation along the line.
    ends_m
        Where the line of contact begins and ends; what would fall beyond is folded back.
    """

    x_m: Floats
    weight: Floats
    spread_m: Floats
    ends_m: tuple[float, float]

    def draw(self, count: int, rng: Generator) -> Floats:
        """Places along the line, `(count,)` metres east."""
        which = rng.choice(len(self.x_m), size=count, p=self.weight)
        x_m = self.x_m[which] + self.spread_m[which] * rng.standard_normal(count)
        first, last = self.ends_m
        x_m = np.where(x_m < first, 2 * first - x_m, x_m)
        return np.where(x_m > last, 2 * last - x_m, x_m)

    def density(self, x_m: Floats) -> Floats:
        """Of these draws, a metre, `(n,)`.

        Examples
        --------
        >>> one = np.array([1.0])
        >>> spots = HotSpots(x_m=100 * one, weight=one, spread_m=500 * one, ends_m=(0.0, 9_000.0))
        >>> along_m = np.arange(0.0, 9_000.0, 10.0) + 5.0
        >>> round(float(spots.density(along_m).sum() * 10), 3), float(spots.density(-one)[0])
        (1.0, 0.0)
        """
        first, last = self.ends_m
        found = np.zeros(len(x_m))
        for images_m in (self.x_m, 2 * first - self.x_m, 2 * last - self.x_m):
            far = (x_m[:, None] - images_m) / self.spread_m
            found += np.exp(-0.5 * far**2) @ (self.weight / (self.spread_m * np.sqrt(2 * np.pi)))
        return np.where((x_m >= first) & (x_m <= last), found, 0.0)


def hot_spots(numbers: Mapping[str, Any], ground: Ground, streams: Streams) -> HotSpots:
    """Places with names near the line: most fire breaks out about a few of them."""
    rng = streams("world/intensity/hot-spots")
    first, last = _ends(ground)
    margin_m = 0.05 * (last - first)
    near_m = _near_the_line(float(numbers["near_m"]), ground)
    inner_m = near_m[(near_m > first + margin_m) & (near_m < last - margin_m)]
    count = int(numbers["hot_spots"])
    missing = max(0, count - len(inner_m))  # a ground with few names has hot spots without one
    hot_m = np.concatenate([
        rng.permutation(inner_m)[:count],
        rng.uniform(first + margin_m, last - margin_m, missing),
    ])  # fmt: skip
    hot_m.sort()
    if len(near_m) == 0:
        near_m = np.arange(first, last, float(numbers["rest_spread_m"]))
    share = float(numbers["hot_share"])
    cool = np.full(len(near_m), (1 - share) / len(near_m))
    spreads = (float(numbers["hot_spread_m"]), float(numbers["rest_spread_m"]))
    return HotSpots(
        x_m=np.concatenate([hot_m, near_m]),
        weight=np.concatenate([share * rng.dirichlet(np.full(count, 2.0)), cool]),
        spread_m=np.repeat(spreads, [count, len(near_m)]),
        ends_m=(first, last),
    )


def _near_the_line(near_m: float, ground: Ground) -> Floats:
    """Metres east of the places with names that lie by the line of contact, from west to east."""
    first, last = _ends(ground)
    places = ground.settlements
    away_m = distance_to_line_m(ground.line_m, places.x_m, places.y_m)
    is_near = (away_m <= near_m) & (places.x_m >= first) & (places.x_m <= last)
    return np.sort(places.x_m[is_near])


def level(points: list[list[float]], day: Floats) -> Floats:
    """The factor of a profile of `[day, factor]`, straight between its points.

    Examples
    --------
    >>> level([[0, 1.0], [10, 3.0]], np.array([5.0, 20.0])).tolist()
    [2.0, 3.0]
    """
    table = np.asarray(points, dtype=np.float64)
    return np.interp(day, table[:, 0], table[:, 1])


def rate_per_s(numbers: Mapping[str, Any], side: int, day: Floats, *, scale: float) -> Floats:
    """First deeds of a side in a second, over the whole line, on each day of the truce."""
    share = 1.0 / (1.0 + np.exp(-numbers["tilt"] if side == 0 else numbers["tilt"]))
    own = numbers["levels_a"] if side == 0 else numbers["levels_b"]
    both = level(numbers["levels"], day) * level(own, day)
    return scale * float(numbers["first_per_day"]) / _DAY_S * share * both


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """First deeds: when, where along the line, whose, and of which campaign."""

    began_s: Floats
    x_m: Floats
    side: Ints


def firsts(
    numbers: Mapping[str, Any],
    ground: Ground,
    spots: HotSpots,
    span: Span,
    rng: Generator,
    *,
    start_s: float,
    scale: float,
) -> Firsts:
    """First deeds of a span, by thinning of the greatest rate in it (Lewis and Shedler 1979)."""
    parts = []
    for side in (0, 1):
        days = np.linspace(span.from_s - start_s, span.to_s - start_s, 25) / _DAY_S
        night = float(numbers["night_share"])
        greatest = 1.02 * rate_per_s(numbers, side, days, scale=scale).max() * max(1.0, night)
        count = rng.poisson(greatest * (span.to_s - span.from_s))
        began_s = np.sort(rng.uniform(span.from_s, span.to_s, count))
        rate = rate_per_s(numbers, side, (began_s - start_s) / _DAY_S, scale=scale)
        rate = rate * np.where(_is_night(began_s, ground), night, 1.0)
        kept = rng.random(count) * greatest < rate
        x_m = spots.draw(count, rng)
        parts.append((began_s[kept], x_m[kept], np.full(int(kept.sum()), side)))
    began, where, side_of = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Firsts(began_s=began, x_m=where, side=side_of)


def _is_night(at_s: Floats, ground: Ground) -> Bools:
    """Between 20 and 6 by the sun's own time: the hour only shapes the rate."""
    hour = local_hour(ground, at_s)
    night: Bools = (hour < 6.0) | (hour >= 20.0)
    return night


def surge(
    numbers: Mapping[str, Any],
    ground: Ground,
    spots: HotSpots,
    span: Span,
    rng: Generator,
    *,
    start_s: float,
) -> Firsts | None:
    """The storm of fire of `surge`, if it falls into the span: by both sides in turn."""
    asked = numbers["surge"]
    if asked is None:
        return None
    at_s = start_s + _DAY_S * float(asked["day"]) + 3600.0 * float(asked["hour"])
    if not span.from_s <= at_s < span.to_s:
        return None
    count = int(asked["count"])
    began_s = at_s + np.sort(rng.uniform(0.0, 60.0 * float(asked["minutes"]), count))
    x_m = spots.x_m[int(np.argmax(spots.weight))] + rng.normal(0.0, 1_500.0, count)
    return Firsts(began_s=began_s, x_m=x_m, side=rng.integers(0, 2, count))


def _ends(ground: Ground) -> tuple[float, float]:
    return float(ground.line_m[:, 0].min()), float(ground.line_m[:, 0].max())


def log_rate(ground: Ground, spots: HotSpots, x_m: Floats, y_m: Floats) -> Floats:
    """Log density of a first deed's place by its distance along the line and off it, per m².

    Off the line the depth of what is hit is taken as exponential with a mean of 2 km (assumed; the
    mixture over arms is close to it). The oracle's prior of place.
    """
    off = np.exp(-np.abs(y_m - line_y(ground, x_m)) / 2_000.0) / (2 * 2_000.0)
    with np.errstate(divide="ignore"):
        return np.log(spots.density(x_m) * off)
