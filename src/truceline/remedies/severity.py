"""How grave: from what kind of act it was and whom it hurt, by one table for every party.

`threshold` (large-scale, deliberate, sustained) is never reached here: it needs intent, and
intent is for people to find.
"""

from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import IncidentType, Severity
from truceline.remedies.contract import SEVERITIES

Integers = npt.NDArray[np.int64]

HEAVY = frozenset(
    {
        IncidentType.MORTAR,
        IncidentType.ARTILLERY,
        IncidentType.MLRS,
        IncidentType.TANK_FIRE,
        IncidentType.MISSILE,
        IncidentType.AIR_STRIKE,
        IncidentType.UAV_ATTACK,
    }
)
"""Fire of weapons that withdrawal clauses concern."""

FIRE = HEAVY | {
    IncidentType.SMALL_ARMS_FIRE,
    IncidentType.SNIPER_FIRE,
    IncidentType.EXPLOSION_UNIDENTIFIED,
}
"""Shots and what may have been one."""

MOVED = frozenset(
    {
        IncidentType.WEAPON_IN_VIOLATION_OF_LINE,
        IncidentType.CAP_EXCEEDED,
        IncidentType.FORCE_MOVEMENT,
        IncidentType.POSITION_ADVANCE,
        IncidentType.TROOP_OR_WEAPON_BUILDUP,
    }
)
"""Forces or weapons where they may not be."""

LASTING = MOVED | {
    IncidentType.FORTIFICATION,
    IncidentType.MINE_OR_UXO,
    IncidentType.MONITOR_ACCESS_DENIED,
    IncidentType.HUMANITARIAN_ACCESS_OBSTRUCTION,
    IncidentType.SENSOR_INTERFERENCE,
}
"""What stands until somebody undoes it."""

# No agreement read so far grades its breaches. The grades are this project's: fire that can kill
# many is serious, harm to people or to those who monitor is serious, a death is grave.
BY_TYPE = MappingProxyType(
    {
        **dict.fromkeys(IncidentType, Severity.TECHNICAL),
        **dict.fromkeys(FIRE, Severity.MINOR),
        **dict.fromkeys(HEAVY, Severity.SERIOUS),
        IncidentType.MINE_OR_UXO: Severity.MINOR,
        IncidentType.POSITION_ADVANCE: Severity.MINOR,
        IncidentType.MONITOR_ACCESS_DENIED: Severity.MINOR,
        IncidentType.SENSOR_INTERFERENCE: Severity.MINOR,
        IncidentType.EXERCISE_LIVE_FIRE: Severity.MINOR,
        IncidentType.HUMANITARIAN_ACCESS_OBSTRUCTION: Severity.SERIOUS,
        IncidentType.PRISONER_OR_DETAINEE: Severity.SERIOUS,
        IncidentType.INFRASTRUCTURE_ATTACK: Severity.SERIOUS,
        IncidentType.ATTACK_ON_MONITOR: Severity.SERIOUS,
        IncidentType.CIVILIAN_HARM: Severity.SERIOUS,
    }
)

DEATHS = ("deaths", "killed", "dead", "fatalities")
INJURIES = ("injured", "wounded", "injuries", "casualties")


def severities(acts: pa.Table) -> Integers:
    """Place in `SEVERITIES` of each act; `(n,)`. A type that nobody stated is technical.

    Parameters
    ----------
    acts
        Rows of ACTS; a count in a unit of deaths or injuries raises the grade.

    Examples
    --------
    >>> from truceline.tables.schemas import ACTS, from_columns
    >>> row = {"act_id": ["a"], "incident_id": ["i"], "type": ["mortar"], "direction": ["impact"]}
    >>> [SEVERITIES[n].value for n in severities(from_columns(ACTS, row, 1))]
    ['serious']
    """
    words = pa.array([each.value for each in BY_TYPE])
    grades = np.array([SEVERITIES.index(grade) for grade in BY_TYPE.values()] + [0])
    code = pc.fill_null(pc.index_in(acts["type"], value_set=words), -1)
    grade = grades[np.asarray(code)].astype(np.int64)
    some = pc.fill_null(pc.greater(pc.coalesce(acts["count_best"], acts["count_low"]), 0), False)
    unit = pc.utf8_lower(pc.fill_null(acts["count_unit"], ""))
    for words_of, least in ((INJURIES, Severity.SERIOUS), (DEATHS, Severity.GRAVE)):
        hurt = np.asarray(pc.and_(some, pc.is_in(unit, value_set=pa.array(words_of))))
        grade[hurt] = np.maximum(grade[hurt], SEVERITIES.index(least))
    return grade
