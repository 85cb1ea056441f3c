"""A dry run of a mission's raw files: each read through its feed, nothing written anywhere."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.check import Problem
from truceline.model.errors import InputError, SourceError
from truceline.pipeline.corrections import standing
from truceline.pipeline.editions import settled
from truceline.pipeline.ingest import raw_files, read
from truceline.pipeline.mission import FILE_NAME, FeedSpec, Mission
from truceline.pipeline.theatre import area_of
from truceline.sources.contract import Area, Reading, Refusal
from truceline.tables.schemas import EVIDENCE_TABLES, OBSERVATIONS, concat, empty

_LINES = 5  # lines named of one kind of refusal
_PLACED = re.compile(
    r"(?P<file>[^\s:;`'\"\[\]][^:;`'\"\[\]\n]*\.\w+)(?::(?P<line>\d+))?: (?P<said>.+)", re.DOTALL
)
# What differs between two refusals of one kind: figures, and the words of the cell.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|[-+]?\d[\d.,e+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedKind:
    """Refusals of one kind in one file: how many, the first lines, and the first one's words."""

    rows: int
    lines: tuple[int, ...]
    reason: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTried:
    """What a feed would take of one file."""

    feed: str
    file: str
    upstream: int
    taken: int
    refused: tuple[RefusedKind, ...]

    @property
    def refused_rows(self) -> int:
        """Rows that would not be taken."""
        return sum(kind.rows for kind in self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A dry run: what each file gives, what was assumed, and what would stop a run."""

    files: tuple[FileTried, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    observations: pa.Table | None = None  # what would be taken of them


def try_material(mission: Mission, announce: Callable[[str], None] = lambda _: None) -> Tried:
    """Read every raw file of a mission; neither its record nor any other file is touched.

    Parameters
    ----------
    mission
        As loaded.
    announce
        Called with one line of text as each feed begins.
    """
    area = area_of(mission)
    files: list[FileTried] = []
    notes: list[str] = []
    problems: list[Problem] = []
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    for spec in mission.feeds:
        announce(f"{spec.feed}: {', '.join(spec.files)}")
        try:
            names, reading = _read(mission, spec, area)
        except InputError as exc:
            problems.append(problem_of(exc, mission.folder / FILE_NAME, spec.feed))
            continue
        files += _by_file(spec.feed, names, reading)
        notes += [f"{spec.feed}: {note}" for note in reading.notes]
        for name, table in reading.tables.items():
            tables[name].append(table)
    problems += _unread(files)
    every = {name: concat(parts, EVIDENCE_TABLES[name]) for name, parts in tables.items()}
    every, edits = settled(every)
    problems += _clashes(mission, every)
    return Tried(
        files=tuple(files),
        notes=(*notes, *edits.notes()),
        problems=tuple(problems),
        observations=every.get("observations", empty(OBSERVATIONS)),
    )


def _read(mission: Mission, spec: FeedSpec, area: Area | None) -> tuple[tuple[str, ...], Reading]:
    files = raw_files(mission.folder, spec.files)
    reading = read(mission, spec, files, area, datetime.now(UTC))
    return tuple(file.name for file in files), reading


def _by_file(feed: str, names: Sequence[str], reading: Reading) -> Iterator[FileTried]:
    taken: Counter[str] = Counter()
    for table in reading.tables.values():
        for row in pc.value_counts(table["file"].combine_chunks()).to_pylist():
            taken[row["values"]] += row["counts"]
    refused: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in reading.refused:
        refused[refusal.file].append(refusal)
    for name in dict.fromkeys((*names, *taken, *refused)):
        yield FileTried(
            feed=feed,
            file=name,
            upstream=taken[name] + len(refused[name]),
            taken=taken[name],
            refused=kinds_of(refused[name]),
        )


def kinds_of(refused: Sequence[Refusal]) -> tuple[RefusedKind, ...]:
    """Refusals by kind, the most frequent first: one kind differs in its figures alone.

    Examples
    --------
    >>> one = Refusal(file="a.csv", line=2, reason="lat 148.0 is outside [-90, 90]", advice="check")
    >>> two = Refusal(file="a.csv", line=9, reason="lat -91.5 is outside [-90, 90]", advice="check")
    >>> [(kind.rows, kind.lines) for kind in kinds_of([one, two])]
    [(2, (2, 9))]
    """
    groups: dict[tuple[str, str], list[Refusal]] = defaultdict(list)
    for refusal in refused:
        groups[_PARTICULAR.sub("#", refusal.reason), refusal.advice].append(refusal)
    kinds = [
        RefusedKind(
            rows=len(rows),
            lines=tuple(row.line for row in rows[:_LINES]),
            reason=rows[0].reason,
            advice=rows[0].advice,
        )
        for rows in groups.values()
    ]
    return tuple(sorted(kinds, key=lambda kind: (-kind.rows, kind.lines, kind.reason)))


def _unread(files: Sequence[FileTried]) -> Iterator[Problem]:
    """A file that holds rows of which none can be taken is an error, not a loss of some rows."""
    for tried in files:
        if tried.upstream and not tried.taken:
            first = tried.refused[0]
            yield Problem(
                file=tried.file,
                line=first.lines[0],
                severity="error",
                message=f"none of its {tried.upstream:,} rows is taken: {first.reason}",
                advice=first.advice,
            )


def _clashes(mission: Mission, tables: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """One identifier for different rows of different files: a run would stop at it."""
    for name, table in sorted(tables.items()):
        try:
            standing(name, table)
        except SourceError as exc:
            yield problem_of(exc, mission.folder / FILE_NAME, name)


def problem_of(error: InputError | str, file: Path, what: str = "") -> Problem:
    """An error as a problem at its own place: the file and line that it names, else `file`.

    Parameters
    ----------
    error
        Whose message may begin with a place, and may end with what to do after its last `; `.
    file
        Where it stands if it names no place.
    what
        The feed or table that it was met in.

    Examples
    --------
    >>> str(problem_of("m/mission.yaml:7: field `zome` is not known; mend it", Path("m/x.yaml")))
    'm/mission.yaml:7: error: field `zome` is not known; mend it'
    >>> str(problem_of("no such option; mend it", Path("m/x.yaml"), "viina"))
    'm/x.yaml:1: error: viina: no such option; mend it'
    """
    text = str(error)
    placed = _PLACED.fullmatch(text)
    said = placed["said"] if placed else text
    message, _, advice = said.rpartition("; ")
    return Problem(
        file=placed["file"] if placed else str(file),
        line=int(placed["line"] or 1) if placed else 1,
        severity="error",
        message=(f"{what}: " if what else "") + (message or said),
        advice=advice if message else "mend it and check again",
    )
