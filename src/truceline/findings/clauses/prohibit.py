"""Acts that the agreement forbids, anywhere, in a zone or near one."""

from truceline.findings.contract import Asked, Breach, ClauseKind, Where


def breach(asked: Asked) -> Breach:
    """An act of a forbidden type, in the zone and near what is protected, where these are named."""
    near = asked.terms.get("near")
    zone = asked.terms.get("zone")
    where = [Where(zone=zone)] if zone else []
    missing = []
    if near:
        where.append(Where(zone=near["zone"], to_m=near.get("distance_m")))
        if near.get("distance_m") is None:
            missing.append("the distance from the protected place")
    acts = asked.terms.get("acts")
    return Breach(
        types=None if acts is None else frozenset(acts),
        where=tuple(where),
        missing=tuple(missing),
    )


CLAUSE = ClauseKind(
    name="prohibit",
    summary="Acts of these types are forbidden, anywhere or in a zone",
    terms={
        "type": "object",
        "properties": {
            "acts": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "zone": {"type": ["string", "null"]},
            "near": {
                "type": ["object", "null"],
                "properties": {
                    "zone": {"type": "string"},
                    "distance_m": {"type": ["number", "null"], "minimum": 0},
                },
                "required": ["zone", "distance_m"],
                "additionalProperties": False,
            },
        },
        "required": ["acts"],
        "additionalProperties": False,
    },
    example={"acts": ["mortar", "artillery"], "zone": "security-zone"},
    breach=breach,
)
