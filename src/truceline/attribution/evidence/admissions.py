"""Admissions: a party says that it did it itself, against its own interest."""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.attribution.contract import (
    ASSERTION_NATS,
    MODERATE_NATS,
    EvidenceKind,
    Items,
    Matter,
    items,
    no_items,
)
from truceline.attribution.testimony import diluted
from truceline.attribution.voices import NOBODY, accused_names, voices
from truceline.model.vocabulary import Hypothesis

# How much more often a party owns up where it did it: through its own channel, as others quote it,
# and as its rival quotes it. No published figures; judgement, the same for every party.
OWN_CHANNEL = 20.0
QUOTED = 8.0


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
    accused, carrier = heard.accused[rows], heard.carrier[rows]
    weight = np.where(carrier == accused, math.log(OWN_CHANNEL), math.log(QUOTED))
    weight = np.where((carrier >= 0) & (carrier != accused), ASSERTION_NATS, weight)
    nats = np.zeros((len(rows), len(matter.hypotheses)))
    nats[np.arange(len(rows)), accused] = weight
    nats = diluted(nats, heard.probability[rows])
    is_party = accused < len(matter.parties)
    both = _several(heard.act[rows][is_party], accused[is_party])
    joint = np.zeros((len(both), len(matter.hypotheses)))
    joint[:, matter.column(Hypothesis.JOINT)] = MODERATE_NATS
    names = accused_names(matter)
    key = pc.binary_join_element_wise("admission", heard.key.take(pa.array(rows)), ": ")
    return items(
        matter,
        act=np.concatenate([heard.act[rows], both]),
        nats=np.concatenate([nats, joint]),
        group=pa.concat_arrays([key, pa.repeat(pa.scalar("admission: several"), len(both))]),
        is_physical=False,
        sentence=np.concatenate([accused, np.full(len(both), len(names))]),
        sentences=[
            *(f"{name} is reported to have said that it did it" for name in names),
            "more than one party said that it did it",
        ],
    )


def _several(
    act: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    accused: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Acts that more than one party admits."""
    pairs = np.unique(np.column_stack([act, accused]), axis=0)
    found, count = np.unique(pairs[:, 0], return_counts=True)
    return found[count > 1]


EVIDENCE = EvidenceKind(
    name="admissions",
    summary="A party says, against its own interest, that it did it",
    family="admissions",
    cap_nats=MODERATE_NATS,
    cap_source="moderate support (ENFSI 2015): parties also boast, and speak before they know",
    limitation="Never enough without physical evidence; a rival's quotation is an accusation.",
    weigh=weigh,
)
