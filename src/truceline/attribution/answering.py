"""For whose acts a party answers: responsibility under a clause, beside authorship and never instead of it.

Where the agreement says that a party answers for a group, or for what is done from an area, an act of
that group, or from there, is charged to it under that clause. Who did it stays what the evidence says;
that a party answers is no evidence that it acted. A charge needs no less than a name does: two
independent roots, the threshold of attribution over the whole range of priors, and an author who is no
other party. Where the party or the group did it, whichever, both together must clear it. What clears
the threshold of `probable` alone is so called; what falls short stands as `open`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import folded
from truceline.agreement.reading import readings
from truceline.agreement.terms import Agreement, Clause
from truceline.attribution.attribute import Told, weighed
from truceline.attribution.contract import Evidence, EvidenceKind, Floats, Integers, Mask, Matter
from truceline.attribution.decide import ROOTS_NEEDED
from truceline.attribution.evidence.control_of_territory import STANDS_THERE
from truceline.attribution.voices import ANSWERS_FOR, voices
from truceline.model.time import to_microseconds
from truceline.model.vocabulary import Hypothesis, IncidentType, Responsibility
from truceline.tables import schemas
from truceline.tables.answers import RESPONSIBILITY

STANDINGS = ("open", "probable", "answers_for")
_LIKELY = 0.5  # below this nothing is said of an act
_FROM_THERE = frozenset({*STANDS_THERE, IncidentType.FORCE_MOVEMENT, IncidentType.POSITION_ADVANCE})
_NAMED = (Responsibility.ATTRIBUTED.value, Responsibility.PROBABLE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Everything that a charge is told from, by row of the acts."""

    told: Told
    outcome: npt.NDArray[np.str_]
    named: Integers  # the party that it is attributed to, -1 for none
    firm: Mapping[str, Mapping[int, frozenset[str]]]  # group as folded -> act -> roots that name it
    zones: Mapping[str, Floats]  # by zone, `(acts,)`
    from_there: Mask
    roots: Integers  # of each act's incident
    findings: Mapping[str, pa.Table]  # by party: subject_id, and the ids of what finds a breach


def responsibilities(
    agreement: Agreement,
    evidence: Evidence,
    kinds: Mapping[str, EvidenceKind],
    zones: Mapping[str, Floats],
    findings: pa.Table,
) -> pa.Table:
    """Rows of RESPONSIBILITY, in the order of acts, clauses, readings and parties.

    Parameters
    ----------
    agreement, evidence, kinds
        As `attribute` takes them; without the grant `attribute` nobody is charged.
    zones
        How surely each incident lies in each zone, `(incidents,)` by id.
    findings
        Rows of FINDINGS, for the breaches that a charge is about.
    """
    clauses = [each for each in agreement.clauses if each.kind == ANSWERS_FOR]
    if not clauses or "attribute" not in agreement.grants or not evidence.acts.num_rows:
        return schemas.empty(RESPONSIBILITY)
    scene = _scene(weighed(agreement, evidence, kinds), zones, findings)
    chunks = [
        chunk
        for clause in clauses
        for name, own in readings(clause)
        for chunk in _charged(scene, own, name)
    ]
    # Stable, so that clauses, readings and parties keep the order of the text within an act.
    table = schemas.concat(chunks, RESPONSIBILITY)
    return table.take(pc.sort_indices(table["act_id"])).combine_chunks()


def _scene(told: Told, zones: Mapping[str, Floats], findings: pa.Table) -> _Scene:
    matter = told.matter
    acts, incidents = matter.evidence.acts, matter.evidence.incidents
    incident = np.maximum(matter.incident, 0)
    stands = pc.is_in(acts["type"], value_set=pa.array(sorted(_FROM_THERE)))
    outgoing = pc.equal(acts["direction"], "outgoing")
    outcome = np.full(acts.num_rows, Responsibility.UNDETERMINED.value, dtype=object)
    outcome[told.weighed.act] = told.outcome
    top = np.argmax(told.judged.p[:, : len(matter.parties)], axis=1)
    named = np.full(acts.num_rows, -1, np.int64)
    named[told.weighed.act] = np.where(np.isin(told.outcome, _NAMED), top, -1)
    return _Scene(
        told=told,
        outcome=outcome.astype(np.str_),
        named=named,
        firm=_named_groups(matter),
        zones={zone: np.asarray(share)[incident] for zone, share in zones.items()},
        from_there=np.asarray(pc.or_(pc.fill_null(stands, False), pc.fill_null(outgoing, False))),
        roots=np.asarray(incidents["independent_roots"]).astype(np.int64)[incident],
        findings=_breaches(findings),
    )


