"""Checking an agreement: everything that is wrong with it at once, each with file, line and advice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from truceline.agreement.assembly import assemble
from truceline.agreement.lint import lint
from truceline.agreement.load import find
from truceline.agreement.problem import Place, Problem, Severity, error, in_order
from truceline.agreement.variant import names
from truceline.model.errors import AgreementError

__all__ = ["Problem", "check"]


def check(path: Path | str, kinds: Mapping[str, Mapping[str, Any]] | None = None) -> list[Problem]:
    """Every problem of an agreement, by file and line; errors stop a run, the rest does not.

    Parameters
    ----------
    path
        A YAML file, a folder that holds `agreement.yaml`, or a name of the library.
    kinds
        JSON schema of the terms of each clause kind; None checks no terms.

    Examples
    --------
    >>> {problem.severity for problem in check("easter-2025")}
    {'warning'}
    """
    try:
        file = find(path)
    except AgreementError as exc:
        message, _, advice = str(exc).removeprefix(f"{path}: ").partition("; ")
        return [error(Place(str(path), 1), message, advice)]
    made = assemble(file, kinds=kinds)
    problems = lint(made)
    for name in names(made.sound):
        changed = lint(assemble(file, kinds=kinds, variant=name))
        problems += [each for each in changed if each.severity != Severity.NOTE.value]
    return in_order(problems)
