"""Checking a target: an agreement file, a shipped agreement, or a mission folder with its agreement."""

from pathlib import Path

from truceline.agreement.check import Problem, check
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.ingest import raw_files
from truceline.pipeline.line import term_schemas


def check_target(target: Path) -> list[Problem]:
    """Every problem of an agreement or a mission, in the order of files and lines.

    Parameters
    ----------
    target
        A YAML file, a mission folder, or the name of a shipped agreement.
    """
    kinds = term_schemas()
    if not (target / missions.FILE_NAME).is_file():
        return check(target, kinds)
    problems = []
    try:
        mission = missions.load(target)
    except InputError as exc:
        return [_problem(target / missions.FILE_NAME, str(exc))]
    feeds = plugins.load("feeds")
    for spec in mission.feeds:
        if spec.feed not in feeds:
            message = f"feed {spec.feed!r} is not known"
            problems.append(_problem(target / missions.FILE_NAME, message, "see `truceline feeds`"))
        try:
            raw_files(mission.folder, spec.files)
        except InputError as exc:
            problems.append(_problem(target / missions.FILE_NAME, str(exc)))
    own = mission.folder / mission.agreement
    return problems + check(own if own.exists() else Path(mission.agreement), kinds)


def _problem(path: Path, message: str, advice: str = "mend the file and check again") -> Problem:
    return Problem(file=str(path), line=1, severity="error", message=message, advice=advice)
