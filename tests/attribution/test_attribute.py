"""Who did it: `undetermined` unless independent kinds of evidence, one of them physical, say more."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.agreement.terms import Thresholds
from truceline.attribution.attribute import attribute
from truceline.attribution.combine import combine, pool
from truceline.attribution.conformance import sample_matter
from truceline.attribution.contract import OTHERS, Rests, items
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("evidence")


def crater(case, act, bearing_deg, **columns):
    case.saw(
        act,
        **{
            "direction": "impact", "lat": 10.5, "lon": 20.52, "error_major_m": 20.0,
            "error_minor_m": 20.0, "bearing_deg": bearing_deg, **columns,
        },
    )  # fmt: skip


def test_an_act_without_evidence_is_undetermined_at_the_prior(case):
    answer = case.answer(case.act())
    assert answer["outcome"] == "undetermined"
    assert answer["party:W"] == pytest.approx(0.3)
    assert (answer["low"]["party:W"], answer["high"]["party:W"]) == pytest.approx((0.2, 0.4))


def test_incoming_alone_never_attributes(case):
    act = case.act(direction="incoming")
    case.maps("Atlas")
    case.maps("Survey")
    for _ in range(10):
        case.saw(act, direction="incoming", lat=10.5, lon=20.9, error_major_m=10.0)
    assert case.outcome(act) == "undetermined"
    assert case.attribute()[1].num_rows == 0


def test_two_bearings_over_two_maps_and_an_admission_attribute(case):
    act = case.act(lon=20.52)
    case.maps("Atlas")
    case.maps("Survey")
    crater(case, act, 280.0)
    crater(case, act, 276.0, lat=10.502)
    case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    answer = case.answer(act)
    assert answer["outcome"] == "attributed"
    assert answer["low"]["party:W"] >= 0.95


def test_the_same_bearings_without_a_second_kind_of_evidence_do_not(case):
    act = case.act(lon=20.52)
    case.maps("Atlas")
    case.maps("Survey")
    crater(case, act, 280.0)
    crater(case, act, 276.0, lat=10.502)
    assert case.outcome(act) == "undetermined"


def test_one_kind_of_evidence_names_nobody_whatever_the_threshold(case):
    case.thresholds = replace(case.thresholds, attribution=0.6, probable=0.5)
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.saw(act, direction="outgoing")
    answer = case.answer(act)
    assert answer["low"]["party:E"] >= 0.6
    assert answer["outcome"] == "undetermined"


def test_one_kind_of_evidence_names_nobody_however_many_roots_give_it(case):
    act = case.act()
    case.saw(act)

    def weigh(matter):
        nats = np.zeros((3, len(matter.hypotheses)))
        nats[:, 0] = 2.0
        words = pa.array(["one", "two", "three"])
        rests = Rests(root=words)
        return items(
            matter, act=[0] * 3, nats=nats, group=words, rests=rests, is_physical=True,
            sentences=("x",),
        )  # fmt: skip

    kinds = {"made_up": replace(KINDS["sole_weapon"], name="made_up", weigh=weigh, cap_nats=6.5)}
    shares = attribute(case.agreement(), case.evidence(), kinds)[0].to_pylist()
    assert shares[0]["p_low"] >= 0.95
    assert {row["outcome"] for row in shares} == {"undetermined"}


def test_a_weapon_of_one_side_fired_from_its_ground_attributes_where_two_patrols_say_so(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["special"] = {"weapons": {"names": ["Tochka-U"]}, "sole_holder": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    assert case.answer(act)["outcome"] == "attributed"


def test_the_same_weapon_seen_by_the_press_does_not(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["special"] = {"weapons": {"names": ["Tochka-U"]}, "sole_holder": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U", source_kind="media")
    assert case.outcome(act) == "undetermined"


def test_sealed_material_is_an_assertion_and_never_sufficient(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U", marking="sealed")
    case.saw(act, source="E", source_kind="party", speaker="E", claimed_actor="E")
    assert case.outcome(act) == "undetermined"


def test_an_admission_alone_names_nobody(case):
    act = case.act()
    for _ in range(5):
        case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    assert case.outcome(act) == "undetermined"


def test_any_number_of_claims_names_nobody(case):
    act = case.act()
    for _ in range(60):
        case.saw(act, source_kind="media", claimed_actor="W")
        case.saw(act, source_kind="patrol", claimed_actor="W")
    answer = case.answer(act)
    assert answer["outcome"] == "undetermined"
    assert answer["party:W"] < 0.6


def test_copies_of_one_root_count_once(case):
    once, often = case.act(), case.act()
    case.saw(once, source_kind="media", claimed_actor="W", root="one")
    for _ in range(20):
        case.saw(often, source_kind="media", claimed_actor="W", root="one")
    assert case.answer(often)["party:W"] == pytest.approx(case.answer(once)["party:W"])


def test_all_that_one_party_says_is_one_voice(case):
    once, often = case.act(), case.act()
    case.saw(once, source_kind="party", source="E", speaker="E", claimed_actor="W")
    for _ in range(20):
        case.saw(often, source_kind="media", speaker="E", claimed_actor="W")
    assert case.answer(often)["party:W"] == pytest.approx(case.answer(once)["party:W"])


def test_mutual_accusations_are_contested_and_cancel(case):
    act = case.act()
    case.saw(act, source_kind="party", source="E", speaker="E", claimed_actor="W")
    case.saw(act, source_kind="party", source="W", speaker="W", claimed_actor="E")
    answer = case.answer(act)
    assert answer["outcome"] == "contested"
    assert answer["party:W"] == pytest.approx(answer["party:E"])


def test_a_channel_of_some_party_weighs_no_more_than_a_named_rival(case):
    named, unnamed = case.act(), case.act()
    case.saw(named, source="E", source_kind="party", speaker="E", claimed_actor="W")
    case.saw(unnamed, source="a ministry", source_kind="party", claimed_actor="W")
    assert case.answer(unnamed)["party:W"] == pytest.approx(case.answer(named)["party:W"])


def test_clearing_the_rival_weighs_more_than_denying_ones_own_part(case):
    denied, cleared = case.act(), case.act()
    case.saw(
        denied, source="W", source_kind="party", speaker="W", claimed_actor="W", stance="denies"
    )
    case.saw(
        cleared, source="E", source_kind="party", speaker="E", claimed_actor="W", stance="denies"
    )
    prior = 0.3
    assert case.answer(cleared)["party:W"] < case.answer(denied)["party:W"] < prior


def test_a_rivals_quotation_of_an_admission_is_hardly_more_than_an_accusation(case):
    quoted, own = case.act(), case.act()
    case.saw(
        quoted, source="E", source_kind="party", speaker="W", claimed_actor="W", stance="admits"
    )
    case.saw(own, source="W", source_kind="party", speaker="W", claimed_actor="W", stance="admits")
    assert case.answer(quoted)["party:W"] < 0.45 < case.answer(own)["party:W"]


def test_maps_that_contradict_each_other_cancel(case):
    act = case.act(direction="outgoing", lon=20.6)
    case.saw(act, direction="outgoing")
    case.maps("Atlas", edge=20.5)
    case.maps("Survey", edge=20.7)
    answer = case.answer(act)
    assert answer["outcome"] in {"contested", "undetermined"}
    assert answer["party:W"] == pytest.approx(answer["party:E"])


def test_a_second_map_that_agrees_adds_nothing(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    one = case.answer(act)["party:W"]
    case.maps("Survey")
    assert case.answer(act)["party:W"] == pytest.approx(one)


def test_a_map_of_another_day_says_nothing(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    for row in case.controls:
        row["ended"] = row["began"] + timedelta(hours=1)
    case.maps("Atlas")
    for row in case.controls:
        row["ended"] = row["began"] + timedelta(hours=1)
    assert case.attribute()[1].num_rows == 0


def test_a_map_that_ends_within_the_act_says_nothing(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    last = case.incidents[0]["ended"] - timedelta(seconds=1)
    for row in case.controls:
        row["ended"] = last
    assert case.attribute()[1].num_rows == 0


def test_a_partys_own_map_weighs_less(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    others = case.answer(act)["party:E"]
    case.controls.clear()
    case.maps("W")
    assert 0.3 < case.answer(act)["party:E"] < others


def test_control_of_where_it_landed_says_nothing(case):
    act = case.act(direction="impact", lon=20.2)
    case.saw(act, direction="impact", lat=10.5, lon=20.2)
    case.maps("Atlas")
    assert case.attribute()[1].num_rows == 0


def test_control_below_an_overflight_says_nothing(case):
    act = case.act("uav_overflight", "outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    assert case.attribute()[1].num_rows == 0


def test_outgoing_here_and_incoming_there_is_no_place_of_the_author(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    case.saw(act, direction="incoming")
    case.maps("Atlas")
    assert case.attribute()[1].num_rows == 0


def test_a_word_about_where_it_landed_does_not_undo_what_an_observer_saw_going_out(case):
    plain = case.act(direction="outgoing", lon=20.2)
    talked = case.act(direction="undetermined", lon=20.2)
    case.maps("Atlas")
    for act in (plain, talked):
        case.saw(act, direction="outgoing")
    case.saw(talked, direction="incoming", source_kind="party", source="W")
    assert case.answer(talked)["party:W"] == pytest.approx(case.answer(plain)["party:W"])


def test_outgoing_fire_that_only_the_press_reports_is_no_physical_evidence(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.maps("Atlas")
    case.saw(act, direction="outgoing", source_kind="media")
    case.saw(act, direction="undetermined")
    case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    assert case.outcome(act) == "undetermined"


def test_ground_that_no_map_gives_to_anybody_says_nothing(case):
    act = case.act(direction="outgoing", lon=20.2, lat=11.5)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    assert case.attribute()[1].num_rows == 0


def test_contested_ground_says_nothing(case):
    act = case.act(direction="outgoing", lon=20.2)
    case.saw(act, direction="outgoing")
    case.maps("Atlas", controller=None)
    assert case.attribute()[1].num_rows == 0


def test_a_place_by_the_edge_is_listed_and_moves_nothing(case):
    act = case.act(direction="outgoing", lon=20.5, error_m=2000.0)
    case.saw(act, direction="outgoing")
    case.maps("Atlas")
    items = case.attribute()[1].to_pylist()
    assert [(i["hypothesis"], i["nats"]) for i in items] == [("unknown", 0.0)]
    assert "does not tell" in items[0]["summary"]


def test_a_bearing_along_the_line_abstains(case):
    act = case.act(lon=20.5)
    case.maps("Atlas")
    crater(case, act, 0.0, lon=20.5)
    items = case.attribute()[1].to_pylist()
    assert [(i["hypothesis"], i["nats"]) for i in items] == [("unknown", 0.0)]
    assert case.outcome(act) == "undetermined"


def test_bearings_that_do_not_meet_say_nothing(case):
    act = case.act(lon=20.5)
    case.maps("Atlas")
    crater(case, act, 270.0, lon=20.5)
    crater(case, act, 90.0, lon=20.501)
    items = case.attribute()[1].to_pylist()
    assert {i["nats"] for i in items} == {0.0}
    assert "do not meet" in items[0]["summary"]


def test_two_bearings_of_one_root_are_one(case):
    one, two = case.act(lon=20.52), case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, one, 300.0, root="patrol one")
    crater(case, two, 300.0, root="patrol two")
    crater(case, two, 340.0, root="patrol two", bearing_error_deg=20.0)
    assert case.answer(one)["party:W"] == pytest.approx(case.answer(two)["party:W"])


def test_two_bearings_meet_where_one_alone_leaves_the_range_open(case):
    """The second crater's bearing cuts off the near part of the first one's line."""
    one, two = case.act(lon=20.53), case.act(lon=20.53)
    case.maps("Atlas")
    for act in (one, two):
        crater(case, act, 270.0, lon=20.53, range_m=8_000.0)
    crater(case, two, 239.0, lat=10.54, lon=20.53, range_m=12_000.0)
    assert case.answer(two)["party:W"] > case.answer(one)["party:W"] + 0.02


def test_a_bearing_without_any_range_is_no_evidence(case):
    act = case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, act, 280.0, range_m=None)
    assert case.attribute()[1].num_rows == 0


def test_the_weapons_range_stands_in_for_a_range_not_stated(case):
    act = case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, act, 280.0, range_m=None, weapon="mortar 120 mm")
    assert case.answer(act)["party:W"] > 0.4


def test_a_bearing_that_a_party_supplies_is_an_assertion(case):
    act = case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, act, 280.0, source_kind="party", source="E")
    case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    assert case.outcome(act) == "undetermined"
    assert case.answer(act)["party:W"] < 0.95


def test_a_mine_that_two_observers_see_and_one_calls_an_accident_is_not_attributable(case):
    act = case.act("mine_or_uxo", "undetermined")
    case.saw(act, type="mine_or_uxo", claimed_actor="accident")
    assert case.outcome(act) == "undetermined"
    case.saw(act, type="mine_or_uxo")
    assert case.outcome(act) == "not_attributable"


def test_signs_of_staging_hold_back_what_would_attribute(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    assert case.outcome(act) == "attributed"
    case.saw(act, claimed_actor="staged")
    assert case.outcome(act) == "undetermined"


def test_what_a_party_says_of_staging_is_only_a_claim(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    case.saw(act, claimed_actor="staged", source="E", source_kind="party", speaker="E")
    assert case.outcome(act) == "attributed"


def test_an_actor_outside_the_agreement_is_evidence_against_no_party(case):
    act = case.act()
    case.saw(act, source="E", source_kind="party", speaker="E", claimed_actor="Supplier")
    answer = case.answer(act)
    assert answer["non_party"] == pytest.approx(0.08)
    assert answer["party:W"] == pytest.approx(0.3)


def test_an_actor_whom_the_agreement_places_outside_is_a_non_party(case):
    case.exclusions = ("Free Company",)
    act = case.act()
    case.saw(act, claimed_actor="free company")
    assert case.answer(act)["non_party"] > 0.15


def test_an_actor_whom_both_parties_name_is_a_non_party(case):
    one, both = case.act(), case.act()
    case.saw(one, source="E", source_kind="party", speaker="E", claimed_actor="Free Company")
    for party in ("E", "W"):
        case.saw(
            both, source=party, source_kind="party", speaker=party, claimed_actor="Free Company"
        )
    assert case.answer(one)["non_party"] == pytest.approx(0.08)
    assert case.answer(both)["non_party"] > 0.15


def test_an_act_that_both_parties_admit_is_joint(case):
    act = case.act()
    for party in ("E", "W"):
        case.saw(act, source=party, source_kind="party", speaker=party, claimed_actor=party)
    answer = case.answer(act)
    assert answer["joint"] > 0.5
    assert answer["outcome"] == "joint_or_multiple"


def test_many_quotations_of_one_admission_are_one_admission(case):
    once, often = case.act(), case.act()
    case.saw(once, source_kind="media", speaker="W", claimed_actor="W", stance="admits")
    for _ in range(20):
        case.saw(often, source_kind="media", speaker="W", claimed_actor="W", stance="admits")
        case.saw(often, source_kind="media", claimed_actor="W", stance="admits")
    assert case.answer(often)["party:W"] == pytest.approx(case.answer(once)["party:W"])


def test_a_report_that_hardly_belongs_to_the_act_hardly_counts(case):
    sure, unsure = case.act(), case.act()
    case.saw(sure, source="W", source_kind="party", speaker="W", claimed_actor="W")
    case.saw(
        unsure, source="W", source_kind="party", speaker="W", claimed_actor="W", probability=0.1
    )
    assert case.answer(unsure)["party:W"] < case.answer(sure)["party:W"] - 0.2


def test_tables_keep_their_schemas_and_probabilities_sum_to_one(case):
    quiet, loud = case.act(), case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, loud, 280.0)
    case.saw(loud, source="E", source_kind="party", speaker="E", claimed_actor="W")
    attributions, items = case.attribute()
    assert attributions.schema == schemas.ATTRIBUTIONS
    assert items.schema == schemas.EVIDENCE
    p = np.asarray(attributions["p"]).reshape(2, -1)
    assert np.allclose(p.sum(axis=1), 1.0, atol=1e-12)
    low, high = (np.asarray(attributions[c]).reshape(2, -1) for c in ("p_low", "p_high"))
    assert (low <= p + 1e-12).all()
    assert (p <= high + 1e-12).all()
    assert sorted({quiet, loud}) == attributions["act_id"].unique().to_pylist()


def test_the_listed_items_replay_to_the_probabilities(case):
    """Anybody with the two tables can work out what was added."""
    act = case.act(lon=20.52)
    case.maps("Atlas")
    crater(case, act, 280.0)
    case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    attributions, items = case.attribute()
    names = ["party:W", "party:E", *OTHERS]
    total = dict.fromkeys(names, 0.0)
    for row in items.to_pylist():
        total[row["hypothesis"]] += row["nats"]
    prior = np.array([0.3, 0.3, *([0.08] * 5)])
    joint = prior * np.exp([total[name] for name in names])
    listed = {r["hypothesis"]: r["p"] for r in attributions.to_pylist()}
    assert [listed[name] for name in names] == pytest.approx((joint / joint.sum()).tolist())


def test_what_is_not_granted_is_not_computed(case):
    case.act()
    agreement = replace(case.agreement(), grants=frozenset({"observe", "find"}))
    attributions, items = attribute(agreement, case.evidence(), KINDS)
    assert (attributions.num_rows, items.num_rows) == (0, 0)


def test_a_wider_prior_range_can_only_take_an_attribution_away(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    assert case.outcome(act) == "attributed"
    case.thresholds = Thresholds(prior_low=0.02, prior_high=0.45)
    assert case.outcome(act) != "attributed"


def test_the_order_of_rows_changes_nothing(case):
    _busy(case)
    first = case.attribute()
    for name in ("acts", "incidents", "posterior", "members", "observations", "controls"):
        getattr(case, name).reverse()
    second = case.attribute()
    assert first[0].equals(second[0])
    assert first[1].equals(second[1])


def test_swapping_the_parties_swaps_the_answer_and_changes_nothing_else(case):
    acts = _busy(case)
    twin = case.mirrored()
    other = {"party:W": "party:E", "party:E": "party:W"}
    for act in acts:
        plain, mirror = case.answer(act), twin.answer(act)
        assert plain["outcome"] == mirror["outcome"]
        for name in ("party:W", "party:E", *OTHERS):
            assert plain[name] == pytest.approx(mirror[other.get(name, name)], abs=1e-9)
            for bound in ("low", "high"):
                twin_of = mirror[bound][other.get(name, name)]
                assert plain[bound][name] == pytest.approx(twin_of, abs=1e-9)


WORDS = st.sampled_from([None, "W", "E", "staged", "accident", "joint", "Free Company"])
REPORTS = st.fixed_dictionaries(
    {
        "source_kind": st.sampled_from(["patrol", "media", "party", "camera"]),
        "source": st.sampled_from(["W", "E", "gazette"]),
        "speaker": st.sampled_from([None, "W", "E", "mayor"]),
        "claimed_actor": WORDS,
        "stance": st.sampled_from(["asserts", "denies", "admits"]),
        "direction": st.sampled_from(["outgoing", "incoming", "impact", "undetermined"]),
        "weapon": st.sampled_from([None, "Tochka-U", "mortar 120 mm"]),
        "bearing_deg": st.sampled_from([None, 0.0, 77.0, 181.0, 268.0]),
        "root": st.sampled_from(["one", "two", "three"]),
        "probability": st.sampled_from([0.3, 1.0]),
    }
)


@given(
    st.lists(REPORTS, min_size=1, max_size=6),
    st.sampled_from(["artillery", "mine_or_uxo", "fortification", "uav_overflight"]),
    st.sampled_from(["outgoing", "impact", "undetermined"]),
    st.floats(20.3, 20.7),
    st.floats(20.4, 20.6),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_said_the_swap_holds_and_claims_alone_name_nobody(
    case, reports, kind, direction, lon, edge
):
    case = type(case)(exclusions=("Free Company",))  # the fixture is made once for all examples
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.maps("Atlas")
    case.maps("Survey", edge=edge)
    act = case.act(kind, direction, lon=lon)
    for report in reports:
        stance = report["stance"] if report["claimed_actor"] else "none"
        place = {"lat": 10.5, "lon": lon, "error_major_m": 50.0}
        case.saw(act, **{**report, **place, "stance": stance})
    plain, mirror = case.answer(act), case.mirrored().answer(act)
    other = {"party:W": "party:E", "party:E": "party:W"}
    assert plain["outcome"] == mirror["outcome"]
    for name in ("party:W", "party:E", *OTHERS):
        assert plain[name] == pytest.approx(mirror[other.get(name, name)], abs=0.005)
    kinds = {i["kind"] for i in case.attribute()[1].to_pylist() if i["nats"]}
    if kinds <= {"claims", "admissions"}:
        assert plain["outcome"] not in {"attributed", "probable"}
    if not any(report["source_kind"] in {"patrol", "camera"} for report in reports):
        assert plain["outcome"] not in {"attributed", "probable"}


def _busy(case):
    """Acts of every kind at once."""
    case.maps("Atlas")
    case.maps("Survey", edge=20.53)
    case.maps("W", edge=20.6)
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.exclusions = ("Free Company",)
    acts = [case.act(lon=20.52), case.act(direction="outgoing", lon=20.47, error_m=3000.0),
            case.act("mine_or_uxo", "undetermined"), case.act(direction="impact")]  # fmt: skip
    crater(case, acts[0], 283.0)
    crater(case, acts[0], 305.0, lat=10.49, bearing_error_deg=8.0)
    case.saw(acts[0], source="W", source_kind="party", speaker="W", claimed_actor="W")
    case.saw(acts[1], direction="outgoing", weapon="Tochka-U")
    case.saw(acts[1], source_kind="media", claimed_actor="Free Company")
    case.saw(acts[2], type="mine_or_uxo", claimed_actor="accident")
    case.saw(acts[3], source="E", source_kind="party", speaker="E", claimed_actor="W")
    case.saw(acts[3], source="W", source_kind="party", speaker="W", claimed_actor="E")
    case.saw(acts[3], claimed_actor="staged")
    return acts


ROWS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.integers(0, 3), st.floats(-3, 3), st.floats(-3, 3)
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.floats(0.1, 4.0))
@settings(max_examples=60, deadline=None)
def test_a_family_never_exceeds_its_cap_and_repeats_add_nothing(rows, cap):
    act, total = _summed(rows, cap)
    again, doubled = _summed(rows + rows, cap)
    assert act.tolist() == again.tolist() == sorted({row[0] for row in rows})
    assert np.abs(total).max() <= cap
    assert np.allclose(total, doubled)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_more_evidence_for_a_hypothesis_never_counts_for_less(rows, random):
    """What a root gives besides can only replace what it gave, by more."""
    fewer = random.sample(rows, random.randint(1, len(rows)))
    rest = [row for row in rows if row not in fewer]
    for column in (3, 4):
        some, every = _supports(fewer, column), _supports(fewer + rest, column)
        assert all(every[act] >= value - 1e-9 for act, value in some.items())


def _supports(rows, column):
    """What counts for one hypothesis, by act."""
    kept = [(*row[:3], *(max(row[k], 0.0) * (k == column) for k in (3, 4))) for row in rows]
    act, total = _summed(kept, 6.9)
    return dict(zip(act.tolist(), total[:, column - 3].tolist(), strict=True))


def _summed(rows, cap):
    """Acts, and nats of two parties, of made-up items: act, group, root, nats of either party."""
    matter = sample_matter()
    nats = np.zeros((len(rows), len(matter.hypotheses)))
    nats[:, :2] = [row[3:] for row in rows]
    found = items(
        matter,
        act=[row[0] for row in rows],
        nats=nats,
        group=pa.array([f"g{row[1]}" for row in rows]),
        rests=Rests(root=pa.array([f"r{row[2]}" for row in rows])),
        is_physical=True,
        sentences=("x",),
    )
    kind = replace(KINDS["sole_weapon"], cap_nats=cap)
    weighed = combine(matter, pool(matter, {"made_up": kind}, {"made_up": found}))
    return weighed.act, weighed.nats[:, :2]
