"""`truceline simulate`: a whole mission with a sealed truth, written span by span.

Everything goes into a folder beside the one asked for, which takes its name once it is whole. Files
are written as the truce goes on, and what is in memory is one span and what waits for its time.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import numpy as np

from truceline.model.errors import SettingsError
from truceline.pipeline import plugins
from truceline.pipeline.assembling import write_papers
from truceline.pipeline.named_places import settlements
from truceline.pipeline.shelf import Shelf
from truceline.pipeline.sighted import SightingsFile, world_json
from truceline.pipeline.streams import Streams
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Deeds, Posts, Settlements, Sightings
from truceline.simulation.contract import TRUTH_FILES, Observer, Scenario, Span
from truceline.simulation.judge import Judge
from truceline.simulation.looking import look
from truceline.simulation.mission import terms, truth
from truceline.simulation.mission.exposures import Watching
from truceline.simulation.mission.stocks import true_stocks
from truceline.simulation.naming import named
from truceline.simulation.observers.account import numbers_of
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.deeds import none
from truceline.simulation.world.truce import SECTIONS, Truce, begin, spans
from truceline.simulation.writing.contract import Setting, Writer, Written
from truceline.simulation.writing.stream import Stream

TRUTH = "truth"
RAW = "raw"
WRITTEN_AT = 1_700_000_000  # every file bears this time: a file's time must say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What was written.

    Parameters
    ----------
    out
        The mission's folder.
    scenario
        What was asked for.
    summary
        Counts: days, deeds, incidents, observations by feed file.
    """

    out: Path
    scenario: Scenario
    summary: Mapping[str, Any]


def scenario_of(name: str) -> Scenario:
    """A scenario by name, or from a file of one's own.

    Raises
    ------
    SettingsError
        There is none, or it cannot be used as it is.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        try:
            return scenarios.read(path.read_text(encoding="utf-8"), file=path.name)
        except (OSError, UnicodeDecodeError) as exc:
            msg = f"{path}: cannot be read: {exc}; give the path of a scenario, or a name"
            raise SettingsError(msg) from exc
    return scenarios.load(name)


def simulate(
    scenario: Scenario,
    *,
    seed: int,
    scale: float,
    out: Path,
    announce: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """Write a complete mission of a scenario.

    Parameters
    ----------
    scenario
        What is asked for (`scenario_of`).
    seed
        Zero or more; the same seed gives the same bytes.
    scale
        Multiplies rates and posts; 1 is the scenario as named.
    out
        A folder that does not exist, or is empty.
    announce
        Called with the name of each stage.

    Raises
    ------
    SettingsError
        The folder is not empty or cannot be written, or a number cannot be used.
    """
    _check(scenario, seed=seed, scale=scale, out=out)
    part = out.with_name(out.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        (part / RAW).mkdir(parents=True)
        (part / TRUTH).mkdir()
        summary = _write(scenario, seed=seed, scale=scale, folder=part, announce=announce)
        _same_times(part)
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as exc:
        shutil.rmtree(part, ignore_errors=True)
        msg = f"{out}: cannot be written: {exc.strerror}; choose a folder that you may write to"
        raise SettingsError(msg) from exc
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Simulated(out=out, scenario=scenario, summary=summary)


def _check(scenario: Scenario, *, seed: int, scale: float, out: Path) -> None:
    scenarios.check_observers(scenario, plugins.load("observers"))
    terms.figures(scenario)
    if seed < 0:
        msg = f"seed is {seed}; give a whole number of zero or more"
        raise SettingsError(msg)
    if not 0 < scale <= 1000:
        msg = f"scale is {scale:g}; give a number above 0 and up to 1000"
        raise SettingsError(msg)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is not an empty folder; nothing is overwritten: choose another, or empty it"
        raise SettingsError(msg)


@dataclass(slots=True, kw_only=True)
class _Desk:
    """One observer's posts, and the file that its sightings go to."""

    observer: Observer
    numbers: Mapping[str, float]
    posts: Posts
    writer: Writer
    setting: Setting
    stream: Stream
    count: int = 0

    @property
    def watching(self) -> Watching:
        """Who watches, for the exposures."""
        return Watching(observer=self.observer, numbers=self.numbers, posts=self.posts)


