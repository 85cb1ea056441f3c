"""Two independent roots: what one source gives, however much, names nobody."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.attribution.explain import explain
from truceline.attribution.matching import ASSERTED, COUNTS, FIRM, PHYSICAL, Edges, match

WEAPON = {"direction": "outgoing", "weapon": "Tochka-U"}
OUT = {"direction": "outgoing"}
PATROL_ONE = {"source": "patrol one", "root": "patrol one"}


@pytest.fixture
def launch(case):
    """An act on East's ground with a weapon that East alone has, of which nobody told yet."""
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    return case.act(direction="outgoing", lon=20.8)


def uncounted(case):
    return {
        (i["kind"], i["hypothesis"]): i["uncounted"]
        for i in case.attribute()[1].to_pylist()
        if i["uncounted"]
    }


def test_one_patrol_that_saw_the_ground_and_the_weapon_attributes_nothing(case, launch):
    case.saw(launch, **WEAPON)
    assert case.outcome(launch) == "undetermined"


def test_a_second_patrol_that_saw_it_go_out_attributes_it(case, launch):
    case.saw(launch, **WEAPON)
    case.saw(launch, **OUT)
    assert case.outcome(launch) == "attributed"


@pytest.mark.parametrize(
    "same",
    [
        {"source": "patrol one"},
        {"root": "patrol one"},
        {"source": " Patrol  ONE"},
        {"source": "p\u0430trol \u043ene"},
        {"root": "pat\u200brol\u00ad one"},
        {"text": "Launch seen, to the east of the village!"},
    ],
)
def test_a_second_report_of_the_same_source_group_or_text_is_no_second_root(case, launch, same):
    case.saw(launch, **WEAPON, **PATROL_ONE, text="launch seen to the east of the village")
    case.saw(launch, **OUT, **same)
    assert case.outcome(launch) == "undetermined"


@pytest.mark.parametrize("names", [("W\u0435st", "We\u200bst"), ("E\u0430st", "Ea\u00adst")])
def test_a_party_that_hides_its_name_is_no_patrol(case, launch, names):
    case.saw(launch, **WEAPON, source=names[0], root="one")
    case.saw(launch, **OUT, source=names[1], root="two")
    assert case.outcome(launch) == "undetermined"


def test_one_root_shows_no_accident_whatever_the_threshold(case):
    case.thresholds = replace(case.thresholds, probable=0.6)
    act = case.act("mine_or_uxo", "undetermined")
    case.saw(act, type="mine_or_uxo", **PATROL_ONE)
    assert case.answer(act)["low"]["accident"] >= 0.6
    assert case.outcome(act) == "undetermined"
    case.saw(act, type="mine_or_uxo", claimed_actor="accident")
    assert case.outcome(act) == "not_attributable"


def test_any_number_of_press_reports_is_no_second_root(case, launch):
    case.saw(launch, **WEAPON)
    for _ in range(60):
        case.saw(launch, **WEAPON, source_kind="media", claimed_actor="E")
    assert case.outcome(launch) == "undetermined"


def test_who_repeats_two_patrols_does_not_make_them_one(case, launch):
    """Else the accused would be rid of both by an outlet of its own."""
    case.saw(launch, **WEAPON, text="a rocket left the wood")
    case.saw(launch, **OUT, text="smoke and fire above trees")
    for name, text in (("E", "a rocket left the wood"), ("East", "smoke and fire above trees")):
        case.saw(launch, source_kind="media", source="outlet", root="outlet", text=text)
        case.saw(launch, source_kind="party", source=name, root=name, text=text)
    assert case.outcome(launch) == "attributed"


def test_of_two_patrols_that_saw_both_each_counts_once(case, launch):
    for _ in range(2):
        case.saw(launch, **WEAPON)
    assert case.outcome(launch) == "attributed"
    counted = [i for i in case.attribute()[1].to_pylist() if i["uncounted"] is None]
    roots = [(i["root"].split(" + ")[0], i["kind"]) for i in counted if i["nats"] > 0]
    assert len({root for root, _ in roots}) == len({kind for _, kind in roots}) == 2


def test_a_second_patrol_lifts_what_one_alone_shows(case, launch):
    case.saw(launch, **WEAPON)
    one = case.answer(launch)["party:E"]
    case.saw(launch, **OUT)
    assert case.answer(launch)["party:E"] > one


def test_the_list_says_which_item_does_not_count_and_why(case, launch):
    case.saw(launch, **WEAPON, **PATROL_ONE)
    why = uncounted(case)
    assert why["control_of_territory", "party:E"] == "its root already counts by something else"
    said = explain(launch, *case.attribute(), case.agreement())
    assert any(
        s.startswith("Listed, but not counted, because its root already counts") for s in said
    )
    assert said[-1] == "One root alone names nobody: a second, independent one is missing."


