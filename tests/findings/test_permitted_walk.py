"""The compiled walk over acts finds what looking at every earlier act finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.findings.permitted import _Acts, _guilt, _p_gap_below, _p_near, _spot, _Terms, _walk


def world(seed, count):
    """Acts of seconds to weeks in some days, two parties, two rules and two kinds of breach."""
    draw = np.random.default_rng(seed)
    began_s = draw.uniform(0.0, 5 * 86_400.0, count)
    length_s = np.where(
        draw.random(count) < 0.2, 0.0, 10.0 ** draw.uniform(0.0, np.log10(2e6), count)
    )
    middle_us = ((began_s + length_s / 2) * 1e6).astype(np.int64)
    order = np.lexsort((np.arange(count), middle_us))
    acts = _Acts(
        middle_us, began_s, began_s + length_s,
        48.0 + draw.uniform(0.0, 0.1, count), 37.0 + draw.uniform(0.0, 0.1, count),
        draw.uniform(0.0, 2_000.0, count),
    )  # fmt: skip
    terms = _Terms(
        breach=draw.random((2, count)), relief=np.eye(2, dtype=np.bool_), owner=np.array([0, 1]),
        party=np.array([0, 1]), within_s=np.array([7_200.0, 3_600.0]),
        within_m=np.array([5_000.0, np.inf]), in_force=np.ones((2, count)),
        suits=draw.random((2, count)), author=draw.random((2, 2, count)),
        by_others=draw.random((2, count)), by_all=np.ones(count),
    )  # fmt: skip
    return order, acts, terms


def one_by_one(order, acts, terms):
    answers, told = (np.zeros((2, len(order))) for _ in range(2))
    left = np.zeros((2, len(order)))
    for at, y in enumerate(order):
        for k in range(2):
            for x in order[:at]:
                if acts.middle_us[x] == acts.middle_us[y]:
                    continue
                ends = acts.began_s[x], acts.ended_s[x], acts.began_s[y], acts.ended_s[y]
                soon = _p_gap_below(terms.within_s[k], *ends) - _p_gap_below(0.0, *ends)
                spots = _spot(acts, x), _spot(acts, y)
                fits = _guilt(terms, left[:, x], k, x) * soon * _p_near(*spots, terms.within_m[k])
                real = terms.by_others[terms.party[k], x]
                answers[k, y] = max(answers[k, y], fits * real)
                told[k, y] = max(told[k, y], fits * terms.by_all[x])
        for q in range(2):
            left[q, y] = terms.breach[q, y] * (1.0 - answers[q, y])
    return answers, told


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_no_act_is_missed_that_may_have_ended_in_time(seed, count):
    order, acts, terms = world(seed, count)
    answers, told = (np.zeros((2, count)) for _ in range(2))
    _walk(order, acts, terms, answers, told)
    expected = one_by_one(order, acts, terms)
    assert np.allclose(answers, expected[0], rtol=0, atol=1e-12)
    assert np.allclose(told, expected[1], rtol=0, atol=1e-12)
