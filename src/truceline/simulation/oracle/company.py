"""How much likelier one deed makes another: bursts and answers, storms, series of an exercise.

Deeds come in clusters, of two kinds. Fire brings on fire: given all earlier deeds the rate of one is the
world's mean rate and, for each earlier one, what that brings on (Hawkes 1971). Strokes come of a storm and
series of an exercise (Neyman and Scott 1958): one that is known says that there is one, and ten say no
more. So a partition's weight has for each deed a factor of one, the sum over earlier deeds of the fire that
they bring on against the mean rate, and the most that one of them says of a storm or an exercise. The mean
rate holds what unseen deeds bring on, and is taken whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ints, Nature
from truceline.simulation.contract import Scenario
from truceline.simulation.errors.hours import log_normal
from truceline.simulation.oracle.templates import DAY_S, FOUGHT, HOUR_S, Templates
from truceline.simulation.world import arms
from truceline.simulation.world.surroundings import STORM_M
from truceline.simulation.world.truce import numbers_of

NEAR_S = 7_200.0  # beyond this nothing is brought on
RANGE_M = 6_000.0  # two series of one exercise are no farther apart
_SAME_ARM = 0.8  # of a burst, `world.commanders`


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What deeds bring on in a scenario.

    Parameters
    ----------
    bursts, orders, exercises, sky
        Numbers of `world.intensity`, `world.commanders`, `world.exercises`, `world.surroundings`.
    templates
        The world's mean rate.
    scale
        Of the truce.
    """

    bursts: Mapping[str, Any]
    orders: Mapping[str, Any]
    exercises: Mapping[str, Any]
    sky: Mapping[str, Any]
    templates: Templates
    scale: float
    _rates: dict[tuple[str, int], Floats] = field(default_factory=dict)

    def brought(self, later: Deeds, earlier: Deeds) -> tuple[Floats, Floats]:
        """What each earlier deed brings on against the mean rate of the later one, row by row.

        Returns
        -------
        tuple
            The fire that it brings on, of which all add up; and what it says of a storm or an exercise,
            of which the most counts.
        """
        gap_s = later.began_s - earlier.began_s
        soon = (gap_s > 0) & (gap_s < NEAR_S)
        gap_s = np.clip(gap_s, 0.0, NEAR_S)
        of_one = self._stormed(later, earlier, gap_s) + self._trained(later, earlier, gap_s)
        return (
            np.where(soon, np.nan_to_num(self._fired(later, earlier, gap_s)), 0.0),
            np.where(soon, np.nan_to_num(of_one), 0.0),
        )

    def _fired(self, later: Deeds, earlier: Deeds, gap_s: Floats) -> Floats:
        both = _fights(later) & _fights(earlier)
        side = np.clip(later.author, 0, 1)
        place = np.exp(self.templates.along.log_hot(later.x_m))
        mean = np.where(side == 0, self._rate("fight", 0, later), self._rate("fight", 1, later))
        mean = np.maximum(mean * place, 1e-30)
        share = arms.column("share")[np.maximum(later.weapon, 0)]
        near = np.exp(log_normal(later.x_m - earlier.x_m, float(self.bursts["burst_spread_m"])))
        delay_s = float(self.bursts["burst_delay_s"])
        more = float(self.bursts["branching"]) * np.exp(-gap_s / delay_s) / delay_s * near
        same_arm = later.weapon == earlier.weapon
        more = more * (_SAME_ARM * same_arm / share + 1 - _SAME_ARM)
        more = np.where(earlier.nature == int(Nature.UNIT_ERROR), 0.0, more)
        answer = self._answered(later, earlier, gap_s) / share
        found = np.where(later.author == earlier.author, more, 0.0)
        return (
            np.where(both, found + np.where(later.author == 1 - earlier.author, answer, 0.0), 0.0)
            / mean
        )

    def _answered(self, later: Deeds, earlier: Deeds, gap_s: Floats) -> Floats:
        numbers = self.orders
        quick = np.where((gap_s >= 5.0) & (gap_s <= 300.0), 1 / 295.0, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            late_s = np.log(gap_s - 60.0)
            spread = float(numbers["answer_spread"])
            late = np.exp(
                log_normal(late_s - np.log(float(numbers["answer_delay_s"])), spread) - late_s
            )
        exchange = float(numbers["p_exchange"])
        when = exchange * quick + (1 - exchange) * np.nan_to_num(late)
        off_m = float(numbers["answer_off_m"])
        where = np.exp(log_normal(later.x_m - earlier.origin_x_m, off_m))
        # Depth: an answer falls about the guns, the mean deed where its arm commonly does.
        depth = np.exp(log_normal(later.y_m - earlier.origin_y_m, off_m))
        own_m = np.maximum(np.abs(later.y_m - self.templates.along.line_y(later.x_m)), 50.0)
        usual = 1 / (own_m * np.e)
        heavier = float(numbers["p_heavier"])
        arm = np.where(later.weapon == earlier.weapon, 1 - heavier, 0.0)
        arm = arm + np.where(
            later.weapon == np.minimum(earlier.weapon + 2, len(arms.ARMS) - 1), heavier, 0.0
        )
        again = earlier.nature == int(Nature.RESPONSE)
        chance = np.where(again, float(numbers["p_answer_an_answer"]), float(numbers["p_answer"]))
        return chance * when * where * depth / usual * arm

    def _stormed(self, later: Deeds, earlier: Deeds, gap_s: Floats) -> Floats:
        both = (later.nature == int(Nature.THUNDER)) & (earlier.nature == int(Nature.THUNDER))
        strokes = float(self.sky["strokes"]) * self.scale
        when = strokes * np.maximum(1 - gap_s / 7_200.0, 0.0) / 7_200.0
        # Two strokes lie as far apart as two draws about one middle.
        where = np.exp(log_normal(later.x_m - earlier.x_m, np.sqrt(2.0) * STORM_M))
        mean = self._rate("thunder", int(Author.NATURE), later) * np.exp(
            self.templates.along.log_stormed(later.x_m)
        )
        return np.where(both, when * where / np.maximum(mean, 1e-30), 0.0)

    def _trained(self, later: Deeds, earlier: Deeds, gap_s: Floats) -> Floats:
        both = (later.nature == int(Nature.EXERCISE)) & (earlier.nature == int(Nature.EXERCISE))
        both &= later.author == earlier.author
        both &= np.hypot(later.x_m - earlier.x_m, later.y_m - earlier.y_m) < RANGE_M
        lasts_s = HOUR_S * float(self.exercises["hours"])
        when = float(self.exercises["deeds"]) * self.scale / lasts_s
        ranges = max(
            1, sum(name.startswith("range-a") for name in self.templates.along.ground.zones_m)
        )
        side = np.clip(later.author, 0, 1)
        rate = np.where(side == 0, self._rate("train", 0, later), self._rate("train", 1, later))
        return np.where(both, when / np.maximum(rate / ranges, 1e-30), 0.0)

    def _rate(self, what: str, author: int, deeds: Deeds) -> Floats:
        """Deeds a second of a sort, over the whole ground."""
        table = self._rates.get((what, author))
        if table is None:
            natures = {"fight": FOUGHT, "thunder": (int(Nature.THUNDER),)}.get(
                what, (int(Nature.EXERCISE),)
            )
            of = self.templates
            rows = np.isin(of.deeds.nature, natures) & (of.deeds.author == author)
            often = np.bincount(of.kind[rows], weights=of.often[rows], minlength=len(of.by_day))
            table = np.einsum("k,kd,kh->dh", often, of.by_day, of.by_hour) / HOUR_S
            self._rates[what, author] = table
        day = np.floor((deeds.began_s - self.templates.from_s) / DAY_S).astype(np.int64)
        hour = np.floor(deeds.began_s / HOUR_S).astype(np.int64) % 24
        return table[np.clip(day, 0, len(table) - 1), hour]


def company_of(scenario: Scenario, templates: Templates, scale: float) -> Company:
    """What deeds bring on, from a scenario's numbers."""
    return Company(
        bursts=numbers_of(scenario, "intensity"),
        orders=numbers_of(scenario, "commanders"),
        exercises=numbers_of(scenario, "exercises"),
        sky=numbers_of(scenario, "surroundings"),
        templates=templates,
        scale=scale,
    )


def _fights(deeds: Deeds) -> Bools:
    found: Bools = (
        np.isin(deeds.nature, FOUGHT) & (deeds.author <= int(Author.B)) & (deeds.weapon >= 0)
    )
    return found


def pairs_of(count: int) -> tuple[Ints, Ints]:
    """Rows of every pair of two lists of the same length."""
    return np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
