"""The columns of a simulated truce: ground, deeds, posts and sightings.

Places are metres east and north of the scenario's origin on a local plane; instants are seconds
since 1970-01-01 UTC. A missing number is NaN, a missing index -1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Author(IntEnum):
    """Who did a deed. The two parties are `A` and `B`; `NATURE` is weather and daily work."""

    A = 0
    B = 1
    JOINT = 2
    NON_PARTY = 3
    ACCIDENT = 4
    STAGED = 5
    NATURE = 6


class Nature(IntEnum):
    """What kind of happening a deed belongs to; those from `QUARRY_BLAST` on are no incident."""

    HOSTILE = 0
    RESPONSE = 1
    EXERCISE = 2
    UNIT_ERROR = 3
    MINE = 4
    STAGED = 5
    MOVEMENT = 6
    OVERFLIGHT = 7
    OBSTRUCTION = 8
    QUARRY_BLAST = 9
    FARM_FIRE = 10
    THUNDER = 11
    FIREWORKS = 12


class Intent(IntEnum):
    """Whether a deed was meant."""

    DELIBERATE = 0
    NEGLIGENT = 1
    ACCIDENTAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Arrays of one length, row by row one thing."""

    def __len__(self) -> int:
        return len(getattr(self, _names(type(self))[0]))

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """Those rows, in that order; `rows` are numbers or a mask."""
        return type(self)(**{name: getattr(self, name)[rows] for name in _names(type(self))})

    def repeated(self, row: int, times: int) -> Self:
        """One row so many times, for reading only: nothing is copied."""
        columns = ((name, getattr(self, name)) for name in _names(type(self)))
        return type(self)(**{name: np.broadcast_to(one[row], times) for name, one in columns})

    def exchanged(self) -> Self:
        """The same with the parties exchanged, wherever a deed, a post or a sighting names one.

        Examples
        --------
        >>> from truceline.simulation.world.deeds import make, Counter
        >>> two = make(Counter(), began_s=np.zeros(3), x_m=0.0, y_m=0.0, type=0, author=np.arange(3))
        >>> two.exchanged().author.tolist()
        [1, 0, 2]
        """
        changes: dict[str, Any] = {}
        for name in _NAMING_A_PARTY & set(_names(type(self))):
            side = getattr(self, name)
            changes[name] = np.where((side == Author.A) | (side == Author.B), 1 - side, side)
        return replace(self, **changes)

    @classmethod
    def concat(cls, parts: "list[Self]") -> Self:
        """All rows of all parts, in order; there must be one part at least."""
        names = _names(cls)
        return cls(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})


def _names(columns: type[Any]) -> tuple[str, ...]:
    """The columns of a kind, in order; asked for at every turn, and so kept."""
    if columns not in _NAMES:
        _NAMES[columns] = tuple(f.name for f in fields(columns))
    return _NAMES[columns]


