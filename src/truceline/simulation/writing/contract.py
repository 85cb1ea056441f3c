"""The contract of a writer: sightings in, lines of a real feed file out, and which line is which.

A writer makes lines and no file: where they go, and when, is the driver's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from truceline.simulation.columns import Columns, Ground, Ints, Posts, Sightings
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.ground import degrees

if TYPE_CHECKING:
    from truceline.simulation.mission.rounds import Rounds

Names = npt.NDArray[np.object_]
Write = Callable[[bytes], object]
WriteFile = Callable[[str, bytes], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a writer may know besides the sightings.

    Parameters
    ----------
    observer, source_kind
        Whose sightings they are.
    posts
        All posts of that observer.
    ground
        Where the truce holds.
    parties
        Ids of the parties A and B, as they stand in files.
    offset_s
        Seconds by which the mission's clocks are ahead of UTC; dates are local dates.
    seed
        Of the truce, for names.
    rounds
        Of patrols: each is reported, whether anything was seen in it or not.
    """

    observer: str
    source_kind: str
    posts: Posts
    ground: Ground
    parties: tuple[str, str] = PARTY_IDS
    offset_s: float = 0.0
    seed: int = 0
    rounds: "Rounds | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of a file.

    Parameters
    ----------
    content
        Their bytes, each line ended.
    count
        How many lines they are.
    line
        `(n,)` for each sighting the line under which the feed records it; the first has 0.
    files
        Files of their own by name, for formats in which each thing has one; `content` is then empty
        and `line` counts from 0 in each.
    file
        `(n,)` names of these files; None where all stands in one.
    """

    content: bytes
    count: int
    line: Ints
    files: Mapping[str, bytes] = field(default_factory=dict)
    file: Names | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A feed format, and the function that writes it.

    Parameters
    ----------
    feed
        Name of the feed that reads it.
    form
        Name of the format, where the feed reads several; empty: the feed's own name.
    reports
        What is written beside sightings, or around them; None: rows of sightings and nothing else.
    suffix
        Of its file's name; the observer's name stands before it.
    pattern
        With `{0}` for the observer: which files the mission file names for the feed.
    head, foot
        First and last lines of a file.
    render
        `(said, ids, setting) -> Lines`: the sightings in their order.
    recorded
        `(said, ids, setting) -> Names`: under which ids the feed records them; empty where it makes
        ids of its own.
    options
        What the mission file states for the feed.
    options_from
        The same of a setting, beside `options`.
    zone
        A zone of the ground that the feed's option `zones` must hold, about which tracks are read.
    """

    feed: str
    suffix: str
    head: bytes
    render: Callable[[Sightings, Names, Setting], Lines]
    recorded: Callable[[Sightings, Names, Setting], Names]
    foot: bytes = b""
    pattern: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    options_from: Callable[[Setting], Mapping[str, Any]] | None = None
    zone: str = ""
    form: str = ""
    reports: "Callable[[Writer, Setting, Write, WriteFile], Reporting] | None" = None

    def file_of(self, observer: str) -> str:
        """The file's name within the folder of raw files."""
        return f"{observer}{self.suffix}"

    def files_of(self, observer: str) -> str:
        """The pattern of its files' names within the folder of raw files."""
        return self.pattern.format(observer) or self.file_of(observer)

    def options_of(self, setting: Setting) -> dict[str, Any]:
        """What the mission file states for the feed, with the corners of its zone in degrees."""
        stated = dict(self.options)
        if self.options_from is not None:
            stated |= self.options_from(setting)
        ring = setting.ground.zones_m.get(self.zone)
        if ring is None:
            return stated
        corners = np.column_stack(degrees(setting.ground, ring[:, 0], ring[:, 1]))
        return {**stated, "zones": {self.zone: np.round(corners, 6).tolist()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Columns):
    """Rows that stand in a file: what the sealed folder says of each.

    Parameters
    ----------
    observation_id
        The id under which the feed records it; empty where the feed makes its own.
    copied_from
        The recorded id of what it repeats; empty for an account of its own.
    deed
        What it tells of; -1: of nothing.
    file
        The name of the file in the folder of raw files.
    line
        The line in the file on which it stands, the first is 1.
    """

    observation_id: Names
    copied_from: Names
    deed: Ints
    file: Names
    line: Ints


class Reporting(Protocol):
    """A feed file that grows, as `writing.stream.Stream` has it."""

    said: Sightings | None
    ids: Names

    def push(self, said: Sightings, ids: Names, copied_from: Names) -> None:
        """Rows to be written once their time has come."""
        ...

    def close(self, until_s: float) -> Written:
        """Write every row that was reported before an instant."""
        ...

    def finish(self) -> Written:
        """Write all that is left, and the last lines."""
        ...


def keeps_ids(said: Sightings, ids: Names, setting: Setting) -> Names:
    """`Writer.recorded` of a feed that keeps the ids that stand in its file."""
    return ids


def makes_ids(said: Sightings, ids: Names, setting: Setting) -> Names:
    """`Writer.recorded` of a feed that makes ids of its own: no name in its file reaches the record."""
    return np.full(len(said), "", dtype=np.object_)
