"""Positions that must be held: no advance beyond one's own line."""

from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Where
from truceline.findings.ground import EDGE_M

_MOVES = frozenset({"position_advance", "force_movement"})


def breach(asked: Asked) -> Breach:
    """A movement beyond the line, on the other party's side of it, by more than the tolerance."""
    line_id = terms.own_line(asked)
    line = next((each for each in asked.agreement.lines if each.line_id == line_id), None)
    tolerance_m = float(asked.terms.get("tolerance_m") or 0.0)
    if line is None:
        missing: tuple[str, ...] = (f"no line for {asked.party}",)
        return Breach(types=terms.types(asked, _MOVES), at_weapon=True, missing=missing)
    forward = {line.left: "right", line.right: "left"}.get(asked.party)
    is_sided = forward is not None and line.left != line.right
    # A place exactly at the tolerance has not gone beyond it: the near edge of the band is moved.
    where = Where(
        line=line.line_id, from_m=tolerance_m + 2 * EDGE_M, to_m=float("inf"), side=forward
    )
    return Breach(
        types=terms.types(asked, _MOVES),
        where=(where,),
        at_weapon=True,
        missing=() if is_sided else (f"line {line.line_id} does not say whose side is which",),
    )


CLAUSE = ClauseKind(
    name="hold",
    summary="Forces do not move beyond their own line",
    terms=terms.schema(
        {"lines": terms.LINES, "tolerance_m": terms.DISTANCE, "acts": terms.ACTS},
        required=("lines",),
    ),
    example={"lines": {"north": "contact-line", "south": "contact-line"}, "tolerance_m": 500},
    breach=breach,
)
