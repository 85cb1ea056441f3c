"""Aircraft that may not fly: platforms, in a zone or within a distance of a line."""

from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Where

_UAV = frozenset({"uav_overflight", "uav_attack"})
_CREWED = frozenset({"aircraft_overflight", "air_strike"})
_CLASSES = {"uav": "uav", "fixed_wing": "fixed_wing", "rotary_wing": "rotary_wing"}


def breach(asked: Asked) -> Breach:
    """A flight, or a strike from the air, by one of the platforms.

    An aircraft whose sort nobody named may be one of the platforms or not: then it is insufficient
    evidence. Balloons have no weapon class of their own and are known by their type alone.
    """
    platforms = set(asked.terms.get("platforms") or ["any"])
    acts = terms.types(asked, _UAV | _CREWED) or frozenset()
    is_any = "any" in platforms or platforms >= {"uav", "fixed_wing", "rotary_wing", "balloon"}
    if not is_any:
        fits = _UAV if "uav" in platforms else frozenset()
        fits |= _CREWED if platforms - {"uav"} else frozenset()
        acts &= fits
    classes = sorted(_CLASSES[name] for name in platforms if name in _CLASSES)
    needs_class = not is_any and bool(classes) and "balloon" not in platforms
    return Breach(
        types=acts,
        where=_where(asked),
        weapons={"classes": classes} if needs_class else None,
        missing=() if is_any or "balloon" not in platforms else ("reports do not name balloons",),
    )


def _where(asked: Asked) -> tuple[Where, ...]:
    zone = asked.terms.get("zone")
    if zone is None:
        return ()
    if isinstance(zone, str):
        return (Where(zone=zone),)
    side = zone.get("side")
    if side is not None:
        line = next((x for x in asked.agreement.lines if x.line_id == zone["line"]), None)
        sides = {} if line is None else {line.left: "left", line.right: "right"}
        side = sides.get(side, side)
    return (Where(line=zone["line"], to_m=zone.get("distance_m"), side=side),)


CLAUSE = ClauseKind(
    name="no_fly",
    summary="Platforms do not fly in a zone or near a line",
    terms=terms.schema(
        {
            "platforms": {
                "type": "array",
                "items": {"enum": ["any", "uav", "fixed_wing", "rotary_wing", "balloon"]},
                "minItems": 1,
            },
            "zone": {
                "type": ["string", "object", "null"],
                "properties": {
                    "line": {"type": "string"},
                    "distance_m": dict(terms.DISTANCE),
                    "side": dict(terms.NAME),
                },
                "required": ["line", "distance_m"],
                "additionalProperties": False,
            },
            "acts": terms.ACTS,
        },
        required=("platforms",),
    ),
    example={"platforms": ["uav"], "zone": {"line": "contact-line", "distance_m": 15_000}},
    breach=breach,
)
