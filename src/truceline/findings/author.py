"""Who did an act, as far as it matters for whether another act answered it.

An accusation makes no response lawful, whoever utters it: where one side's press writes more, its
claims would excuse that side's fire. Attributions count where they are given, and what a party
admits of itself counts in full; else each party is as likely as any other, and no response reaches
certainty.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import named_party, party_words
from truceline.agreement.terms import Agreement
from truceline.findings.act import Acts
from truceline.findings.contract import Subjects
from truceline.findings.established import own_channel

Floats = npt.NDArray[np.float64]


def author_weights(agreement: Agreement, evidence: Subjects, acts: Acts) -> Floats:
    """For each party that responds, each party that may have acted, and each act: a probability.

    Returns
    -------
    array
        `(parties, parties, acts)` in the order of the agreement; `[b, a]` is the probability that
        `a` did it, as far as a response of `b` may rest on it.
    """
    parties = agreement.party_ids()
    if evidence.attributions is not None and evidence.attributions.num_rows:
        return _attributed(parties, evidence.attributions, acts)
    admitted = _admissions(agreement, evidence, acts)
    weights = np.full((len(parties), acts.count), 1.0 / len(parties))
    weights[:, admitted.any(axis=0)] = 0.0
    weights[admitted] = 1.0
    return np.repeat(weights[None], len(parties), axis=0)


def _attributed(parties: tuple[str, ...], attributions: pa.Table, acts: Acts) -> Floats:
    one = np.zeros((len(parties), acts.count))
    row = pc.index_in(attributions["act_id"], value_set=acts.table["act_id"].combine_chunks())
    number = np.asarray(row.fill_null(-1))
    p = np.asarray(attributions["p"])
    for author, party in enumerate(parties):
        own = np.asarray(pc.equal(attributions["hypothesis"], f"party:{party}")) & (number >= 0)
        one[author, number[own]] = p[own]
    return np.repeat(one[None], len(parties), axis=0)


def _admissions(agreement: Agreement, evidence: Subjects, acts: Acts) -> npt.NDArray[np.bool_]:
    """`(parties, acts)` who has itself said that it did it."""
    joined = _rows(evidence)
    words = party_words(agreement)
    incident_ids = evidence.incidents["incident_id"].combine_chunks()
    of_incident = pc.index_in(joined["incident_id"], value_set=incident_ids)
    author = named_party([joined["claimed_actor"]], words)
    speaker = named_party([joined["speaker"]], words)
    incident = np.asarray(of_incident.fill_null(-1)).astype(np.int64)
    # Its own statement, through its own channel: a relayed confession costs its relayer nothing.
    own = (own_channel(agreement, joined) == author) & (author >= 0) & (incident >= 0)
    own &= (speaker == author) | np.asarray(joined["speaker"].is_null())
    own &= np.asarray(pc.equal(joined["stance"], "admits"))
    admits = np.zeros((len(agreement.parties), len(incident_ids)), np.bool_)
    admits[author[own], incident[own]] = True
    return admits[:, acts.incident] if acts.count else np.zeros((len(admits), 0), np.bool_)


def _rows(evidence: Subjects) -> pa.Table:
    """Members with what their observations say about the author."""
    wanted = ["observation_id", "claimed_actor", "speaker", "stance", "source", "root"]
    wanted.append("source_kind")
    observations = evidence.observations.select(wanted)
    observations = observations.filter(pc.is_valid(observations["claimed_actor"]))
    at = pc.index_in(
        evidence.members["observation_id"],
        value_set=observations["observation_id"].combine_chunks(),
    )
    likely = pc.and_(pc.is_valid(at), pc.greater_equal(evidence.members["probability"], 0.5))
    members = evidence.members.filter(likely)
    said = observations.take(at.filter(likely))
    return said.append_column("incident_id", members["incident_id"])
