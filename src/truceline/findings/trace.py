"""The trace of a finding as a short code, and its margins; `explain` spells both out.

A code is `key=value` pieces with `;` between: `kind` of clause; `type` and `time` and `place`, each
`yes`, `part`, `no`, and for place `any` (the clause asks for none), `edge` (near the deciding edge)
or `unknown`; `weapon`; `gap` (text or figure missing); `exempt`, `answer` where mass moved there;
`waits`, `begun` and `perhaps` where it waits for another clause: which, since when it surely and
perhaps binds; `notice` (`none`, `late`, `given`) where it asks for one; `phase` and `after` where
the clause has phases: the one that decides, and its day; `claim` where it would have moved to
`answer`, had others than the party told of the earlier breach.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from truceline.findings.event import ALWAYS, Event, Term, mask
from truceline.findings.placed import Places
from truceline.findings.question import Question
from truceline.findings.rows import Weighed
from truceline.findings.waiting import traced
from truceline.findings.weigh import Weigher

Floats = npt.NDArray[np.float64]

_STATES = ("no", "part", "yes")
_SOME = 0.01  # less than this of a probability is not told
_LIKELY = 0.5


def codes(
    weigher: Weigher, asked: Question, weighed: Weighed, keep: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.int32], Sequence[str]]:
    """Numbers of codes for the rows kept, and the codes."""
    breach = asked.breach
    types = weigher.probability(((Term(types=mask(breach.types)), 1),))[keep]
    when = weigher.when(asked.times)[keep]
    claimed = np.zeros(len(keep)) if weighed.claimed is None else weighed.claimed
    columns: list[tuple[str, npt.NDArray[np.int64], tuple[str, ...]]] = [
        ("type", _state(types), _STATES),
        ("time", _state(when), _STATES),
        ("place", _place(weigher, asked, keep), ("any", "unknown", *_STATES)),
        ("doubt", (weighed.insufficient - claimed >= _SOME).astype(np.int64), ("no", "yes")),
        ("exempt", (weighed.exempt >= _SOME).astype(np.int64), ("no", "yes")),
        ("answer", (weighed.permitted >= _SOME).astype(np.int64), ("no", "yes")),
        ("claim", (claimed >= _SOME).astype(np.int64), ("no", "yes")),
    ]
    if breach.unless_notified_h is not None:
        columns.insert(3, ("notice", _notice(weigher, asked, keep), ("none", "late", "given")))
    number = np.zeros(len(keep), np.int64)
    for _, states, words in columns:
        number = number * len(words) + states
    distinct, code = np.unique(number, return_inverse=True)
    head = [f"kind={asked.asked.clause.kind}"]
    if asked.has_missing:
        head.append("gap=yes")
    head += [f"{name}={word}" for name, word in traced(asked.waits).items()]
    spelled = []
    for value in distinct.tolist():
        pieces: list[str] = []
        for name, _, words in reversed(columns):
            value, state = divmod(value, len(words))
            if not (name in ("doubt", "exempt", "answer", "claim") and words[state] == "no"):
                pieces.insert(0, f"{name}={words[state]}")
        spelled.append(";".join(head + pieces))
    return code.astype(np.int32), spelled


def margins(weigher: Weigher, asked: Question, keep: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Metres to the deciding edge and seconds to the deciding instant; positive is in breach."""
    places = _places(asked)
    metres = np.full(len(keep), np.nan)
    if places:
        metres = weigher.located.margin[places][weigher.acts.incident[keep]]
    if asked.times == ALWAYS:
        return metres, np.full(len(keep), np.nan)
    return metres, weigher.margin_s(asked.times)[keep]


def place_of(weigher: Weigher, possible: Event) -> Floats:
    """How surely each subject lies where the event asks, `(n,)`; where it asks for no place, 1."""
    places = _named(possible)
    if not places:
        return np.ones(weigher.acts.count)
    return weigher.place(places, is_sure=True)


def _state(p: Floats) -> npt.NDArray[np.int64]:
    return np.where(p >= 1 - _SOME, 2, np.where(p >= _SOME, 1, 0))


def _notice(weigher: Weigher, asked: Question, keep: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Whether the notice that the clause asks for was given, more likely than not; late is late."""
    given, late = (weigher.probability(event)[keep] for event in (asked.notified, asked.announced))
    return np.where(given >= _LIKELY, 2, np.where(late >= _LIKELY, 1, 0))


def _places(asked: Question) -> Places:
    return _named(asked.possible)


def _named(possible: Event) -> Places:
    sets = [term.where for term, _ in possible if term.where]
    return min(sets, key=len) if sets else frozenset()


def _place(weigher: Weigher, asked: Question, keep: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    places = _places(asked)
    if not places:
        return np.zeros(len(keep), np.int64)
    p = weigher.place(places, is_sure=True)[keep]
    state = _state(p) + 2
    unknown = weigher.located.unknown[weigher.acts.incident[keep]]
    return np.where(unknown >= 1 - _SOME, 1, state)
