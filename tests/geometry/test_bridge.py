"""Whether something silent went into an area: against what is known exactly, and the same for both sides."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.geometry.bridge import entry_probability
from truceline.geometry.trails import in_order, leaps, silences, visits

FAR_M = 1e7
HALF_PLANE = np.array(
    [
        [-FAR_M, 0.0, FAR_M, 0.0],
        [FAR_M, 0.0, FAR_M, FAR_M],
        [FAR_M, FAR_M, -FAR_M, FAR_M],
        [-FAR_M, FAR_M, -FAR_M, 0.0],
    ]
)


def entered(start, end, silent_s, edges=HALF_PLANE, wander=100.0, speed_m_s=1e6):
    one = (np.array([each], np.float64) for each in (start, end, silent_s))
    return float(entry_probability(*one, edges, wander, speed_m_s)[0])


@pytest.mark.parametrize("ratio", [0.3, 0.7, 1.0, 1.5, 2.5])
@pytest.mark.parametrize("share", [0.2, 1.0, 3.0])
def test_crossing_a_straight_line_has_the_chance_of_a_brownian_bridge(ratio, share):
    silent_s, wander = 3600.0, 100.0
    product = ratio * wander**2 * silent_s / 2
    one, two = math.sqrt(product * share), math.sqrt(product / share)
    exact = math.exp(-2 * one * two / (wander**2 * silent_s))
    assert entered((0.0, -one), (0.0, -two), silent_s) == pytest.approx(exact, abs=0.03)


def test_nothing_enters_what_it_could_not_reach_and_leave_in_time():
    below = (0.0, -5_000.0)
    assert entered(below, below, 999.0, speed_m_s=10.0) == 0.0
    assert entered(below, below, 1001.0, speed_m_s=10.0) > 0.0


def test_a_straight_way_through_an_area_enters_it():
    box = np.array(
        [
            [-100.0, -2e4, 100.0, -2e4],
            [100.0, -2e4, 100.0, 2e4],
            [100.0, 2e4, -100.0, 2e4],
            [-100.0, 2e4, -100.0, -2e4],
        ]
    )
    assert entered((-9e3, 0.0), (9e3, 0.0), 600.0, box, wander=1.0) == pytest.approx(1.0)


@given(place=st.tuples(*[st.floats(-9e3, 9e3)] * 2), other=st.tuples(*[st.floats(-9e3, 9e3)] * 2))
def test_what_is_mirrored_enters_with_the_same_chance(place, other):
    edges = HALF_PLANE + np.array([0.0, 9_500.0, 0.0, 9_500.0])
    mirrored = edges * np.array([-1.0, -1.0, -1.0, -1.0])
    here = entered(place, other, 1800.0, edges)
    there = entered((-place[0], -place[1]), (-other[0], -other[1]), 1800.0, mirrored)
    assert here == pytest.approx(there, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=12), st.randoms())
def test_fixes_come_out_the_same_in_whatever_order_they_came(cells, chance):
    shuffled = list(cells)
    chance.shuffle(shuffled)
    made = []
    for each in (cells, shuffled):
        track, at = (np.array([cell[n] for cell in each], np.int64) for n in (0, 1))
        rows = in_order(track, at, np.zeros(len(each)), np.zeros(len(each)))
        made.append([(int(track[row]), int(at[row])) for row in rows])
    assert made[0] == made[1] == sorted(set(cells))


def test_a_leap_is_no_visit_and_no_silence():
    track = np.zeros(4, np.int64)
    at_us = np.array([0, 10, 3000, 3010], np.int64) * 1_000_000
    lat = np.array([48.0, 48.0, 58.0, 58.0])
    is_leap = leaps(track, at_us, lat, np.full(4, 37.0), np.full(4, 50.0), 100.0)
    assert is_leap.tolist() == [False, False, True, False]
    assert silences(track, at_us, is_leap, 600.0).tolist() == []
    found = visits(track, np.ones(4, np.bool_), is_leap)
    assert [rows.tolist() for rows in found] == [[0, 2], [1, 3]]
