"""What a word of the text means."""

from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Standing, State


def state(asked: Asked, known: Known) -> State:
    """The word and its meaning; unknown where the text uses it and does not say."""
    word, means = asked.terms["term"], asked.terms.get("means")
    if means is None:
        because = (f"the text uses “{word}” and does not say what it means",)
        return State(standing=Standing.UNKNOWN, because=because)
    said = [f"“{word}” means {means}"]
    if asked.terms.get("acts"):
        said.append(f"it covers {', '.join(asked.terms['acts'])}")
    return State(standing=Standing.LAID_OUT, because=tuple(said))


CLAUSE = ClauseKind(
    name="definition",
    summary="What a word of the text means, or that the text does not say",
    terms=terms.schema(
        {"term": {"type": "string"}, "means": terms.NAME, "acts": terms.ACTS},
        required=("term", "means"),
    ),
    example={"term": "offensive", "means": "an attempt to change positions"},
    state=state,
)
