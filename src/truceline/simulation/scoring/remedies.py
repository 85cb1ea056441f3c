"""Scores of remedies: what is proposed from the evidence against what would be from the truth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.scoring.bounds import band
from truceline.simulation.scoring.resample import Banded

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NOBODY = "nobody"
"""The party of a proposal that charges nobody: its findings stand for several parties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Proposals of one rung: how many, and how many the other side does not bear out."""

    rung: int
    proposed: int
    wrongful: int
    due: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyScores:
    """Scores of remedies.

    `wrongful` is the share of proposals that the truth does not bear out, `missed` that of those due
    by the truth that are not made, with exact 95 % bands. A proposal is borne out where, for most of
    its acts, the other side proposes a measure of that rung or above against the same party under
    the same clause; one that charges nobody, where it does so against anybody or nobody.
    """

    wrongful: Banded
    missed: Banded
    rungs: tuple[Rung, ...]


def score_remedies(
    proposed: pa.Table,
    findings: pa.Table,
    act_of: Mapping[str, str],
    due: pa.Table,
    true_findings: pa.Table,
) -> RemedyScores:
    """Scores of the line's proposals against those that the same rules make of the truth.

    Parameters
    ----------
    proposed, findings
        Remedies and findings of the line.
    act_of
        Identifier of the true act of each computed one that has one.
    due, true_findings
        Remedies that follow from the truth, and the true findings that they name.
    """
    line = _spread_out(proposed, findings, act_of)
    truth = _spread_out(due, true_findings, None)
    wrongful = ~_borne_out(line, truth, proposed.num_rows)
    missed = ~_borne_out(truth, line, due.num_rows)
    here, there = (np.asarray(table["rung"]).astype(np.int64) for table in (proposed, due))
    return RemedyScores(
        wrongful=_share(wrongful),
        missed=_share(missed),
        rungs=tuple(
            Rung(
                rung=int(rung),
                proposed=int(np.count_nonzero(here == rung)),
                wrongful=int(np.count_nonzero(wrongful[here == rung])),
                due=int(np.count_nonzero(there == rung)),
                missed=int(np.count_nonzero(missed[there == rung])),
            )
            for rung in np.unique(np.concatenate([here, there]))
        ),
    )


def _spread_out(
    remedies: pa.Table, findings: pa.Table, act_of: Mapping[str, str] | None
) -> pa.Table:
    """One row for each finding of each proposal: remedy, rung, party, clause, true act."""
    lists = pc.split_pattern(remedies["finding_ids"].combine_chunks(), ";")
    remedy = pc.list_parent_indices(lists)
    row = pc.index_in(pc.list_flatten(lists), findings["finding_id"].combine_chunks())
    subject = findings["subject_id"].combine_chunks().take(row)
    if act_of is not None:
        known = pc.index_in(subject, pa.array(list(act_of), pa.string()))
        subject = pa.array(list(act_of.values()), pa.string()).take(known)
    table = pa.table(
        {
            "remedy": remedy.cast(pa.int64()),
            "rung": remedies["rung"].combine_chunks().take(remedy),
            "party": findings["party"].combine_chunks().take(row),
            "clause": findings["clause_id"].combine_chunks().take(row),
            "act": subject,
        }
    )
    parties = table.group_by("remedy").aggregate([("party", "count_distinct")])
    several = parties.filter(pc.greater(parties["party_count_distinct"], 1))["remedy"]
    is_open = pc.is_in(table["remedy"], value_set=several.combine_chunks())
    return table.set_column(2, "party", pc.if_else(is_open, NOBODY, table["party"]))


def _borne_out(own: pa.Table, other: pa.Table, count: int) -> Flags:
    """Of each proposal, whether the other side bears out most of its acts."""
    keys = ["party", "clause", "act"]
    is_open = np.asarray(pc.equal(own["party"], NOBODY))
    theirs = np.where(is_open, _highest(own, other, keys[1:]), _highest(own, other, keys))
    met = (theirs >= np.asarray(own["rung"])) & np.asarray(own["act"].is_valid())
    remedy = np.asarray(own["remedy"])
    whole = np.bincount(remedy, minlength=count)
    return 2 * np.bincount(remedy, weights=met, minlength=count) > whole


def _highest(own: pa.Table, other: pa.Table, keys: list[str]) -> Ints:
    """Of each own row, the other side's highest rung of the same keys; -1: none."""
    best = other.group_by(keys).aggregate([("rung", "max")])
    at = pc.index_in(_joined(own, keys), value_set=_joined(best, keys))
    rung = np.append(np.asarray(best["rung_max"]).astype(np.int64), -1)
    return rung[np.asarray(pc.fill_null(at, best.num_rows))]


def _joined(table: pa.Table, keys: list[str]) -> pa.Array:
    words = pc.binary_join_element_wise(*(table[key] for key in keys), "\n")
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def _share(fault: Flags) -> Banded:
    return band(int(fault.sum()), fault.size)
