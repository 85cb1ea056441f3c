"""Who is said to have done an act, as far as it matters for whether another act answered it.

A party cannot make its own response lawful by accusing the other: what a party says of others is
left out when its own response is judged. What a party admits of itself counts in full. With nobody
saying anything, each party is as likely as any other, and no response reaches certainty.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.findings.act import Acts
from truceline.findings.contract import Subjects

Floats = npt.NDArray[np.float64]


def author_weights(agreement: Agreement, evidence: Subjects, acts: Acts) -> Floats:
    """For each party that responds, each party that may have acted, and each act: a probability.

    Returns
    -------
    array
        `(parties, parties, acts)` in the order of the agreement; `[b, a]` is the probability that
        `a` did it, without what `b` says about others.
    """
    parties = agreement.party_ids()
    if evidence.attributions is not None and evidence.attributions.num_rows:
        return _attributed(parties, evidence.attributions, acts)
    count = acts.count
    claims, admitted = _claims(parties, evidence, acts)
    weights = np.empty((len(parties), len(parties), count))
    for responder in range(len(parties)):
        said = claims.sum(axis=0) - claims[responder]
        total = said.sum(axis=0)
        for author in range(len(parties)):
            # One claim of prior weight, shared evenly: symmetric, and never quite settled.
            weights[responder, author] = (said[author] + 1.0 / len(parties)) / (total + 1.0)
        weights[responder][:, admitted.any(axis=0)] = 0.0
        weights[responder][admitted] = 1.0
    return weights


def _attributed(parties: tuple[str, ...], attributions: pa.Table, acts: Acts) -> Floats:
    one = np.zeros((len(parties), acts.count))
    row = pc.index_in(attributions["act_id"], value_set=acts.table["act_id"].combine_chunks())
    number = np.asarray(row.fill_null(-1))
    p = np.asarray(attributions["p"])
    for author, party in enumerate(parties):
        own = np.asarray(pc.equal(attributions["hypothesis"], f"party:{party}")) & (number >= 0)
        one[author, number[own]] = p[own]
    return np.repeat(one[None], len(parties), axis=0)


def _claims(
    parties: tuple[str, ...], evidence: Subjects, acts: Acts
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """`(speakers + 1, authors, acts)` independent roots that name an author; and who admits it."""
    claims = np.zeros((len(parties) + 1, len(parties), acts.count))
    admitted = np.zeros((len(parties), acts.count), np.bool_)
    joined = _rows(evidence)
    incident_ids = evidence.incidents["incident_id"].combine_chunks()
    of_incident = pc.index_in(joined["incident_id"], value_set=incident_ids)
    names = pa.array(parties, pa.string())
    author = _number(joined["claimed_actor"], names)
    speaker = _number(joined["speaker"], names)
    incident = np.asarray(of_incident.fill_null(-1)).astype(np.int64)
    admits = np.asarray(pc.equal(joined["stance"], "admits"))
    denies = np.asarray(pc.equal(joined["stance"], "denies"))
    root = np.asarray(joined["root"].combine_chunks().dictionary_encode().indices).astype(np.int64)
    use = (author >= 0) & (incident >= 0) & ~denies
    key = np.column_stack([incident, author, speaker, admits, root])[use]
    key = np.unique(key, axis=0)  # copies of one root speak once
    by_incident = np.zeros((len(parties) + 1, len(parties), len(incident_ids)))
    np.add.at(by_incident, (key[:, 2], key[:, 1], key[:, 0]), 1.0)
    own = (key[:, 3] == 1) & ((key[:, 2] == key[:, 1]) | (key[:, 2] == -1))
    admits_incident = np.zeros((len(parties), len(incident_ids)), np.bool_)
    admits_incident[key[own, 1], key[own, 0]] = True
    if acts.count:
        claims = by_incident[:, :, acts.incident]
        admitted = admits_incident[:, acts.incident]
    return claims, admitted


def _rows(evidence: Subjects) -> pa.Table:
    """Members with what their observations say about the author."""
    wanted = ["observation_id", "claimed_actor", "speaker", "stance", "root"]
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


def _number(column: pa.ChunkedArray, names: pa.Array) -> npt.NDArray[np.int64]:
    number = pc.index_in(column, value_set=names)
    return np.asarray(number.fill_null(-1)).astype(np.int64)
