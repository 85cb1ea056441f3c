"""Who says what about the author: each observation's claim, its speaker, and what it can weigh.

A party that accuses its rival says what it would say anyway. A party that owns up, or that clears its
rival, speaks against its own interest. Copies of one root, and all that one party says, count once.
A source that bears a party's name, in any spelling that the agreement lists, is that party.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import NOBODY, SOME_PARTY, folded, party_words
from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement
from truceline.attribution.contract import OTHERS, Floats, Integers, Mask, Matter
from truceline.attribution.testimony import (
    Testimony,
    coded,
    distinct,
    is_sight,
    mapped,
    roots_of,
    witnesses,
)
from truceline.model.vocabulary import Hypothesis, SourceKind, Stance

ANSWERS_FOR = "answers_for"  # kind of the clauses that say for whom a party answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Claims about authors, one row for each pair of an act and an observation that makes one.

    Parameters
    ----------
    act, probability
        `(n,)` row of the act, and that the observation belongs to it.
    accused
        `(n,)` column of the hypothesis that is named; -1 for an actor outside the agreement.
    speaker
        `(n,)` number of the party that speaks; `NOBODY`: not a party.
    carrier
        `(n,)` number of the party whose channel it came through; `NOBODY`: not a party's;
        `SOME_PARTY`: of one that is not named, which weighs as little as interest ever does.
    asserts, denies, admits
        `(n,)` stance of the speaker.
    is_sight
        `(n,)` whether an observing source speaks for itself.
    is_heard
        `(n,)` whether an observing source heard it, or the party's own channel says it, unsealed.
    root
        `(n,)` words that dependent claims share: the party that speaks, else the report's root.
    origin
        `(n,)` the report's root, whoever speaks.
    actor
        `(n,)` the words that name the actor.
    """

    act: Integers
    probability: Floats
    accused: Integers
    speaker: Integers
    carrier: Integers
    asserts: Mask
    denies: Mask
    admits: Mask
    is_sight: Mask
    is_heard: Mask
    root: pa.Array
    origin: pa.Array
    actor: pa.Array

    @property
    def is_own(self) -> Mask:
        """Whether a party speaks of itself."""
        return (self.speaker >= 0) & (self.speaker == self.accused)


def voices(matter: Matter) -> Voices | None:
    """Every claim about an author; None where nobody makes one."""
    observations = matter.evidence.observations
    wanted = pc.and_(
        observations["claimed_actor"].is_valid(),
        pc.not_equal(observations["stance"], Stance.NONE.value),
    )
    if not pc.any(wanted).as_py():
        return None
    return _voices(matter, witnesses(matter, wanted))


def accused_names(matter: Matter) -> tuple[str, ...]:
    """What released text calls each hypothesis, in the order of columns; last, an outside actor."""
    others = {
        Hypothesis.JOINT.value: "several parties together",
        Hypothesis.NON_PARTY.value: "an actor outside the parties",
        Hypothesis.ACCIDENT.value: "an accident",
        Hypothesis.STAGED.value: "staging",
        Hypothesis.UNKNOWN.value: "an unknown author",
    }
    parties = [matter.name(party) for party in range(len(matter.parties))]
    return (
        *parties,
        *(others[name] for name in OTHERS),
        "an actor whom the agreement does not name",
    )


def _voices(matter: Matter, spoken: Testimony) -> Voices:
    said = spoken.said
    accused = np.maximum(coded(said["claimed_actor"], _hypothesis_words(matter)), NOBODY)
    carrier = matter.carrier[spoken.row]
    of_party = np.asarray(pc.equal(said["source_kind"], SourceKind.PARTY.value))
    carrier = np.where(of_party & (carrier == NOBODY), SOME_PARTY, carrier)
    speaker = np.maximum(coded(said["speaker"], party_words(matter.agreement)), NOBODY)
    # What a party's channel lets others say is the party's word, but never its own admission.
    lends = np.asarray(said["speaker"].is_null()) | (carrier != accused)
    printed = np.where(carrier == NOBODY, matter.voices[1][spoken.link], carrier)
    speaker = np.where((speaker == NOBODY) & lends, np.maximum(printed, NOBODY), speaker)
    itself = pc.or_kleene(said["speaker"].is_null(), pc.equal(said["speaker"], said["source"]))
    own = (carrier == speaker) & (carrier >= 0) & matter.is_open[spoken.row]
    origin = roots_of(matter, spoken)
    return Voices(
        act=spoken.act,
        probability=spoken.probability,
        accused=accused,
        speaker=speaker,
        carrier=carrier,
        asserts=np.asarray(pc.equal(said["stance"], Stance.ASSERTS.value)),
        denies=np.asarray(pc.equal(said["stance"], Stance.DENIES.value)),
        admits=np.asarray(pc.equal(said["stance"], Stance.ADMITS.value)),
        is_sight=is_sight(matter, spoken) & np.asarray(pc.fill_null(itself, True)),
        is_heard=own | matter.is_observer[spoken.row],
        root=_of_speaker(matter, origin, speaker),
        origin=origin,
        actor=said["claimed_actor"].combine_chunks(),
    )


def _of_speaker(matter: Matter, origin: pa.Array, speaker: Integers) -> pa.Array:
    """All that a party says is one voice, through whatever channel; otherwise the root is."""
    words = origin.dictionary_encode()
    parties = pa.array([f"party {party}" for party in matter.parties])
    every = pa.concat_arrays([parties, words.dictionary.cast(pa.string())])
    codes = np.asarray(words.indices).astype(np.int64) + len(parties)
    return every.take(pa.array(np.where(speaker >= 0, speaker, codes)))


def _hypothesis_words(matter: Matter) -> dict[str, int]:
    """Words for actors: parties, actors that the agreement names outside, the hypotheses' own.

    It names them as left outside, or as groups for which a party answers: neither makes them a party.
    """
    words = {name: matter.column(name) for name in OTHERS}
    outside = (*matter.agreement.non_party_exclusions, *_answered_for(matter.agreement))
    words |= {folded(word): words[Hypothesis.NON_PARTY] for word in outside}
    return words | party_words(matter.agreement)


def _answered_for(agreement: Agreement) -> tuple[str, ...]:
    """Groups for whose acts a party answers, by any clause in any of its readings."""
    return tuple(
        str(group)
        for clause in agreement.clauses
        if clause.kind == ANSWERS_FOR
        for _, own in readings(clause)
        for group in own.terms.get("groups") or ()
    )


def agreed_outsiders(matter: Matter, heard: Voices) -> Integers:
    """Rows of claims in which every party itself names the same actor outside the agreement, by act.

    Only so does an actor whom the agreement does not mention become a non-party author.
    """
    own = (heard.speaker >= 0) & (heard.speaker == heard.carrier)
    rows = np.flatnonzero((heard.accused < 0) & own & heard.asserts)
    if len(matter.parties) < 2 or not len(rows):
        return np.empty(0, np.int64)
    actor = pa.chunked_array([heard.actor])
    words = [folded(word) for word in distinct(actor)]
    ranks = {word: i for i, word in enumerate(sorted(set(words)))}
    code = mapped(actor, [ranks[word] for word in words], -1)
    named = np.unique(np.column_stack([heard.act[rows], code[rows], heard.speaker[rows]]), axis=0)
    pairs_of, count = np.unique(named[:, :2], axis=0, return_counts=True)
    agreed = {tuple(pair) for pair in pairs_of[count == len(matter.parties)].tolist()}
    return np.array(
        [row for row in rows.tolist() if (int(heard.act[row]), int(code[row])) in agreed], np.int64
    )
