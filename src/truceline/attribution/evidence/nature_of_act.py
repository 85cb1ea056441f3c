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
    items,
    no_items,
)
from truceline.attribution.testimony import is_sight, witnesses
from truceline.model.vocabulary import Hypothesis, IncidentType

# How often an accident is seen as a mine or a remnant, and how often any other act is. No published
# figures; judgement. Who laid a mine is another question, and another clause.
ACCIDENT_SEEN_SO = 0.8
OTHER_SEEN_SO = 0.02


def weigh(matter: Matter) -> Items:
    """One item for each act whose type is a mine or an unexploded remnant."""
    acts = matter.evidence.acts
    is_remnant = np.asarray(
        pc.fill_null(pc.equal(acts["type"], IncidentType.MINE_OR_UXO.value), False)
    )
    if not is_remnant.any():
        return no_items(matter)
    typed = pc.equal(matter.evidence.observations["type"], IncidentType.MINE_OR_UXO.value)
    spoken = witnesses(matter, pc.fill_null(typed, False), is_remnant)
    seen = np.zeros(len(is_remnant), np.bool_)
    seen[spoken.act[is_sight(spoken.said)]] = True
    rows = np.flatnonzero(is_remnant)
    ratio = math.log(ACCIDENT_SEEN_SO / OTHER_SEEN_SO)
    nats = np.zeros((len(rows), len(matter.hypotheses)))
    nats[:, matter.column(Hypothesis.ACCIDENT)] = np.where(seen[rows], ratio, ASSERTION_NATS)
    return items(
        matter,
        act=rows,
        nats=nats,
        group="nature",
        is_physical=seen[rows],
        sentence=seen[rows].astype(np.int64),
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
