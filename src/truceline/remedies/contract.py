"""What a measure is. Read this page before adding one.

A measure is something that the agreement lets somebody ask of somebody. It says how sure one must
be who did it before it may be proposed, to whom it goes, and whether it fits an occasion at all.
The agreement's ladder says after what, by when and on which standard; no figure stands in a measure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from truceline.agreement.terms import Clause
from truceline.model.vocabulary import Intent, Severity

ACCUSED, BOTH, COMMISSION, MONITORS = "accused", "both", "commission", "monitors"
ADDRESSEES = (ACCUSED, BOTH, COMMISSION, MONITORS)

SEVERITIES = tuple(Severity)
"""How grave, rising."""


class Certainty(IntEnum):
    """How far the author is known, rising, as far as proposals go."""

    OPEN = 0  # nobody may be addressed as the author
    PROBABLE = 1
    ATTRIBUTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a proposal answers: the like acts of one party (or of nobody known) on one legal day.

    Parameters
    ----------
    party
        The author, where `certainty` is above OPEN; else None.
    clause
        What was broken.
    day
        The legal day; None for a holding, which has no day of its own.
    severity
        The gravest of them.
    types
        Incident types among them.
    certainty, outcome
        How far the author is known, and the attribution's own word for it.
    is_confirmed
        Whether every one of them is real beyond the threshold for findings.
    is_disputed
        Whether the readings of the clause disagree about it.
    count
        How many acts or holdings.
    repetition
        On how many legal days the like was found within the time that a rung looks back.
    subject
        act, holding, omission (something owed by a date) or obstruction (monitors kept out).
    is_outstanding
        Something owed that has not been done since, as far as is known.
    intent
        `unclear` unless people have said otherwise.
    """

    party: str | None
    clause: Clause
    day: date | None
    severity: Severity
    types: frozenset[str]
    certainty: Certainty
    outcome: str
    is_confirmed: bool
    is_disputed: bool
    count: int
    repetition: int
    subject: str = "act"
    is_outstanding: bool = False
    intent: Intent = Intent.UNCLEAR

    @property
    def gravity(self) -> int:
        """Place of the severity in `SEVERITIES`."""
        return SEVERITIES.index(self.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure.

    Parameters
    ----------
    name, summary
        A stored word of `RemedyType`, and one line for lists.
    asks
        What is asked, after "It is proposed": plain words fit for release.
    needs
        How far the author must be known.
    is_coercive
        Whether it costs the addressee something; it then also needs every act confirmed.
    addressees
        To whom it may go; the first is taken where the ladder names one that is not among them.
    limitation
        What it cannot do.
    misfit
        Why it does not fit an occasion, in words; empty where it does.
    """

    name: str
    summary: str
    asks: str
    needs: Certainty
    is_coercive: bool
    addressees: tuple[str, ...]
    limitation: str
    misfit: Callable[[Occasion], str]


def fits_any(_: Occasion) -> str:
    """The `misfit` of a measure that fits every occasion.

    Examples
    --------
    >>> fits_any.__name__
    'fits_any'
    """
    return ""
