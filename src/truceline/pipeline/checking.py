"""Checking a target: an agreement file, a shipped agreement, or a mission with all its material."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc

from truceline.agreement.check import Problem, check
from truceline.agreement.load import FILE_NAME as AGREEMENT_FILE
from truceline.agreement.load import library_names, load
from truceline.agreement.terms import Agreement
from truceline.findings.contract import Known
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline.line import agreement_of, term_schemas
from truceline.pipeline.stating import standing_of, unreadable
from truceline.pipeline.suspect import suspect_names
from truceline.pipeline.theatre import area_of
from truceline.pipeline.trial import FileTried, problem_of, try_material

_UNDATED = "how clauses stand is not said, for no date was given: `--as-of TIME` says it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong with a target, and what would be taken of each of its raw files.

    `standing` says how the clauses that judge nothing stood at `as_of` (ISO 8601), by the text alone; of
    an agreement with errors, and without an instant, nothing is said.
    """

    problems: tuple[Problem, ...]
    files: tuple[FileTried, ...] = ()
    notes: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    as_of: str | None = None

    @property
    def errors(self) -> int:
        """Problems that stop a run."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def refused_rows(self) -> int:
        """Rows that would not be taken."""
        return sum(tried.refused_rows for tried in self.files)


def check_target(
    target: Path,
    announce: Callable[[str], None] = lambda _: None,
    as_of: datetime | None = None,
) -> Checked:
    """Every problem of an agreement or a mission; of a mission, a dry run of its raw files too.

    Nothing is written: neither the record nor any other file.

    Parameters
    ----------
    target
        A YAML file, a mission folder, or the name of a shipped agreement.
    announce
        Called with one line of text as each feed begins.
    as_of
        When to say how clauses stand; where None, at the end of a mission's latest report, and of an
        agreement alone not at all: this machine's clock is no date of any truce.
    """
    kinds = term_schemas()
    if target.name == missions.FILE_NAME and target.is_file():
        target = target.parent
    if not (target / missions.FILE_NAME).is_file():
        if lost := _lost(target):
            return Checked(problems=(lost,))
        found, agreement = _put(target, check(target, kinds))
        notes = (_UNDATED,) if agreement is not None and as_of is None else ()
        return replace(_stood(agreement, as_of), problems=found, notes=notes)
    file = target / missions.FILE_NAME
    try:
        mission = missions.load(target)
    except InputError as exc:
        return Checked(problems=(problem_of(exc, file),))
    own = mission.folder / mission.agreement
    named = own if own.exists() else Path(mission.agreement)
    problems, agreement = _put(named, check(named, kinds))
    tried = try_material(mission, announce)
    if tried.observations is not None:
        agreement = None if agreement is None else agreement_of(mission)
        problems = (
            *suspect_names(tried.observations, agreement, mission.confirmed_sources),
            *problems,
        )
        as_of = as_of or pc.max(tried.observations["ended"]).as_py()
    if area_of(mission) is None:
        message = "no area is known, so a lone point with lat and lon swapped may pass"
        advice = "state `theatre: [SOUTH, WEST, NORTH, EAST]`"
        problems = (*problems, _problem(file, "note", message, advice))
    return replace(
        _stood(agreement, as_of),
        problems=(*tried.problems, *problems),
        files=tried.files,
        notes=(*tried.notes, *(() if agreement is None or as_of else (_UNDATED,))),
    )


def _lost(target: Path) -> Problem | None:
    """What is wrong with a target that is nothing that can be checked."""
    if target.is_dir() and not (target / AGREEMENT_FILE).is_file():
        message = f"this folder holds neither `{missions.FILE_NAME}` nor `{AGREEMENT_FILE}`"
        return _problem(target, "error", message, "give the folder that holds one of them")
    if target.exists() or str(target) in library_names():
        return None
    message = "there is no such file, folder or shipped agreement"
    return _problem(
        target, "error", message, f"check the path; shipped are {', '.join(library_names())}"
    )


def _put(target: Path, problems: Sequence[Problem]) -> tuple[tuple[Problem, ...], Agreement | None]:
    """The problems with those that only the clause kinds see, and the agreement if none is an error."""
    if any(problem.severity == "error" for problem in problems):
        return tuple(problems), None
    agreement = load(target, kinds=term_schemas())
    faults = unreadable(agreement)
    return (*faults, *problems), None if faults else agreement


def _stood(agreement: Agreement | None, as_of: datetime | None) -> Checked:
    """How clauses stood at an instant, and which; nothing where either is not known."""
    if agreement is None or as_of is None:
        return Checked(problems=())
    standing = standing_of(agreement, Known(at=as_of))
    return Checked(problems=(), standing=standing, as_of=as_of.isoformat())


def _problem(path: Path, severity: str, message: str, advice: str) -> Problem:
    return Problem(file=str(path), line=1, severity=severity, message=message, advice=advice)
