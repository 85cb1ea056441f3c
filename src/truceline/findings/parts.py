"""A clause that can be broken in several ways: which of them decides a row, and its trace."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from truceline.findings.question import Part, Question
from truceline.findings.rows import Weighed
from truceline.findings.trace import codes, margins, place_of
from truceline.findings.weigh import Weigher

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


def traced(
    weigher: Weigher, asked: Question, weighed: Weighed, keep: Rows
) -> tuple[tuple[npt.NDArray[np.int32], Sequence[str]], tuple[Floats, Floats]]:
    """Codes and margins of the rows kept; of several ways to break the clause, by the one that decides."""
    if not asked.parts:
        return codes(weigher, asked, weighed, keep), margins(weigher, asked, keep)
    deciding = _deciding(weigher, asked.parts)[keep]
    number = np.zeros(len(keep), np.int32)
    spelled: list[str] = []
    metres, seconds = np.full(len(keep), np.nan), np.full(len(keep), np.nan)
    for at, part in enumerate(asked.parts):
        rows = np.flatnonzero(deciding == at)
        own = replace(asked, breach=part.breach, times=part.times, possible=part.possible)
        code, words = codes(weigher, own, weighed.take(rows), keep[rows])
        number[rows] = code + len(spelled)
        spelled += [word + _named(part) for word in words]
        metres[rows], seconds[rows] = margins(weigher, own, keep[rows])
    return (number, spelled), (metres, seconds)


def _deciding(weigher: Weigher, parts: Sequence[Part]) -> npt.NDArray[np.intp]:
    """The part that may most surely be broken; of equals, the one whose place fits best."""
    scores = []
    for part in parts:
        fits = place_of(weigher, part.possible)
        scores.append(2.0 * weigher.probability(part.possible) + fits)
    return np.argmax(np.array(scores), axis=0)


def _named(part: Part) -> str:
    since = part.breach.since
    after = "" if since is None else f";after={since.isoformat()}"
    return f";phase={part.breach.name}{after}"
