"""How surely an act happened, as told by others than the party that answers it.

Who answers an attack has said, at least by answering, that there was one. A response may not rest on
that: neither on the responder's own reports, nor on those that repeat them.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import NOBODY, SOME_PARTY, named_party, party_words
from truceline.agreement.terms import Agreement
from truceline.findings.act import Acts, floats, instants
from truceline.findings.contract import Subjects
from truceline.model.vocabulary import SourceKind
from truceline.tables.roots import rests_on

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def established(agreement: Agreement, evidence: Subjects, acts: Acts) -> tuple[Floats, Floats]:
    """How surely each act is real by others than each party, and by everybody.

    The doubt that an incident leaves is taken to fall evenly on the voices that tell of it
    (assumed): of two of which one is the responder's, the other alone leaves its square root.

    Returns
    -------
    by_others, by_all
        `(parties, acts)` and `(acts,)`, probabilities; where no members are given nobody's word
        can be told apart, and both are the same.
    """
    p_real = floats(evidence.incidents["p_real"])
    count, parties = len(p_real), len(agreement.parties)
    shares = np.ones((parties, count))
    incident, probability, voice, speaker = _told(agreement, evidence)
    is_voice = voice == np.arange(len(voice))
    for party in range(parties):
        own = (speaker == party) | (speaker == SOME_PARTY)
        others = np.bincount(incident, probability * (is_voice & ~own), minlength=count)
        mine = np.zeros(count)
        np.maximum.at(mine, incident, probability * (is_voice & own))
        told = others + mine > 0
        shares[party, told] = others[told] / (others + mine)[told]
    by_others = 1.0 - (1.0 - p_real) ** shares
    return by_others[:, acts.incident], p_real[acts.incident]


def own_channel(agreement: Agreement, observations: pa.Table) -> Integers:
    """The party whose channel each observation came through, `(observations,)`, as its names say.

    `SOME_PARTY` where it is some party's and the agreement does not know the name, or two parties'.
    """
    words = party_words(agreement)
    carrier = named_party([observations["source"], observations["root"]], words)
    of_party = np.asarray(pc.equal(observations["source_kind"], SourceKind.PARTY.value))
    return np.where(of_party & (carrier == NOBODY), SOME_PARTY, carrier)


def _told(agreement: Agreement, evidence: Subjects) -> tuple[Integers, Floats, Integers, Integers]:
    """Of each membership: incident, probability, whose voice it is, and the party that speaks."""
    members, observations = evidence.members, evidence.observations
    rows = [
        np.asarray(pc.index_in(members[name], value_set=table[name].combine_chunks()).fill_null(-1))
        for name, table in (
            ("incident_id", evidence.incidents),
            ("observation_id", observations),
        )
    ]
    known = (rows[0] >= 0) & (rows[1] >= 0)
    incident, row = (each[known].astype(np.int64) for each in rows)
    carrier = own_channel(agreement, observations)
    spoken = named_party([observations["speaker"]], party_words(agreement))
    speaker = np.where(carrier == NOBODY, spoken, carrier)
    voice = rests_on(observations, row, incident, _earliest(observations, speaker)[row])
    return incident, floats(members["probability"])[known], voice, speaker[row]


def _earliest(observations: pa.Table, speaker: Integers) -> Integers:
    """Who says the same later repeats it; at one time a party repeats the others."""
    when = pc.coalesce(observations["reported_at"], observations["known_at"], observations["ended"])
    return instants(when) * 2 + (speaker != NOBODY)
