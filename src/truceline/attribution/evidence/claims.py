"""Claims and counter-claims: who accuses whom, who denies, and who speaks against their interest.

What a party says in its own interest weighs next to nothing; what it says against it weighs more.
Both sides count alike. A tally of a whole front is evidence on no single act and is not read here.
"""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import NOBODY, SOME_PARTY
from truceline.attribution.contract import (
    EvidenceKind,
    Floats,
    Items,
    Matter,
    Rests,
    items,
    no_items,
)
from truceline.attribution.testimony import diluted
from truceline.attribution.voices import (
    Voices,
    accused_names,
    agreed_outsiders,
    voices,
)
from truceline.model.vocabulary import Hypothesis

# How much more often each is said where it is so. No published figures exist; judgement, the same
# for every party, and low: of mirrored tallies neither side's can be true in full.
ACCUSES_RIVAL = 1.25
DENIES_ITSELF = 1 / 1.1
CLEARS_RIVAL = 1 / 3
OBSERVER_SAYS = 3.0
OTHERS_SAY = 1.5
PARTIES_AGREE = 3.0
CAP_NATS = math.log(3.0)

_ACCUSES, _DENIES, _CLEARS, _OBSERVES, _SAYS, _RULES_OUT, _OBSERVES_NOT, _OUTSIDE = range(8)


def weigh(matter: Matter) -> Items:
    """One item for each claim that is not a party's admission about itself."""
    heard = voices(matter)
    if heard is None:
        return no_items(matter)
    is_staging = heard.is_sight & (heard.accused == matter.column(Hypothesis.STAGED))
    rows = np.flatnonzero(~_is_admission(heard) & ~is_staging)
    which, ratio = _weights(heard)
    accused = heard.accused[rows]
    nats = np.zeros((len(rows), len(matter.hypotheses)))
    named = np.flatnonzero((accused >= 0) & (accused != matter.column(Hypothesis.UNKNOWN)))
    nats[named, accused[named]] = np.log(ratio[rows][named])
    agreed = np.isin(rows, agreed_outsiders(matter, heard))
    nats[agreed, matter.column(Hypothesis.NON_PARTY)] = math.log(PARTIES_AGREE) / len(
        matter.parties
    )
    code, sentences = _said(matter, heard, which, accused, rows)
    return items(
        matter,
        act=heard.act[rows],
        nats=diluted(nats, heard.probability[rows]),
        group=pc.binary_join_element_wise("claims", heard.root.take(pa.array(rows)), ": "),
        rests=Rests(root=heard.root.take(pa.array(rows)), is_firm=heard.is_sight[rows]),
        is_physical=False,
        sentence=code,
        sentences=sentences,
    )


def _is_admission(heard: Voices) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    unattributed = heard.admits & (heard.speaker == NOBODY) & (heard.carrier == NOBODY)
    return (heard.is_own & ~heard.denies) | unattributed


def _weights(heard: Voices) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Which sort of claim each is, and its likelihood ratio."""
    by_party = (heard.speaker >= 0) | ((heard.carrier == SOME_PARTY) & ~heard.denies)
    outside = heard.accused < 0
    which = np.select(
        [
            outside,
            heard.denies & heard.is_own,
            heard.denies & by_party,
            heard.denies & heard.is_sight,
            heard.denies,
            by_party,
            heard.is_sight,
        ],
        [_OUTSIDE, _DENIES, _CLEARS, _OBSERVES_NOT, _RULES_OUT, _ACCUSES, _OBSERVES],
        _SAYS,
    ).astype(np.int64)
    ratios = np.empty(8)
    ratios[[_ACCUSES, _DENIES, _CLEARS, _OBSERVES]] = (
        ACCUSES_RIVAL,
        DENIES_ITSELF,
        CLEARS_RIVAL,
        OBSERVER_SAYS,
    )
    ratios[[_SAYS, _RULES_OUT, _OBSERVES_NOT, _OUTSIDE]] = (
        OTHERS_SAY,
        1 / OTHERS_SAY,
        1 / OBSERVER_SAYS,
        1.0,
    )
    return which, ratios[which]


def _said(
    matter: Matter,
    heard: Voices,
    which: np.ndarray[tuple[int], np.dtype[np.int64]],
    accused: np.ndarray[tuple[int], np.dtype[np.int64]],
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[str]]:
    """Number of each row's sentence, and the sentences: sort of claim x speaker x accused."""
    names = accused_names(matter)
    speakers = [*(matter.name(party) for party in range(len(matter.parties))), ""]
    kinds, width, depth = 8, len(names), len(speakers)
    sentences = [
        _sentence(kind, speaker, name)
        for kind in range(kinds)
        for speaker in speakers
        for name in names
    ]
    who = np.where(accused >= 0, accused, width - 1)
    speaker_of = np.where(heard.speaker[rows] >= 0, heard.speaker[rows], depth - 1)
    return (which[rows] * depth + speaker_of) * width + who, sentences


def _sentence(kind: int, speaker: str, accused: str) -> str:
    by = speaker or ("a party's channel" if kind == _ACCUSES else "a source")
    return {
        _ACCUSES: f"{by} says that it was {accused}, as it might in any case",
        _DENIES: f"{by} denies that it was {accused}, as it might in any case",
        _CLEARS: f"{by} says, against its own interest, that it was not {accused}",
        _OBSERVES: f"observers say that it was {accused}",
        _SAYS: f"{by} that is no party and saw nothing itself says that it was {accused}",
        _RULES_OUT: f"{by} that is no party and saw nothing itself says that it was not {accused}",
        _OBSERVES_NOT: f"observers say that it was not {accused}",
        _OUTSIDE: f"{by} names {accused} as author; that speaks for or against no party",
    }[kind]


EVIDENCE = EvidenceKind(
    name="claims",
    summary="Accusations, denials and what others say about the author, each voice counted once",
    family="claims",
    cap_nats=CAP_NATS,
    cap_source="weak support (ENFSI 2015), at its lower end: claims alone must decide nothing",
    limitation="Claims are said by people with an interest; copies that nobody marked still count.",
    weigh=weigh,
)
