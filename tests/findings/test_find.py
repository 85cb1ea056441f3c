"""What a clause says of an act: time, types, exceptions, notices, readings, declarations."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from truces import (
    NOON,
    START,
    clause,
    evidence,
    exempt,
    happening,
    hours,
    in_force,
    line,
    reading,
    truce,
    zone,
)

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Subjects
from truceline.findings.find import find
from truceline.model.errors import AgreementError, InputError
from truceline.pipeline import plugins
from truceline.tables import desk, schemas

BAN = {"acts": ["mortar"]}


def rows(agreement: Agreement, subjects: Subjects, party: str = "a") -> list[dict]:
    found = find(agreement, subjects, plugins.load("clauses")).to_pylist()
    return [row for row in found if row["party"] == party]


def verdicts(agreement: Agreement, subjects: Subjects, party: str = "a") -> list[str]:
    return [row["verdict"] for row in rows(agreement, subjects, party)]


def test_a_day_that_the_truce_cuts_counts_in_proportion() -> None:
    agreement = truce(clause("prohibit", BAN, periods=in_force("a", began=NOON)))
    day = happening(began=NOON - hours(6), ended=NOON + hours(18), is_date_only=True)
    (row,) = rows(agreement, evidence([day]))
    assert row["p_violation"] == pytest.approx(0.75)
    assert row["p_compliant"] == pytest.approx(0.25)
    assert row["verdict"] == "insufficient_evidence"


def test_probabilities_of_every_row_sum_to_one() -> None:
    agreement = truce(
        clause(
            "prohibit",
            {"acts": ["mortar"], "zone": "square"},
            exceptions=(exempt(types=["mortar"], zone="east"),),
        ),
        zones=[
            zone(),
            zone("east", ((37.5, 48.0), (38.5, 48.0), (38.5, 49.0), (37.5, 49.0), (37.5, 48.0))),
        ],
    )
    many = [
        happening(
            id=f"{n:03d}", lon=36.9 + 0.01 * n, error_m=3_000.0,
            types={"mortar": 0.6, "artillery": 0.4},
            components=None if n % 3 else [(0.5, 48.5, 37.2, 1e6, 0.0, 1e6), (0.5, None, None, None, None, None)],
        )
        for n in range(130)
    ]  # fmt: skip
    found = rows(agreement, evidence(many))
    names = ["p_violation", "p_compliant", "p_permitted_response", "p_exempt", "p_insufficient"]
    total = [sum(row[name] for name in names) for row in found]
    assert np.allclose(total, 1.0, atol=1e-9)
    assert min(row[name] for row in found for name in names) >= 0.0
    assert {row["p_insufficient"] > 0.2 for row in found} == {True, False}


def test_an_unknown_author_is_judged_for_each_party() -> None:
    agreement = truce(clause("prohibit", BAN))
    found = find(agreement, evidence([happening()]), plugins.load("clauses"))
    assert sorted(found["party"].to_pylist()) == ["a", "b"]
    assert len(set(found["finding_id"].to_pylist())) == 2


def test_how_real_an_incident_is_does_not_enter_the_finding() -> None:
    agreement = truce(clause("prohibit", BAN))
    sure, doubted = (rows(agreement, evidence([happening(p_real=p)])) for p in (0.99, 0.1))
    assert sure == doubted


def test_a_clause_that_cannot_apply_makes_no_row() -> None:
    agreement = truce(
        clause("prohibit", BAN), clause("prohibit", {"acts": ["cyber"]}, clause_id="c2")
    )
    assert [row["clause_id"] for row in rows(agreement, evidence([happening()]))] == ["c-prohibit"]


def test_an_act_outside_the_zone_is_compliant_and_keeps_its_row() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone()])
    assert verdicts(agreement, evidence([happening(lat=40.0)])) == ["compliant"]


def test_a_zone_without_coordinates_is_insufficient_evidence() -> None:
    agreement = truce(
        clause("prohibit", BAN | {"zone": "square"}),
        zones=[zone(polygons=None, missing="no public map")],
    )
    (row,) = rows(agreement, evidence([happening()]))
    assert (row["verdict"], row["p_insufficient"]) == ("insufficient_evidence", 1.0)


def test_a_zone_is_a_zone_only_while_it_is_valid() -> None:
    from truceline.model.time import Interval

    later = Interval(began=NOON + hours(1))
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone(valid=later)])
    at = [happening(id="1"), happening(id="2", began=NOON + hours(2))]
    assert verdicts(agreement, evidence(at)) == ["compliant", "violation"]


def test_an_act_without_a_place_is_judged_only_where_no_place_is_asked() -> None:
    agreement = truce(
        clause("prohibit", BAN, clause_id="anywhere"),
        clause("prohibit", BAN | {"zone": "square"}, clause_id="there"),
        zones=[zone()],
    )
    nowhere = happening(lat=None, lon=None)
    assert verdicts(agreement, evidence([nowhere])) == ["violation", "insufficient_evidence"]


def test_pruned_mass_is_not_shared_out() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone()])
    part = [(0.7, 48.5, 37.5, 1e4, 0.0, 1e4)]
    (row,) = rows(agreement, evidence([happening(components=part)]))
    assert row["p_violation"] == pytest.approx(0.7)
    assert row["p_insufficient"] == pytest.approx(0.3)


def test_readings_that_differ_make_the_clause_ambiguous_and_each_keeps_its_verdict() -> None:
    late = reading("late", periods=in_force("a", "b", began=NOON + hours(24)))
    agreement = truce(clause("prohibit", BAN, readings=(late,)))
    found = rows(agreement, evidence([happening()]))
    assert [(r["reading"], r["verdict"], r["p_violation"]) for r in found] == [
        (None, "ambiguous_clause", 1.0),
        ("late", "compliant", 0.0),
    ]


def test_readings_that_agree_leave_the_clause_as_it_is() -> None:
    same = reading("same", {"acts": ["mortar", "artillery"]})
    agreement = truce(clause("prohibit", BAN, readings=(same,)))
    assert verdicts(agreement, evidence([happening()])) == ["violation", "violation"]


def test_an_undertaking_binds_its_declarer_alone_and_its_breach_has_its_own_word() -> None:
    agreement = truce(clause("prohibit", BAN, basis="undertaking", periods=in_force("a")))
    assert verdicts(agreement, evidence([happening()]), "a") == ["inconsistent_with_declaration"]
    assert rows(agreement, evidence([happening()]), "a")[0]["p_violation"] == 1.0
    assert verdicts(agreement, evidence([happening()]), "b") == []


def test_an_exception_takes_out_and_its_own_exception_puts_back() -> None:
    back = exempt(name="e2", types=["mortar"], zone="east")
    rule = exempt(zone="square", unless=[back])
    east = ((37.6, 48.0), (38.5, 48.0), (38.5, 49.0), (37.6, 49.0), (37.6, 48.0))
    agreement = truce(
        clause("prohibit", BAN, exceptions=(rule,)), zones=[zone(), zone("east", east)]
    )
    at = [happening(id="1", lon=36.0), happening(id="2", lon=37.2), happening(id="3", lon=37.8)]
    assert verdicts(agreement, evidence(at)) == ["violation", "exempt", "violation"]


def test_an_exception_for_one_party_is_not_for_the_other() -> None:
    agreement = truce(clause("prohibit", BAN, exceptions=(exempt(actors=["b"]),)))
    assert verdicts(agreement, evidence([happening()]), "a") == ["violation"]
    assert verdicts(agreement, evidence([happening()]), "b") == ["exempt"]


def test_suspension_of_one_party_leaves_the_other_bound() -> None:
    from truceline.agreement.terms import PartyPeriod
    from truceline.model.time import Interval

    pause = PartyPeriod(
        party_id="a", when=Interval(began=NOON - hours(1), ended=NOON + hours(1)), state="suspended"
    )
    agreement = truce(clause("prohibit", BAN, periods=(*in_force("a", "b"), pause)))
    assert verdicts(agreement, evidence([happening()]), "a") == []
    assert verdicts(agreement, evidence([happening()]), "b") == ["violation"]


def notice(**fields: object) -> pa.Table:
    given = {
        "notice_id": "n1", "party": "a", "activity": "mortar", "began": NOON - hours(1),
        "ended": NOON + hours(1), "lat": 48.5, "lon": 37.5, "radius_m": 5_000.0, "area_id": None,
        "scale": None, "given_at": NOON - hours(72),
    }  # fmt: skip
    return schemas.conform(pa.Table.from_pylist([given | fields]), desk.NOTICES)


@pytest.mark.parametrize(
    ("fields", "act", "party", "verdict"),
    [
        ({}, {}, "a", "exempt"),
        ({}, {}, "b", "violation"),
        ({"activity": "artillery"}, {}, "a", "violation"),
        ({}, {"lat": 48.6}, "a", "violation"),
        ({}, {"began": NOON + hours(1)}, "a", "violation"),
        ({}, {"began": NOON + hours(1) - timedelta(seconds=1)}, "a", "exempt"),
        ({"given_at": NOON - hours(47)}, {}, "a", "violation"),
        ({"given_at": NOON - hours(48)}, {}, "a", "exempt"),
        ({"given_at": NOON + hours(1)}, {}, "a", "violation"),
        ({"lat": None, "area_id": "square"}, {}, "a", "exempt"),
        ({"lat": None, "area_id": "elsewhere"}, {}, "a", "insufficient_evidence"),
    ],
)
def test_a_notice_covers_its_own_party_activity_area_hours_and_lead_time_only(
    fields: dict, act: dict, party: str, verdict: str
) -> None:
    rule = exempt(notice=True, lead_time_h=48)
    agreement = truce(clause("prohibit", BAN, exceptions=(rule,)), zones=[zone()])
    subjects = evidence([happening(error_m=10.0, **act)], notices=notice(**fields))
    assert verdicts(agreement, subjects, party) == [verdict]


def test_a_notice_covers_no_more_than_its_scale() -> None:
    agreement = truce(clause("prohibit", BAN, exceptions=(exempt(notice=True),)))
    at = [happening(id=str(n), error_m=10.0, began=NOON + timedelta(minutes=n)) for n in range(4)]
    subjects = evidence(at, notices=notice(scale=2))
    assert verdicts(agreement, subjects) == ["exempt", "exempt", "violation", "violation"]


def test_an_activity_that_was_not_announced_in_time_is_an_omission() -> None:
    terms = {"acts": ["exercise_live_fire"], "lead_time_h": 48}
    agreement = truce(clause("notify", terms))
    exercise = happening(type="exercise_live_fire", error_m=10.0)
    told = {"activity": "exercise_live_fire"}
    (row,) = rows(agreement, evidence([exercise], notices=notice(**told)))
    assert (row["subject_kind"], row["verdict"]) == ("omission", "compliant")
    late = notice(**told, given_at=NOON - hours(24))
    assert verdicts(agreement, evidence([exercise], notices=late)) == ["violation"]
    assert verdicts(agreement, evidence([exercise])) == ["violation"]


def test_no_fly_tells_platforms_apart_and_does_not_guess() -> None:
    terms = {"platforms": ["rotary_wing"], "zone": {"line": "line", "distance_m": 10_000}}
    agreement = truce(clause("no_fly", terms), lines=[line(path=((36.0, 48.5), (40.0, 48.5)))])
    flights = [
        happening(id="1", type="aircraft_overflight", weapon="Mi-8"),
        happening(id="2", type="aircraft_overflight"),
        happening(id="3", type="uav_overflight"),
    ]
    found = {r["subject_id"]: r["verdict"] for r in rows(agreement, evidence(flights))}
    assert found == {"a-1-1": "violation", "a-2-1": "insufficient_evidence"}


def test_hold_asks_on_whose_side_an_advance_went() -> None:
    terms = {"lines": {"a": "line", "b": "line"}, "tolerance_m": 500}
    border = line(path=((36.0, 48.0), (40.0, 48.0)), left="a", right="b")
    agreement = truce(clause("hold", terms), lines=[border])
    moves = [
        happening(id="1", type="position_advance", lat=47.9),
        happening(id="2", type="position_advance", lat=48.1),
        happening(id="3", type="position_advance", lat=47.997),
    ]
    assert verdicts(agreement, evidence(moves), "a") == ["violation", "compliant", "compliant"]
    assert verdicts(agreement, evidence(moves), "b") == ["compliant", "violation", "compliant"]
    unsided = truce(clause("hold", terms), lines=[line(path=((36.0, 48.0), (40.0, 48.0)))])
    unsettled = ["insufficient_evidence", "insufficient_evidence", "compliant"]
    assert verdicts(unsided, evidence(moves)) == unsettled


def test_order_of_rows_of_the_evidence_changes_nothing() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone()])
    many = [happening(id=f"{n:02d}", lat=48.9 + 0.01 * n, error_m=4_000.0) for n in range(20)]
    forth, back = evidence(many), evidence(many[::-1])
    kinds = plugins.load("clauses")
    assert find(agreement, forth, kinds).equals(find(agreement, back, kinds))


def test_no_acts_make_no_rows() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone()])
    found = find(agreement, evidence([]), plugins.load("clauses"))
    assert (found.num_rows, found.schema) == (0, schemas.FINDINGS)


def test_a_kind_that_is_not_installed_is_named_with_those_that_are() -> None:
    agreement = truce(clause("prohibitt", BAN, at="truce.yaml:7"))
    with pytest.raises(AgreementError, match=r"truce.yaml:7: clause kind 'prohibitt'.*prohibit"):
        find(agreement, evidence([happening()]), plugins.load("clauses"))


def test_a_zone_that_is_not_there_is_named_with_those_that_are() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "round"}), zones=[zone()])
    with pytest.raises(AgreementError, match="'round' is not in the agreement"):
        find(agreement, evidence([happening()]), plugins.load("clauses"))


def test_an_act_of_no_incident_is_refused() -> None:
    subjects = evidence([happening()])
    lone = Subjects(acts=subjects.acts, incidents=subjects.incidents.slice(0, 0))
    with pytest.raises(InputError, match="acts: row 0 names incident i-1"):
        find(truce(clause("prohibit", BAN)), lone, plugins.load("clauses"))


def test_margins_say_how_far_and_how_long_to_the_edge() -> None:
    agreement = truce(clause("prohibit", BAN | {"zone": "square"}), zones=[zone()])
    at = START + hours(2)
    (row,) = rows(agreement, evidence([happening(lat=48.99, began=at)]))
    assert row["margin_m"] == pytest.approx(1112, abs=3)
    assert row["margin_s"] == 7200.0


def test_acts_of_one_incident_are_what_each_is_called() -> None:
    agreement = truce(clause("prohibit", BAN))
    both = happening(types={"mortar": 0.5, "sniper_fire": 0.5}, acts=["mortar", "sniper_fire"])
    assert [r["subject_id"] for r in rows(agreement, evidence([both]))] == ["a-1-1"]
    assert verdicts(agreement, evidence([both])) == ["violation"]


def test_instants_are_read_in_microseconds_of_utc() -> None:
    agreement = truce(clause("prohibit", BAN, periods=in_force("a", began=NOON)))
    at = datetime(2026, 6, 1, 11, 59, 59, 999_999, tzinfo=UTC)
    assert verdicts(agreement, evidence([happening(began=at)])) == []
