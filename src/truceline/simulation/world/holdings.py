"""Stocks of tanks and howitzers at sites, which move between rear depots and forward sites.

A column goes straight, for the ground has no roads, and is nowhere until it arrives. Numbers are small (a
site, a class and a stay are one row), so a whole truce is drawn at once. Both sides are drawn by the same
rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.contract import Streams
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.making import DAY_S, Making

NUMBERS: Mapping[str, Any] = {
    "depots": 2,  # of each side, beyond the truce area; assumed
    "forward": 2,  # of each side, within it; assumed
    "depot_at_km": 38.0,  # assumed
    "forward_at_km": 17.0,  # assumed: behind the line of withdrawal
    "tanks": 44,  # of each side; assumed
    "howitzers": 18,  # of each side; assumed
    "forward_share": 0.7,  # of them at forward sites as the truce begins; assumed
    "moves_per_week": 1.5,  # of each side; assumed
    "moved": 5.0,  # mean number of weapons in a column; assumed
    "road_kmh": 20.0,  # assumed: a column on tracks, as the crow flies
    "p_hidden": 0.08,  # of weapons that no inventory lists; assumed
}

CLASSES: tuple[str, ...] = ("tank 125 mm", "howitzer 152 mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where weapons are kept."""

    name: str
    side: int
    x_m: float
    y_m: float
    is_forward: bool


@dataclass(slots=True, kw_only=True)
class Stay:
    """What stood at a site from one change to the next: serial numbers of one class."""

    site: Site
    weapon: str
    from_s: float
    to_s: float
    serials: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Stocks:
    """The stocks of a truce.

    Parameters
    ----------
    sites
        All sites, side A's first.
    stays
        Who stood where and when, by site, class and time.
    hidden
        Serial numbers that no inventory lists.
    """

    sites: list[Site]
    stays: list[Stay] = field(default_factory=list)
    hidden: frozenset[str] = frozenset()

    def at(self, site: Site, weapon: str, at_s: float) -> tuple[str, ...]:
        """The serial numbers of a class that stand at a site at an instant."""
        for stay in self.stays:
            if stay.site is site and stay.weapon == weapon and stay.from_s <= at_s < stay.to_s:
                return stay.serials
        return ()


def drawn(numbers: Mapping[str, Any], making: Making, *, to_s: float, streams: Streams) -> Stocks:
    """The stocks of a whole truce; side 0 in the north."""
    rng = streams("world/holdings")
    sites = [site for side in (0, 1) for site in _sites(numbers, making, side, rng)]
    stocks = Stocks(sites=sites)
    hidden: set[str] = set()
    for side in (0, 1):
        own = [site for site in sites if site.side == side]
        for weapon, count in zip(CLASSES, ("tanks", "howitzers"), strict=True):
            serials = _serials(int(numbers[count]), rng)
            hidden |= {serial for serial in serials if rng.random() < float(numbers["p_hidden"])}
            stocks.stays += _moved(numbers, own, weapon, serials, making.start_s, to_s, rng)
    stocks.hidden = frozenset(hidden)
    return stocks


def _sites(numbers: Mapping[str, Any], making: Making, side: int, rng: Generator) -> list[Site]:
    line = making.ground.line_m[:, 0]
    north = 1.0 if side == 0 else -1.0
    found = []
    for kind, at_km in (("depot", "depot_at_km"), ("forward", "forward_at_km")):
        count = int(numbers["depots" if kind == "depot" else "forward"])
        for number in range(count):
            share = (number + rng.uniform(0.2, 0.8)) / count
            x_m = float(line.min() + share * (line.max() - line.min()))
            off_m = 1000.0 * float(numbers[at_km]) * rng.uniform(0.95, 1.1)
            # Numbers go on over both sides, so that a name says nothing.
            found.append(
                Site(
                    name="",
                    side=side,
                    x_m=x_m,
                    y_m=float(line_y(making.ground, x_m)) + north * off_m,
                    is_forward=kind == "forward",
                )
            )
    order = rng.permutation(len(found))
    return [
        Site(
            name=f"site {2 * number + side + 1}",
            side=side,
            x_m=found[at].x_m,
            y_m=found[at].y_m,
            is_forward=found[at].is_forward,
        )
        for number, at in enumerate(order.tolist())
    ]


def _serials(count: int, rng: Generator) -> list[str]:
    digits = rng.choice(900_000, size=count, replace=False) + 100_000
    return [f"N{digit}" for digit in digits.tolist()]


def _moved(
    numbers: Mapping[str, Any],
    sites: list[Site],
    weapon: str,
    serials: list[str],
    from_s: float,
    to_s: float,
    rng: Generator,
) -> list[Stay]:
    """Stays of one side's weapons of one class, over all its columns."""
    forward = [site for site in sites if site.is_forward]
    depots = [site for site in sites if not site.is_forward]
    standing: dict[str, list[str]] = {site.name: [] for site in sites}
    since = {site.name: from_s for site in sites}
    for serial in serials:
        choice = forward if rng.random() < float(numbers["forward_share"]) else depots
        standing[choice[int(rng.integers(len(choice)))].name].append(serial)
    stays: list[Stay] = []

    def change(site: Site, at_s: float) -> None:
        if standing[site.name] and since[site.name] < at_s:
            held = tuple(sorted(standing[site.name]))
            stays.append(
                Stay(site=site, weapon=weapon, from_s=since[site.name], to_s=at_s, serials=held)
            )
        since[site.name] = at_s

    for left_s, origin, target, count in _columns(numbers, sites, from_s, to_s, rng):
        taken = sorted(standing[origin.name])[:count]
        travel_km = np.hypot(origin.x_m - target.x_m, origin.y_m - target.y_m) / 1000.0
        arrives_s = left_s + 3600.0 * travel_km / float(numbers["road_kmh"])
        if not taken or arrives_s >= to_s or since[target.name] > arrives_s:
            continue
        change(origin, left_s)
        standing[origin.name] = [s for s in standing[origin.name] if s not in taken]
        change(target, arrives_s)
        standing[target.name] += taken
    for site in sites:
        change(site, to_s)
    return sorted(stays, key=lambda stay: (stay.site.name, stay.from_s))


def _columns(
    numbers: Mapping[str, Any], sites: list[Site], from_s: float, to_s: float, rng: Generator
) -> list[tuple[float, Site, Site, int]]:
    """When columns leave, from where, to where, and of how many weapons."""
    weeks = (to_s - from_s) / (7 * DAY_S)
    count = int(rng.poisson(float(numbers["moves_per_week"]) * weeks)) if len(sites) > 1 else 0
    # A column arrives before the next one leaves: at least two days apart.
    left_s = from_s + DAY_S + np.sort(rng.uniform(0.0, max(to_s - from_s - DAY_S, 1.0), count))
    found = []
    last_s = -np.inf
    for at_s in left_s.tolist():
        if at_s - last_s < 2 * DAY_S:
            continue
        last_s = at_s
        origin, target = rng.choice(len(sites), size=2, replace=False).tolist()
        moved = 1 + int(rng.poisson(float(numbers["moved"]) - 1.0))
        found.append((at_s, sites[origin], sites[target], moved))
    return found
