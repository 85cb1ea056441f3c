"""Nature of the act: mines and unexploded remnants go off with nobody acting at the time."""

import math

import numpy as np
import pyarrow.compute as pc

from truceline.attribution.contract import (
    ASSERTION_NATS,
    MODERATE_NATS,
    EvidenceKind,
    Items,
    Matter,
    Rests,
    items,
    no_items,
)
from truceline.attribution.testimony import diluted, is_sight, once_a_root, roots_of, witnesses
from truceline.model.vocabulary import Hypothesis, IncidentType

# How often an accident is seen as a mine or a remnant, and how often any other act is. No published
# figures; judgement. Who laid a mine is another question, and another clause.
ACCIDENT_SEEN_SO = 0.8
OTHER_SEEN_SO = 0.02


def weigh(matter: Matter) -> Items:
    """One item for each root that reports a mine or an unexploded remnant in an act of that type."""
    acts = matter.evidence.acts
    is_remnant = np.asarray(
        pc.fill_null(pc.equal(acts["type"], IncidentType.MINE_OR_UXO.value), False)
    )
    if not is_remnant.any():
        return no_items(matter)
    typed = pc.equal(matter.evidence.observations["type"], IncidentType.MINE_OR_UXO.value)
    spoken = once_a_root(matter, witnesses(matter, pc.fill_null(typed, False), is_remnant))
    seen = np.zeros(len(is_remnant), np.bool_)
    seen[spoken.act[is_sight(matter, spoken)]] = True
    spoken = spoken.take(is_sight(matter, spoken) | ~seen[spoken.act])
    sight = is_sight(matter, spoken)
    ratio = math.log(ACCIDENT_SEEN_SO / OTHER_SEEN_SO)
    nats = np.zeros((len(spoken.act), len(matter.hypotheses)))
    nats[:, matter.column(Hypothesis.ACCIDENT)] = np.where(sight, ratio, ASSERTION_NATS)
    return items(
        matter,
        act=spoken.act,
        nats=diluted(nats, spoken.probability),
        group="nature",
        rests=Rests(root=roots_of(matter, spoken)),
        is_physical=sight,
        sentence=sight.astype(np.int64),
        sentences=(
            "a report calls it a mine or an unexploded remnant, which needs nobody to act at the time",
            "observers found a mine or an unexploded remnant, which needs nobody to act at the time",
        ),
    )


EVIDENCE = EvidenceKind(
    name="nature_of_act",
    summary="What it was: a mine or an unexploded remnant goes off without an author at the time",
    family="nature",
    cap_nats=MODERATE_NATS,
    cap_source="moderate support (ENFSI 2015): a mine may have been laid during the truce",
    limitation="Does not say who laid the mine or when.",
    weigh=weigh,
)
