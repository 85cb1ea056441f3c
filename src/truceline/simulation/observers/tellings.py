"""The tellings that many observers have in common, made from an observer's numbers by their names."""

from truceline.simulation.errors.bearings import Heard
from truceline.simulation.errors.directions import Direction
from truceline.simulation.errors.gazetteer import Named
from truceline.simulation.errors.hours import LATE_FAMILIES, Clock, Late, Published
from truceline.simulation.errors.spot import Spot
from truceline.simulation.observers.account import Numbers

_RIGHT_NAMES = 1e-6  # share of slips in a family without them: a density must not be zero; assumed


def spot(numbers: Numbers, family: str, *, by_end: bool = False) -> Spot:
    """A place by coordinates: `spot_m`, and `spot_per_m` more for each metre to the post.

    Parameters
    ----------
    numbers, family
        As an observer has them.
    by_end
        Whether fire is placed at the end nearer to the post.

    Examples
    --------
    >>> told = spot({"spot_m": 80.0, "spot_per_m": 0.06, "stated": 1.0}, "normal")
    >>> told.sigma_m, told.per_m
    (80.0, 0.06)
    """
    return Spot(
        sigma_m=numbers["spot_m"],
        per_m=numbers.get("spot_per_m", 0.0),
        family=family,
        stated=numbers["stated"],
        by_end=by_end,
    )


def heard(numbers: Numbers, family: str = "normal") -> Heard:
    """A bearing and a range: `bearing_deg` and `range_spread`."""
    return Heard(
        sigma_deg=numbers["bearing_deg"],
        spread=numbers["range_spread"],
        stated=numbers["stated"],
        family=family,
    )


def direction(numbers: Numbers) -> Direction:
    """Which way fire went: `direction_share` and `direction_wrong`."""
    return Direction(told_share=numbers["direction_share"], wrong_share=numbers["direction_wrong"])


def clock(numbers: Numbers, *, lasts_s: float = 0.0) -> Clock:
    """An instant off by `clock_s`, with the delay of `report`; what is told lasts `lasts_s`."""
    return Clock(sigma_s=numbers["clock_s"], lasts_s=lasts_s, late=report(numbers))


def report(numbers: Numbers) -> Late:
    """The delay of a report: `report_s` and `report_spread`, and `late` where there is a choice.

    Examples
    --------
    >>> report({"report_s": 60.0, "report_spread": 0.5, "late": 1.0}).family
    'two_speeds'
    """
    return Late(
        median_s=numbers["report_s"],
        spread=numbers["report_spread"],
        family=LATE_FAMILIES[int(numbers.get("late", 0))],
    )


def named(numbers: Numbers, family: str) -> Named:
    """A place by name: `reach_m`, and `slip_share` in the family that has slips."""
    slips = family == "gazetteer_slip"
    return Named(
        reach_m=numbers["reach_m"], slip_share=numbers["slip_share"] if slips else _RIGHT_NAMES
    )


def published(numbers: Numbers) -> Published:
    """A text's instant and what it says of the deed's: `late_s`, `day_share` and the others of a text."""
    return Published(
        late=Late(
            median_s=numbers["late_s"],
            spread=numbers["late_spread"],
            family=LATE_FAMILIES[int(numbers["late"])],
        ),
        day_share=numbers["day_share"],
        slip_share=numbers["day_slip"],
        sigma_s=numbers["clock_s"],
        offset_s=numbers["offset_s"],
    )
