"""Admissions: a party says that it did it itself, against its own interest.

What others print of an admission costs them nothing and may be made up: it weighs as an assertion.
"""

import math

import numpy as np
import pyarrow as pa

from truceline.agreement.names import NOBODY
from truceline.attribution.contract import (
    ASSERTION_NATS,
    MODERATELY_STRONG_NATS,
    EvidenceKind,
    Integers,
    Items,
    Matter,
    Rests,
    items,
    no_items,
)
from truceline.attribution.testimony import diluted
from truceline.attribution.voices import accused_names, voices
from truceline.model.vocabulary import Hypothesis

# How much more often a party owns up where it did it: through its own channel, and as an observer
# heard it say so. No published figures; judgement, the same for every party.
OWN_CHANNEL = 20.0
HEARD = 8.0


def weigh(matter: Matter) -> Items:
    """One item for each admission, and one more where several parties admit the same act."""
    heard = voices(matter)
    if heard is None:
        return no_items(matter)
    quoted = heard.admits & (heard.speaker == NOBODY) & (heard.carrier == NOBODY)
    owns = ((heard.is_own & ~heard.denies) | quoted) & (heard.accused >= 0)
    rows = np.flatnonzero(owns & (heard.accused != matter.column(Hypothesis.UNKNOWN)))
    if not len(rows):
        return no_items(matter)
    accused, firm = heard.accused[rows], heard.is_heard[rows]
    own = firm & (heard.carrier[rows] == accused)
    weight = np.where(own, math.log(OWN_CHANNEL), np.where(firm, math.log(HEARD), ASSERTION_NATS))
    nats = np.zeros((len(rows), len(matter.hypotheses)))
    nats[np.arange(len(rows)), accused] = weight
    nats = diluted(nats, heard.probability[rows])
    # Who also puts words into its rival's mouth has not shared the blame: own channels alone count.
    both = _several(heard.act[rows][own], accused[own], len(matter.parties))
    joint = np.zeros((len(both), len(matter.hypotheses)))
    joint[:, matter.column(Hypothesis.JOINT)] = 2 * math.log(OWN_CHANNEL)
    names = accused_names(matter)
    # All admissions of one author are one: the same words reach the world through many mouths.
    groups = pa.array([*(f"admission of {name}" for name in matter.hypotheses), "several admit"])
    code = np.concatenate([accused, np.full(len(both), len(matter.hypotheses))])
    return items(
        matter,
        act=np.concatenate([heard.act[rows], both]),
        nats=np.concatenate([nats, joint]),
        group=groups.take(pa.array(code)),
        rests=Rests(
            root=_roots(heard.origin.take(pa.array(rows)), len(both)),
            is_firm=np.concatenate([firm, np.ones(len(both), np.bool_)]),
        ),
        is_physical=False,
        sentence=np.where(code == len(matter.hypotheses), len(names), code),
        sentences=[
            *(f"{name} is reported to have said that it did it" for name in names),
            "more than one party is reported to have said that it did it",
        ],
    )


def _roots(own: pa.Array, both: int) -> pa.Array:
    return pa.concat_arrays([own, pa.repeat(pa.scalar("parties together"), both)])


def _several(act: Integers, accused: Integers, parties: int) -> Integers:
    """Acts that more than one party admits."""
    own = accused < parties
    pairs = np.unique(np.column_stack([act[own], accused[own]]), axis=0)
    found, count = np.unique(pairs[:, 0], return_counts=True)
    return found[count > 1]


EVIDENCE = EvidenceKind(
    name="admissions",
    summary="A party says, against its own interest, that it did it",
    family="admissions",
    cap_nats=MODERATELY_STRONG_NATS,
    cap_source="moderately strong support (ENFSI 2015), which only several that admit come near",
    limitation="Never enough without physical evidence; what others print of one is an assertion.",
    weigh=weigh,
)
