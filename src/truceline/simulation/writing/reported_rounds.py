"""Patrol reports as a table with a row for each round: that something was seen in it, or nothing was."""

import numpy as np
import pyarrow as pa

from truceline.simulation.columns import Bools, Floats, Ints, Sightings
from truceline.simulation.mission.rounds import MARGIN_S, Rounds, Walked
from truceline.simulation.naming import named_cells
from truceline.simulation.rows import lines as csv_of
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import (
    Lines,
    Names,
    Reporting,
    Setting,
    Write,
    WriteFile,
    Writer,
    Written,
)
from truceline.simulation.writing.stream import Stream

_APART_S = 1e10  # between the instants of two patrols on one axis; more than three centuries


def reporting(
    writer: Writer, setting: Setting, write: Write, write_file: WriteFile | None = None
) -> Reporting:
    """`Writer.reports` of a table of patrol reports; without rounds there are happenings alone."""
    if setting.rounds is None:
        return Stream(writer, setting, write, write_file)
    return RoundsStream(writer, setting, write, setting.rounds)


class RoundsStream(Stream):
    """A table of happenings, and between them in the order of receipt a row for each round."""

    def __init__(self, writer: Writer, setting: Setting, write: Write, rounds: Rounds) -> None:
        super().__init__(writer, setting, write)
        self._rounds = rounds
        self._names = writer.head.decode().strip().split(",")
        self._seen = Seen()
        self._ended_s = -np.inf
        self._walked: list[tuple[Walked, Bools]] = []

    def push(self, said: Sightings, ids: Names, copied_from: Names) -> None:
        """As every stream; when a patrol saw something is remembered until its round is told."""
        self._seen.add(said)
        super().push(said, ids, copied_from)

    def close(self, until_s: float) -> Written:
        """Rows of happenings and of rounds that were reported before an instant."""
        walked, is_silent = self._reported(until_s)
        said, ids, copied_from = self.due(until_s)
        self.said, self.ids = said, ids
        if not len(said) + len(walked):
            return self._nothing()
        happened = self._writer.render(said, ids, self._setting).content if len(said) else b""
        names = named_cells(self._setting.seed, "exposure/patrols", walked.number)
        told = [*happened.splitlines(), *self._rows_of(walked, is_silent, names).splitlines()]
        every = np.concatenate([ids.astype(np.bytes_), np.array(names.to_pylist(), np.bytes_)])
        received_s = np.floor(np.concatenate([said.reported_s, walked.reported_s]))
        order = np.lexsort([every, received_s])
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        content = b"".join(told[one] + b"\n" for one in order.tolist())
        lines = Lines(content=content, count=len(order), line=place[: len(said)])
        return self.write(said, ids, copied_from, lines)

    def _reported(self, until_s: float) -> tuple[Walked, Bools]:
        """Rounds whose reports came in, and whether nothing was told of each; later ones wait."""
        ended_s = until_s - MARGIN_S
        walked = self._rounds.ended(self._ended_s, ended_s)
        self._walked.append((walked, self._seen.count(walked) == 0))
        self._ended_s = ended_s
        self._seen.forget(ended_s)
        every = Walked.concat([part[0] for part in self._walked])
        is_silent = np.concatenate([part[1] for part in self._walked])
        ready = np.floor(every.reported_s) < until_s
        self._walked = [(every.take(~ready), is_silent[~ready])]
        return every.take(ready), is_silent[ready]

    def _rows_of(self, walked: Walked, is_silent: Bools, names: pa.StringArray) -> bytes:
        posts, rounds, count = self._setting.posts, self._rounds, len(walked)
        lat, lon = cells.point(self._setting.ground, posts.x_m, posts.y_m)
        told = {
            "entry_id": names,
            "patrol": cells.words(list(posts.name), walked.post),
            "entry": cells.words(("patrol", "zero_report"), is_silent.astype(np.int64)),
            "reported_at": cells.instants(walked.reported_s),
            "began": cells.instants(walked.from_s),
            "ended": cells.instants(walked.to_s),
            "lat": cells.figures(lat[walked.post], 5),
            "lon": cells.figures(lon[walked.post], 5),
            "radius_m": cells.figures(np.full(count, rounds.radius_m), 0),
            "p_detect": cells.figures(np.full(count, rounds.p_detect), 2),
        }
        empty = pa.nulls(count, pa.string())
        return csv_of({name: told.get(name, empty) for name in self._names})


class Seen:
    """When patrols saw something, as they tell it; what is long over is forgotten."""

    def __init__(self) -> None:
        self._at: Floats = np.zeros(0)
        self._post: Ints = np.zeros(0, dtype=np.int64)

    def add(self, said: Sightings) -> None:
        """Remember sightings."""
        self._at = np.concatenate([self._at, said.seen_from_s])
        self._post = np.concatenate([self._post, said.post])

    def count(self, walked: Walked) -> Ints:
        """How many were seen in each round, `(n,)`."""
        axis = np.sort(self._post * _APART_S + self._at)
        ends = (
            np.searchsorted(axis, walked.post * _APART_S + at)
            for at in (walked.from_s, walked.to_s)
        )
        first, last = ends
        return np.asarray(last - first)

    def forget(self, until_s: float) -> None:
        """Forget what was seen two days before an instant and earlier; no round lasts so long."""
        kept = self._at > until_s - 172_800.0
        self._at, self._post = self._at[kept], self._post[kept]
