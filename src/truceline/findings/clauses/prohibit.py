"""Acts that the agreement forbids, anywhere, in a zone or near one."""

from truceline.findings import terms
from truceline.findings.contract import Asked, Breach, ClauseKind, Where


def breach(asked: Asked) -> Breach:
    """An act of a forbidden type, in the zone and near what is protected, where these are named."""
    near = asked.terms.get("near")
    zone = asked.terms.get("zone")
    where = [Where(zone=zone)] if zone else []
    if near:
        where.append(Where(zone=near["zone"], to_m=near.get("distance_m")))
    return Breach(types=terms.types(asked, None), where=tuple(where))


CLAUSE = ClauseKind(
    name="prohibit",
    summary="Acts of these types are forbidden, anywhere, in a zone or near one",
    terms=terms.schema(
        {
            "acts": terms.ACTS,
            "zone": terms.NAME,
            "near": {
                "type": ["object", "null"],
                "properties": {"zone": {"type": "string"}, "distance_m": dict(terms.DISTANCE)},
                "required": ["zone", "distance_m"],
                "additionalProperties": False,
            },
        },
        required=("acts",),
    ),
    example={"acts": ["mortar", "artillery"], "zone": "security-zone"},
    breach=breach,
)