def test_what_counts_adds_up_to_the_probabilities(case, launch):
    case.saw(launch, **WEAPON)
    case.saw(launch, **WEAPON, claimed_actor="E")
    case.saw(launch, source="E", source_kind="party", speaker="E", claimed_actor="E")
    shares, items = (table.to_pylist() for table in case.attribute())
    total = dict.fromkeys([row["hypothesis"] for row in shares], 0.0)
    for item in items:
        if item["uncounted"] is None:
            total[item["hypothesis"]] += item["nats"]
    prior = np.array([0.3, 0.3, *([0.08] * 5)])
    joint = prior * np.exp(list(total.values()))
    assert [row["p"] for row in shares] == pytest.approx((joint / joint.sum()).tolist())


def crater(case, act, bearing_deg, **columns):
    place = {"direction": "impact", "lat": 10.5, "lon": 20.52, "error_major_m": 20.0}
    case.saw(act, **{**place, "bearing_deg": bearing_deg, **columns})


def test_a_bearing_and_a_sighting_of_one_patrol_are_one_root(case):
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "W"}
    act = case.act(lon=20.52)
    crater(case, act, 280.0, weapon="Tochka-U", **PATROL_ONE)
    assert case.outcome(act) == "undetermined"
    crater(case, act, 277.0, source="patrol two", root="patrol two")
    assert case.outcome(act) == "attributed"


def test_bearings_that_meet_do_not_count_beside_what_one_of_them_gives_elsewhere(case):
    """One bearing runs along the line and says nothing alone: with the other, all is the other's."""
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "W"}
    act = case.act(lon=20.5)
    crater(case, act, 0.0, lon=20.5, bearing_error_deg=2.0, source="silent", root="silent")
    crater(case, act, 330.0, lat=10.53, lon=20.52, weapon="Tochka-U", **PATROL_ONE)
    assert case.outcome(act) == "undetermined"


def test_an_admission_is_a_root_beside_the_patrol_and_a_printed_one_is_not(case):
    admitted, printed = (
        case.act(direction="outgoing", lon=20.8),
        case.act(direction="outgoing", lon=20.8),
    )
    case.maps("Atlas")
    words = {"speaker": "E", "claimed_actor": "E", "stance": "admits"}
    for act in (admitted, printed):
        case.saw(act, **OUT)
    case.saw(admitted, source="E", source_kind="party", **words)
    for n in range(20):
        case.saw(printed, source=f"outlet {n}", source_kind="media", **words)
    assert case.outcome(admitted) == "attributed"
    assert case.outcome(printed) == "undetermined"


def test_an_admission_that_an_observer_heard_is_a_root_of_the_observers(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    words = {"speaker": "E", "claimed_actor": "E", "stance": "admits", "means": "interview"}
    case.saw(act, **OUT, source="patrol one", root="patrol one")
    case.saw(act, **words, source="patrol one", root="patrol one")
    assert case.outcome(act) == "undetermined"
    case.saw(act, **words, source="patrol two", root="patrol two")
    assert case.outcome(act) in {"probable", "attributed"}


def test_what_a_patrol_was_told_is_no_sight(case, launch):
    case.saw(launch, **OUT)
    case.saw(launch, **WEAPON, means="interview")
    assert case.outcome(launch) == "undetermined"


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_the_matching_is_the_best_there_is(data):
    """Against every way to give each root one of its items and each group one root."""
    count = data.draw(st.integers(1, 7))
    group = np.array(data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    root = np.array(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    value = np.array(data.draw(st.lists(st.floats(0.1, 3.0), min_size=count, max_size=count)))
    state = np.full((count, 1), COUNTS, np.int8)
    rank = np.full(count, PHYSICAL)
    match(Edges(np.array([0, count]), group, root, rank, value[:, None]), state)
    kept = np.flatnonzero(state[:, 0] == COUNTS)
    assert len(set(group[kept])) == len(set(root[kept])) == len(kept)
    best = 0.0
    for chosen in product([False, True], repeat=count):
        rows = np.flatnonzero(chosen)
        if len(set(group[rows])) == len(set(root[rows])) == len(rows):
            best = max(best, value[rows].sum())
    assert value[kept].sum() == pytest.approx(best)


def test_what_was_found_goes_before_what_is_concluded_or_asserted():
    rank, value = np.array([PHYSICAL, FIRM, ASSERTED]), np.array([[0.5], [2.0], [3.0]])
    state = np.full((3, 1), COUNTS, np.int8)
    match(Edges(np.array([0, 3]), np.arange(3), np.zeros(3, np.int64), rank, value), state)
    assert (state[:, 0] == COUNTS).tolist() == [True, False, False]
