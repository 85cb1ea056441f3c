"""Who did it, an act a row, in words: which evidence supports one author over the next."""

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Responsibility
from truceline.reports.coarsen import speakable
from truceline.reports.columns import OUTCOMES
from truceline.reports.contract import Dossier
from truceline.tables import schemas

DECIDED = frozenset({Responsibility.ATTRIBUTED.value, Responsibility.PROBABLE.value})
WITHHELD = "withheld"
"""In place of an outcome that turns on where in its cell the act lay."""

_LEAST_NATS = 1e-6


def outcomes(dossier: Dossier, act_ids: pa.ChunkedArray, sealed: dict[str, int]) -> pa.Table:
    """Outcome of each act, in the order given.

    Parameters
    ----------
    act_ids
        Acts to tell of.
    sealed
        Withheld observations behind an act, by act id.
    """
    chosen = act_ids.combine_chunks()
    shares = _by_act(dossier.attributions, chosen)
    items = _by_act(dossier.evidence, chosen)
    anew = dossier.attributions_without_sealed
    again = {} if anew is None else _by_act(anew, chosen)
    told = [
        _row(act, shares[act], items.get(act, []), again.get(act), sealed.get(act, 0))
        for act in chosen.to_pylist()
        if act in shares
    ]
    columns = {name: [row[name] for row in told] for name in OUTCOMES.names}
    return schemas.from_columns(OUTCOMES, columns, len(told))


def _by_act(table: pa.Table, chosen: pa.Array) -> dict[str, list[dict[str, Any]]]:
    kept = table.filter(pc.is_in(table["act_id"], value_set=chosen))
    if "uncounted" in kept.column_names:
        kept = kept.filter(pc.is_null(kept["uncounted"]))  # listed by explain, but of no weight
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in kept.to_pylist():
        found[row["act_id"]].append(row)
    return found


def _row(
    act: str,
    shares: list[dict[str, Any]],
    items: list[dict[str, Any]],
    again: list[dict[str, Any]] | None,
    sealed: int,
) -> dict[str, Any]:
    ranked = sorted(shares, key=lambda row: (-row["p"], row["hypothesis"]))
    leading, outcome = ranked[0], ranked[0]["outcome"]
    second = ranked[1] if len(ranked) > 1 else leading
    named = outcome in DECIDED  # where nothing is decided, a release names nobody as likelier
    return {
        "act_id": act,
        "outcome": outcome,
        "leading": leading["hypothesis"] if named else "",
        "runner_up": second["hypothesis"] if named else "",
        "because": _because(items, leading["hypothesis"], second["hypothesis"]) if named else "",
        "why_open": "" if outcome in DECIDED else _why_open(items, outcome),
        "p_low": leading["p_low"],
        "p_high": leading["p_high"],
        "depends_on_sealed": _depends(outcome, leading["hypothesis"], again, sealed),
    }


def _because(items: list[dict[str, Any]], leading: str, second: str) -> str:
    """Sentences of the evidence that favours the leading author over the next, strongest first."""
    gain: dict[tuple[str, str], float] = defaultdict(float)
    for item in items:
        sign = {leading: 1.0, second: -1.0}.get(item["hypothesis"], 0.0)
        gain[item["kind"], item["summary"]] += sign * item["nats"]
    kept = sorted((-nats, *key) for key, nats in gain.items() if nats > _LEAST_NATS)
    told = [speakable(summary) or f"evidence of the kind {kind}" for _, kind, summary in kept]
    return "; ".join(dict.fromkeys(told))


def _why_open(items: list[dict[str, Any]], outcome: str) -> str:
    if outcome == WITHHELD:
        return "near_edge"
    if outcome not in {Responsibility.UNDETERMINED.value, Responsibility.UNKNOWN.value}:
        return "answered"
    if not items:
        return "no_evidence"
    return "claims_only" if {item["kind"] for item in items} <= {"claims"} else "not_clear"


def _depends(outcome: str, leading: str, again: list[dict[str, Any]] | None, sealed: int) -> str:
    if not sealed:
        return "no"
    if again is None or outcome == WITHHELD:
        return "perhaps"
    ranked = sorted(again, key=lambda row: (-row["p"], row["hypothesis"]))
    same = ranked[0]["outcome"] == outcome and (
        outcome not in DECIDED or ranked[0]["hypothesis"] == leading
    )
    return "no" if same else "yes"


def tally(column: pa.ChunkedArray) -> dict[str, int]:
    """How many of each word, in the order of words."""
    counted = pc.value_counts(column.combine_chunks()).to_pylist()
    return dict(sorted((row["values"], row["counts"]) for row in counted))
