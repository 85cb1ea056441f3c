"""Monitors kept out: each is an act of who kept them out, judged like any other.

Patrols note obstructions among their exposures. One that came with an account of its own, from the
same line of the same file, is judged as the act that fusion made of it, and not twice. An
obstruction is judged for the party named as who did it, or for every party bound where nobody was
named; who controls the ground is no evidence of who stood in the way.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.findings import rows
from truceline.findings.act import Acts, instants, placed_rows, sorted_by
from truceline.findings.contract import Subjects
from truceline.findings.ground import surfaces
from truceline.findings.judge import Bench, judge
from truceline.findings.permitted import Permissions
from truceline.findings.question import Builder, Question
from truceline.findings.weigh import Scales, Weigher, place_sets
from truceline.findings.what import Deeds
from truceline.findings.where import locate
from truceline.tables import schemas
from truceline.tables.posterior import TYPES

TYPE = "monitor_access_denied"
_ORIGIN = ("exhibit", "file", "line")


def chunks(
    builder: Builder,
    agreement: Agreement,
    evidence: Subjects,
    groups: Sequence[Sequence[Question]],
) -> list[pa.Table]:
    """Rows of FINDINGS for obstructions, in the order of the groups and of the exposures' ids."""
    asking = [group for group in groups if group[0].breach.obstructions is not None]
    if not asking:
        return []
    noted = sorted_by(_untold(evidence), "exposure_id")
    found: list[pa.Table] = []
    for group in asking:
        own = _of(noted, group[0])
        if own.num_rows:
            found += judge(_bench(builder, agreement, own, group), group)
    return found


def _untold(evidence: Subjects) -> pa.Table:
    """Exposures with an access status that no observation of the same line tells as well."""
    noted = evidence.exposures.filter(evidence.exposures["status"].is_valid())
    told = evidence.observations
    told = told.filter(pc.equal(told["type"], TYPE)).select(list(_ORIGIN))
    key = {tuple(row.values()) for row in told.to_pylist() if row["exhibit"] is not None}
    lines = zip(*(noted[name].to_pylist() for name in _ORIGIN), strict=True)
    return noted.filter(pa.array([line not in key for line in lines], pa.bool_()))


def _of(noted: pa.Table, asked: Question) -> pa.Table:
    """Those of the clause's statuses that the party did, or that nobody is named for."""
    statuses = pa.array(sorted(asked.breach.obstructions or ()), pa.string())
    is_own = pc.equal(noted["obstructed_by"], asked.asked.party)
    is_own = pc.or_(pc.fill_null(is_own, False), noted["obstructed_by"].is_null())
    return noted.filter(pc.and_(is_own, pc.is_in(noted["status"], value_set=statuses)))


def _bench(
    builder: Builder, agreement: Agreement, own: pa.Table, group: Sequence[Question]
) -> Bench:
    acts = _as_acts(own)
    sets = place_sets(group)
    wheres = (where for places in sets for where in places)
    located = locate(acts.components, surfaces(builder.ground, wheres), sets)
    ids = own["exposure_id"].combine_chunks()
    empty = np.zeros((0, len(ids)))
    return Bench(
        agreement=agreement,
        weigher=Weigher(acts=acts, located=located, scales=Scales(most={})),
        permissions=Permissions(rules=(), answers=empty, told=empty, granted=()),
        ids=ids,
        digests=rows.digest(ids),
        subject_kind="act",
        repeats=rows.Repeats(rows=len(ids)),
    )


def _as_acts(noted: pa.Table) -> Acts:
    count = noted.num_rows
    p_type = np.zeros((len(TYPES), count), np.float32)
    p_type[TYPES.index(TYPE)] = 1.0
    columns = {
        "act_id": noted["exposure_id"], "incident_id": noted["exposure_id"], "type": TYPE,
        "direction": "undetermined",
    }  # fmt: skip
    return Acts(
        table=schemas.from_columns(schemas.ACTS, columns, count),
        incident=np.arange(count),
        began_us=instants(noted["began"]),
        ended_us=instants(noted["ended"]),
        deeds=Deeds(
            p_type=p_type,
            weapon=np.full(count, -1, np.int64),
            weapons=(),
            is_outgoing=np.zeros(count, np.bool_),
        ),
        components=placed_rows(noted, "radius_m"),
        is_lasting=True,
    )
