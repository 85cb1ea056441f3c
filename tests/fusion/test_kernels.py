"""Short cuts of the kernels: each finds what the long way finds."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from truceline.fusion import fuse as line
from truceline.fusion.block import all_edges, classes, points_of, propose
from truceline.fusion.group import group_nats, members_of
from truceline.fusion.identity import fold, has_repeat, order_by, string_buffers
from truceline.fusion.parameters import DEFAULTS
from truceline.fusion.score import pair_nats
from truceline.fusion.search import search
from truceline.fusion.voices import voices
from truceline.tables.roots import voice_words

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)


def _reports(observe, number, north_deg):
    """Reports about one place on one day, whose intervals are of a second up to six hours."""
    rng = np.random.default_rng(5)
    began = [NOON + timedelta(seconds=float(s)) for s in rng.uniform(0, 20_000, number)]
    lasted = [timedelta(seconds=float(s)) for s in rng.choice([1, 600, 4000, 21_600], number)]
    rows = [
        {
            "lat": 48.0 + north,
            "lon": 37.8,
            "error_m": 1000,
            "began": begin,
            "ended": begin + length,
        }
        for north, begin, length in zip(
            rng.uniform(0, north_deg, number), began, lasted, strict=True
        )
    ]
    _, _, reports, terms = line._prepare(observe(rows), DEFAULTS, None)
    return reports, terms


def _within_gate(reports, i, j):
    one, other = reports.rows[i], reports.rows[j]
    time_var = one["time_var_s2"] + other["time_var_s2"]
    place_var = one["place_sd_m"] ** 2 + other["place_sd_m"] ** 2
    north_m = (one["lat"] - other["lat"]) * one["north_m"]
    square = (one["mid_s"] - other["mid_s"]) ** 2 / time_var + north_m**2 / place_var
    return square <= DEFAULTS.gate_sigmas**2


def test_every_pair_worth_keeping_is_proposed_whatever_the_intervals(observe):
    reports, terms = _reports(observe, 200, 2.0)
    rows, least = np.arange(200), DEFAULTS.edge_nats
    groups = [(group, points_of(reports, group)) for group in classes(reports, rows)]
    found = all_edges(propose(reports, terms, groups, DEFAULTS.gate_sigmas, least))
    wanted = {
        (i, j)
        for i in range(200)
        for j in range(i + 1, 200)
        if _within_gate(reports, i, j) and pair_nats(reports, terms, i, j, least) > least
    }
    assert len(wanted) > 100
    assert set(zip(found.one.tolist(), found.other.tolist(), strict=True)) == wanted


def test_what_a_search_has_weighed_holds_for_its_labels(observe):
    reports, terms = _reports(observe, 20, 0.05)
    members = members_of(reports, terms, np.arange(20))
    constants, labels = terms.constants[0], np.arange(20)
    assert search(reports.parts, constants, members, labels)
    others = np.unique(labels)
    assert others.size > 1
    asked = 0
    for k in range(20):
        wanted = (labels[k], -2, -1, k)
        assert members.rest[k] == group_nats(reports.parts, constants, members, labels, wanted)
        for other in others[others != labels[k]]:
            if members.near[labels == other, k].any():
                wanted = (other, -2, k, -1)
                nats = group_nats(reports.parts, constants, members, labels, wanted)
                assert members.put[k, other] == nats
                asked += 1
    assert asked > 0


@given(
    st.lists(
        st.none()
        | st.text(st.sampled_from("aZ0 -.\u0430\u200b\t"), max_size=6)
        | st.text(max_size=6)
    )
)
def test_a_name_folded_as_it_is_read_is_the_voice_that_the_words_of_the_name_are(names):
    column = pa.array(names, pa.string())
    assert voices(column).tolist() == fold(*string_buffers(voice_words(column))).tolist()


@given(st.lists(st.integers(-(1 << 40), 1 << 40) | st.integers(-3, 3)), st.randoms())
def test_positions_are_in_order_of_keys_then_of_digests(keys, random):
    digests = random.sample(range(len(keys)), len(keys))
    wanted = sorted(range(len(keys)), key=lambda at: (keys[at], digests[at]))
    assert order_by(np.array(keys, np.int64), np.array(digests, np.uint64)).tolist() == wanted


@given(st.lists(st.integers(0, 40)))
def test_a_digest_that_stands_twice_is_found(digests):
    found = has_repeat(np.array([d << 33 for d in digests], np.uint64))
    assert found == (len(set(digests)) < len(digests))