@dataclass(slots=True, kw_only=True)
class _Office:
    """Everything that is open while a truce is written."""

    scenario: Scenario
    truce: Truce
    streams: Streams
    judge: Judge
    truth: truth.Truth
    files: Mapping[str, BinaryIO]
    sightings: SightingsFile
    desks: list[_Desk] = field(default_factory=list)
    numbered: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def happened(self, deeds: Deeds, until_s: float) -> None:
        """Write the truth of a span."""
        self.files["incidents.csv"].write(self.truth.incidents(deeds, until_s))
        self.files["acts.csv"].write(self.truth.acts(deeds))
        self.files["responsibility.csv"].write(self.truth.responsibility(deeds))
        self.files["verdicts.csv"].write(self.truth.verdicts(self.judge.judge(deeds)))
        self.counts["deeds"] = self.counts.get("deeds", 0) + len(deeds)

    def told(self, desk: _Desk, said: Sightings) -> None:
        """Hand a span's sightings to the file that they belong in."""
        numbers = np.arange(self.numbered, self.numbered + len(said))
        self.numbered += len(said)
        ids = named(self.streams.seed, "observation", numbers).astype(np.object_)
        copied = np.full(len(said), "", dtype=np.object_)
        is_copy = said.copied_from >= 0
        recorded = desk.writer.recorded(said, ids, desk.setting)
        copied[is_copy] = recorded[said.copied_from[is_copy]]
        desk.stream.push(said, ids, copied)

    def written(self, desk: _Desk, rows: Written) -> None:
        """Write the truth of rows that now stand in a file."""
        self.files["members.csv"].write(self.truth.members(rows, desk.writer.feed, RAW))
        desk.count += len(rows)
        if desk.stream.said is not None:
            self.sightings.add(desk.observer.name, desk.stream.said, rows)

    def summary(self, *, seed: int, scale: float) -> Mapping[str, Any]:
        """What was written, counted."""
        return {
            "scenario": self.scenario.name,
            "seed": seed,
            "scale": scale,
            "deeds": self.counts.get("deeds", 0),
            "observations": {desk.observer.name: desk.count for desk in self.desks if desk.count},
        }


def _write(
    scenario: Scenario, *, seed: int, scale: float, folder: Path, announce: Callable[[str], None]
) -> Mapping[str, Any]:
    streams = Streams(seed)
    announce("laying the ground")
    truce = begin(scenario, _places(scenario), streams, seed=seed, scale=scale)
    judge = Judge(ground=truce.ground, figures=terms.figures(scenario))
    with ExitStack() as stack:
        sealed = truth.Truth(seed=seed, ground=truce.ground, clauses=judge.clauses)
        files = {
            name: stack.enter_context((folder / TRUTH / name).open("wb")) for name in TRUTH_FILES
        }
        for name, file in files.items():
            file.write(truth.head(name))
        office = _Office(
            scenario=scenario,
            truce=truce,
            streams=streams,
            judge=judge,
            truth=sealed,
            files=files,
            sightings=stack.enter_context(SightingsFile(folder / TRUTH / "sightings.parquet")),
        )
        office.desks = _desks(office, stack.enter_context(Shelf(folder / RAW)), scale)
        stretches = spans(scenario)
        for span in stretches:
            announce(f"day {1 + int((span.from_s - scenario.from_s) / 86_400)} of the truce")
            _live(office, span)
        for desk in office.desks:
            office.written(desk, desk.stream.finish())
        files["incidents.csv"].write(sealed.incidents(none(), np.inf))
    announce("writing the papers")
    _seal(folder / TRUTH, truce, seed=seed, scale=scale)
    write_papers(
        folder,
        truce,
        streams,
        feeds=[_feed(desk) for desk in office.desks if desk.count],
        kinds=[desk.watching for desk in office.desks],
        seed=seed,
        scale=scale,
    )
    return office.summary(seed=seed, scale=scale)


