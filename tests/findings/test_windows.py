"""Local ceasefires: who guaranteed them, and whether they were kept, broken or cannot be judged."""

from dataclasses import replace

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, happening, hours, in_force, truce, zone

from truceline.findings.windows import window_states
from truceline.tables import schemas

BAN = clause("prohibit", {"acts": ["mortar", "artillery"], "zone": None})
FROM, TO = NOON, NOON + hours(6)


def guarantee(party, **fields):
    given = {
        "guarantee_id": f"g-{party}", "window_id": "w-1", "requester": "water company",
        "purpose": "a pump", "party": party, "guarantee": "written", "given_at": NOON - hours(20),
        "began": FROM, "ended": TO, "lat": 48.5, "lon": 37.5, "radius_m": 2000.0,
    }  # fmt: skip
    return given | fields


def watch(exposure_id="e-1", **fields):
    given = {
        "exposure_id": exposure_id, "source": "patrol", "kind": "watch", "began": FROM - hours(1),
        "ended": TO + hours(1), "lat": 48.5, "lon": 37.5, "radius_m": 5000.0,
    }  # fmt: skip
    return given | fields


def state(happenings=(), guarantees=None, watches=None, agreement=None):
    rows = guarantees or [guarantee("a"), guarantee("b")]
    watches = [watch()] if watches is None else watches
    seen = evidence(
        happenings,
        windows=pa.Table.from_pylist(rows, schema=schemas.WINDOWS),
        exposures=pa.Table.from_pylist(list(watches), schema=schemas.EXPOSURES),
    )
    (found,) = window_states(agreement or truce(BAN), seen).to_pylist()
    return found


def at(hour, **fields):
    return happening(began=FROM + hours(hour), **({"p_real": 0.9} | fields))


def test_a_window_that_was_watched_and_quiet_was_kept():
    found = state()
    assert (found["state"], found["p_broken"], found["mirror"]) == ("kept", 0.0, "none")
    assert (found["began"], found["ended"]) == (FROM, TO)


def test_a_blind_window_is_not_a_quiet_one():
    assert state(watches=[])["state"] == "not_judged"
    assert state(watches=[watch(ended=TO - hours(1))])["state"] == "not_judged"
    assert state(watches=[watch(kind="outage")])["state"] == "not_judged"
    assert state(watches=[watch(radius_m=1500.0)])["state"] == "not_judged"
    assert state(watches=[watch(lat=48.6)])["state"] == "not_judged"


def test_a_report_of_nothing_is_a_watch_as_well():
    assert state(watches=[watch(kind="zero_report")])["state"] == "kept"


def test_two_watches_that_meet_cover_it_together():
    halves = [watch(ended=FROM + hours(2)), watch("e-2", began=FROM + hours(2))]
    assert state(watches=halves)["state"] == "kept"
    assert state(watches=[halves[0], watch("e-2", began=FROM + hours(3))])["state"] == "not_judged"


def test_a_banned_act_within_area_and_hours_breaks_it_whoever_watched():
    found = state([at(1)], watches=[])
    assert (found["state"], found["act_ids"]) == ("broken", "a-1-1")
    assert found["p_broken"] == pytest.approx(0.9)


@pytest.mark.parametrize(
    "act",
    [
        at(-1),
        at(6),
        at(1, lat=48.6),
        at(1, type="small_arms_fire"),
        at(1, p_real=0.5),
        at(1, types={"mortar": 0.5, "small_arms_fire": 0.5}),
        happening(began=FROM - hours(18), ended=FROM + hours(6)),
    ],
    ids=[
        "before",
        "at its end",
        "elsewhere",
        "not banned",
        "doubtful",
        "of doubtful type",
        "a day",
    ],
)
def test_what_is_not_more_likely_than_not_within_it_does_not_break_it(act):
    assert state([act])["state"] == "kept"


def test_many_doubtful_acts_leave_it_open():
    doubtful = [at(1, id=str(n), p_real=0.4) for n in range(3)]
    found = state(doubtful)
    assert (found["state"], found["act_ids"]) == ("not_judged", "")
    assert found["p_broken"] == pytest.approx(1 - 0.6**3)


def test_mirror_patrols_count_only_together():
    pair = [guarantee(p, patrol_a="e-1", patrol_b="e-2") for p in ("a", "b")]
    both = [watch("e-1"), watch("e-2")]
    found = state(guarantees=pair, watches=both)
    assert (found["mirror"], found["state"]) == ("both_ran", "kept")
    for broken in (
        both[:1],
        [both[0], watch("e-2", kind="access_denial")],
        [both[0], watch("e-2", began=FROM + hours(1))],
        [both[0], watch("e-3")],
    ):
        found = state(guarantees=pair, watches=broken)
        assert (found["mirror"], found["state"]) == ("not_both", "not_judged")
    assert state([at(1)], guarantees=pair, watches=both[:1])["state"] == "broken"


