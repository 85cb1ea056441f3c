"""One feed file, written span by span in the order of receipt; what came later waits its turn."""

from collections.abc import Callable

import numpy as np

from truceline.model.errors import InputError
from truceline.simulation.columns import Floats, Ints, Sightings
from truceline.simulation.errors.telling import blank
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, Written


class Stream:
    """A feed file that grows.

    Rows stand in the order in which they were reported, then by id, which says nothing. Only rows
    that are reported after the instant up to which the file is closed are kept in memory.

    Parameters
    ----------
    writer, setting
        The format, and what it needs to know.
    write
        Takes the file's bytes, piece by piece.
    write_file
        Takes name and bytes of a whole file, for formats in which each thing has one of its own.
    """

    def __init__(
        self,
        writer: Writer,
        setting: Setting,
        write: Callable[[bytes], object],
        write_file: Callable[[str, bytes], object] | None = None,
    ) -> None:
        self._writer, self._setting = writer, setting
        self._write, self._write_file = write, write_file
        self._file = writer.file_of(setting.observer)
        self._waiting: list[tuple[Sightings, Names, Names]] = []
        self._next_line = writer.head.count(b"\n") + 1
        self.said: Sightings | None = None
        self.ids: Names = np.empty(0, dtype=np.object_)
        write(writer.head)

    def push(self, said: Sightings, ids: Names, copied_from: Names) -> None:
        """Rows to be written once their time has come.

        Parameters
        ----------
        said
            Sightings of the setting's observer.
        ids
            `(n,)` an id for each, that says nothing of it.
        copied_from
            `(n,)` recorded ids of what they repeat; empty for accounts of their own.
        """
        self._wait(said, ids, copied_from)

    def close(self, until_s: float) -> Written:
        """Write every row that was reported before an instant; later rows must be later than it.

        `said` and `ids` are then the sightings of those rows, in the same order.
        """
        said, ids, copied_from = self.due(until_s)
        if not len(ids):
            self.said, self.ids = None, ids
            return self._nothing()
        self.said, self.ids = said, ids
        return self.write(said, ids, copied_from, self._writer.render(said, ids, self._setting))

    def due(self, until_s: float) -> tuple[Sightings, Names, Names]:
        """Sightings that were reported before an instant, in the order of the file; others wait."""
        if not self._waiting:
            none = np.empty(0, dtype=np.object_)
            return Sightings(**blank(0)), none, none.copy()
        said = Sightings.concat([part[0] for part in self._waiting])
        ids = np.concatenate([part[1] for part in self._waiting])
        copied_from = np.concatenate([part[2] for part in self._waiting])
        received_s = np.floor(said.reported_s)
        is_ready = received_s < until_s
        later, ready = np.flatnonzero(~is_ready), np.flatnonzero(is_ready)
        self._waiting = []
        self._wait(said.take(later), ids[later], copied_from[later])
        order = ready[_in_order(received_s[ready], ids[ready])]
        return said.take(order), ids[order], copied_from[order]

    def _wait(self, said: Sightings, ids: Names, copied_from: Names) -> None:
        if len(said):
            self._waiting.append((said, ids, copied_from))

    def write(self, said: Sightings, ids: Names, copied_from: Names, lines: Lines) -> Written:
        """Write lines that tell of sightings, and say which line tells of which."""
        self._write(lines.content)
        for name, content in lines.files.items():
            if self._write_file is None:
                msg = f"feed {self._writer.feed} writes files of their own; give `write_file`"
                raise InputError(msg)
            self._write_file(name, content)
        one = np.full(len(said), self._file, dtype=np.object_)
        first = self._next_line if lines.file is None else 1
        self._next_line += lines.count
        return Written(
            observation_id=self._writer.recorded(said, ids, self._setting),
            copied_from=copied_from,
            deed=said.deed,
            file=one if lines.file is None else lines.file,
            line=lines.line + first,
        )

    def finish(self) -> Written:
        """Write all that is left, and the last lines."""
        written = self.close(np.inf)
        self._write(self._writer.foot)
        return written

    def _nothing(self) -> Written:
        none = np.empty(0, dtype=np.object_)
        zero = np.empty(0, dtype=np.int64)
        return Written(
            observation_id=none,
            copied_from=none.copy(),
            deed=zero,
            file=none.copy(),
            line=zero.copy(),
        )


def _in_order(received_s: Floats, ids: Names) -> Ints:
    """Rows by when they were received, then by id; few are received in one second."""
    order = np.argsort(received_s, kind="stable")
    in_order_s = received_s[order]
    is_tied = in_order_s[1:] == in_order_s[:-1]
    tied = np.flatnonzero(np.append(is_tied, False) | np.insert(is_tied, 0, False))
    rows = order[tied]
    order[tied] = rows[np.lexsort([ids[rows].astype(np.bytes_), in_order_s[tied]])]
    return order