def _seal(folder: Path, truce: Truce, *, seed: int, scale: float) -> None:
    (folder / "README.txt").write_text(truth.README, encoding="utf-8")
    (folder / "stocks.csv").write_bytes(true_stocks(truce))
    stated = world_json(truce.scenario, seed=seed, scale=scale)
    (folder / "world.json").write_text(stated, encoding="utf-8")


def _live(office: _Office, span: Span) -> None:
    """One span: what happens, who notices it, and what can be written of it."""
    deeds = office.truce.deeds(span)
    office.happened(deeds, span.to_s)
    for desk in office.desks:
        said = look(
            desk.observer, desk.numbers, deeds, desk.posts, office.truce.conditions,
            office.truce.ground, span, office.streams,
        )  # fmt: skip
        office.told(desk, said)
        # Whatever is reported before the span ends tells of deeds that began before it ends.
        office.written(desk, desk.stream.close(span.to_s))


def _desks(office: _Office, shelf: Shelf, scale: float) -> list[_Desk]:
    made = []
    writers = _writers()
    offset_s = _ahead_s(office.scenario.from_s)
    for name, observer in plugins.load("observers").items():
        changes = office.scenario.observers.get(name, {})
        numbers = numbers_of(observer, changes)
        numbers["posts"] = (
            float(max(1, round(numbers["posts"] * scale))) if numbers.get("posts") else 0.0
        )
        if "offset_s" in numbers:
            numbers["offset_s"] = offset_s
        posts = observer.posts(numbers, office.truce.ground, office.streams)
        office.truce.conditions.know(name, posts)
        if len(posts) == 0:
            continue
        writer = writers[observer.feed]
        setting = Setting(
            observer=name,
            source_kind=observer.source_kind,
            posts=posts,
            ground=office.truce.ground,
            parties=PARTY_IDS,
            offset_s=offset_s,
        )
        made.append(
            _Desk(
                observer=observer,
                numbers=numbers,
                posts=posts,
                writer=writer,
                setting=setting,
                stream=Stream(writer, setting, partial(shelf.add, writer.file_of(name)), shelf.add),
            )
        )
    return made


def _writers() -> Mapping[str, Writer]:
    """Every format that is written, by the name of the feed that reads it."""
    import importlib
    import pkgutil

    from truceline.simulation import writing

    found = {}
    for info in pkgutil.iter_modules(writing.__path__):
        module = importlib.import_module(f"{writing.__name__}.{info.name}")
        if isinstance(writer := getattr(module, "WRITER", None), Writer):
            found[writer.feed] = writer
    return found


def _feed(desk: _Desk) -> dict[str, Any]:
    files = [f"{RAW}/{desk.writer.files_of(desk.observer.name)}"]
    line: dict[str, Any] = {"feed": desk.writer.feed, "files": files}
    options = desk.writer.options_of(desk.setting)
    return line | ({"options": options} if options else {})


def _ahead_s(at_s: float) -> float:
    """Seconds by which the mission's clocks are ahead of UTC as the truce begins, and for all of it."""
    at = datetime.fromtimestamp(at_s, ZoneInfo(terms.ZONE))
    return (at.utcoffset() or timedelta()).total_seconds()


def _places(scenario: Scenario) -> Settlements:
    ground = {**SECTIONS["ground"], **scenario.world.get("ground", {})}
    half_m = 500.0 * float(ground["length_km"])
    return settlements(
        float(ground["origin_lat"]),
        float(ground["origin_lon"]),
        half_east_m=half_m + 20_000.0,
        half_north_m=45_000.0,
    )


def _same_times(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))