def test_one_patrol_under_two_names_is_no_mirror():
    one = [guarantee(p, patrol_a="e-1", patrol_b="e-1") for p in ("a", "b")]
    assert state(guarantees=one)["mirror"] == "not_both"
    half = [guarantee(p, patrol_a="e-1") for p in ("a", "b")]
    assert state(guarantees=half)["mirror"] == "not_both"


def test_it_says_who_guaranteed_it_and_who_did_not():
    found = state(guarantees=[guarantee("a"), guarantee("b", guarantee="refused")])
    assert (found["written_by"], found["spoken_by"], found["not_by"]) == ("a", "", "b")
    found = state(guarantees=[guarantee("a", guarantee="oral")])
    assert (found["written_by"], found["spoken_by"], found["not_by"]) == ("", "a", "b")
    assert found["state"] == "kept"


@pytest.mark.parametrize(
    ("guarantees", "because"),
    [
        ([guarantee("a", guarantee="refused")], "nobody guaranteed it"),
        ([guarantee("a"), guarantee("b", began=TO, ended=TO + hours(1))], "share no hour"),
        ([guarantee("a"), guarantee("b", lat=48.6)], "different areas"),
        ([guarantee("a", radius_m=None)], "area is not known"),
    ],
)
def test_what_cannot_be_judged_says_why(guarantees, because):
    found = state([at(1)], guarantees=guarantees)
    assert (found["state"], found["p_broken"]) == ("not_judged", None)
    assert because in found["because"]


def test_it_lasts_for_the_hours_that_every_guarantee_covers():
    short = [guarantee("a"), guarantee("b", ended=FROM + hours(2))]
    assert state([at(3)], guarantees=short)["state"] == "kept"
    assert state([at(1)], guarantees=short)["state"] == "broken"


def test_where_nothing_is_banned_nothing_is_judged():
    early = truce(replace(BAN, periods=in_force("a", "b", ended=FROM)))
    found = state([at(1)], agreement=early)
    assert (found["state"], "prohibits nothing" in found["because"]) == ("not_judged", True)


def test_a_window_in_a_named_zone_is_judged_by_the_zone():
    named = [guarantee(p, lat=None, lon=None, radius_m=None, area_id="square") for p in ("a", "b")]
    seen = [watch(area_id="square", lat=None, lon=None, radius_m=None)]
    agreement = truce(BAN, zones=[zone()])
    assert state(guarantees=named, watches=seen, agreement=agreement)["state"] == "kept"
    inside = state([at(1)], guarantees=named, watches=seen, agreement=agreement)
    assert inside["state"] == "broken"
    away = state([at(1, lat=50.0)], guarantees=named, watches=seen, agreement=agreement)
    assert away["state"] == "kept"


def test_without_the_grant_to_find_no_window_is_judged():
    observers = truce(BAN, grants=frozenset({"observe"}))
    windows = pa.Table.from_pylist([guarantee("a")], schema=schemas.WINDOWS)
    assert window_states(observers, evidence([at(1)], windows=windows)).num_rows == 0


def test_the_order_of_rows_changes_nothing():
    rows = [guarantee(p, window_id=w, guarantee_id=f"{p}{w}") for p in "ab" for w in ("x", "y")]
    happened = [at(1, id="1"), at(2, id="2", p_real=0.7)]
    tables = [
        evidence(
            order,
            windows=pa.Table.from_pylist(given, schema=schemas.WINDOWS),
            exposures=pa.Table.from_pylist([watch()], schema=schemas.EXPOSURES),
        )
        for order, given in ((happened, rows), (happened[::-1], rows[::-1]))
    ]
    assert window_states(truce(BAN), tables[0]).equals(window_states(truce(BAN), tables[1]))


def test_swapping_the_parties_swaps_who_guaranteed_and_nothing_else():
    found = state([at(1)], guarantees=[guarantee("a"), guarantee("b", guarantee="oral")])
    other = state([at(1)], guarantees=[guarantee("b"), guarantee("a", guarantee="oral")])
    assert (other["written_by"], other["spoken_by"]) == ("b", "a")
    names = ("written_by", "spoken_by")
    assert {k: v for k, v in found.items() if k not in names} == {
        k: v for k, v in other.items() if k not in names
    }
