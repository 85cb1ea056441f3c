"""Casualties, weapons held, calls and zones: sums in a release, never a row of one person or site."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from truceline.reports.compose import compose
from truceline.reports.contract import PublicationRules, View
from truceline.reports.formats import tables
from truceline.reports.publication import publish
from truceline.reports.sample import sample
from truceline.reports.settled import windows
from truceline.tables import schemas
from truceline.tables.desk import WINDOW_STATES


def rows(name, many):
    schema = schemas.EVIDENCE_TABLES[name]
    columns = {key: [row.get(key) for row in many] for key in {k for row in many for k in row}}
    columns = {key: pa.array(values, schema.field(key).type) for key, values in columns.items()}
    return schemas.from_columns(schema, columns, len(many))


@pytest.fixture
def told():
    made = sample()
    calendar = made.agreement.calendar
    noon = calendar.bounds(made.period.first_day).began + timedelta(hours=6)
    one, other = made.agreement.party_ids()
    when = {"began": noon, "ended": noon + timedelta(hours=1), "known_at": noon}
    hurt = {
        "feed": "casualties", "source": "team-7", "source_kind": "patrol", "root": "team-7",
        "is_date_only": False, **when,
    }  # fmt: skip
    desk = {
        "casualties": rows(
            "casualties",
            [
                {"casualty_id": "c1", "status": "corroborated", "harm": "injured", "sex": "female",
                 "count_low": 1, "count_best": 2, "count_high": 3, "lat": 48.123456, "lon": 37.654321, **hurt},
                {"casualty_id": "c2", "status": "corroborated", "harm": "injured", "sex": "female",
                 "count_best": 1, **hurt},
                {"casualty_id": "c3", "status": "reported", "harm": "killed", **hurt},
            ],
        ),
        "inspections": rows(
            "inspections",
            [
                {"inspection_id": f"n{n}", "site": "secret-depot", "party": one, "body": "mission",
                 "access": access, "weapon": "tank", "serials_matched": 4, "serials_absent": n, **when,
                 "began": noon + timedelta(hours=n), "ended": noon + timedelta(hours=n + 1)}
                for n, access in enumerate(("granted", "denied"))
            ],
        ),
        "activations": rows(
            "activations",
            [
                {"activation_id": f"h{n}", "issue_id": "one", "caller": caller, "minutes": 10.0 * n,
                 "answer": "explained" if n else None, **when}
                for n, caller in enumerate((one, one, other, "duty officer X"))
            ],
        ),
    }  # fmt: skip
    holdings = rows(
        "holdings",
        [
            {"holding_id": f"w{n}", "site": "secret-depot", "party": other, "weapon": "tank",
             "count_best": 70 + n, "basis": "inspected", "status": "in_storage", **when,
             "began": noon + timedelta(minutes=n)}
            for n in range(3)
        ],
    )  # fmt: skip
    return replace(made, desk=desk, holdings=holdings)


def table_of(dossier, view="public"):
    release = publish(dossier, View.parse(view))
    return {name: table.to_pylist() for name, table in release.desk.items()}, release


def test_unknown_numbers_stay_unknown_and_repeated_sightings_never_add_up(told):
    sums, _ = table_of(told)
    injured = {"status": "corroborated", "harm": "injured", "cause": None, "age_band": None,
               "sex": "female", "low": 2, "best": 3, "high": 4}  # fmt: skip
    killed = injured | {"status": "reported", "harm": "killed", "sex": None}
    assert sums["casualties"] == [injured, killed | {"low": 1, "best": None, "high": None}]
    (held,) = sums["weapons"]
    assert (held["sites"], held["weapons"]) == (1, 72)
    (visits,) = sums["visits"]
    assert (visits["visits"], visits["granted"], visits["serials_matched"]) == (2, 1, 4)
    assert visits["serials_absent"] == 1


def test_calls_name_parties_and_nobody_else(told):
    sums, release = table_of(told)
    one, other = told.agreement.party_ids()
    assert {row["caller"]: row["calls"] for row in sums["calls"]} == {one: 2, other: 1, "other": 1}
    assert b"duty officer" not in tables.render(release)


@pytest.mark.parametrize("view", ["public", "party"])
def test_a_release_holds_no_site_and_no_place_of_the_desk(told, view):
    name = view if view == "public" else f"party:{told.agreement.party_ids()[0]}"
    _, release = table_of(told, name)
    said = tables.render(release) + str(compose(release)).encode()
    for secret in (b"secret-depot", b"48.1234", b"37.6543", b"team-7"):
        assert secret not in said


def test_nothing_of_the_desk_leaves_before_the_delay(told):
    opens = told.agreement.calendar.bounds(told.period.first_day).began
    at = opens + timedelta(hours=10 + PublicationRules().delay_h)
    assert at < told.as_of
    through = publish(told, View.parse("public"), at=at).released_through
    assert through == opens + timedelta(hours=10)
    young = {"began": through + timedelta(minutes=5), "ended": through + timedelta(minutes=50)}
    more = {
        name: pa.concat_tables([table, _moved(table, young)]) for name, table in told.desk.items()
    }

    def sums(dossier):
        released = publish(dossier, View.parse("public"), at=at)
        return {name: table.to_pylist() for name, table in released.desk.items()}

    assert sums(told)["casualties"]
    assert sums(replace(told, desk=more)) == sums(told)


def _moved(table, when):
    for name, at in when.items():
        index = table.schema.get_field_index(name)
        column = pa.array([at] * table.num_rows, schemas.INSTANT)
        table = table.set_column(index, table.schema.field(index), column)
    return table


def test_sections_stand_only_where_there_is_something_to_tell(told):
    anchors = {section.anchor for section in compose(table_of(told)[1]).sections}
    assert {"casualties", "weapons", "hotline"} <= anchors
    bare = compose(publish(sample(), View.parse("public"))).sections
    assert not {"casualties", "hotline"} & {section.anchor for section in bare}


def test_each_zone_is_counted_beside_the_hours_that_anybody_watched_it(told):
    counts = told.counts
    wide = replace(told.agreement.zones[0], zone_id="wide", name="Wide zone", width_m=50_000.0)
    agreement = replace(told.agreement, zones=(*told.agreement.zones, wide))
    area = counts.schema.get_field_index("area")
    there = counts.set_column(
        area, counts.schema.field(area), pa.array(["wide"] * counts.num_rows, pa.string())
    )
    dossier = replace(told, agreement=agreement, counts=pa.concat_tables([counts, there]))
    sections = compose(publish(dossier, View.parse("commission"))).sections
    (areas,) = (section for section in sections if section.anchor == "areas")
    (row,) = areas.blocks[0].rows
    assert row[0] == "Wide zone"
    first = told.period.first_day
    smm = [r for r in counts.to_pylist() if r["rule"] == "smm" and r["legal_day"] >= first]
    assert row[1] == f"{sum(r['as_now_known'] for r in smm):,}"


def test_a_window_is_told_without_its_place_and_only_where_its_state_is_the_same_all_over(told):
    calendar = told.agreement.calendar
    noon = calendar.bounds(told.period.first_day).began + timedelta(hours=6)
    one, other = told.agreement.party_ids()
    row = {
        "window_id": "w", "requester": "water company", "purpose": "repair of a pump",
        "began": noon, "ended": noon + timedelta(hours=2, minutes=5), "area_id": "secret-area",
        "written_by": one, "spoken_by": other, "not_by": "", "mirror": "none", "state": "broken",
        "p_broken": 0.9, "act_ids": "a-1", "because": "1 act",
    }  # fmt: skip
    broken = pa.Table.from_pylist([row], schema=WINDOW_STATES)
    kept = pa.Table.from_pylist([row | {"state": "kept"}], schema=WINDOW_STATES)
    assert windows([broken, broken])["state"].to_pylist() == ["broken"]
    assert windows([broken, kept])["state"].to_pylist() == ["near_edge"]
    sums, release = table_of(replace(told, windows=broken))
    (window,) = sums["windows"]
    assert (window["hours"], window["state"], window["written_by"]) == (3, "broken", one)
    assert b"secret-area" not in tables.render(release)
    young = pa.Table.from_pylist(
        [row | {"ended": release.released_through + timedelta(hours=1)}], schema=WINDOW_STATES
    )
    assert table_of(replace(told, windows=young))[0]["windows"] == []


def test_a_release_before_the_periods_close_never_says_that_nobody_watched(told):
    opens = told.agreement.calendar.bounds(told.period.first_day).began
    early = publish(
        told,
        View.parse("public"),
        at=opens + timedelta(hours=30 + PublicationRules().delay_h),
    )
    assert early.is_early
    words = str(compose(early))
    assert "Nobody's watch was recorded" not in words
    assert "nobody's watch was recorded" not in words
    assert "Coverage is released only after the period has closed" in words
    assert not publish(told, View.parse("commission")).is_early