def _named_groups(matter: Matter) -> dict[str, dict[int, frozenset[str]]]:
    """Which roots say, firmly, that an actor outside the parties did each act, by the actor's name."""
    heard = voices(matter)
    found: dict[str, dict[int, frozenset[str]]] = {}
    if heard is None:
        return found
    outside = heard.accused == matter.column(Hypothesis.NON_PARTY)
    is_firm = (heard.asserts & heard.is_sight) | (heard.admits & heard.is_heard)
    for row in np.flatnonzero(outside & is_firm).tolist():
        acts = found.setdefault(folded(str(heard.actor[row].as_py())), {})
        act = int(heard.act[row])
        acts[act] = acts.get(act, frozenset()) | {str(heard.root[row].as_py())}
    return found


def _breaches(findings: pa.Table) -> dict[str, pa.Table]:
    """For each party and subject the findings that it would be in breach, joined by `;`."""
    broken = findings.filter(pc.equal(findings["verdict"], "violation"))
    found = {}
    for party in pc.unique(broken["party"]).to_pylist():
        own = broken.filter(pc.equal(broken["party"], party))
        lists = own.group_by("subject_id", use_threads=False).aggregate([("finding_id", "list")])
        joined = pc.binary_join(lists["finding_id_list"].combine_chunks(), ";")
        found[party] = pa.table({"subject_id": lists["subject_id"], "finding_ids": joined})
    return found


def _charged(scene: _Scene, clause: Clause, reading: str | None) -> Iterator[pa.Table]:
    """What each party answers for by a clause in one reading."""
    matter = scene.told.matter
    place = scene.zones.get(clause.terms.get("zone") or "")
    bound = {party: _bound(matter, clause, party) for party in matter.parties}
    several = np.sum(list(bound.values()), axis=0) > 1
    for number, party in enumerate(matter.parties):
        able = bound[party] & _of_types(matter, clause) & (scene.named != number)
        for whose, level, roots, rows in _charges(scene, number, clause, able):
            if not len(rows):
                continue
            acts = matter.evidence.acts["act_id"].combine_chunks().take(pa.array(rows))
            level = np.where(several[rows], 0, level)
            columns = {
                "act_id": acts,
                "party": party,
                "clause_id": clause.clause_id,
                "article": clause.article,
                "reading": reading,
                "answers_for": whose,
                "standing": pa.array(STANDINGS).take(pa.array(level)),
                "authorship": pa.array(scene.outcome[rows]),
                "roots": pa.array(roots),
                "p_place": None if place is None else pa.array(place[rows]),
                "finding_ids": _joined(scene.findings.get(party), acts),
                "because": _because(scene, rows, whose, level, several[rows]),
            }
            yield schemas.from_columns(RESPONSIBILITY, columns, len(rows))


def _joined(breaches: pa.Table | None, acts: pa.Array) -> pa.Array:
    if breaches is None:
        return pa.repeat("", len(acts))
    at = pc.index_in(acts, value_set=breaches["subject_id"].combine_chunks())
    return pc.fill_null(breaches["finding_ids"].combine_chunks().take(at), "")


