"""Release and snapback: who would be free of what, if what; laid out, never concluded."""

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Standing, State


def state(asked: Asked, known: Known) -> State:
    """The condition and its consequence, in the words of the text, with what stands against haste.

    Whether a breach frees anybody is for people to decide: one disputed incident ends no truce here.
    """
    who = " and ".join(asked.terms.get("frees") or ()) or "whom, the text does not say,"
    clauses = ", ".join(asked.terms.get("clauses") or ()) or "the whole"
    said = [f"if {asked.terms['condition']}, {who} would be free of {clauses}"]
    if asked.terms.get("decided_by"):
        said.append(f"that the condition is met is for {asked.terms['decided_by']} to decide")
    else:
        said.append("the text does not say who decides that the condition is met")
    if asked.terms.get("notice_h") is not None:
        said.append(f"{asked.terms['notice_h']:g} hours of notice come before")
    return State(standing=Standing.LAID_OUT, because=tuple(said))


CLAUSE = ClauseKind(
    name="release",
    summary="Who would be free of which clauses, and on what condition; laid out, never concluded",
    terms=terms.schema(
        {
            "condition": {"type": "string"},
            "frees": terms.NAMES,
            "clauses": terms.NAMES,
            "decided_by": terms.NAME,
            "notice_h": terms.DISTANCE,
        },
        required=("condition",),
    ),
    example={"condition": "the other party breaks the moratorium", "frees": ["north", "south"]},
    state=state,
)
