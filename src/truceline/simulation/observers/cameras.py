"""Fixed cameras: flashes and smoke by bearing and range, far by night and hardly in low cloud."""

import numpy as np

from truceline.simulation.columns import Deeds, Floats, Ground, Posts
from truceline.simulation.contract import Conditions, Streams
from truceline.simulation.errors.directions import noticed_end
from truceline.simulation.errors.kinds import AS_IT_IS, BLAST, UNTOLD, Kind, Rounds, table_of
from truceline.simulation.errors.telling import Telling, distance_m
from truceline.simulation.observers.account import Account, Numbers, made
from truceline.simulation.observers.physics import VEHICLES, fades, is_of
from truceline.simulation.observers.standing import along_line
from truceline.simulation.observers.tellings import clock, direction, heard

NUMBERS: Numbers = {
    "posts": 8,  # assumed; the SMM had some thirty on 420 km
    "reach_m": 6_000.0,  # camera tables of the SMM tell 0.5 to 6 km; assumed a bound
    "behind_m": 2_000.0,  # assumed
    "by_day_m": 2_500.0,  # smoke and dust; assumed
    "by_night_m": 4_500.0,  # flashes; assumed: cameras of the SMM told most by night
    "cloud_cost": 0.5,  # share lost under a closed sky, for fog and rain; assumed
    "bearing_deg": 2.0,  # one deviation; assumed
    "range_spread": 0.25,  # of the logarithm of a range along the line of sight; assumed
    "clock_s": 4.0,  # assumed
    "report_s": 21_600.0,  # recordings are read the next morning; assumed
    "report_spread": 0.4,  # assumed
    "direction_share": 0.6,  # flight of a projectile is often seen; assumed
    "direction_wrong": 0.03,  # assumed
    "vehicles": 1.0,  # of vehicles in view, how many are told; a table of violations has no column for them
    "false_per_day": 0.05,  # of each camera: lights, welding; assumed
}


def posts(numbers: Numbers, ground: Ground, streams: Streams) -> Posts:
    """Cameras on either hand of the line; each is the guest of the side on which it stands."""
    return along_line("camera", numbers, ground, streams, is_hosted=True)


def notices(numbers: Numbers, deeds: Deeds, posts: Posts, conditions: Conditions) -> Floats:
    """A flash or smoke in view; vehicles by day and near only."""
    away_m = distance_m(posts, *noticed_end(deeds, posts))
    dark = conditions.is_dark(posts.x_m, posts.y_m, deeds.began_s)
    shown_m = np.where(dark, numbers["by_night_m"], numbers["by_day_m"])
    driven_m = np.where(dark, 0.0, numbers["by_day_m"] / 2)
    scale_m = np.where(is_of(deeds, VEHICLES), driven_m, shown_m)
    quiet = (deeds.energy_kg <= 0) & ~is_of(deeds, VEHICLES)
    told = np.where(is_of(deeds, VEHICLES), numbers["vehicles"], 1.0)
    clear = 1 - numbers["cloud_cost"] * conditions.cloud(posts.x_m, posts.y_m, deeds.began_s)
    return told * clear * fades(away_m, np.where(quiet, 0.4 * scale_m, scale_m))


def tellings(numbers: Numbers, family: str) -> tuple[Telling, ...]:
    """Bearing and range, time, type, direction, count; a camera names nobody."""
    return (
        heard(numbers, family),
        clock(numbers, lasts_s=1.0),
        Kind(table=TYPES_TOLD, invented={BLAST: 1.0}),
        direction(numbers),
        Rounds(spread=0.1),
    )


TYPES_TOLD = table_of(
    {BLAST: 0.9, AS_IT_IS: 0.1},
    {
        "small_arms_fire": {AS_IT_IS: 0.85, UNTOLD: 0.15},
        "sniper_fire": {"small_arms_fire": 0.8, UNTOLD: 0.2},
        "mlrs": {AS_IT_IS: 0.5, BLAST: 0.5},
        **{name: {AS_IT_IS: 0.9, UNTOLD: 0.1} for name in VEHICLES},
    },
)  # assumed

OBSERVER = made(
    Account(
        name="cameras",
        source_kind="camera",
        feed="observations",
        numbers=NUMBERS,
        families=("normal", "gross_mixture"),
        posts=posts,
        notices=notices,
        by_end=True,
        tellings=tellings,
        forms=("observations", "smm_table"),
    )
)
