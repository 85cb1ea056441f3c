"""Inventories and inspections: lists of serials, doubles, shut doors, and stock seen twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.sources.serials import compared, serials_of

DECLARED = "declaration_id,site,party,weapon,serials,count,began,ended,status\n"
INSPECTED = (
    "inspection_id,site,party,body,began,ended,access,status,weapon,seen,declared_serials,"
    "seen_serials,refused_serials\n"
)
SPAN = "2026-03-01,2026-03-31"


def visit(name: str = "i", **cells: str) -> str:
    basis = {
        "inspection_id": name, "site": "site 4", "party": "Party A", "body": "mission",
        "began": "2026-03-07T09:00Z", "ended": "2026-03-07T10:00Z", "access": "granted",
        "weapon": "howitzer 152 mm",
    }  # fmt: skip
    return ",".join((basis | cells).get(one, "") for one in INSPECTED.strip().split(",")) + "\n"


def visits(take, *rows: str, declared: str | None = None):
    files = {"inspections.csv": INSPECTED + "".join(rows)}
    return take("inspections", files | ({"declarations.csv": declared} if declared else {}))


def test_a_declaration_counts_its_serials_where_it_states_no_number(take) -> None:
    reading = take(
        "declarations", DECLARED + f"d,site 4,A,mortar 120 mm,M1; m2,,{SPAN},in_storage\n"
    )
    (row,) = reading.tables["holdings"].to_pylist()
    assert (row["count_low"], row["count_best"], row["count_high"]) == (2, 2, 2)
    assert (row["basis"], row["status"]) == ("declared", "in_storage")


def test_a_declaration_without_number_or_serials_is_of_an_unknown_number_and_not_of_none(
    take,
) -> None:
    reading = take("declarations", DECLARED + f"d,site 4,A,mortar 120 mm,,,{SPAN},\n")
    assert reading.tables["holdings"]["count_best"].to_pylist() == [None]


def test_a_serial_that_stands_twice_is_refused_with_the_line_where_it_stands_first(take) -> None:
    content = DECLARED + (
        f"a,site 4,A,mortar 120 mm,M1;M2,2,{SPAN},\n"
        f"b,site 5,A,mortar 120 mm,m 2;M3,2,{SPAN},\n"
        f"c,site 6,A,mortar 120 mm,M4;M4,2,{SPAN},\n"
        "d,site 6,A,mortar 120 mm,M2,1,2026-05-01,2026-05-31,\n"
        f"e,site 6,B,mortar 120 mm,M1,1,{SPAN},\n"
        f"f,site 7,A,mortar 120 mm,M8;M9,1,{SPAN},\n"
        f"g,site 8,A,mortar 120 mm,M3,1,{SPAN},\n"
    )
    reading = take("declarations", content)
    assert reading.tables["holdings"]["holding_id"].to_pylist() == ["a", "d", "e", "g"]
    assert [(r.line, r.reason) for r in reading.refused] == [
        (3, "serial 'M2' already stands in line 2 of report.csv for the same time"),
        (4, "serial 'M4' stands twice in it"),
        (7, "count is below the number of serials listed"),
    ]


def test_serials_are_matched_refused_and_absent_against_the_declared_list(take) -> None:
    declared = DECLARED + f"d,site 4,Party A,howitzer 152 mm,A1;A2;A3;A4,4,{SPAN},\n"
    row = visit(status="in_storage", seen_serials="a1;A2;X9", refused_serials="A3")
    reading = visits(take, row, declared=declared)
    (found,) = reading.tables["inspections"].to_pylist()
    assert (found["declared"], found["seen"]) == (4, 4)
    assert [found[f"serials_{name}"] for name in ("matched", "refused", "absent")] == [2, 1, 1]
    assert any("1 serials seen are declared nowhere" in note for note in reading.notes)
    (held,) = reading.tables["holdings"].to_pylist()
    assert (held["basis"], held["count_best"], held["status"]) == ("inspected", 4, "in_storage")


@pytest.mark.parametrize(
    ("cells", "absent", "status"),
    [
        ({"access": "denied", "status": "missing_from_site"}, None, None),
        ({"status": "could_not_be_verified", "seen": "0"}, None, "could_not_be_verified"),
        ({"status": "missing_from_site", "seen": "0"}, 2, "missing_from_site"),
        ({"status": "site_abandoned"}, None, "site_abandoned"),
    ],
)
def test_what_was_not_looked_at_is_not_absent(take, cells, absent, status) -> None:
    reading = visits(take, visit(declared_serials="A1;A2", **cells))
    (found,) = reading.tables["inspections"].to_pylist()
    assert (found["serials_absent"], found["status"]) == (absent, status)
    assert reading.tables["holdings"].num_rows == 0


def test_one_stock_inspected_twice_is_one_site_and_class_twice_and_never_a_sum(take) -> None:
    again = {"seen": "4", "began": "2026-03-07T09:30Z"}
    reading = visits(take, visit("a", seen="4"), visit("b", **again))
    held = reading.tables["holdings"].to_pylist()
    assert {(row["site"], row["weapon"], row["count_best"]) for row in held} == {
        ("site 4", "howitzer 152 mm", 4)
    }


def test_one_visit_to_two_classes_of_weapon_keeps_both(take) -> None:
    reading = visits(take, visit(seen="4"), visit(seen="2", weapon="mortar 120 mm"))
    assert reading.tables["inspections"]["inspection_id"].to_pylist() == [
        "i/howitzer 152 mm", "i/mortar 120 mm",
    ]  # fmt: skip


def test_a_serial_read_at_two_sites_in_one_hour_is_refused_at_the_second(take) -> None:
    other = visit("b", site="site 5", seen_serials="A1")
    reading = visits(take, visit("a", seen_serials="A1"), other)
    (refusal,) = reading.refused
    assert refusal.line == 3
    assert "serial 'A1' already stands in line 2" in refusal.reason


def test_an_inspection_that_cannot_be_is_refused_with_line_field_and_advice(take) -> None:
    reading = visits(
        take,
        visit("a", access="perhaps"),
        visit("b", access="denied", seen="3"),
        visit("c", seen="1", seen_serials="A1;A2"),
        visit("d", body=""),
        visit("e", seen="few"),
    )
    assert reading.taken == 0
    assert [(r.line, r.reason) for r in reading.refused] == [
        (2, "access is not stored"),
        (3, "something is counted where access was not had"),
        (4, "seen is below the number of serials read"),
        (5, "body is empty"),
        (6, "seen 'few' is not a number"),
    ]
    assert all(r.advice for r in reading.refused)


SERIALS = st.lists(st.sampled_from("ABCDEFGH"), unique=True)


@given(SERIALS, SERIALS, SERIALS)
def test_every_declared_serial_is_matched_refused_or_absent(declared, seen, refused) -> None:
    refused = [one for one in refused if one not in seen and one in declared]
    found = compared(frozenset(declared), seen, refused, is_open=True)
    if declared:
        assert found.matched + found.refused + found.absent == len(declared)
        assert found.undeclared == len(set(seen) - set(declared))
    assert serials_of(";".join(seen)) == seen