_NAMES: dict[type[Any], tuple[str, ...]] = {}
_NAMING_A_PARTY = {"author", "claimed", "speaker", "host"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds(Columns):
    """What truly happened, one row an act; acts of one happening share `happening`.

    Parameters
    ----------
    deed, happening
        Numbers that name the act and the happening it belongs to, unique over the whole truce.
    campaign
        Number of the burst (Hawkes cluster, order or campaign) that it came from; scores are
        resampled by it.
    began_s, lasted_s
        Instant and duration, seconds.
    x_m, y_m
        Where it took effect.
    origin_x_m, origin_y_m
        Where it came from; equal to the effect where nothing flew.
    type
        Index into `tables.posterior.TYPES`.
    weapon
        Index into the scenario's weapons; -1: none.
    author, nature, intent
        `Author`, `Nature`, `Intent`.
    rounds
        Shots, impacts or vehicles.
    energy_kg
        Explosive yield in kilograms of TNT of the largest round; 0: no blast.
    fire_mw
        Radiative power of what burns afterwards, megawatts; 0: nothing burns.
    burns_s
        For how long it burns.
    damage
        Share of the structures at the place that fell, 0 to 1; SAR sees it.
    salience
        How much the world talks of it, 1 on average.
    answers
        `deed` of the act that this one answers; -1: none.
    is_notified
        Whether a notice in time covers it.
    """

    deed: Ints
    happening: Ints
    campaign: Ints
    began_s: Floats
    lasted_s: Floats
    x_m: Floats
    y_m: Floats
    origin_x_m: Floats
    origin_y_m: Floats
    type: Ints
    weapon: Ints
    author: Ints
    nature: Ints
    intent: Ints
    rounds: Ints
    energy_kg: Floats
    fire_mw: Floats
    burns_s: Floats
    damage: Floats
    salience: Floats
    answers: Ints
    is_notified: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts(Columns):
    """Sources of one kind: who they are, where they stand, and between when and when they watch.

    Parameters
    ----------
    post
        Row of the whole table of its kind; it stays with `take`, so that pairs know their post.
    name
        The source's name as it stands in the files; says nothing of the truth.
    x_m, y_m
        Where it stands; NaN: everywhere (a newspaper, a satellite).
    reach_m
        Beyond this it notices nothing; infinite: no limit.
    host
        0 or 1: on whose side it stands or whose word it carries; -1: nobody's.
    skill
        Multiplies its chance of noticing; outages, jamming and one-sided access are a skill of
        zero over a span, given by `Conditions.is_out`.
    """

    post: Ints
    name: npt.NDArray[np.object_]
    x_m: Floats
    y_m: Floats
    reach_m: Floats
    host: Ints
    skill: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings(Columns):
    """What posts noticed, one row an observation.

    Parameters
    ----------
    deed
        `Deeds.deed` of what was noticed; -1: nothing at all (a false report).
    post
        Row of the kind's `Posts`.
    copied_from
        Row of this table that this one repeats; -1: an account of its own. `take` does not renumber
        it: whoever reorders rows renumbers.
    seen_from_s, seen_to_s
        When, as told; a day's width for a date-only report.
    reported_s
        When it was handed in, received or published.
    x_m, y_m, error_m
        Where, as told, and the 95 % radius that is *stated*; NaN: not told.
    place
        Index into the ground's settlements for a place told by name; -1: told by coordinates.
    type
        As told; -1: not told.
    direction
        Index into `DIRECTIONS`.
    rounds
        As told; -1: not told.
    claimed
        `Author` as told; -1: not told.
    stance
        Index into `STANCES`.
    speaker
        0 or 1: the party that is quoted; -1: nobody.
    bearing_deg, bearing_error_deg, range_m
        To the event from the post, or back along the fire from the told place (`is_to_origin`).
    is_to_origin
        See above.
    wording
        Number from which the text is written: equal numbers give near-equal sentences.
    language
        0 uk, 1 ru, 2 en; -1: no text.
    """

    deed: Ints
    post: Ints
    copied_from: Ints
    seen_from_s: Floats
    seen_to_s: Floats
    reported_s: Floats
    x_m: Floats
    y_m: Floats
    error_m: Floats
    place: Ints
    type: Ints
    direction: Ints
    rounds: Ints
    claimed: Ints
    stance: Ints
    speaker: Ints
    bearing_deg: Floats
    bearing_error_deg: Floats
    range_m: Floats
    is_to_origin: Bools
    wording: Ints
    language: Ints


DIRECTIONS = ("undetermined", "outgoing", "incoming", "impact", "transit")
STANCES = ("none", "asserts", "denies", "admits")
LANGUAGES = ("uk", "ru", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlements(Columns):
    """Places with names, from the gazetteer handed in: `uk`, `ru`, `en` are nominative names."""

    uk: npt.NDArray[np.object_]
    ru: npt.NDArray[np.object_]
    en: npt.NDArray[np.object_]
    x_m: Floats
    y_m: Floats
    people: Ints
    district: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where the truce holds: the line of contact, zones, settlements; there are no roads.

    Parameters
    ----------
    origin_lat, origin_lon
        Where the local plane touches, degrees.
    line_m
        `(vertices, 2)` metres: the line of contact from its first end to its last; side A (0) lies
        on its left hand, side B (1) on its right.
    zones_m
        By name `(vertices, 2)` metres of a ring without repeat.
    settlements
        Places with names.
    width_m
        Of the ground about the line that nobody holds, from one side's forward positions to the other's.
    """

    origin_lat: float
    origin_lon: float
    line_m: Floats
    zones_m: Mapping[str, Floats]
    settlements: Settlements
    width_m: float = 0.0
