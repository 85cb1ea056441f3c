"""Which texts repeat which is found among texts alike, as it would be among all pairs."""

from dataclasses import replace

import numpy as np
import pytest

from truceline.pipeline import oracle
from truceline.pipeline.oracle_trial import lived
from truceline.simulation import scenario as scenarios
from truceline.simulation.oracle import copies
from truceline.simulation.oracle.effort import Effort

DAYS_S = 3 * 86_400.0


@pytest.fixture(scope="module", params=["copycat-news", "easter-truce"])
def told(request):
    """Evidence of a world in whose texts copies are translated and merged, or recycled."""
    scenario = scenarios.load(request.param)
    scenario = replace(scenario, to_s=scenario.from_s + DAYS_S)
    found = {}

    def stop(evidence, log_alone):
        found["of"] = evidence, log_alone
        raise RuntimeError("enough: nothing need be sampled")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oracle, "roots", stop)
        _, said = lived(scenario, seed=3, scale=0.2)
        with pytest.raises(RuntimeError, match="enough"):
            oracle.posterior_of(scenario, said, seed=3, scale=0.2, effort=Effort())
    return found["of"]


def test_no_copy_is_missed_among_texts_alike(told, monkeypatch):
    found = copies.roots(*told)
    assert np.count_nonzero(found != np.arange(len(found))) > 20

    def everything(evidence, rows, _):
        by_report = np.lexsort((rows, evidence.told.reported_s[rows]))
        return rows[by_report], np.zeros(len(rows), np.int64)

    monkeypatch.setattr(copies, "_alike", everything)
    assert copies.roots(*told).tolist() == found.tolist()


def test_how_many_pairs_are_weighed_together_changes_nothing(told, monkeypatch):
    found = copies.roots(*told)
    monkeypatch.setattr(copies, "_AT_ONCE", 7)
    assert copies.roots(*told).tolist() == found.tolist()
