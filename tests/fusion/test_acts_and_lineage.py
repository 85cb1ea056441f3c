"""Acts within incidents, identifiers, and what becomes of incidents on another run."""

import hashlib
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from truceline.fusion.block import Edges
from truceline.fusion.decisions import Decisions
from truceline.fusion.identity import group_digests, hex_ids, string_buffers
from truceline.fusion.lineage import lineage
from truceline.fusion.parameters import DEFAULTS, FusionParameters
from truceline.fusion.partition import components
from truceline.model.errors import SettingsError
from truceline.tables.schemas import MEMBERS, from_columns

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)
ONE = {"lat": 48.0, "lon": 37.8, "error_m": 1500}


def test_an_incident_identifier_is_the_digest_of_its_members(observe, fused):
    rows = observe(
        [{**ONE, "observation_id": "b"}, {**ONE, "observation_id": "a", "source_kind": "camera"}]
    )
    expected = "i-" + hashlib.sha256(b"a\nb").hexdigest()[:16]
    assert fused(rows).incidents["incident_id"].to_pylist() == [expected]


@pytest.mark.parametrize("length", [1, 54, 55, 56, 63, 64, 65, 119, 120, 200])
def test_the_digest_kernel_is_sha_256_at_every_padding(length):
    words = pa.array(["x" * length])
    got = hex_ids(group_digests(*string_buffers(words), np.array([0, 1]), np.array([0])), "")
    assert got.to_pylist() == [hashlib.sha256(b"x" * length).hexdigest()[:16]]


def test_a_drone_and_the_fire_at_it_are_two_acts_of_one_incident(observe, fused):
    rows = observe(
        [
            {**ONE, "type": "uav_overflight"},
            {**ONE, "type": "small_arms_fire", "source_kind": "camera"},
            {**ONE, "type": "small_arms_fire", "source_kind": "acoustic"},
        ]
    )
    one = Decisions(linked=(("o00000", "o00001"), ("o00001", "o00002")))
    fusion = fused(rows, decisions=one)
    incident = fusion.incidents.to_pylist()
    assert [row["observations"] for row in incident] == [3]
    acts = fusion.acts.to_pylist()
    assert {row["type"] for row in acts} == {"uav_overflight", "small_arms_fire"}
    assert acts[0]["type"] == incident[0]["type"]
    assert [row["act_id"][-2:] for row in acts] == ["-1", "-2"]


def test_an_incident_of_one_family_has_one_act_named_after_it(campaign, fused):
    table, _, _, _ = campaign(21, incidents=40)
    fusion = fused(table)
    assert fusion.acts.num_rows == fusion.incidents.num_rows
    for act, incident in zip(fusion.acts.to_pylist(), fusion.incidents.to_pylist(), strict=True):
        assert act["act_id"] == incident["incident_id"].replace("i-", "a-", 1) + "-1"
        assert act["type"] == incident["type"]


def test_repeated_reports_of_one_act_never_add_up(observe, fused):
    shots = {**ONE, "type": "artillery", "count_unit": "explosion"}
    rows = observe(
        [
            {**shots, "count_low": 3, "count_best": 4, "count_high": 6},
            {**shots, "count_low": 5, "count_best": 5, "count_high": 9, "source_kind": "camera"},
        ]
    )
    act = fused(rows).acts.to_pylist()[0]
    assert (act["count_low"], act["count_high"]) == (5, 9)
    assert 5 <= act["count_best"] <= 9
    assert act["count_unit"] == "explosion"


def test_an_unknown_count_stays_unknown(observe, fused):
    act = fused(observe([ONE])).acts.to_pylist()[0]
    assert [act[f"count_{name}"] for name in ("low", "best", "high")] == [None, None, None]
    assert act["type"] is None


def test_directions_in_conflict_are_undetermined(observe, fused):
    rows = observe(
        [
            {**ONE, "direction": "outgoing"},
            {**ONE, "direction": "incoming", "source_kind": "camera"},
        ]
    )
    one = Decisions(linked=(("o00000", "o00001"),))
    fusion = fused(rows, decisions=one)
    assert fusion.incidents["direction"].to_pylist() == ["undetermined"]
    assert fusion.acts["direction"].to_pylist() == ["undetermined"]
    same = [
        {**ONE, "direction": "incoming"},
        {**ONE, "direction": "incoming", "source_kind": "camera"},
    ]
    assert fused(observe(same)).incidents["direction"].to_pylist() == ["incoming"]


def _members(**homes):
    columns = {
        "observation_id": list(homes),
        "incident_id": list(homes.values()),
        "probability": 1.0,
    }
    return from_columns(MEMBERS, columns, len(homes))


def test_lineage_tells_kept_merged_split_gone_and_new():
    before = _members(a="i-1", b="i-2", c="i-3", d="i-3", e="i-4", f="i-5")
    after = _members(a="i-1", b="i-6", e="i-6", c="i-7", d="i-8", g="i-9")
    told = {
        (row["before"], row["after"]): row["relation"] for row in lineage(before, after).to_pylist()
    }
    assert told == {
        ("i-1", "i-1"): "kept",
        ("i-2", "i-6"): "merged",
        ("i-4", "i-6"): "merged",
        ("i-3", "i-7"): "split",
        ("i-3", "i-8"): "split",
        ("i-5", None): "gone",
        (None, "i-9"): "new",
    }


def test_lineage_follows_the_likeliest_incident_and_breaks_ties_by_identifier():
    def shares(*rows):
        names = ("observation_id", "incident_id", "probability")
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        return from_columns(MEMBERS, columns, len(rows))

    before = shares(("a", "i-2", 0.4), ("a", "i-1", 0.4), ("b", "i-2", 0.1), ("b", "i-3", 0.8))
    after = shares(("b", "i-3", 0.9), ("b", "i-1", 0.1), ("a", "i-4", 0.6))
    told = [tuple(row.values()) for row in lineage(before, after).to_pylist()]
    assert told == [
        ("i-1", "i-4", "kept"),
        ("i-3", "i-3", "kept"),
        ("i-2", None, "gone"),
        (None, "i-1", "new"),
    ]


def test_lineage_of_nothing_is_nothing():
    assert lineage(MEMBERS.empty_table(), MEMBERS.empty_table()).num_rows == 0
    only = _members(a="i-1")
    assert lineage(MEMBERS.empty_table(), only)["relation"].to_pylist() == ["new"]
    assert lineage(only, MEMBERS.empty_table())["relation"].to_pylist() == ["gone"]


def test_pairs_are_cut_weakest_first():
    edges = Edges(
        np.array([0, 1, 2], np.int32), np.array([1, 2, 3], np.int32), np.array([3.0, 1.0, 2.0])
    )
    found = components(4, edges, 2)
    assert found.cut.one.tolist() == [1]
    assert sorted(map(sorted, np.split(found.rows, found.start[1:-1]))) == [[0, 1], [2, 3]]


def test_parameters_that_make_no_sense_are_refused():
    with pytest.raises(SettingsError, match="lack source kinds"):
        FusionParameters(kinds={})
    assert all(0 < kind.false_share < 1 for kind in DEFAULTS.kinds.values())


def test_the_earliest_receipt_is_when_an_incident_was_known(observe, fused):
    rows = [
        {**ONE, "known_at": NOON + timedelta(hours=5)},
        {**ONE, "known_at": NOON + timedelta(hours=2), "source_kind": "camera"},
    ]
    assert fused(observe(rows)).incidents["known_at"].to_pylist() == [NOON + timedelta(hours=2)]
