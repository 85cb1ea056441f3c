"""An omission in plain words: what was due, what shows that it was done, and what would turn it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from truceline.agreement.terms import Agreement, Clause
from truceline.findings.explain_waiting import told_at

_DONE = {
    "yes": "It was done in time.",
    "part": "It may have been done in time: the place or the weapons are not sure.",
    "no": "Nothing in the record shows that it was done in time.",
}
_SAID = {
    "violation": "So the duty was not kept.",
    "compliant": "So the duty was kept.",
    "ambiguous_clause": "So the readings of the clause give different answers.",
    "insufficient_evidence": "So the evidence does not settle whether the duty was kept.",
    "inconsistent_with_declaration": "So it did not do what it declared that it would.",
}

_SETTLED = ("violation", "compliant", "inconsistent_with_declaration")


def trace_of(
    row: Mapping[str, Any], agreement: Agreement, clause: Clause, code: Mapping[str, str]
) -> tuple[str, ...]:
    """Sentences that led to a finding on an omission."""
    site = f" at {code['site']}" if "site" in code else ""
    by = f" by {code['by']}" if "by" in code else ""
    said = [f"It was due{by}{site} by {told_at(code['due'], agreement)}.", _DONE[code["done"]]]
    if "denied" in code:
        said.append("The body came and was turned away.")
    if "blind" in code and row["verdict"] not in _SETTLED:
        said.append(
            "For a part of that time nobody could look: a blind period is nobody's omission."
        )
    if "silent" in code and row["verdict"] not in _SETTLED:
        said.append("The record does not speak of that time.")
    if "gap" in code and (clause.missing or "perhaps" not in code):
        gap = (clause.missing or "a figure or a body").rstrip(".")
        said.append(f"The text leaves a gap: {gap}.")
    said.append(_SAID[row["verdict"]])
    said.append(f"The decision threshold is {row['threshold']:g}; a finding is proposed.")
    return tuple(said)


def flips_of(
    row: Mapping[str, Any], agreement: Agreement, code: Mapping[str, str]
) -> tuple[str, ...]:
    """Sentences on what would turn a finding on an omission."""
    due, margin_s = told_at(code["due"], agreement), row["margin_s"]
    said = []
    if margin_s is not None and margin_s > 0:
        late = timedelta(minutes=round(margin_s / 60))
        said.append(
            f"It was done later, by {_length(late)}; done by {due} it would have been in time."
        )
    elif code["done"] == "no":
        said.append(f"It would turn if it were shown to have been done by {due}.")
    elif margin_s is not None:
        early = timedelta(minutes=round(-margin_s / 60))
        said.append(f"It would turn if it had been done {_length(early)} later, or not at all.")
    if ("blind" in code or "silent" in code) and row["verdict"] not in _SETTLED:
        said.append("It could be judged if somebody recorded what that time lacks.")
    return tuple(said)


def _length(span: timedelta) -> str:
    """Days and hours, or minutes where it is less than an hour.

    Examples
    --------
    >>> _length(timedelta(days=2, hours=3)), _length(timedelta(minutes=5))
    ('2 days 3 hours', '5 minutes')
    """
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (0 if days or hours else minutes, "minute")]
    return " ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n) or "no time"