def _charges(
    scene: _Scene, party: int, clause: Clause, able: Mask
) -> Iterator[tuple[str, Integers, Integers, Integers]]:
    """For each group, or for the area: whose, its place in STANDINGS, roots, and the rows of acts."""
    groups, zone = clause.terms.get("groups") or (), clause.terms.get("zone")
    # Of an area without coordinates nobody can tell what was done there: everything stays open.
    place = scene.zones.get(zone or "", np.ones(len(able)))
    is_drawn = zone is None or zone in scene.zones
    finding = scene.told.matter.agreement.thresholds.finding
    if not groups and zone is not None:
        rows = np.flatnonzero(able & scene.from_there & (place > _LIKELY))
        sure = (place[rows] >= finding) & (scene.roots[rows] >= ROOTS_NEEDED) & is_drawn
        yield zone, 2 * (sure & (scene.named[rows] < 0)), scene.roots[rows], rows
    for group in groups:
        acts = scene.firm.get(folded(group), {})
        rows = np.array([a for a in sorted(acts) if able[a] and place[a] > _LIKELY], np.int64)
        roots = np.array([len(acts[act]) for act in rows.tolist()], np.int64)
        others = [named for name, named in scene.firm.items() if name != folded(group)]
        is_alone = [not any(act in named for named in others) for act in rows.tolist()]
        sure = np.array(is_alone, np.bool_) & is_drawn & (place[rows] >= finding)
        sure &= scene.named[rows] < 0
        yield group, np.where(sure, _levels(scene, party, rows, roots), 0), roots, rows


def _levels(scene: _Scene, party: int, rows: Integers, roots: Integers) -> Integers:
    """How surely the group did it, or the party or the group, whichever; places in STANDINGS.

    An outsider needs what `non_party_actor` needs. Of the party's own part a name's physical evidence
    is asked as well: nobody answers by an easier way than he is named.
    """
    told, found = scene.told, np.zeros(len(rows), np.int64)
    limits = told.matter.agreement.thresholds
    outside = told.matter.column(Hypothesis.NON_PARTY)
    place = {act: at for at, act in enumerate(told.weighed.act.tolist())}
    for number, act in enumerate(rows.tolist()):
        at = place[act]  # somebody named the group, so there is evidence
        low = [
            np.minimum(told.judged.p_low[at, k], told.firm.p_low[at, k]) for k in (outside, party)
        ]
        named, own = int(roots[number]), int(told.weighed.roots[at, party])
        ways = [low[0]] if named >= ROOTS_NEEDED else []
        if named + own >= ROOTS_NEEDED and told.weighed.is_physical[at, party]:
            ways.append(low[0] + low[1])
        best = max(ways, default=0.0)
        found[number] = int(best >= limits.probable) + int(best >= limits.attribution)
    return found


def _bound(matter: Matter, clause: Clause, party: str) -> Mask:
    """Which acts the clause binds the party at; by the middle of their interval."""
    middle = matter.began_us + (matter.ended_us - matter.began_us) // 2
    found = np.zeros(len(middle), np.bool_)
    for period in clause.periods:
        if period.party_id == party:
            began, ended = to_microseconds(period.when.began), period.when.ended
            inside = middle >= began
            if ended is not None:
                inside &= middle < to_microseconds(ended)
            found = found & ~inside if period.state != "in_force" else found | inside
    for each in clause.begins or ():
        if each.party_id == party:
            at = each.surely_at
            found &= False if at is None else middle >= to_microseconds(at)
    return found


def _of_types(matter: Matter, clause: Clause) -> Mask:
    acts = clause.terms.get("acts")
    if not acts:
        return np.ones(matter.evidence.acts.num_rows, np.bool_)
    types = pc.is_in(matter.evidence.acts["type"], value_set=pa.array(sorted(acts)))
    return np.asarray(pc.fill_null(types, False))


def _because(
    scene: _Scene, rows: Integers, whose: str, level: Integers, is_shared: Mask
) -> pa.Array:
    matter = scene.told.matter
    said = [
        f"it is an act of or from {whose}, for which this party answers whoever acted",
        f"the text lets more than one party answer for {whose}, and does not say which",
        f"that it is an act of or from {whose} rests on too little for anybody to be charged",
        f"it is probably an act of or from {whose}, for which this party answers whoever acted",
        *(
            f"the act is held to be one of {matter.name(at)} itself"
            for at in range(len(matter.parties))
        ),
    ]
    code = np.where(scene.named[rows] >= 0, scene.named[rows] + 4, 2)
    code = np.where(is_shared, 1, np.choose(level, [code, 3, 0]))
    return pa.array(said).take(pa.array(code))
