"""Joint inspection: officers of both sides and monitors go and look together."""

from truceline.model.vocabulary import IncidentType
from truceline.remedies.contract import BOTH, Certainty, Measure, Occasion

LEAVES_NOTHING = frozenset(
    {
        IncidentType.UAV_OVERFLIGHT,
        IncidentType.AIRCRAFT_OVERFLIGHT,
        IncidentType.SENSOR_INTERFERENCE,
        IncidentType.CYBER,
        IncidentType.HOSTILE_PROPAGANDA,
    }
)
"""Types after which there is nothing to see at the place."""


def misfit(occasion: Occasion) -> str:
    """There must be a place where something is left to see."""
    if occasion.subject == "omission" and not occasion.types:
        return "what was owed is paper: there is no place to go to"
    if occasion.types and occasion.types <= LEAVES_NOTHING:
        return "it leaves nothing on the ground to inspect"
    return ""


MEASURE = Measure(
    name="joint_inspection",
    summary="Both sides and monitors go and look together",
    asks="that officers of both sides and monitors go to the place together and sign one record",
    needs=Certainty.OPEN,
    is_coercive=False,
    addressees=(BOTH,),
    limitation="Shows what is left to see; both sides must let it in.",
    misfit=misfit,
)
