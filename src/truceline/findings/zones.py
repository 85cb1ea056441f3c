"""How much of each place lies in each zone of an agreement."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Where
from truceline.findings.ground import Ground, ground_of, surfaces
from truceline.findings.placed import Components, Places
from truceline.findings.where import locate

Floats = npt.NDArray[np.float64]
Shares = Mapping[str, Floats]  # by zone id, `(subjects,)`; without coordinates a zone is not there


def conditions(agreement: Agreement, ground: Ground) -> dict[str, Where]:
    """Being in each zone, as a condition that can be measured; in the order of zone ids."""
    found = {}
    for zone in sorted(agreement.zones, key=lambda zone: zone.zone_id):
        resolved, _ = ground.resolve(Where(zone=zone.zone_id), f"zone {zone.zone_id}")
        if resolved is not None:
            found[zone.zone_id] = resolved
    return found


def as_sets(wheres: Mapping[str, Where]) -> list[Places]:
    """Each condition alone, each once."""
    return sorted({frozenset({where}) for where in wheres.values()}, key=repr)


def shares(agreement: Agreement, places: Components) -> Shares:
    """How surely each subject lies in each zone."""
    ground = ground_of(agreement)
    wheres = conditions(agreement, ground)
    located = locate(places, surfaces(ground, wheres.values()), as_sets(wheres)).probability
    return {zone_id: located[frozenset({where})] for zone_id, where in wheres.items()}
