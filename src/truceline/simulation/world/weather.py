"""Weather, light, and posts that are blind: smooth in place and time, and the same for all who ask.

Nothing is stored. Fields are sums of waves whose phases the seed gives, and whether a post is blind in
a stretch of time is a keyed mixing of the post and the stretch, so any order of asking gives the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from truceline.simulation.columns import Bools, Floats, Ground, Ints, Posts
from truceline.simulation.contract import Streams
from truceline.simulation.naming import key_of, unit
from truceline.simulation.world.ground import degrees

NUMBERS: Mapping[str, Any] = {
    "wind_ms": 4.0,  # assumed: mean of inland eastern Europe at 10 m
    "wind_days": 2.5,  # assumed: passing of a front
    "cloud_mean": 0.6,  # assumed: yearly mean cover of Ukraine is about six tenths
    "cloud_days": 1.5,  # assumed
    "outage": {},  # by observer, or {observer: {share, hours, side, from_day, to_day}}; patrols' is access denied
    "jamming": [],  # of drones, by a side: [{share, hours, side, from_day, to_day}]; their outage is nobody's deed
}

JAMMED, JAMMED_KIND = "jammed", "uavs"
"""The kind of blindness that is jamming, and whose it is."""

_WAVES = 12
_WIND_KM, _CLOUD_KM = 600.0, 250.0  # assumed: sizes of weather systems and of cloud fields
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """A smooth field of mean 0 and variance 1: waves of random direction, length and phase."""

    kx: Floats
    ky: Floats
    omega: Floats
    phase: Floats

    def at(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Floats:
        """The field at places and instants."""
        shape = np.broadcast_shapes(np.shape(x_m), np.shape(y_m), np.shape(at_s))
        total, wave, part = np.zeros(shape), np.empty(shape), np.empty(shape)
        for kx, ky, omega, phase in zip(self.kx, self.ky, self.omega, self.phase, strict=True):
            np.multiply(kx, x_m, out=wave)
            wave += np.multiply(ky, y_m, out=part)
            wave += np.multiply(omega, at_s, out=part)
            wave += phase
            total += np.cos(wave, out=wave)
        return total * np.sqrt(2.0 / len(self.kx))


def _waves(name: str, size_km: float, days: float, streams: Streams) -> Waves:
    rng = streams(f"world/weather/{name}")
    number = rng.normal(0.0, 2 * np.pi / (1000.0 * size_km), (2, _WAVES))
    return Waves(
        kx=number[0],
        ky=number[1],
        omega=rng.normal(0.0, 2 * np.pi / (days * _DAY_S), _WAVES),
        phase=rng.uniform(0.0, 2 * np.pi, _WAVES),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blindness:
    """When posts of one kind are blind."""

    share: float
    hours: float
    side: int | None = None
    from_day: float = -np.inf
    to_day: float = np.inf


@dataclass(slots=True, kw_only=True)
class Weather:
    """The weather of a truce; `simulation.contract.Conditions`."""

    numbers: Mapping[str, Any]
    ground: Ground
    start_s: float
    seed: int
    east: Waves
    north: Waves
    cover: Waves
    hosts: dict[str, Ints] = field(default_factory=dict)
    light: tuple[Floats, Floats, Floats, Bools] | None = None  # asked last, and the answer

    def know(self, kind: str, posts: Posts) -> None:
        """Learn on whose side the posts of a kind stand, before anybody asks about them."""
        self.hosts[kind] = posts.host

    def wind_ms(self, x_m: Floats, y_m: Floats, at_s: Floats) -> tuple[Floats, Floats]:
        """Wind towards east and towards north, metres a second; prevailing to the east."""
        mean = float(self.numbers["wind_ms"])
        east = mean * (0.5 + 0.8 * self.east.at(x_m, y_m, at_s))
        return east, mean * 0.8 * self.north.at(x_m, y_m, at_s)

    def cloud(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Floats:
        """Share of the sky that is covered: skies are mostly clear or mostly shut."""
        mean = float(self.numbers["cloud_mean"])
        bias = np.log(mean / (1.0 - mean))
        covered: Floats = 1.0 / (1.0 + np.exp(-(bias + 2.0 * self.cover.at(x_m, y_m, at_s))))
        return covered

    def is_dark(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Bools:
        """Whether the sun is more than 6 degrees down: the end of civil twilight."""
        # Every post of a kind asks about the same columns in turn: they are looked up once.
        if self.light is not None:
            *asked, answer = self.light
            if all(now is before for now, before in zip((x_m, y_m, at_s), asked, strict=True)):
                return answer
        lat, lon = degrees(self.ground, np.asarray(x_m), np.asarray(y_m))
        dark: Bools = solar_elevation_deg(lat, lon, np.asarray(at_s)) < -6.0
        dark.flags.writeable = False
        self.light = (x_m, y_m, at_s, dark)
        return dark

    def is_out(self, kind: str, post: Ints, at_s: Floats) -> Bools:
        """Whether that post of that kind is blind then; a jammed drone is blind, too."""
        if kind == JAMMED_KIND and self.blindness(JAMMED):
            return self._blind(kind, post, at_s) | self._blind(JAMMED, post, at_s)
        return self._blind(kind, post, at_s)

    def _blind(self, kind: str, post: Ints, at_s: Floats) -> Bools:
        out = np.zeros(np.broadcast_shapes(np.shape(post), np.shape(at_s)), dtype=np.bool_)
        for number, blind in enumerate(self.blindness(kind)):
            day = (np.asarray(at_s) - self.start_s) / _DAY_S
            stretch = np.floor(day * 24.0 / blind.hours).astype(np.int64)
            key = key_of(self.seed, f"out/{kind}/{number}")
            drawn = unit(key, np.asarray(post) * 1_000_003 + stretch + 500_000)
            hit = (drawn < blind.share) & (day >= blind.from_day) & (day < blind.to_day)
            if blind.side is not None:
                hosts = self.hosts[JAMMED_KIND if kind == JAMMED else kind]
                hit &= hosts[np.asarray(post)] == blind.side
            out |= hit
        return out

    def blindness(self, kind: str) -> list[Blindness]:
        """How the posts of a kind are blind, from the scenario; `JAMMED` is a kind of its own."""
        asked = self.numbers["jamming"] if kind == JAMMED else self.numbers["outage"].get(kind, [])
        return [Blindness(**one) for one in (asked if isinstance(asked, list) else [asked])]

    def outages(
        self, kind: str, count: int, from_s: float, to_s: float
    ) -> tuple[Ints, Floats, Floats]:
        """Every stretch in which a post was blind: `(post, from_s, to_s)`, in order.

        Of drones these are outages alone; those of the kind `JAMMED` are in jamming. Stretches that follow one another are one. They are cut at `from_s` and `to_s`.
        """
        kinds = self.blindness(kind)
        if not kinds or count == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
        edges_s = _edges(kinds, self.start_s, from_s, to_s)
        middle_s = (edges_s[1:] + edges_s[:-1]) / 2
        post = np.arange(count)[:, None]
        out = self._blind(kind, np.broadcast_to(post, (count, len(middle_s))), middle_s[None, :])
        padded = np.pad(out, ((0, 0), (1, 1)))
        begins, ends = padded[:, 1:] & ~padded[:, :-1], padded[:, :-1] & ~padded[:, 1:]
        rows, first = np.nonzero(begins)
        return rows, edges_s[first], edges_s[np.nonzero(ends)[1]]


def _edges(kinds: list[Blindness], start_s: float, from_s: float, to_s: float) -> Floats:
    """Every instant at which a post may go blind or see again."""
    edges = [np.array([from_s, to_s])]
    for blind in kinds:
        step_s = 3600.0 * blind.hours
        first = np.floor((from_s - start_s) / step_s)
        edges.append(start_s + step_s * np.arange(first, (to_s - start_s) / step_s + 1))
        ends = np.array([blind.from_day, blind.to_day])
        edges.append(start_s + _DAY_S * ends[np.isfinite(ends)])
    every = np.unique(np.concatenate(edges))
    return every[(every >= from_s) & (every <= to_s)]


def solar_elevation_deg(lat: Floats, lon: Floats, at_s: Floats) -> Floats:
    """Height of the sun above the horizon, degrees, to within half a degree.

    References
    ----------
    Low-precision solar coordinates of the Astronomical Almanac (Michalsky 1988, Solar Energy 40).

    Examples
    --------
    >>> noon = np.array([1_750_500_000.0])  # 21 June 2025, 10:00 UTC
    >>> 60 < float(solar_elevation_deg(np.array([49.4]), np.array([32.0]), noon)[0]) < 65
    True
    """
    days = at_s / _DAY_S - 10_957.5  # since noon of 1 January 2000
    mean = np.deg2rad((280.460 + 0.9856474 * days) % 360.0)
    anomaly = np.deg2rad((357.528 + 0.9856003 * days) % 360.0)
    ecliptic = mean + np.deg2rad(1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.deg2rad(23.439 - 4e-7 * days)
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    sidereal_h = 6.697375 + 0.0657098242 * days + (at_s % _DAY_S) / 3600.0
    hour = np.deg2rad((15.0 * sidereal_h + lon) % 360.0) - ascension
    sine = np.sin(np.deg2rad(lat)) * np.sin(declination)
    sine = sine + np.cos(np.deg2rad(lat)) * np.cos(declination) * np.cos(hour)
    elevation: Floats = np.rad2deg(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return elevation


def weather(
    numbers: Mapping[str, Any], ground: Ground, streams: Streams, *, seed: int, start_s: float
) -> Weather:
    """The weather of a truce that begins at `start_s`."""
    days = float(numbers["wind_days"])
    return Weather(
        numbers=numbers,
        ground=ground,
        start_s=start_s,
        seed=seed,
        east=_waves("wind-east", _WIND_KM, days, streams),
        north=_waves("wind-north", _WIND_KM, days, streams),
        cover=_waves("cloud", _CLOUD_KM, float(numbers["cloud_days"]), streams),
    )
