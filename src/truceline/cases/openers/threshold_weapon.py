"""Weapons whose use is never routine."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from truceline.cases.proposing import Matter, Opener, Proposal, held_by
from truceline.model.vocabulary import IncidentType

THRESHOLD_TYPES = (IncidentType.MISSILE, IncidentType.AIR_STRIKE, IncidentType.MLRS)
"""Assumed, and the same for every party; no agreement read so far lists any."""


def _propose(matter: Matter) -> Iterator[Proposal]:
    types = pa.array([each.value for each in THRESHOLD_TYPES], pa.string())
    acts = matter.acts.filter(pc.is_in(matter.acts["type"], value_set=types))
    held = held_by(matter)
    kinds: dict[str, set[str]] = {}
    for row in acts.select(["incident_id", "type"]).to_pylist():
        kinds.setdefault(row["incident_id"], set()).add(row["type"])
    for incident, words in kinds.items():
        yield Proposal(
            because=OPENER.name,
            observations=held.get(incident, ()),
            cites=(),
            why=f"an act of type {', '.join(sorted(words))}",
        )


OPENER = Opener(
    name="threshold_weapon",
    summary="A missile, an air strike or a rocket launcher was used.",
    propose=_propose,
)
