"""The contract of a simulated truce: deeds that happen, posts that watch, sightings that they make.

Three tables of columns (`simulation.columns`) carry a truce from the world to the files. `Deeds` is
the truth. `Posts` are the places and people that could notice. `Sightings` are what they noticed,
rightly or not. An observer is one file with one descriptor at its foot: its physics stand there
once, and both the drawing of sightings and the density that the oracle needs are written from the
same numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.random import Generator

from truceline.simulation.columns import Bools, Floats, Ints, Posts, Sightings

Streams = Callable[[str], Generator]
"""A generator for each name, the same one in any process and any order of asking."""


class Conditions(Protocol):
    """Weather, light and outages, the same for everybody who asks."""

    def wind_ms(self, x_m: Floats, y_m: Floats, at_s: Floats) -> tuple[Floats, Floats]:
        """Wind towards east and towards north, metres a second."""
        ...

    def cloud(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Floats:
        """Share of the sky that is covered, 0 to 1."""
        ...

    def is_dark(self, x_m: Floats, y_m: Floats, at_s: Floats) -> Bools:
        """Whether the sun is down."""
        ...

    def is_out(self, kind: str, post: Ints, at_s: Floats) -> Bools:
        """Whether that post of that kind is blind then: outage, jamming, denied access."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the truce: the driver works span by span, so that memory does not grow."""

    number: int
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """A kind of observer.

    Every function gets `numbers`, the observer's parameters with the scenario's changes applied,
    and takes *pairs*: columns of one length, row by row one deed and one post.

    Parameters
    ----------
    name
        Also the file's name, such as `seismic`.
    source_kind
        A stored word of `model.vocabulary.SourceKind`.
    feed
        The feed whose file format its sightings are written in.
    numbers
        Every parameter with its default; the comment beside each names its source or `assumed`.
    family
        The error family, such as `normal`, `student`, `gross_mixture`, `skewed`, `gazetteer_slip`,
        `common_bias`: what `density` evaluates. Scenarios may name another of `families`.
    families
        All families that it knows.
    posts
        `(numbers, ground, streams) -> Posts`. Helpers on a `Ground` (distance across the line, degrees) are in `simulation.world.ground`.
    detects
        `(numbers, deeds, posts, conditions) -> Floats`: the chance that the post notices the deed.
    sees
        `(numbers, deeds, posts, conditions, ground, rng) -> Sightings`: what it then tells of it.
    density
        `(numbers, sightings, deeds, posts, ground) -> Floats`: nats, log density of the told place,
        time, type, direction and author given the deed and that it was noticed and is no copy.
        Deeds may be guesses (any x, y, began, type, author); NaN columns are integrated out.
    false_alarms
        `(numbers, posts, span, conditions, ground, rng) -> Sightings` with deed -1.
    false_density
        `(numbers, sightings, posts, ground) -> Floats`: nats per second and square metre, the log
        intensity of such a sighting as a false alarm.
    copies
        Whether its sightings are repeated by others (`simulation.observers.copying`).
    forms
        Formats in which a scenario may have it written (its number `filed`), the usual one first;
        empty: that of `feed` alone.
    stands_with
        The observer whose posts are also its own, such as `patrols`; empty: it has posts of its own.
    by_end
        Whether of fire it notices, and places, the end that is nearer to the post; else only where it
        took effect.
    """

    name: str
    source_kind: str
    feed: str
    numbers: Mapping[str, float]
    family: str
    families: tuple[str, ...]
    posts: Callable[..., Posts]
    detects: Callable[..., Floats]
    sees: Callable[..., Sightings]
    density: Callable[..., Floats]
    false_alarms: Callable[..., Sightings]
    false_density: Callable[..., Floats]
    copies: bool = False
    forms: tuple[str, ...] = ()
    stands_with: str = ""
    by_end: bool = False

    def form_of(self, numbers: Mapping[str, float]) -> str:
        """The format that its sightings are written in: a feed's name, or that of a form of it."""
        return self.forms[int(numbers["filed"])] if self.forms else self.feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario as its YAML file states it; `simulation.scenario` reads and checks it.

    Parameters
    ----------
    name, title, says
        Its name, what it is called, and in a paragraph what it is for.
    from_s, to_s
        The whole truce.
    span_s
        Length of a span.
    world
        Parameters of the world by file of `simulation/world`: `{"intensity": {...}, ...}`.
    observers
        By observer name the numbers that differ, `family` and `posts` (how many) among them.
    agreement
        The terms in the words of the agreement format; geometry comes from the ground.
    misfit
        Which error or copying families fusion's model does not have; empty: it has them all.
    is_exchangeable
        Whether the guarantee of attribution holds here; drift and false flags are stress.
    """

    name: str
    title: str
    says: str
    from_s: float
    to_s: float
    span_s: float
    world: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    observers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    agreement: Mapping[str, Any] = field(default_factory=dict)
    misfit: tuple[str, ...] = ()
    is_exchangeable: bool = True


TRUTH_FILES: Mapping[str, tuple[str, ...]] = {
    "incidents.csv": (
        "incident_id", "began", "ended", "lat", "lon", "type", "nature", "is_incident", "campaign",
    ),
    "acts.csv": (
        "act_id", "incident_id", "began", "ended", "lat", "lon", "origin_lat", "origin_lon", "type",
        "weapon", "rounds", "answers", "is_notified",
    ),
    "members.csv": ("observation_id", "incident_id", "copied_from", "act_id", "feed", "file", "line"),
    "responsibility.csv": ("act_id", "author", "intent"),
    "verdicts.csv": (
        "act_id", "party", "clause_id", "verdict", "is_author", "subject_kind", "site", "began", "ended",
    ),
}  # fmt: skip
"""The sealed folder. Rows of `members.csv` have an empty incident_id for clutter. Where a reader
makes the id itself, `file` and `line` say which row it is and `provenance.parquet` leads to the id.
`author` is `party:ID` or a word of `model.vocabulary.Hypothesis`; `nature` marks other happenings. A
verdict that is of no act has an empty `act_id`, its kind of subject (`holding`, `omission`) and its time;
the subject of all the others is the act, and the last four columns are empty."""
