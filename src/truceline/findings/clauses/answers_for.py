"""For whose acts a party answers: in an area, or of a group."""

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Standing, State


def state(asked: Asked, known: Known) -> State:
    """For what the party answers, laid out: that it answers is no evidence that it acted."""
    zone, groups = asked.terms.get("zone"), asked.terms.get("groups") or ()
    whose = f"acts of {', '.join(groups)}" if groups else "acts by anybody"
    where = f" in {zone}" if zone else ""
    said = [f"{asked.party} answers for {whose}{where}"]
    if asked.terms.get("acts"):
        said.append(f"of these types alone: {', '.join(asked.terms['acts'])}")
    if not groups and not zone:
        because = ("the text names neither an area nor a group",)
        return State(standing=Standing.UNKNOWN, because=because)
    said.append("who did an act is weighed apart, and this clause is no evidence of it")
    return State(standing=Standing.LAID_OUT, because=tuple(said))


CLAUSE = ClauseKind(
    name="answers_for",
    summary="A party answers for acts in an area, or of a group, whoever of them did it",
    terms=terms.schema(
        {"zone": terms.NAME, "groups": terms.NAMES, "acts": terms.ACTS}, required=()
    ),
    example={"groups": ["allied militia"], "zone": "security-zone"},
    state=state,
)
