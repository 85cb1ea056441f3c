"""What every clause kind and counting rule must keep to, ours or anybody's.

Each check returns faults in words; none means that the plug-in conforms.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from truceline.agreement.terms import Agreement, Clause
from truceline.findings.contract import (
    Answer,
    Asked,
    Breach,
    ClauseKind,
    Counted,
    CountingRule,
    Duty,
    Known,
    Relief,
    State,
    Stock,
)
from truceline.findings.event import mask
from truceline.model.errors import InputError
from truceline.tables import schemas


def check_clause(kind: ClauseKind, agreement: Agreement, clause: Clause) -> list[str]:
    """Faults of a clause kind.

    Parameters
    ----------
    agreement, clause
        Any agreement with two parties, and any clause of it; the kind's example replaces its terms.
    """
    faults = _named(kind.name, kind.summary)
    state = None if kind.state is None else partial(_on_a_date, kind.state)
    functions: dict[str, tuple[Callable[[Asked], Any] | None, type]] = {
        "breach": (kind.breach, Breach),
        "stock": (kind.stock, Stock),
        "duty": (kind.duty, Duty),
        "answer": (kind.answer, Answer),
        "relief": (kind.relief, Relief),
        "state": (state, State),
        "opens": (None if kind.opens is None else partial(_on_a_date, kind.opens), tuple),
    }
    if all(function is None for function, _ in functions.values()):
        faults.append(f"has none of {', '.join(functions)}; give at least one")
    faults += _schema_faults(kind)
    own = replace(clause, kind=kind.name, terms=MappingProxyType(dict(kind.example)))
    for party in agreement.party_ids():
        asked = Asked(clause=own, terms=own.terms, party=party, agreement=agreement)
        for name, (function, wanted) in functions.items():
            if function is not None:
                faults += _answer_faults(name, function, wanted, asked)
    return faults


def check_counting(rule: CountingRule) -> list[str]:
    """Faults of a counting rule."""
    faults = _named(rule.name, rule.summary)
    counted = _sample()
    amount = rule.amount(counted)
    if amount.dtype != np.int64 or amount.shape != (counted.acts.num_rows,):
        faults.append(f"amount gives {amount.dtype} {amount.shape}, not int64 of one an act")
        return faults
    if np.any(amount < 0):
        faults.append("an act counts less than nothing")
    if not np.array_equal(amount, rule.amount(counted)):
        faults.append("the same acts give different amounts")
    empty = Counted(
        acts=counted.acts.slice(0, 0), incident=counted.incident[:0], type=counted.type[:0]
    )
    if len(rule.amount(empty)):
        faults.append("no acts give an amount")
    unknown = counted.type == "mortar"
    if np.any(amount[unknown] > 0) and np.any(amount[unknown & (counted.incident == 0)] < 1):
        faults.append("an act of unknown number counts as none: unknown is not zero")
    return faults


def _named(name: str, summary: str) -> list[str]:
    faults = []
    if not name.isidentifier() or name != name.lower():
        faults.append(f"name {name!r} is not one lower-case word")
    if not summary or summary.endswith("."):
        faults.append("summary is empty or ends with a full stop")
    return faults


def _schema_faults(kind: ClauseKind) -> list[str]:
    schema = dict(kind.terms)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as exc:
        return [f"terms are not a JSON Schema: {exc.message}"]
    faults = [
        f"the example breaks the schema: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(dict(kind.example))
    ]
    surprise: Mapping[str, Any] = dict(kind.example) | {"no_such_term": 1}
    if Draft202012Validator(schema).is_valid(surprise):
        faults.append("the schema lets unknown terms through; set additionalProperties to false")
    return faults


def _answer_faults(
    name: str, function: Callable[[Asked], Any], wanted: type, asked: Asked
) -> list[str]:
    result = function(asked)
    if result is None:
        return []
    if not isinstance(result, wanted):
        return [f"{name} gives a {type(result).__name__}, not a {wanted.__name__} or None"]
    faults = []
    if result != function(asked):
        faults.append(f"{name} gives two answers to one question")
    if isinstance(result, State) and not result.because:
        faults.append("state gives no sentence on why; say what it rests on")
    if isinstance(result, Stock) and result.also and result.maximum is not None:
        faults.append("stock has both a maximum and further stocks; make clauses of them")
    for each in (result, *getattr(result, "also", ())):
        try:
            mask(getattr(each, "types", None))
        except InputError as exc:
            faults.append(f"{name}: {exc}")
    return faults


def _on_a_date(state: Callable[[Asked, Known], Any], asked: Asked) -> Any:
    """What is told on any date, with nothing counted and nobody watching."""
    return state(asked, Known(at=datetime(2026, 1, 1, tzinfo=UTC)))


def _sample() -> Counted:
    kinds = ["mortar", "small_arms_fire", "monitor_access_denied", None, "mortar"]
    acts = schemas.from_columns(
        schemas.ACTS,
        {
            "act_id": [f"a-{n}-1" for n in range(len(kinds))],
            "incident_id": [f"i-{n}" for n in range(len(kinds))],
            "type": kinds,
            "direction": "undetermined",
            "count_best": pa.array([None, 12, None, None, 3], pa.int32()),
            "count_unit": [None, "shots", None, None, "explosions"],
        },
        len(kinds),
    )
    return Counted(
        acts=acts,
        incident=np.arange(len(kinds)),
        type=np.array([kind or "" for kind in kinds], dtype=np.str_),
    )
