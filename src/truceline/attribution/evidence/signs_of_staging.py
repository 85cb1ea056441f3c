"""Signs of staging that an observer found: traces planted, or placed to point at somebody."""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.attribution.contract import (
    MODERATE_NATS,
    EvidenceKind,
    Items,
    Matter,
    Rests,
    items,
    no_items,
)
from truceline.attribution.testimony import diluted, roots_of, witnesses
from truceline.model.vocabulary import Hypothesis, Stance

# How often observers find such signs where it was staged, and where it was not. No published
# figures; judgement.
FOUND_WHERE_STAGED = 0.5
FOUND_ELSEWHERE = 0.005


def weigh(matter: Matter) -> Items:
    """One item for each observer who asserts that the act was staged."""
    observations = matter.evidence.observations
    named = pc.utf8_lower(pc.utf8_trim_whitespace(observations["claimed_actor"]))
    stated = pc.and_(
        pc.equal(named, Hypothesis.STAGED.value),
        pc.is_in(observations["stance"], value_set=pa.array([Stance.ASSERTS.value])),
    )
    stated = pc.fill_null(stated, False)
    if not pc.any(stated).as_py():
        return no_items(matter)
    wanted = np.asarray(stated) & matter.is_sight
    spoken = witnesses(matter, wanted)
    nats = np.zeros((len(spoken.act), len(matter.hypotheses)))
    nats[:, matter.column(Hypothesis.STAGED)] = math.log(FOUND_WHERE_STAGED / FOUND_ELSEWHERE)
    return items(
        matter,
        act=spoken.act,
        nats=diluted(nats, spoken.probability),
        group="staging",
        rests=Rests(root=roots_of(matter, spoken)),
        is_physical=True,
        sentences=("observers found signs that the traces were placed",),
    )


EVIDENCE = EvidenceKind(
    name="signs_of_staging",
    summary="An observer found signs that the traces were planted",
    family="staging",
    cap_nats=MODERATE_NATS,
    cap_source="moderate support (ENFSI 2015): signs can be misread, and can be made as well",
    limitation="Does not say who staged it; what a party says about staging is a claim.",
    weigh=weigh,
)
