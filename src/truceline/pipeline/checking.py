"""Checking a target: an agreement file, a shipped agreement, or a mission with all its material."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from truceline.agreement.check import Problem, check
from truceline.agreement.load import FILE_NAME as AGREEMENT_FILE
from truceline.agreement.load import library_names, load
from truceline.findings.contract import Known
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline.line import agreement_of, term_schemas
from truceline.pipeline.stating import standing_of, unreadable
from truceline.pipeline.suspect import suspect_names
from truceline.pipeline.theatre import area_of
from truceline.pipeline.trial import FileTried, problem_of, try_material


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong with a target, and what would be taken of each of its raw files.

    `standing` says how the clauses that judge nothing stand at the moment of the check, by the text
    alone; of an agreement with errors nothing is said.
    """

    problems: tuple[Problem, ...]
    files: tuple[FileTried, ...] = ()
    notes: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """Problems that stop a run."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def refused_rows(self) -> int:
        """Rows that would not be taken."""
        return sum(tried.refused_rows for tried in self.files)


def check_target(target: Path, announce: Callable[[str], None] = lambda _: None) -> Checked:
    """Every problem of an agreement or a mission; of a mission, a dry run of its raw files too.

    Nothing is written: neither the record nor any other file.

    Parameters
    ----------
    target
        A YAML file, a mission folder, or the name of a shipped agreement.
    announce
        Called with one line of text as each feed begins.
    """
    kinds = term_schemas()
    if target.name == missions.FILE_NAME and target.is_file():
        target = target.parent
    if not (target / missions.FILE_NAME).is_file():
        if lost := _lost(target):
            return Checked(problems=(lost,))
        found, standing = _put(target, check(target, kinds))
        return Checked(problems=found, standing=standing)
    file = target / missions.FILE_NAME
    try:
        mission = missions.load(target)
    except InputError as exc:
        return Checked(problems=(problem_of(exc, file),))
    own = mission.folder / mission.agreement
    named = own if own.exists() else Path(mission.agreement)
    problems, standing = _put(named, check(named, kinds))
    tried = try_material(mission, announce)
    if tried.observations is not None:
        readable = not any(problem.severity == "error" for problem in problems)
        agreement = agreement_of(mission) if readable else None
        problems = (*suspect_names(tried.observations, agreement), *problems)
    if area_of(mission) is None:
        message = "no area is known, so a lone point with lat and lon swapped may pass"
        advice = "state `theatre: [SOUTH, WEST, NORTH, EAST]`"
        problems = (*problems, _problem(file, "note", message, advice))
    return Checked(
        problems=(*tried.problems, *problems),
        files=tried.files,
        notes=tried.notes,
        standing=standing,
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


def _put(target: Path, problems: Sequence[Problem]) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """The problems with those that only the clause kinds see, and how clauses stand if there is none."""
    if any(problem.severity == "error" for problem in problems):
        return tuple(problems), ()
    agreement = load(target, kinds=term_schemas())
    faults = unreadable(agreement)
    if faults:
        return (*faults, *problems), ()
    return tuple(problems), standing_of(agreement, Known(at=datetime.now(UTC)))


def _problem(path: Path, severity: str, message: str, advice: str) -> Problem:
    return Problem(file=str(path), line=1, severity=severity, message=message, advice=advice)
