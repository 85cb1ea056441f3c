"""Holdings: weapons and troops at a site, against withdrawals, exclusions and caps.

A holding stands for the whole of its interval. It is judged for the party that holds it, or for
every party bound where the party is not one of the agreement's. Under a cap the sites of a party
add up, and repeated sightings at one site do not: of several that speak for the same moment the
greatest counts. The moment judged is the one at which the holding begins, so of 76 tanks under a
cap of 75 the last to come is in breach and the 75 before it are not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Clause
from truceline.findings import rows
from truceline.findings.act import Acts, floats, instants, placed_rows, sorted_by
from truceline.findings.cap import exceeds, stocks_of
from truceline.findings.contract import Asked, Breach, ClauseKind, Stock, Subjects
from truceline.findings.ground import surfaces
from truceline.findings.judge import Bench, judge
from truceline.findings.permitted import Permissions
from truceline.findings.question import Builder, Question, asked_of, kind_of, question
from truceline.findings.relief import reaching, reliefs
from truceline.findings.weigh import Scales, Weigher, place_sets
from truceline.findings.what import Deeds, named
from truceline.findings.where import locate
from truceline.tables import schemas
from truceline.tables.posterior import TYPES

Floats = npt.NDArray[np.float64]

_SEEN = "weapon_in_violation_of_line"  # the type under which exceptions may speak of a holding


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One clause and party: a question for its text and each reading, and the cap of each."""

    questions: list[Question]
    maxima: list[int | None]


def chunks(
    builder: Builder,
    agreement: Agreement,
    evidence: Subjects,
    kinds: Mapping[str, ClauseKind],
) -> list[pa.Table]:
    """Rows of FINDINGS for holdings, in the order of clauses, parties, readings and holdings."""
    holdings = sorted_by(evidence.holdings, "holding_id")
    if not holdings.num_rows:
        return []
    groups = [
        group
        for clause in agreement.clauses
        for party in agreement.party_ids()
        if (group := _group(builder, agreement, clause, kinds, party)) is not None
    ]
    return [
        chunk
        for group in groups
        for chunk in _rows(builder, agreement, _held_by(holdings, agreement, group), group)
    ]


def _group(
    builder: Builder,
    agreement: Agreement,
    clause: Clause,
    kinds: Mapping[str, ClauseKind],
    party: str,
) -> _Group | None:
    kind = kind_of(clause, kinds)
    read = [(name, *asked_of(agreement, own, party)) for name, own in readings(clause)]
    if kind.stock is None or not any(times for _, _, times in read):
        return None
    group = _Group(questions=[], maxima=[])
    for name, asked, times in read:
        stock = kind.stock(asked)
        permits = reaching(reliefs(agreement, kinds, party), clause)
        put = question(builder, asked, name, times, partial(_breach, kind.stock), (), permits)
        if stock is not None and put is not None:
            group.questions.append(put)
            group.maxima.append(stock.maximum)
    return group if group.questions else None


def _breach(stock_of: Callable[[Asked], Stock | None], asked: Asked) -> Breach | None:
    """What may not be held as what may not be seen."""
    stock = stock_of(asked)
    if stock is None:
        return None
    return replace(_seen(stock), also=tuple(_seen(each) for each in stock.also))


def _seen(stock: Stock) -> Breach:
    """A stock as what a weapon seen there must be."""
    return Breach(
        name=stock.name,
        types=frozenset({_SEEN}),
        where=stock.where,
        weapons=stock.weapons,
        since=stock.since,
        missing=stock.missing,
    )


def _held_by(holdings: pa.Table, agreement: Agreement, group: _Group) -> pa.Table:
    ids = set(agreement.party_ids())
    party = group.questions[0].asked.party
    mine = [held == party or held not in ids for held in holdings["party"].to_pylist()]
    return holdings.filter(pa.array(mine, pa.bool_()))


def _rows(
    builder: Builder, agreement: Agreement, holdings: pa.Table, group: _Group
) -> list[pa.Table]:
    if not holdings.num_rows:
        return []
    acts = _as_acts(holdings)
    sets = place_sets(group.questions)
    wheres = (where for places in sets for where in places)
    located = locate(acts.components, surfaces(builder.ground, wheres), sets)
    ids = holdings["holding_id"].combine_chunks()
    empty = np.zeros((0, len(ids)))
    none = Permissions(rules=(), answers=empty, told=empty, granted=())
    caps = {q.reading: most for q, most in zip(group.questions, group.maxima, strict=True)}
    bench = Bench(
        agreement=agreement,
        weigher=Weigher(acts=acts, located=located, scales=Scales(most={})),
        permissions=none,
        ids=ids,
        digests=rows.digest(ids),
        subject_kind="holding",
        repeats=rows.Repeats(rows=len(ids)),
        exceeds=partial(exceeds, stocks_of(holdings), caps),
    )
    return list(judge(bench, group.questions))


def _as_acts(holdings: pa.Table) -> Acts:
    """Holdings in the columns of acts; a holding counted as none is no weapon there."""
    count = holdings.num_rows
    numbers, weapons = named(holdings["weapon"].to_pylist())
    p_type = np.zeros((len(TYPES), count), np.float32)
    high = np.fmax(floats(holdings["count_high"]), floats(holdings["count_best"]))
    p_type[TYPES.index(_SEEN)] = ~(high == 0)
    columns = {
        "act_id": holdings["holding_id"], "incident_id": holdings["holding_id"],
        "type": _SEEN, "direction": "undetermined",
    }  # fmt: skip
    return Acts(
        table=schemas.from_columns(schemas.ACTS, columns, count),
        incident=np.arange(count),
        began_us=instants(holdings["began"]),
        ended_us=instants(holdings["ended"]),
        deeds=Deeds(
            p_type=p_type, weapon=numbers, weapons=weapons, is_outgoing=np.zeros(count, np.bool_)
        ),
        components=placed_rows(holdings),
        is_lasting=True,
    )
