"""Attacks on those who watch."""

from collections.abc import Iterator

import pyarrow.compute as pc

from truceline.cases.proposing import Matter, Opener, Proposal, held_by
from truceline.model.vocabulary import IncidentType


def _propose(matter: Matter) -> Iterator[Proposal]:
    """Also where fusion settled on another type: one account of an attack on monitors is enough."""
    told = matter.observations.filter(
        pc.equal(matter.observations["type"], IncidentType.ATTACK_ON_MONITOR.value)
    )
    home = {name: names for names in held_by(matter).values() for name in names}
    groups = {home.get(name, (name,)) for name in told["observation_id"].to_pylist()}
    for names in groups:
        why = "monitors were attacked, by at least one account"
        yield Proposal(because=OPENER.name, observations=names, cites=(), why=why)


OPENER = Opener(name="attack_on_monitor", summary="Monitors were attacked.", propose=_propose)
