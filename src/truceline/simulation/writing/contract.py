"""The contract of a writer: sightings in, lines of a real feed file out, and which line is which.

A writer makes lines and no file: where they go, and when, is the driver's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from truceline.simulation.columns import Columns, Ground, Ints, Posts, Sightings
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.ground import degrees

Names = npt.NDArray[np.object_]


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
    """

    observer: str
    source_kind: str
    posts: Posts
    ground: Ground
    parties: tuple[str, str] = PARTY_IDS
    offset_s: float = 0.0


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
    zone: str = ""

    def file_of(self, observer: str) -> str:
        """The file's name within the folder of raw files."""
        return f"{observer}{self.suffix}"

    def files_of(self, observer: str) -> str:
        """The pattern of its files' names within the folder of raw files."""
        return self.pattern.format(observer) or self.file_of(observer)

    def options_of(self, setting: Setting) -> dict[str, Any]:
        """What the mission file states for the feed, with the corners of its zone in degrees."""
        ring = setting.ground.zones_m.get(self.zone)
        if ring is None:
            return dict(self.options)
        corners = np.column_stack(degrees(setting.ground, ring[:, 0], ring[:, 1]))
        return {**self.options, "zones": {self.zone: np.round(corners, 6).tolist()}}


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


def keeps_ids(said: Sightings, ids: Names, setting: Setting) -> Names:
    """`Writer.recorded` of a feed that keeps the ids that stand in its file."""
    return ids


def makes_ids(said: Sightings, ids: Names, setting: Setting) -> Names:
    """`Writer.recorded` of a feed that makes ids of its own: no name in its file reaches the record."""
    return np.full(len(said), "", dtype=np.object_)
