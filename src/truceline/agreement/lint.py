"""All lints of an agreement in one place: the files' own problems and what the parts say together."""

from truceline.agreement.assembly import Assembly
from truceline.agreement.contents import contents
from truceline.agreement.powers import powers
from truceline.agreement.problem import Problem, in_order
from truceline.agreement.references import duplicates, references
from truceline.agreement.together import together
from truceline.agreement.tongues import divergences
from truceline.agreement.validity import validity


def lint(made: Assembly) -> list[Problem]:
    """Every problem of an assembled agreement, by file and line, each once.

    Parameters
    ----------
    made
        What `assemble` gave, sound or not.
    """
    problems = list(made.problems)
    if made.root is not None:
        problems += duplicates(made.root)
    if made.agreement is not None:
        problems += references(made)
        problems += validity(made)
        problems += contents(made)
        problems += powers(made)
        problems += together(made)
        problems += divergences(made.root)
    return in_order(problems)
