"""Living through a simulated truce, span by span: what happens, who notices it, what is written.

Each observer draws from streams of its own, so some may be lived in one process and some in another:
each writes its own files, and rows of the sealed `members.csv` in a part that is joined at the end.
"""

import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from truceline.pipeline import sighted
from truceline.pipeline.desks import Desk, desks_of, world_of
from truceline.pipeline.shelf import Shelf
from truceline.simulation.columns import Deeds, Sightings
from truceline.simulation.contract import TRUTH_FILES, Scenario, Span
from truceline.simulation.judge import Judge
from truceline.simulation.looking import look
from truceline.simulation.mission import tallies, terms, truth
from truceline.simulation.mission.maps import ADVANCED
from truceline.simulation.mission.papers import Happened
from truceline.simulation.naming import named
from truceline.simulation.world.deeds import joined, none
from truceline.simulation.world.truce import spans
from truceline.simulation.writing.contract import Written
from truceline.simulation.writing.stream import Stream

TRUTH = "truth"
RAW = "raw"

_PARTS = "parts"
_COPY_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one process does.

    Parameters
    ----------
    scenario, seed, scale
        The truce.
    folder
        The mission's, with `raw` and `truth` in it.
    names
        Observers that are lived here.
    is_last
        Whether the truth of deeds is written here.
    """

    scenario: Scenario
    seed: int
    scale: float
    folder: Path
    names: tuple[str, ...]
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What was written, and what happened.

    Parameters
    ----------
    counts
        Observations of each observer that is lived here.
    deeds
        How many deeds there were.
    happened
        What papers need to know of it, where the truth is written; else None.
    """

    counts: Mapping[str, int]
    deeds: int
    happened: Happened | None


def live(work: Work, announce: Callable[[str], None] = lambda _: None) -> Lived:
    """Live through a whole truce.

    Parameters
    ----------
    work
        What is to be done here.
    announce
        Called with the name of each stage.
    """
    announce("laying the ground")
    truce, streams = world_of(work.scenario, seed=work.seed, scale=work.scale)
    judge = Judge(ground=truce.ground, figures=terms.figures(work.scenario))
    sealed = truth.Truth(seed=work.seed, ground=truce.ground, clauses=judge.clauses)
    (work.folder / TRUTH / _PARTS).mkdir(exist_ok=True)
    count = 0
    with ExitStack() as stack:
        shelf = stack.enter_context(Shelf(work.folder / RAW))
        outs = [
            stack.enter_context(_Out(desk, work, sealed, shelf))
            for desk in desks_of(truce, streams, work.names, work.scale)
        ]
        archive = stack.enter_context(_Archive(work, judge, sealed)) if work.is_last else None
        for span in spans(work.scenario):
            announce(f"day {1 + int((span.from_s - work.scenario.from_s) / 86_400)} of the truce")
            deeds = truce.deeds(span)
            count += len(deeds)
            sealed.note(deeds)
            if archive is not None:
                archive.add(deeds, span)
            for out in outs:
                desk = out.desk
                said = look(
                    desk.observer, desk.numbers, deeds, desk.posts, truce.conditions, truce.ground,
                    span, streams,
                )  # fmt: skip
                # What is reported before the span ends tells of deeds that began before it ends.
                out.add(said, span.to_s)
        for out in outs:
            out.finish()
    return Lived(
        counts={out.desk.observer.name: out.count for out in outs},
        deeds=count,
        happened=None if archive is None else archive.happened(),
    )


class _Archive:
    """The sealed files about deeds."""

    def __init__(self, work: Work, judge: Judge, sealed: truth.Truth) -> None:
        self._judge, self._sealed = judge, sealed
        self.counted = tallies.Counted(scenario=work.scenario)
        self.advances: list[Deeds] = []
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        for name in TRUTH_FILES:
            if name != "members.csv":
                file = self._stack.enter_context((work.folder / TRUTH / name).open("wb"))
                file.write(truth.head(name))
                self._files[name] = file

    def add(self, deeds: Deeds, span: Span) -> None:
        """The truth of a span."""
        self.counted.add(deeds)
        self.advances.append(deeds.take(np.isin(deeds.type, ADVANCED)))
        self._files["incidents.csv"].write(self._sealed.incidents(deeds, span.to_s))
        self._files["acts.csv"].write(self._sealed.acts(deeds))
        self._files["responsibility.csv"].write(self._sealed.responsibility(deeds))
        self._files["verdicts.csv"].write(self._sealed.verdicts(self._judge.judge(deeds)))

    def happened(self) -> Happened:
        """For the papers."""
        return Happened(acts=self.counted.acts, advances=joined(self.advances))

    def __enter__(self) -> "_Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._files["incidents.csv"].write(self._sealed.incidents(none(), np.inf))
        self._stack.close()


class _Out:
    """Where one observer's sightings go: its feed file, and its parts of the sealed folder."""

    def __init__(self, desk: Desk, work: Work, sealed: truth.Truth, shelf: Shelf) -> None:
        self.desk, self.count = desk, 0
        self._sealed, self._seed, self._numbered = sealed, work.seed, 0
        name = desk.observer.name
        write = partial(shelf.add, desk.writer.file_of(name))
        self._stream = (desk.writer.reports or Stream)(desk.writer, desk.setting, write, shelf.add)
        parts = work.folder / TRUTH / _PARTS
        self._members = (parts / f"{name}.csv").open("wb")
        self._sightings = sighted.SightingsFile(parts / f"{name}.arrow")

    def add(self, said: Sightings, until_s: float) -> None:
        """A span's sightings; what was reported by its end is written."""
        numbers = np.arange(self._numbered, self._numbered + len(said))
        self._numbered += len(said)
        kind = f"observation/{self.desk.observer.name}"
        ids = named(self._seed, kind, numbers).astype(np.object_)
        copied = np.full(len(said), "", dtype=np.object_)
        is_copy = said.copied_from >= 0
        if is_copy.any():
            recorded = self.desk.writer.recorded(said, ids, self.desk.setting)
            copied[is_copy] = recorded[said.copied_from[is_copy]]
        self._stream.push(said, ids, copied)
        self._written(self._stream.close(until_s))

    def finish(self) -> None:
        """Write what is left."""
        self._written(self._stream.finish())

    def _written(self, rows: Written) -> None:
        self._members.write(self._sealed.members(rows, self.desk.writer.feed, RAW))
        self.count += len(rows)
        if self._stream.said is not None:
            self._sightings.add(self.desk.observer.name, self._stream.said, rows)

    def __enter__(self) -> "_Out":
        return self

    def __exit__(self, *_: object) -> None:
        self._members.close()
        self._sightings.close()


def join_parts(folder: Path, names: tuple[str, ...]) -> None:
    """Join what each observer left in the sealed folder, in the order of names."""
    parts = folder / TRUTH / _PARTS
    with (folder / TRUTH / "members.csv").open("wb") as whole:
        whole.write(truth.head("members.csv"))
        for name in names:
            with (parts / f"{name}.csv").open("rb") as part:
                shutil.copyfileobj(part, whole, _COPY_BYTES)
    sighted.join((parts / f"{name}.arrow" for name in names), folder / TRUTH / "sightings.parquet")
    shutil.rmtree(parts)
