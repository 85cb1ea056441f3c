"""What was due and what was held, as it was and as a run found it, in the shape that is scored."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.pipeline import sealed as seals
from truceline.pipeline.sealed import Sealed
from truceline.simulation.scoring.duties import HOLDING, OMISSION, VERDICTS, ToldDuties, TrueDuties
from truceline.tables.schemas import INSTANT

Ints = npt.NDArray[np.int64]


def true_duties(sealed: Sealed) -> TrueDuties:
    """The true verdict on each stretch under a cap and on each date by which something was due."""
    table = sealed.duties
    words = ("subject_kind", "party", "clause_id", "site", "verdict")
    kind, party, clause, site, verdict = (table[name].combine_chunks() for name in words)
    return TrueDuties(
        kind=kind,
        party=party,
        clause=clause,
        site=site,
        verdict=verdict,
        from_us=_microseconds(seals.instants(table["began"])),
        to_us=_microseconds(seals.instants(table["ended"])),
    )


def told_duties(findings: pa.Table, holdings: pa.Table) -> ToldDuties:
    """What findings say of holdings and of omissions, each with the moment that it judges.

    Parameters
    ----------
    findings
        In the schema of findings; other readings than the clause's own text are left out, and so is
        what names no moment: a holding that the run does not keep, a breach without a date.
    holdings
        holding_id, began; of the same run.
    """
    kinds = pa.array([HOLDING, OMISSION])
    rows = findings.filter(
        pc.and_(findings["reading"].is_null(), pc.is_in(findings["subject_kind"], value_set=kinds))
    ).combine_chunks()
    at = pc.index_in(rows["subject_id"], value_set=holdings["holding_id"].combine_chunks())
    began = holdings["began"].combine_chunks().take(at.combine_chunks())
    is_holding = pc.equal(rows["subject_kind"], HOLDING).combine_chunks()
    due = _in_trace(rows["trace"], "due").combine_chunks().cast(INSTANT)
    moment = pc.if_else(is_holding, began, due)
    kept = moment.is_valid()
    rows, moment = rows.filter(kept), moment.filter(kept)
    site = pc.fill_null(_in_trace(rows["trace"], "site"), "")
    site = pc.if_else(pc.equal(rows["subject_kind"], HOLDING), "", site)
    words = ("subject_kind", "party", "clause_id", "verdict")
    kind, party, clause, verdict = (rows[name].combine_chunks().cast(pa.string()) for name in words)
    p = [np.asarray(rows[f"p_{verdict}"], dtype=np.float64) for verdict in VERDICTS]
    return ToldDuties(
        kind=kind,
        party=party,
        clause=clause,
        site=site.combine_chunks().cast(pa.string()),
        at_us=_microseconds(moment),
        p=np.stack(p, axis=1),
        verdict=verdict,
    )


def _in_trace(trace: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """What a trace says under a name; null where it says nothing."""
    found = pc.extract_regex(trace, pattern=f"(?:^|;){name}=(?P<said>[^;]*)")
    return pc.struct_field(found, "said")


def _microseconds(at: pa.Array | pa.ChunkedArray) -> Ints:
    return np.asarray(at.cast(pa.int64())).astype(np.int64)
