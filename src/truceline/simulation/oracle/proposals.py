"""Where and when a sighting's deed may have been: draws about what was told, and their density.

Only what was told is looked at. What a draw is worth is said by the observer's own density, so these
need to be wide enough and no more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import DIRECTIONS, Floats, Ints, Sightings
from truceline.simulation.errors.directions import INCOMING, OUTGOING, UNDETERMINED
from truceline.simulation.errors.hours import log_normal
from truceline.simulation.errors.spot import SIGMAS_95
from truceline.simulation.oracle.along import SPOT
from truceline.simulation.oracle.evidence import Evidence
from truceline.simulation.oracle.templates import DAY_S, Templates
from truceline.tables.posterior import TYPES

SCALES, SHARES = np.array([1.0, 2.5, 8.0]), np.array([0.7, 0.2, 0.1])
BY_LAW, BY_LAW_NAMED, BY_LAW_SPOT = (
    0.03,
    0.2,
    0.6,
)  # how many draws go by the world's law and not by what was told
LATE_SHARE = 0.4  # draws of a text's time that go by its delay and not by the time told
BY_GUNS = {OUTGOING: 0.85, UNDETERMINED: 0.4, INCOMING: 0.1}
"""How many draws take a told place for that of the guns, by the told direction; of impacts none."""
FLIGHTS_M = {"small_arms_fire": 2_000.0, "sniper_fire": 2_000.0}
FLIGHT_M = 20_000.0  # of what else may have flown: a howitzer may be told as a mortar. Missiles fly
# farther, and hardly any is heard at both ends
BURNS_S = 5_400.0  # how long before an overpass a fire began, commonly
_LEAST_M = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What was told as draws need it, `(n,)` each.

    Parameters
    ----------
    x_m, y_m, width_m
        Middle and deviation of the place; NaN: a bearing from there, or no place at all.
    bearing_deg, range_m, turn_deg, spread
        Of a bearing from `(x_m, y_m)`: with the deviations of both; else NaN.
    by_law
        Share of draws by the world's law.
    at_s, width_s
        Middle and deviation of the time.
    from_s, to_s
        An interval told, in which draws are even; NaN: an instant.
    reported_s, late_s, late_spread
        A text's instant, and its delay; NaN: no text.
    is_overpass
        Whether it burned then, and may have begun long before.
    by_guns
        Share of draws that take the place for that of the guns.
    flight_m
        How far from there it may have fallen then; else 0.
    """

    x_m: Floats
    y_m: Floats
    width_m: Floats
    bearing_deg: Floats
    range_m: Floats
    turn_deg: Floats
    spread: Floats
    by_law: Floats
    at_s: Floats
    width_s: Floats
    from_s: Floats
    to_s: Floats
    reported_s: Floats
    late_s: Floats
    late_spread: Floats
    is_overpass: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    by_guns: Floats
    flight_m: Floats

    def places(
        self, rows: Ints, which: Ints, templates: Templates, rng: Generator
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """A place and an origin for each row and template: `(x_m, y_m, origin_x_m, origin_y_m)`."""
        told_x, told_y = self._about(rows, rng)
        law_x, law_y = templates.places(which, rng)
        by_law = rng.random(len(rows)) < self._by_law(rows, which, templates)
        x_m, y_m = np.where(by_law, law_x, told_x), np.where(by_law, law_y, told_y)
        guns_x, guns_y = templates.origins(which, x_m, y_m, rng)
        of_x, of_y = templates.effects(which, told_x, told_y, rng)
        by_guns = ~by_law & (rng.random(len(rows)) < self._by_guns(rows, which, templates))
        return (
            np.where(by_guns, of_x, x_m), np.where(by_guns, of_y, y_m),
            np.where(by_guns, told_x, guns_x), np.where(by_guns, told_y, guns_y),
        )  # fmt: skip

    def _by_guns(self, rows: Ints, which: Ints, templates: Templates) -> Floats:
        return np.where(templates.has_muzzle[which], self.by_guns[rows], 0.0)

    def _about(self, rows: Ints, rng: Generator) -> tuple[Floats, Floats]:
        """A place about what each row tells."""
        count = len(rows)
        scale = SCALES[rng.choice(3, size=count, p=SHARES)]
        first, second = rng.standard_normal((2, count))
        width = self.width_m[rows] * scale
        x_m, y_m = self.x_m[rows] + width * first, self.y_m[rows] + width * second
        turn = np.deg2rad(self.bearing_deg[rows] + self.turn_deg[rows] * scale * first)
        away = self.range_m[rows] * np.exp(self.spread[rows] * second)
        is_turn = ~np.isnan(turn)
        x_m = np.where(is_turn, self.x_m[rows] + away * np.sin(turn), x_m)
        return x_m, np.where(is_turn, self.y_m[rows] + away * np.cos(turn), y_m)

    def _by_law(self, rows: Ints, which: Ints, templates: Templates) -> Floats:
        # What falls where it always does is found there and not about what was told.
        at_its_spot = np.maximum(self.by_law[rows], BY_LAW_SPOT)
        return np.where(templates.law[which] == SPOT, at_its_spot, self.by_law[rows])

    def log_place(
        self,
        rows: Ints,
        which: Ints,
        templates: Templates,
        at: tuple[Floats, Floats, Floats, Floats],
        law: tuple[Floats, Floats],
    ) -> Floats:
        """Nats of those draws; `law` is `Templates.log_place` and `log_origin` of them."""
        x_m, y_m, guns_x, guns_y = at
        by_law, by_guns = (
            self._by_law(rows, which, templates),
            self._by_guns(rows, which, templates),
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            fell = np.log1p(-by_guns) + self._log_about(rows, x_m, y_m) + law[1]
            fired = self._log_about(rows, guns_x, guns_y)
            fired = np.log(by_guns) + fired + templates.log_effect(which, x_m, y_m, guns_x)
            told = np.logaddexp(fell, np.where(by_guns > 0, fired, -np.inf))
            mixed = np.logaddexp(np.log1p(-by_law) + told, np.log(by_law) + law[0] + law[1])
        return np.where(by_law >= 1.0, law[0] + law[1], mixed)

    def _log_about(self, rows: Ints, x_m: Floats, y_m: Floats) -> Floats:
        """Nats a square metre of `_about`."""
        off_x, off_y = x_m - self.x_m[rows], y_m - self.y_m[rows]
        is_turn = ~np.isnan(self.bearing_deg[rows])
        told = np.full(len(rows), -np.inf)
        with np.errstate(invalid="ignore", divide="ignore"):
            away = np.maximum(np.hypot(off_x, off_y), 1e-3)
            turn = np.rad2deg(np.arctan2(off_x, off_y)) - self.bearing_deg[rows]
            turn = (turn + 180.0) % 360.0 - 180.0
            ranged = log_normal(np.log(away) - np.log(self.range_m[rows]), self.spread[rows])
            ranged = ranged - 2 * np.log(away) + np.log(180.0 / np.pi)
            for scale, share in zip(SCALES, SHARES, strict=True):
                width = self.width_m[rows] * scale
                round_ = -0.5 * (away / width) ** 2 - np.log(2 * np.pi * width**2)
                deg = self.turn_deg[rows] * scale
                wound = [log_normal(turn + 360.0 * k, deg) for k in range(-3, 4)]
                bent = ranged + np.logaddexp.reduce(wound, axis=0)
                told = np.logaddexp(told, np.log(share) + np.where(is_turn, bent, round_))
        return told

    def times(self, rows: Ints, rng: Generator) -> Floats:
        """An instant for each row."""
        count = len(rows)
        even, first = rng.random(count), rng.standard_normal(count)
        wide = np.where(rng.random(count) < 0.2, 3.0, 1.0)
        at_s = self.at_s[rows] + self.width_s[rows] * wide * first
        spans = ~np.isnan(self.from_s[rows])
        within = self.from_s[rows] + even * (self.to_s - self.from_s)[rows]
        at_s = np.where(spans, within, at_s)
        before = np.where(
            rng.random(count) < 0.7, BURNS_S * rng.exponential(size=count), DAY_S * even
        )
        at_s = np.where(self.is_overpass[rows], self.at_s[rows] - before, at_s)
        delay_s = self.late_s[rows] * np.exp(self.late_spread[rows] * rng.standard_normal(count))
        by_delay = (rng.random(count) < LATE_SHARE) & ~np.isnan(delay_s)
        return np.where(by_delay, self.reported_s[rows] - delay_s, at_s)

    def log_time(self, rows: Ints, at_s: Floats) -> Floats:
        """Nats a second of those draws."""
        off = at_s - self.at_s[rows]
        width = self.width_s[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            told = np.logaddexp(
                np.log(0.8) + log_normal(off, width), np.log(0.2) + log_normal(off, 3.0 * width)
            )
            inside = (at_s >= self.from_s[rows]) & (at_s <= self.to_s[rows])
            even = np.where(inside, -np.log((self.to_s - self.from_s)[rows]), -np.inf)
            told = np.where(np.isnan(self.from_s[rows]), told, even)
            burned = np.logaddexp(
                np.log(0.7 / BURNS_S) + off / BURNS_S,
                np.where(-off <= DAY_S, np.log(0.3 / DAY_S), -np.inf),
            )
            burned = np.where(off <= 0, burned, -np.inf)
            told = np.where(self.is_overpass[rows], burned, told)
            delay_s = self.reported_s[rows] - at_s
            logged = np.log(np.where(delay_s > 0, delay_s, np.nan))
            late = log_normal(logged - np.log(self.late_s[rows]), self.late_spread[rows]) - logged
            late = np.where(delay_s > 0, late, -np.inf)
            both = np.logaddexp(np.log1p(-LATE_SHARE) + told, np.log(LATE_SHARE) + late)
        return np.where(np.isnan(self.late_s[rows]), told, both)


def proposals_of(evidence: Evidence) -> Proposals:
    """From what was told."""
    said, count = evidence.told, len(evidence)
    nan = np.full(count, np.nan)
    x_m, y_m = said.x_m.copy(), said.y_m.copy()
    width_m = said.error_m / SIGMAS_95 / _number(evidence, "stated", 1.0)
    by_law = np.full(count, BY_LAW)
    named = np.isnan(x_m) & (said.place >= 0)
    places = evidence.ground.settlements
    x_m[named], y_m[named] = places.x_m[said.place[named]], places.y_m[said.place[named]]
    width_m[named] = _number(evidence, "reach_m", 6_000.0)[named] / 2
    by_law[named] = BY_LAW_NAMED
    bearing, range_m = nan.copy(), nan.copy()
    for number, watch in enumerate(evidence.watches):
        at = np.flatnonzero((evidence.kind == number) & np.isnan(x_m) & ~np.isnan(said.bearing_deg))
        x_m[at], y_m[at] = watch.posts.x_m[said.post[at]], watch.posts.y_m[said.post[at]]
        bearing[at], range_m[at] = said.bearing_deg[at], said.range_m[at]
        width_m[at] = 1.0
    by_law[np.isnan(x_m)] = 1.0
    clock_s, late_s = _number(evidence, "clock_s", np.nan), _number(evidence, "late_s", np.nan)
    lasts_s = said.seen_to_s - said.seen_from_s
    is_span = (lasts_s >= DAY_S) | (np.isnan(clock_s) & (lasts_s > 0))
    return Proposals(
        x_m=x_m, y_m=y_m, width_m=np.maximum(width_m, 1.0),
        bearing_deg=bearing, range_m=range_m,
        turn_deg=_number(evidence, "bearing_deg", np.nan),
        spread=1.2 * _number(evidence, "range_spread", np.nan),
        by_law=by_law, at_s=said.seen_from_s, width_s=clock_s,
        from_s=np.where(is_span, said.seen_from_s, np.nan),
        to_s=np.where(is_span, said.seen_to_s, np.nan),
        reported_s=said.reported_s, late_s=late_s,
        late_spread=1.1 * _number(evidence, "late_spread", np.nan),
        is_overpass=np.isnan(clock_s) & (lasts_s == 0),
        by_guns=_by_guns(evidence), flight_m=np.where(_by_guns(evidence) > 0, _flight_m(said), 0.0),
    )  # fmt: skip


def _by_guns(evidence: Evidence) -> Floats:
    """How often a told place may be that of the guns; never where an observer tells where it fell."""
    by_word = np.zeros(len(DIRECTIONS))
    by_word[list(BY_GUNS)] = list(BY_GUNS.values())
    by_end = np.array([watch.observer.by_end for watch in evidence.watches])[evidence.kind]
    return np.where(by_end, by_word[evidence.told.direction], 0.0)


def _flight_m(said: Sightings) -> Floats:
    by_type = np.array([FLIGHTS_M.get(name, FLIGHT_M) for name in (*TYPES, "")])
    return by_type[said.type]


def middles(proposals: Proposals) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Middle and deviation of place and time in short: x, y, metres; instant, seconds."""
    turn = np.deg2rad(proposals.bearing_deg)
    is_turn = ~np.isnan(turn)
    x_m = np.where(is_turn, proposals.x_m + proposals.range_m * np.sin(turn), proposals.x_m)
    y_m = np.where(is_turn, proposals.y_m + proposals.range_m * np.cos(turn), proposals.y_m)
    bent = proposals.range_m * np.maximum(np.deg2rad(proposals.turn_deg), proposals.spread)
    width_m = np.maximum(np.where(is_turn, bent, proposals.width_m), _LEAST_M)
    spans = ~np.isnan(proposals.from_s)
    at_s = np.where(spans, (proposals.from_s + proposals.to_s) / 2, proposals.at_s)
    half_s = (proposals.to_s - proposals.from_s) / np.sqrt(12.0)
    width_s = np.where(spans, half_s, proposals.width_s)
    width_s = np.where(proposals.is_overpass, 2 * BURNS_S, width_s)
    return x_m, y_m, width_m, at_s, width_s


def _number(evidence: Evidence, name: str, otherwise: float) -> Floats:
    of = [float(watch.numbers.get(name, otherwise)) for watch in evidence.watches]
    return np.array(of)[evidence.kind]
