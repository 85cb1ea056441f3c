"""What is wrong with an agreement's files: where, how grave, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error stops a run; a warning is to be mended or accepted; a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A line of a file, lines counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of an agreement file, with advice."""

    file: str
    line: int
    severity: str
    message: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message}; {self.advice}"


def error(place: Place, message: str, advice: str) -> Problem:
    """A problem that stops a run."""
    return Problem(
        file=place.file,
        line=place.line,
        severity=Severity.ERROR.value,
        message=message,
        advice=advice,
    )


def warning(place: Place, message: str, advice: str) -> Problem:
    """A problem that somebody should mend or accept."""
    return Problem(
        file=place.file,
        line=place.line,
        severity=Severity.WARNING.value,
        message=message,
        advice=advice,
    )


def note(place: Place, message: str, advice: str) -> Problem:
    """A thing worth knowing that is no fault, such as an asymmetry between the parties."""
    return Problem(
        file=place.file,
        line=place.line,
        severity=Severity.NOTE.value,
        message=message,
        advice=advice,
    )


def in_order(problems: list[Problem]) -> list[Problem]:
    """Problems by file and line, each once, the gravest first within a line."""
    grave = [kind.value for kind in Severity]
    unique = {
        (each.file, each.line, grave.index(each.severity), each.message): each for each in problems
    }
    return [unique[key] for key in sorted(unique)]
