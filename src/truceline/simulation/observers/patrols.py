"""Patrols: people on the road by day who saw it, or only heard it and tell a bearing."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Deeds, Floats, Ground, Posts, Sightings
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.authors import Claim, Voice
from truceline.simulation.errors.bearings import Crater, Heard
from truceline.simulation.errors.directions import is_by_the_guns, noticed_end
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, UNTOLD, Kind, Rounds, table_of
from truceline.simulation.errors.spot import FAMILIES, Spot
from truceline.simulation.errors.telling import Telling, Told, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import VEHICLES, audible_m, fades, is_of
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import clock, direction, heard, spot

NUMBERS: Numbers = {
    "posts": 12,  # assumed: one patrol on the road for some 10 km of the line
    "reach_m": 15_000.0,  # the greatest distance in the SMM's tables (formats.md 5); assumed a bound
    "behind_m": 4_000.0,  # assumed
    "blast_m": 3_000.0,  # a kilogram is heard so far: SMM tables tell 2 to 7 km; assumed
    "shot_m": 2_500.0,  # bursts are told at 1 to 4 km in SMM tables; assumed
    "flight_m": 1_500.0,  # small engines; assumed
    "sight_m": 1_200.0,  # to which the ground is seen; sources assume 1,000 to 2,000
    "by_night": 0.15,  # share of patrols that are out after dark; assumed (patrols go by day)
    "spot_m": 150.0,  # deviation of a place that was seen; a phone and a guess, assumed
    "bearing_deg": 10.0,  # one deviation of a bearing by ear (sources/arcs.py)
    "range_spread": 0.35,  # of the logarithm of a range by ear; assumed
    "clock_s": 120.0,  # minutes in notebooks; assumed
    "report_s": 14_400.0,  # median: the report is filed when the patrol is home; assumed
    "report_spread": 0.6,  # assumed
    "crater_deg": 7.0,  # deviation of a crater's back bearing; assumed
    "crater_share": 0.5,  # assumed
    "direction_share": 0.7,  # assumed
    "direction_wrong": 0.08,  # assumed
    "right": 0.04,  # patrols name nobody but by what they see with their eyes; assumed
    "wrong": 0.002,  # assumed
    "false_per_day": 0.03,  # of each patrol: a door, a hunter, a truck; assumed
}

MUZZLE = 0.7  # how far a muzzle is heard against what it fires; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class SawOrHeard:
    """Seen with a place, or heard with a bearing; the nearer, the likelier seen."""

    spot: Spot
    heard: Heard
    sight_m: float

    def tell(self, told: Told, deeds: Deeds, posts: Posts, ground: Ground, rng: Generator) -> None:
        """Both are drawn, and one of them is told."""
        saw = rng.random(len(deeds)) < self._saw(deeds, posts)
        self._tell_one(told, saw, deeds, posts, ground, rng)

    def log_density(self, said: Sightings, deeds: Deeds, posts: Posts, ground: Ground) -> Floats:
        """Nats of which of both it was, and of what was told."""
        chance = self._saw(deeds, posts)
        with np.errstate(divide="ignore"):
            mode = np.where(np.isnan(said.x_m), np.log1p(-chance), np.log(chance))
        spot = self.spot.log_density(said, deeds, posts, ground)
        heard = np.where(said.is_to_origin, 0.0, self.heard.log_density(said, deeds, posts, ground))
        return mode + np.where(np.isnan(said.x_m), heard, spot)

    def invent(self, told: Told, posts: Posts, ground: Ground, rng: Generator) -> None:
        """What is not there is only ever heard."""
        self.heard.invent(told, posts, ground, rng)

    def log_invented(self, said: Sightings, posts: Posts, ground: Ground) -> Floats:
        """Minus infinity for a place that was seen."""
        heard = self.heard.log_invented(said, posts, ground)
        return np.where(np.isnan(said.x_m), heard, -np.inf)

    def _saw(self, deeds: Deeds, posts: Posts) -> Floats:
        near = fades(distance_m(posts, *noticed_end(deeds, posts)), 2 * self.sight_m)
        return np.where(is_of(deeds, VEHICLES), 1.0, np.clip(near, 0.02, 0.98))

    def _tell_one(
        self,
        told: Told,
        saw: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
        deeds: Deeds,
        posts: Posts,
        ground: Ground,
        rng: Generator,
    ) -> None:
        seen = dict(told)
        self.spot.tell(seen, deeds, posts, ground, rng)
        self.heard.tell(told, deeds, posts, ground, rng)
        for name in ("bearing_deg", "bearing_error_deg", "range_m"):
            told[name] = np.where(saw, np.nan, told[name])
        for name in ("x_m", "y_m"):
            told[name] = np.where(saw, seen[name], np.nan)
        told["error_m"] = np.where(saw, seen["error_m"], told["error_m"])


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Patrols on either side of the line, guests of the side on which they are."""
    return along_line("patrol", numbers, ground, streams, is_hosted=True)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """The chance to hear or to see, on the road; few are out by night."""
    away_m = distance_m(posts, *noticed_end(deeds, posts))
    loud_m = audible_m(deeds, numbers["blast_m"], numbers["shot_m"], numbers["flight_m"])
    dark = conditions.is_dark(posts.x_m, posts.y_m, deeds.began_s)
    # The muzzle is loud, too, if less than the burst: who stands behind the guns hears them.
    heard = fades(away_m, np.where(is_by_the_guns(deeds, posts), MUZZLE * loud_m, loud_m))
    saw = fades(away_m, numbers["sight_m"]) * np.where(dark, 0.3, 1.0)
    out = np.where(dark, numbers["by_night"], 1.0)
    return out * (1 - (1 - heard) * (1 - saw))


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Place or bearing, time, type, direction, crater, author, count."""
    return (
        SawOrHeard(
            spot=spot(numbers, family, by_end=True),
            heard=heard(numbers),
            sight_m=numbers["sight_m"],
        ),
        clock(numbers, lasts_s=60.0),
        Kind(table=TYPES_TOLD, invented={BLAST: 0.6, "small_arms_fire": 0.4}),
        direction(numbers),
        Crater(
            sigma_deg=numbers["crater_deg"],
            share=numbers["crater_share"],
            stated=numbers["stated"],
        ),
        Claim(
            voice=Voice(
                right=numbers["right"],
                wrong=numbers["wrong"],
                blames_right=numbers["right"],
                blames_wrong=numbers["wrong"] / 2,
                denies=0.0,
                admits=numbers["right"],
            )
        ),
        Rounds(spread=0.3),
    )


# Which weapon made a bang is often not known: SMM tables write "undetermined" for most explosions.
TYPES_TOLD = table_of(
    {AS_IT_IS: 0.8, UNTOLD: 0.2},
    {
        "mortar": {AS_IT_IS: 0.35, "artillery": 0.15, BLAST: 0.5},
        "artillery": {AS_IT_IS: 0.35, "mortar": 0.12, "tank_fire": 0.03, BLAST: 0.5},
        "mlrs": {AS_IT_IS: 0.6, "artillery": 0.2, BLAST: 0.2},
        "tank_fire": {AS_IT_IS: 0.4, "artillery": 0.15, BLAST: 0.45},
        "missile": {AS_IT_IS: 0.3, BLAST: 0.7},
        "air_strike": {AS_IT_IS: 0.5, BLAST: 0.5},
        "uav_attack": {AS_IT_IS: 0.5, BLAST: 0.5},
        "small_arms_fire": {AS_IT_IS: 0.93, "sniper_fire": 0.02, UNTOLD: 0.05},
        "sniper_fire": {"small_arms_fire": 0.7, AS_IT_IS: 0.25, UNTOLD: 0.05},
        "mine_or_uxo": {AS_IT_IS: 0.2, BLAST: 0.8},
        BLAST: {AS_IT_IS: 0.9, "mortar": 0.06, "artillery": 0.04},
        "exercise_live_fire": {AS_IT_IS: 0.3, "small_arms_fire": 0.3, BLAST: 0.4},
    },
)  # assumed

OBSERVER = made(
    Account(
        name="patrols",
        source_kind="patrol",
        feed="patrol_reports",
        numbers=NUMBERS,
        families=FAMILIES,
        posts=posts,
        notices=notices,
        by_end=True,
        tellings=tellings,
        forms=("patrol_reports", "kobo", "odk"),
    )
)
