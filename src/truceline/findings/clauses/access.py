"""Rights of monitors: to go, to see, to pass; keeping them out is an act in itself."""

from truceline.findings import terms
from truceline.findings.contract import (
    Asked,
    Breach,
    ClauseKind,
    Known,
    Standing,
    State,
    Where,
)
from truceline.model.vocabulary import AccessStatus

_OBSTRUCTED = ("delayed", "conditioned", "denied", "obstructed")
"""What somebody did. Where it was unsafe, or nobody tried, nobody kept the monitors out."""


def breach(asked: Asked) -> Breach:
    """Monitors denied, delayed, obstructed or let in on conditions, as the clause lists them."""
    zone = asked.terms.get("zone")
    return Breach(
        types=terms.types(asked, frozenset({"monitor_access_denied"})),
        where=(Where(zone=zone),) if zone else (),
        obstructions=frozenset(asked.terms.get("statuses") or _OBSTRUCTED),
    )


def state(asked: Asked, known: Known) -> State:
    """Whether the text lets anything be inferred from being kept out; the software never infers."""
    may = asked.terms.get("adverse_inference")
    said = "lets an adverse inference be drawn" if may else "grants no adverse inference"
    because = (
        f"from monitors kept out the text {said}",
        "what lay behind is not computed: an obstruction is judged as an act, and as nothing more",
    )
    return State(standing=Standing.LAID_OUT, because=because)


CLAUSE = ClauseKind(
    name="access",
    summary="Monitors may go and see; keeping them out is an act in itself",
    terms=terms.schema(
        {
            "statuses": {
                "type": ["array", "null"],
                "items": {"enum": [status.value for status in AccessStatus if status != "granted"]},
            },
            "acts": terms.ACTS,
            "zone": terms.NAME,
            "adverse_inference": {"type": ["boolean", "null"]},
        },
        required=(),
    ),
    example={"statuses": ["denied", "delayed", "obstructed"], "adverse_inference": False},
    breach=breach,
    state=state,
)
