"""Disputed readings: each yields the clause as its holders read it, and each is judged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from truceline.agreement.terms import Clause


def readings(clause: Clause) -> tuple[tuple[str | None, Clause], ...]:
    """The clause by its own text (None), then by each disputed reading with its changes laid over.

    Parameters
    ----------
    clause
        A clause of a loaded agreement.

    Examples
    --------
    >>> from truceline.agreement.load import load
    >>> mortars = load("minsk-2").clauses[3]
    >>> [(name, read.terms["weapons"]["calibre_min_mm"]) for name, read in readings(mortars)]
    [(None, 120), ('letter-of-point-2', 100)]
    """
    own = replace(clause, readings=())
    return (
        (None, own),
        *(
            (
                reading.reading_id,
                replace(
                    own,
                    terms=over(clause.terms, reading.terms),
                    periods=clause.periods if reading.periods is None else reading.periods,
                    exceptions=(
                        clause.exceptions if reading.exceptions is None else reading.exceptions
                    ),
                    begins=clause.begins if reading.begins is None else reading.begins,
                    sources=clause.sources + reading.sources,
                ),
            )
            for reading in clause.readings
        ),
    )


def over(under: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms with others laid over them, level by level; lists and figures are replaced."""
    result = dict(under)
    for key, value in terms.items():
        below = result.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = over(below, value) if both else value  # type: ignore[arg-type]
    return result
