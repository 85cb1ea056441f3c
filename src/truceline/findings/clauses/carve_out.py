"""Groups and operations that the agreement leaves outside."""

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Relief, Standing, State


def relief(asked: Asked) -> Relief | None:
    """Operations of these types: outside, where the text says nothing on against whom.

    No evidence records at whom an act was aimed. An operation that is left outside only against a
    group therefore leaves open what it might be, and takes nothing out.
    """
    given = asked.terms
    if not given.get("acts"):
        return None
    when = {"types": list(given["acts"])} | ({"zone": given["zone"]} if given.get("zone") else {})
    against = tuple(f"it was aimed at {group}" for group in given.get("groups") or ())
    return terms.relief(asked, when, against)


def state(asked: Asked, known: Known) -> State:
    """Who and what is outside, laid out."""
    groups, acts = asked.terms.get("groups") or (), asked.terms.get("acts") or ()
    said = []
    if groups:
        said.append(f"outside the agreement are {', '.join(groups)}")
    if acts:
        against = " against them" if groups else ""
        said.append(f"outside it are operations{against}: {', '.join(acts)}")
    if asked.terms.get("listed_by"):
        said.append(f"who falls under it is listed by {asked.terms['listed_by']}")
    if not said:
        because = ("the text leaves something outside and does not say what",)
        return State(standing=Standing.UNKNOWN, because=because)
    return State(standing=Standing.LAID_OUT, because=tuple(said))


CLAUSE = ClauseKind(
    name="carve_out",
    summary="Groups and operations that the agreement leaves outside",
    terms=terms.schema(
        {
            "groups": terms.NAMES,
            "acts": terms.ACTS,
            "zone": terms.NAME,
            "clauses": terms.NAMES,
            "listed_by": terms.NAME,
        },
        required=(),
    ),
    example={"groups": ["listed group"], "acts": ["air_strike"], "listed_by": "the guarantors"},
    relief=relief,
    state=state,
)
