"""Every kind of evidence keeps the contract, whoever wrote it."""

from dataclasses import replace

import numpy as np
import pytest

from truceline.attribution.conformance import check, sample_matter
from truceline.attribution.contract import EvidenceKind, Items, Matter, items
from truceline.pipeline import plugins

KINDS = plugins.load("evidence")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_kind_of_evidence_keeps_the_contract(kind):
    assert check(kind) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_the_sample_truce_gives_every_kind_something_to_find(kind):
    """Otherwise the suite would check nothing."""
    assert len(kind.weigh(sample_matter()).act)


def test_a_kind_that_favours_a_party_by_name_is_caught():
    def weigh(matter: Matter) -> Items:
        rows = np.arange(matter.evidence.acts.num_rows)
        nats = np.zeros((len(rows), len(matter.hypotheses)))
        nats[:, matter.column("party:A")] = 1.0
        return items(
            matter, act=rows, nats=nats, group="x", is_physical=False, sentences=("it was A",)
        )

    biased = replace(next(iter(KINDS.values())), name="biased", weigh=weigh)
    assert any("by its name" in fault for fault in check(biased))


def test_a_cap_beyond_the_verbal_scale_is_caught():
    kind: EvidenceKind = replace(next(iter(KINDS.values())), cap_nats=50.0)
    assert any("cap of" in fault for fault in check(kind))


def test_a_percentage_in_a_sentence_is_caught():
    def weigh(matter: Matter) -> Items:
        nats = np.zeros((min(1, matter.evidence.acts.num_rows), len(matter.hypotheses)))
        return items(
            matter,
            act=np.arange(len(nats)),
            nats=nats,
            group="x",
            is_physical=False,
            sentences=("87 % responsible",),
        )

    blunt = replace(next(iter(KINDS.values())), weigh=weigh)
    assert any("not fit for release" in fault for fault in check(blunt))
