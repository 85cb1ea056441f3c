"""What every observer keeps: draws that match its density, sides that may be exchanged, no leaks."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from truceline.simulation.columns import (
    Author,
    Bools,
    Deeds,
    Floats,
    Ground,
    Ints,
    Posts,
    Settlements,
    Sightings,
)
from truceline.simulation.contract import Observer, Span, Streams
from truceline.tables.posterior import TYPES

DRAWS = 6_000  # of each deed of a pair
ALIKE = 400  # posts that each tell of one deed and make false reports about it
FALSE_PER_DAY, FALSE_DAYS = 100.0, 8.0
LIMIT = 5.0  # deviations of a mean that is zero; one in two million goes beyond
FROM_S, DAY_S = 1_620_000_000.0, 86_400.0
KINDS = (
    "artillery", "mortar", "small_arms_fire", "explosion_unidentified", "uav_attack", "missile",
    "mine_or_uxo", "force_movement", "maritime", "aircraft_overflight", "monitor_access_denied",
    "sensor_interference",
)  # fmt: skip
TOLD = ("x_m", "y_m", "bearing_deg", "range_m", "seen_from_s", "seen_to_s", "reported_s")
UNSEEN = ("happening", "campaign", "nature", "intent", "answers", "is_notified")
"""What no observer may tell of: which happening, whose campaign, what was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Conditions without weather: half cloud, a light wind, light by day, and everybody up or everybody out.

    Parameters
    ----------
    out
        Whether everybody is blind.
    """

    out: bool = False

    def wind_ms(self, x_m: Floats, y_m: Floats, at_s: Floats) -> tuple[Floats, Floats]:
        """Two metres a second towards east."""
        return np.full(len(at_s), 2.0), np.zeros(len(at_s))

    def cloud(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Floats:
        """Half of the sky."""
        return np.full(len(at_s), 0.5)

    def is_dark(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Bools:
        """From 18:00 to 06:00."""
        return np.abs(at_s % DAY_S - DAY_S / 2) > DAY_S / 4

    def is_out(self, kind: str, post: Ints, at_s: Floats) -> Bools:
        """As `out` says."""
        return np.full(len(post), self.out)


def check(observer: Observer, streams: Streams) -> list[str]:
    """What is wrong with an observer, in words; empty when it keeps the contract.

    Parameters
    ----------
    observer
        Any observer.
    streams
        A generator for each name.
    """
    ground, numbers = sample_ground(), dict(observer.numbers)
    posts = observer.posts(numbers, ground, streams)
    if len(posts) == 0:
        return ["it has no posts"]
    deeds = sample_deeds(streams)
    rows, post = (a.ravel() for a in np.indices((len(deeds), len(posts))))
    every, by = deeds.take(rows), posts.take(post)
    chance = observer.detects(numbers, every, by, Plain())
    faults = _chances(observer, numbers, every, by, chance)
    best = np.argsort(-chance, kind="stable")[: 3 * len(posts)]
    best = best[chance[best] > 0]
    if not len(best):
        return [*faults, "it notices none of the sample's deeds"]
    paired = (every.take(best), by.take(best))
    faults += _tells(observer, numbers, paired, ground, streams)
    for which in best[:: max(1, len(best) // 3)][:3].reshape(-1, 1):
        faults += _matches(observer, numbers, every.take(which), by.take(which), ground, streams)
    faults += _is_false(observer, numbers, every.take(best[:1]), by.take(best[:1]), ground, streams)
    return faults + _false(observer, numbers, posts, ground, streams)


def _chances(
    observer: Observer, numbers: Mapping[str, float], deeds: Deeds, posts: Posts, chance: Floats
) -> list[str]:
    faults = []
    if not np.all((chance >= 0) & (chance <= 1)):
        faults.append("a chance to notice is outside 0 to 1")
    if np.any(observer.detects(numbers, deeds, posts, Plain(out=True)) > 0):
        faults.append("it notices while it is out")
    mirrored = observer.detects(numbers, deeds.exchanged(), posts.exchanged(), Plain())
    if not np.array_equal(chance, mirrored):
        faults.append("exchanging the parties changes what it notices")
    return faults


def _tells(
    observer: Observer,
    numbers: Mapping[str, float],
    paired: tuple[Deeds, Posts],
    ground: Ground,
    streams: Streams,
) -> list[str]:
    deeds, posts = paired
    faults = []
    said = observer.sees(numbers, deeds, posts, Plain(), ground, streams("tells"))
    again = observer.sees(numbers, deeds, posts, Plain(), ground, streams("tells"))
    if not _equal(said, again):
        faults.append("one stream gives two accounts")
    hidden = {name: getattr(deeds, name)[::-1] for name in UNSEEN}
    other = observer.sees(
        numbers, replace(deeds, **hidden), posts, Plain(), ground, streams("tells")
    )
    if not _equal(said, other):
        faults.append(f"what it tells depends on one of {', '.join(UNSEEN)}")
    faults += _in_time(said)
    nats = observer.density(numbers, said, deeds, posts, ground)
    if not np.isfinite(nats).all():
        faults.append("its own accounts have no density")
    mirrored = observer.density(
        numbers, said.exchanged(), deeds.exchanged(), posts.exchanged(), ground
    )
    if not np.allclose(nats, mirrored, rtol=0, atol=1e-9):
        faults.append("exchanging the parties changes the density of what it tells")
    return faults


def _in_time(said: Sightings) -> list[str]:
    bare = np.abs(said.seen_to_s - said.seen_from_s - DAY_S) < 1
    late = np.where(bare, said.seen_from_s, said.seen_to_s)
    faults = [] if np.all(said.reported_s >= late) else ["it reports what it has not seen yet"]
    if not np.all(said.seen_to_s >= said.seen_from_s):
        faults.append("what it tells ends before it begins")
    return faults


def _matches(
    observer: Observer,
    numbers: Mapping[str, float],
    deed: Deeds,
    post: Posts,
    ground: Ground,
    streams: Streams,
) -> list[str]:
    """Whether P(one deed, not its neighbour | what is told) is what the densities say it is."""
    faults = []
    posts = post.take(np.zeros(DRAWS, dtype=np.int64))
    if observer.families[int(numbers["family"])] == "common_bias":
        posts = replace(posts, post=np.arange(DRAWS))  # each of its own: they err together else
    one = deed.take(np.zeros(DRAWS, dtype=np.int64))
    rng = streams("draws")
    said = observer.sees(numbers, one, posts, Plain(), ground, rng)
    for name, other in _neighbours(one, said).items():
        told = observer.sees(numbers, other, posts, Plain(), ground, rng)
        sure = np.concatenate(
            [
                _posterior(observer, numbers, each, one, other, posts, ground)
                for each in (said, told)
            ]
        )
        if not np.isfinite(sure).all():
            faults.append(f"{name}: neither of two deeds has a density for what was told of one")
            continue
        off = np.repeat([1.0, 0.0], DRAWS) - sure
        for weight in (np.ones(len(off)), sure - 0.5):
            mean, error = np.mean(off * weight), np.std(off * weight) / np.sqrt(len(off))
            if abs(mean) > LIMIT * error + 1e-9:
                faults.append(
                    f"{name}: draws do not match the density ({mean / max(error, 1e-12):.1f} "
                    "deviations)"
                )
                break
    return faults


def _posterior(
    observer: Observer,
    numbers: Mapping[str, float],
    said: Sightings,
    one: Deeds,
    other: Deeds,
    posts: Posts,
    ground: Ground,
) -> Floats:
    first = observer.density(numbers, said, one, posts, ground)
    second = observer.density(numbers, said, other, posts, ground)
    with np.errstate(over="ignore", invalid="ignore"):
        return 1.0 / (1.0 + np.exp(second - first))


def _neighbours(deed: Deeds, said: Sightings) -> dict[str, Deeds]:
    """Deeds that an account could nearly as well be of, one change each."""
    near_m = float(np.nanmedian(np.nan_to_num(said.error_m, nan=2_000.0))) / 3
    spread_s = float(np.std(said.seen_from_s)) or 600.0
    author = np.where(deed.author == int(Author.A), int(Author.B), int(Author.A))
    kind = np.where(deed.type == TYPES.index("mortar"), TYPES.index("artillery"), deed.type)
    kind = np.where(deed.type == TYPES.index("artillery"), TYPES.index("mortar"), kind)
    return {
        "place": replace(deed, x_m=deed.x_m + near_m, origin_x_m=deed.origin_x_m + near_m),
        "time": replace(deed, began_s=deed.began_s + spread_s / 2),
        "type": replace(deed, type=kind),
        "author": replace(deed, author=author),
        "origin": replace(deed, origin_x_m=deed.origin_x_m + 3_000.0),
    }


def _false(
    observer: Observer,
    numbers: dict[str, float],
    posts: Posts,
    ground: Ground,
    streams: Streams,
) -> list[str]:
    often = {**numbers, "false_per_day": 200.0}
    span = Span(number=0, from_s=FROM_S, to_s=FROM_S + 2 * DAY_S)
    said = observer.false_alarms(often, posts, span, Plain(), ground, streams("false"))
    faults = []
    expected = 400.0 * len(posts)
    if abs(len(said) - expected) > LIMIT * np.sqrt(expected):
        faults.append(f"{len(said)} false reports where {expected:.0f} are due")
    if not np.all(said.deed == -1):
        faults.append("a false report tells of a deed")
    if not np.isfinite(observer.false_density(often, said, posts.take(said.post), ground)).all():
        faults.append("its own false reports have no density")
    if len(observer.false_alarms(often, posts, span, Plain(out=True), ground, streams("false"))):
        faults.append("it makes false reports while it is out")
    return faults + _in_time(said)


def _is_false(
    observer: Observer,
    numbers: Mapping[str, float],
    deed: Deeds,
    post: Posts,
    ground: Ground,
    streams: Streams,
) -> list[str]:
    """Whether P(false | what is told) is what the densities say, where reports of a deed are told too.

    Posts alike tell once of a deed each, and make false reports for days about it. Any part of what may
    be told can be looked at alone: here all that is seen when, and told as late as, reports of the deed.
    """
    often = {**numbers, "false_per_day": FALSE_PER_DAY}
    count = np.arange(ALIKE)
    posts = replace(post.take(np.zeros(ALIKE, dtype=np.int64)), post=count)
    one = deed.take(np.zeros(ALIKE, dtype=np.int64))
    rng = streams("false or true")
    began_s = float(deed.began_s[0])
    half_s = DAY_S * FALSE_DAYS / 2
    span = Span(number=0, from_s=began_s - half_s, to_s=began_s + half_s)
    true = observer.sees(often, one, posts, Plain(), ground, rng)
    false = observer.false_alarms(often, posts, span, Plain(), ground, rng)
    told = Sightings.concat([true, false])
    is_near = np.ones(len(told), dtype=np.bool_)
    for its, trues in (
        (told.seen_from_s, true.seen_from_s),
        (told.reported_s - told.seen_from_s, true.reported_s - true.seen_from_s),
    ):
        is_near &= (its >= trues.min()) & (its <= trues.max())
    told, is_false = told.take(is_near), (np.arange(len(told)) >= len(true))[is_near]
    nats = observer.density(
        often, told, deed.take(np.zeros(len(told), dtype=np.int64)), posts.take(told.post), ground
    )
    invented = observer.false_density(often, told, posts.take(told.post), ground)
    with np.errstate(over="ignore", invalid="ignore"):
        sure = 1.0 / (1.0 + np.exp(nats - invented))
    # The error is what the densities say of it: where hardly any false report looks like one of the deed,
    # none is seen, and a deviation counted from what was seen would be of nothing.
    for weight in (np.ones(len(sure)), 1.0 - sure):
        more = float(((is_false - sure) * weight).sum())
        error = float(np.sqrt((weight**2 * sure * (1.0 - sure)).sum()))
        if not abs(more) <= LIMIT * error + 1e-9:
            words = f"({more / max(error, 1e-12):.1f} deviations)"
            return [f"its false reports do not come as often as their density says {words}"]
    return []


def _equal(one: Sightings, other: Sightings) -> bool:
    names = [f.name for f in fields(one)]
    return all(
        np.array_equal(getattr(one, n), getattr(other, n), equal_nan=getattr(one, n).dtype == float)
        for n in names
    )


def sample_ground() -> Ground:
    """A straight line, side A to the north, and forty places with names."""
    x_m = np.linspace(-40_000.0, 40_000.0, 40)
    y_m = np.where(np.arange(40) % 2 == 0, 3_000.0, -3_000.0)
    names = np.array([f"Place{n}" for n in range(40)], dtype=np.object_)
    places = Settlements(
        uk=names, ru=names, en=names, x_m=x_m, y_m=y_m,
        people=100 + 50 * np.arange(40), district=np.zeros(40, dtype=np.int64),
    )  # fmt: skip
    line_m = np.array([[-50_000.0, 0.0], [50_000.0, 0.0]])
    ring = np.array([[-5e4, -3e4], [5e4, -3e4], [5e4, 3e4], [-5e4, 3e4]])
    return Ground(
        origin_lat=49.4, origin_lon=32.0, line_m=line_m, zones_m={"truce-area": ring, "sound": ring},
        settlements=places,
    )  # fmt: skip


def sample_deeds(streams: Streams) -> Deeds:
    """Two hundred deeds of many kinds about the line in a day."""
    rng = streams("deeds")
    count = 200
    number = np.arange(count)
    x_m, y_m = rng.uniform(-40_000.0, 40_000.0, count), rng.normal(0.0, 2_500.0, count)
    kinds = np.array([TYPES.index(name) for name in KINDS])
    return Deeds(
        deed=number, happening=number, campaign=number // 5,
        began_s=FROM_S + rng.uniform(0.0, DAY_S, count), lasted_s=np.full(count, 60.0),
        x_m=x_m, y_m=y_m, origin_x_m=x_m + rng.normal(0.0, 1_000.0, count),
        origin_y_m=y_m + rng.choice([-7_000.0, 7_000.0], count), type=kinds[number % len(kinds)],
        weapon=np.full(count, -1), author=number // 3 % len(Author), nature=number % 5,
        intent=number % 3, rounds=1 + number % 9, energy_kg=np.exp(rng.normal(2.0, 1.0, count)),
        fire_mw=rng.uniform(0.5, 8.0, count), burns_s=np.full(count, 43_200.0),
        damage=rng.uniform(0.0, 0.6, count), salience=rng.gamma(2.0, 0.5, count),
        answers=np.where(number % 7 == 0, number - 1, -1), is_notified=number % 4 == 0,
    )  # fmt: skip
