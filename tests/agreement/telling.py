"""Looking for what `check` says, importable by the tests of this folder."""

import re

from truceline.agreement.check import check


def told(problems, message):
    found = [each for each in problems if re.search(message, each.message)]
    assert found, f"nobody says {message!r}: " + "\n".join(map(str, problems))
    return found[0]


def silent(sample, message):
    """Whether nobody says so."""
    return not any(re.search(message, each.message) for each in check(sample.path))


def assert_told(sample, message, phrase, severity="error", advice=""):
    """The fault is told at the line of the phrase, in the agreement's file."""
    problem = told(check(sample.path), message)
    assert (problem.file, problem.line, problem.severity) == (
        str(sample.path),
        sample.line(phrase),
        severity,
    )
    assert problem.advice
    assert re.search(advice, problem.advice)
