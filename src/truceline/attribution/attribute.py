"""Who did it: one author question per act, however many clauses it may break."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.attribution.combine import Pool, Weighed, combine, pool
from truceline.attribution.contract import (
    Evidence,
    EvidenceKind,
    Floats,
    Integers,
    Items,
    Matter,
)
from truceline.attribution.decide import Judged, judge, outcomes, priors
from truceline.attribution.matching import COUNTS, SPENT, TWICE, WEAKER
from truceline.attribution.testimony import matter_of
from truceline.model.vocabulary import Responsibility
from truceline.tables import schemas

__all__ = ["Evidence", "attribute"]

_GRANT = "attribute"

UNCOUNTED = {
    WEAKER: "something at least as strong on the same ground counts in its place",
    SPENT: "its root already counts by something else",
    TWICE: "it rests besides on a root that counts by itself",
}
"""Why an item is listed and not counted, in the words of the table."""


def attribute(
    agreement: Agreement, evidence: Evidence, kinds: Mapping[str, EvidenceKind]
) -> tuple[pa.Table, pa.Table]:
    """Probabilities over authors of every act, and every item of evidence behind them.

    Parameters
    ----------
    agreement
        Parties, thresholds, definitions, exclusions; without the grant `attribute` both tables stay
        empty: what is not granted is not computed.
    evidence
        Acts, what they were fused from, and maps.
    kinds
        Kinds of evidence by name.

    Returns
    -------
    attributions, items
        Tables `ATTRIBUTIONS` (one row for each act and hypothesis) and `EVIDENCE`, in the order of
        `act_id`.

    Raises
    ------
    PluginError
        Two kinds of one family state different caps.
    """
    if _GRANT not in agreement.grants:
        return schemas.empty(schemas.ATTRIBUTIONS), schemas.empty(schemas.EVIDENCE)
    told = weighed(agreement, evidence, kinds)
    matter, judged, act = told.matter, told.judged, told.weighed.act
    of = priors(len(matter.parties), agreement.thresholds)
    blank = judge(np.zeros((1, len(matter.hypotheses))), of)
    columns = [
        _filled(matter, act, blank_of, of_acts)
        for blank_of, of_acts in (
            (blank.p, judged.p),
            (blank.p_low, judged.p_low),
            (blank.p_high, judged.p_high),
        )
    ]
    return (
        _attributions(matter, columns, act, told.outcome),
        _items(matter, told.pooled, told.found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The whole weighing of authors: the question, items, their sums, and outcomes `(m,)`.

    `judged` is on all that counts and `firm` on firm evidence alone, both by row of `weighed.act`.
    """

    matter: Matter
    found: Mapping[str, Items]
    pooled: Pool
    weighed: Weighed
    judged: Judged
    firm: Judged
    outcome: "np.ndarray[tuple[int], np.dtype[np.str_]]"


def weighed(agreement: Agreement, evidence: Evidence, kinds: Mapping[str, EvidenceKind]) -> Told:
    """Weigh the authors of every act.

    Raises
    ------
    PluginError
        Two kinds of one family state different caps.
    """
    matter = matter_of(agreement, evidence)
    found = {name: kind.weigh(matter) for name, kind in sorted(kinds.items())}
    pooled = pool(matter, kinds, found)
    sums = combine(matter, pooled)
    of = priors(len(matter.parties), agreement.thresholds)
    judged, firm = judge(sums.nats, of), judge(sums.firm_nats, of)
    return Told(
        matter=matter,
        found=found,
        pooled=pooled,
        weighed=sums,
        judged=judged,
        firm=firm,
        outcome=outcomes(sums, judged, firm, agreement.thresholds),
    )


def _filled(matter: Matter, act: Integers, blank: Floats, values: Floats) -> Floats:
    rows = np.repeat(blank, matter.evidence.acts.num_rows, axis=0)
    rows[act] = values
    return rows.ravel()


def _attributions(
    matter: Matter,
    columns: list[Floats],
    act: Integers,
    outcome: "np.ndarray[tuple[int], np.dtype[np.str_]]",
) -> pa.Table:
    count, width = matter.evidence.acts.num_rows, len(matter.hypotheses)
    words = [word.value for word in Responsibility]
    code = np.full(count, words.index(Responsibility.UNDETERMINED.value), np.int64)
    for number, word in enumerate(words):
        code[act[outcome == word]] = number
    owner = pa.array(np.repeat(np.arange(count), width))
    p, low, high = columns
    return schemas.from_columns(
        schemas.ATTRIBUTIONS,
        {
            "act_id": matter.evidence.acts["act_id"].combine_chunks().take(owner),
            "hypothesis": pa.array(matter.hypotheses).take(
                pa.array(np.tile(np.arange(width), count))
            ),
            "p": pa.array(p),
            "p_low": pa.array(low),
            "p_high": pa.array(high),
            "outcome": pa.array(words).take(pa.array(np.repeat(code, width))),
        },
        count * width,
    )


def _items(matter: Matter, pooled: Pool, found: Mapping[str, Items]) -> pa.Table:
    """Every item, a row for each hypothesis that it moves; one that moves none has a row of zero.

    Rows are in the order of acts, then kinds; a kind's own order does not depend on arrival.
    """
    tables = [
        _listing(matter, name, found[name], pooled, np.flatnonzero(pooled.kind == number))
        for number, name in enumerate(sorted(found))
        if len(found[name].act)
    ]
    if not tables:
        return schemas.empty(schemas.EVIDENCE)
    listed, owners = zip(*tables, strict=True)
    order = np.argsort(np.concatenate(owners), kind="stable")
    return schemas.concat(listed, schemas.EVIDENCE).take(pa.array(order)).combine_chunks()


def _listing(
    matter: Matter, name: str, found: Items, pooled: Pool, rows: Integers
) -> tuple[pa.Table, Integers]:
    nats, place = pooled.nats[rows], pooled.place[rows]
    moves = nats != 0.0
    silent = ~moves.any(axis=1)
    moves[silent, matter.hypotheses.index("unknown")] = True
    row, column = np.nonzero(moves)
    state = np.where(nats[row, column] == 0.0, COUNTS, pooled.state[rows][row, column])
    act, at = pooled.act[rows][row], pa.array(place[row])
    reasons = pa.array([UNCOUNTED.get(code) for code in range(max(UNCOUNTED) + 1)], pa.string())
    table = schemas.from_columns(
        schemas.EVIDENCE,
        {
            "act_id": matter.evidence.acts["act_id"].combine_chunks().take(pa.array(act)),
            "kind": name,
            "hypothesis": pa.array(matter.hypotheses).take(pa.array(column)),
            "nats": pa.array(nats[row, column]),
            "group": found.group.take(at),
            "root": _rests_on(found).take(at),
            "uncounted": reasons.take(pa.array(state.astype(np.int64))),
            "summary": pa.array(found.sentences, pa.string()).take(
                pa.array(found.sentence[place[row]])
            ),
        },
        len(row),
    )
    return table, act


def _rests_on(found: Items) -> pa.Array:
    """The root of each item and, after ` + `, those besides."""
    besides = pc.binary_join(found.beside, " + ")
    joined = pc.binary_join_element_wise(found.root, besides, " + ")
    alone = pc.equal(pc.list_value_length(found.beside), 0)
    return pc.if_else(alone, found.root, joined)
