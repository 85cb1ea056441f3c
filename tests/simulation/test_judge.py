"""The judge answers hand-made cases, and exchanging the sides exchanges its answers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Nature
from truceline.simulation.judge import VERDICTS, Judge
from truceline.simulation.mission.terms import USUAL
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import Counter, in_order, joined, make
from truceline.simulation.world.ground import mirrored, plain

SQUARE = np.array(
    [[-1_000.0, -1_000.0], [1_000.0, -1_000.0], [1_000.0, 1_000.0], [-1_000.0, 1_000.0]]
)
GROUND = replace(
    plain(),
    zones_m={
        **plain().zones_m,
        "disengagement-1": SQUARE,
        "sound": SQUARE + np.array([40_000.0, 0.0]),
    },
)
COUNTER = Counter()


def deed(kind, *, at_s=0.0, x_m=0.0, y_m=-2_000.0, author=Author.A, weapon=None, **more):
    """One act of side A in the north, which takes effect in the south unless the case says else."""
    return make(
        COUNTER,
        began_s=np.array([at_s]),
        x_m=x_m,
        y_m=y_m,
        type=arms.type_index(IncidentType(kind)),
        weapon=-1 if weapon is None else arms.WEAPONS.index(weapon),
        author=int(author),
        **more,
    )


def verdicts(*deeds, ground=GROUND, together=True, **changed):
    """By clause and party the verdict on the last of some deeds."""
    judge = Judge(ground=ground, figures={**USUAL, **changed})
    if together:
        judged = judge.judge(in_order(joined(list(deeds))))
    else:
        judged = [judge.judge(one) for one in deeds][-1]
    last = judged.take(judged.deed == deeds[-1].deed[0])
    return {
        (judge.clauses[c], "AB"[p]): VERDICTS[v]
        for c, p, v in zip(last.clause, last.party, last.verdict, strict=True)
    }


SHELL = {"weapon": "howitzer 152 mm"}
CASES = {
    "mortar fire in the truce area": ([deed("mortar")], "ceasefire", "A", "violation"),
    "the same, were it the other": ([deed("mortar")], "ceasefire", "B", "violation"),
    "the same, beyond the truce area": ([deed("mortar", y_m=-31_000.0)], "ceasefire", "A", "compliant"),
    "at 29.9 km it is within": ([deed("mortar", y_m=-29_900.0)], "ceasefire", "A", "violation"),
    "an exercise announced in time": (
        [deed("exercise_live_fire", y_m=20_000.0, nature=int(Nature.EXERCISE), is_notified=True)],
        "ceasefire", "A", "exempt",
    ),
    "its notice is not the other side's": (
        [deed("exercise_live_fire", y_m=20_000.0, nature=int(Nature.EXERCISE), is_notified=True)],
        "ceasefire", "B", "violation",
    ),
    "an exercise that nobody announced": (
        [deed("exercise_live_fire", y_m=20_000.0, nature=int(Nature.EXERCISE))],
        "ceasefire", "A", "violation",
    ),
    "an answer within the hours and kilometres": (
        [deed("mortar"), deed("mortar", at_s=3_600.0, y_m=2_000.0, author=Author.B)],
        "ceasefire", "B", "permitted_response",
    ),
    "the one who began cannot call it an answer": (
        [deed("mortar"), deed("mortar", at_s=3_600.0, y_m=2_000.0, author=Author.B)],
        "ceasefire", "A", "violation",
    ),
    "an answer too late": (
        [deed("mortar"), deed("mortar", at_s=7_201.0, y_m=2_000.0, author=Author.B)],
        "ceasefire", "B", "violation",
    ),
    "an answer too far": (
        [deed("mortar"), deed("mortar", at_s=60.0, x_m=14_600.0, y_m=2_000.0, author=Author.B)],
        "ceasefire", "B", "violation",
    ),
    "an answer to a permitted answer": (
        [
            deed("mortar"),
            deed("mortar", at_s=600.0, y_m=2_000.0, author=Author.B),
            deed("mortar", at_s=1_200.0, author=Author.A),
        ],
        "ceasefire", "A", "violation",
    ),
    "an answer to its own fire": (
        [deed("mortar"), deed("mortar", at_s=600.0)], "ceasefire", "A", "violation",
    ),
    "of two at one instant neither answers": (
        [deed("mortar"), deed("mortar", y_m=2_000.0, author=Author.B)],
        "ceasefire", "B", "violation",
    ),
    "fire of smugglers lets nobody answer": (
        [deed("small_arms_fire", author=Author.NON_PARTY), deed("mortar", at_s=60.0, author=Author.B)],
        "ceasefire", "B", "violation",
    ),
    "a mine is no fire": ([deed("mine_or_uxo", author=Author.ACCIDENT)], "ceasefire", "A", None),
    "a howitzer at 14.9 km": (
        [deed("artillery", origin_x_m=0.0, origin_y_m=14_900.0, **SHELL)],
        "howitzers-back", "A", "violation",
    ),
    "a howitzer at 15 km has been withdrawn": (
        [deed("artillery", origin_x_m=0.0, origin_y_m=15_000.0, **SHELL)],
        "howitzers-back", "A", "compliant",
    ),
    "a mortar is no howitzer": (
        [deed("mortar", origin_x_m=0.0, origin_y_m=900.0, weapon="mortar 120 mm")],
        "howitzers-back", "A", None,
    ),
    "a drone 9.9 km off the line": ([deed("uav_overflight", y_m=-9_900.0)], "no-flights", "A", "violation"),
    "a drone 10.1 km off": ([deed("uav_overflight", y_m=-10_100.0)], "no-flights", "A", "compliant"),
    "an advance of 300 m beyond the line": (
        [deed("position_advance", y_m=-300.0)], "hold-positions", "A", "violation",
    ),
    "on one's own ground it is none": (
        [deed("position_advance", y_m=-300.0)], "hold-positions", "B", "compliant",
    ),
    "within the tolerance": ([deed("position_advance", y_m=-200.0)], "hold-positions", "A", "compliant"),
    "troops in an area that was left": (
        [deed("force_movement", y_m=500.0)], "disengagement-1", "A", "violation",
    ),
    "a vessel in the sound": (
        [deed("maritime", x_m=40_000.0, y_m=0.0)], "sound-empty", "A", "violation",
    ),
    "a vessel that passes outside": (
        [deed("maritime", x_m=42_000.0, y_m=0.0)], "sound-empty", "A", "compliant",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hand_made_case_has_the_verdict_that_a_reader_of_the_text_gives(name):
    deeds, clause, party, expected = CASES[name]
    assert verdicts(*deeds).get((clause, party)) == expected


def test_what_is_remembered_over_spans_is_what_would_be_known_in_one():
    deeds = CASES["an answer within the hours and kilometres"][0]
    assert verdicts(*deeds, together=False) == verdicts(*deeds)


def test_nature_is_not_judged():
    assert (
        verdicts(
            deed("explosion_unidentified", author=Author.NATURE, nature=int(Nature.QUARRY_BLAST))
        )
        == {}
    )


def test_what_is_joint_is_both_sides_deed():
    one = deed("mortar", author=Author.JOINT)
    judged = Judge(ground=GROUND, figures=USUAL).judge(one)
    assert judged.is_author.all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_exchanging_the_sides_exchanges_the_verdicts(seed):
    rng = np.random.default_rng(seed)
    count = 30
    author = rng.integers(0, 4, count)
    deeds = make(
        Counter(),
        began_s=np.sort(rng.uniform(0.0, 20_000.0, count)),
        x_m=rng.uniform(-20_000.0, 20_000.0, count),
        y_m=rng.uniform(-32_000.0, 32_000.0, count),
        origin_x_m=rng.uniform(-20_000.0, 20_000.0, count),
        origin_y_m=rng.uniform(-20_000.0, 20_000.0, count),
        type=rng.choice(np.arange(20), count),
        weapon=rng.integers(-1, len(arms.ARMS), count),
        author=author,
        is_notified=rng.random(count) < 0.5,
    )
    other = replace(deeds, author=np.where(author < 2, 1 - author, author))
    judged = Judge(ground=GROUND, figures=USUAL).judge(deeds)
    swapped = Judge(ground=mirrored(GROUND), figures=USUAL).judge(other)
    swapped = replace(swapped, party=1 - swapped.party)
    swapped = swapped.take(np.lexsort((swapped.clause, swapped.party, swapped.deed)))
    for name in ("deed", "party", "clause", "verdict", "is_author"):
        assert np.array_equal(getattr(judged, name), getattr(swapped, name)), name
