"""Duties not kept and monitors kept out: told alike for both sides, late enough, and nowhere finer than a district."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.document import Grid
from truceline.reports.formats import geojson, geopackage, parquet, tables
from truceline.reports.publication import publish
from truceline.reports.sample import sample

DUE = datetime(
    2026, 3, 7, 17, 30, tzinfo=UTC
)  # as the sample's inventories: the close of its first day


def section(release, anchor="duties"):
    return next((each for each in compose(release).sections if each.anchor == anchor), None)


def grids(release):
    return [each for each in section(release).blocks if isinstance(each, Grid)]


def told(release):
    return {(row["owed_by"], row["clause_id"]): row for row in release.duties.to_pylist()}


def swapped(table, names=("party",)):
    """The table with the two sides exchanged."""
    other = {"A": "B", "B": "A"}
    for name in names:
        at = table.schema.get_field_index(name)
        words = [other.get(word, word) for word in table[name].to_pylist()]
        table = table.set_column(at, table.schema.field(at), pa.array(words, pa.string()))
    return table


@pytest.mark.parametrize("view", ["public", "party:A", "party:B"])
def test_what_a_party_owed_and_did_not_do_is_told_to_all_alike(released, view):
    row = told(released(view))["A", "inventories"]
    assert (row["verdict"], row["state"], row["days_late"]) == ("violation", "late", 2)
    assert row["due_on"].isoformat() == "2026-03-07"
    assert {each["site"] for each in told(released(view)).values()} == {None}
    assert {each["due_at"] for each in told(released(view)).values()} == {None}


def test_the_commission_reads_the_instant_and_the_site(released):
    rows = told(released("commission"))
    assert rows["A", "inventories"]["due_at"] == DUE
    assert rows["monitors", "visits"]["site"] == "Mill"


def test_nothing_owed_is_told_before_its_day_and_the_delay_have_passed(dossier):
    def released_at(hours):
        return publish(replace(dossier, as_of=DUE + timedelta(hours=hours)), View.parse("public"))

    assert released_at(71.9).duties.num_rows == 0
    owed = {row["clause_id"] for row in released_at(72).duties.to_pylist()}
    assert owed == {"inventories"}  # the visits of the day after are not told yet
    commission = replace(dossier, as_of=DUE + timedelta(hours=1))
    assert publish(commission, View.parse("commission")).duties.num_rows == 4


def test_an_obstruction_is_told_only_after_the_whole_period_and_by_district(dossier):
    def released_at(hours):
        ended = dossier.agreement.calendar.bounds(dossier.period.last_day).ended
        early = replace(dossier, as_of=ended + timedelta(hours=hours))
        return publish(early, View.parse("public"))

    early = released_at(71.9)
    assert early.kept_out.num_rows == 0
    assert "access" not in early.verdicts["clause_id"].to_pylist()
    (row,) = released_at(72).kept_out.to_pylist()
    assert (row["obstructed_by"], row["party"], row["verdict"]) == ("B", "B", "violation")
    assert row["district"].startswith("block 48–49°")
    assert row["north"] - row["south"] >= 0.5
    assert row["reason"] is None


def test_both_sides_have_a_row_and_a_body_has_its_own(released):
    counted = grids(released("public"))[0]
    assert [row[1:] for row in counted.rows] == [
        ("Side A", "0", "1", "0"),
        ("Side B", "1", "0", "0"),
        ("Side A", "0", "0", "0"),
        ("Side B", "0", "0", "1"),
        ("The monitors (a body: its own duty)", "0", "1", "0"),
    ]
    missed = grids(released("public"))[1]
    assert [row[0] for row in missed.rows] == [
        "Side A", "Side B", "The monitors (a body: its own duty)",
    ]  # fmt: skip
    assert "charged to no side" in counted.note


def test_a_bodys_omission_counts_for_no_party(released):
    parity = next(
        each for each in section(released("public"), "parity").blocks if isinstance(each, Grid)
    )
    rows = {row[0]: row[1:] for row in parity.rows}
    assert rows["things owed by a date"] == ("1", "2")
    assert rows["of these, not kept"] == ("1", "0")
    accused = {row["party"] for row in released("commission").accusations.to_pylist()}
    assert accused == {"A", "B"}


def test_the_sides_exchanged_exchange_the_rows_and_change_nothing_else(dossier, released):
    mirrored = replace(
        dossier,
        findings=swapped(dossier.findings),
        exposures=swapped(dossier.exposures, ("obstructed_by", "controller")),
    )
    made = publish(mirrored, View.parse("public"))
    for name, columns in (("duties", ("owed_by",)), ("kept_out", ("party", "obstructed_by"))):
        back = swapped(getattr(made, name), columns).to_pylist()
        plain = getattr(released("public"), name).to_pylist()
        assert sorted(map(str, back)) == sorted(map(str, plain)), name


def test_a_party_reads_what_it_owes_with_a_place_for_its_reply(released):
    rows = {row["clause_id"]: row for row in released("party:A").accusations.to_pylist()}
    owed = rows["inventories"]
    assert (owed["subject_kind"], owed["legal_day"].isoformat()) == ("omission", "2026-03-07")
    assert "something owed by a date" in str(section(released("party:A"), "reply").blocks)
    barred = {row["clause_id"]: row for row in released("party:B").accusations.to_pylist()}[
        "access"
    ]
    assert barred["subject_kind"] == "obstruction"
    assert barred["place"].startswith("block 48–49°")
    assert "inventories" not in {
        row["clause_id"] for row in released("party:B").accusations.to_pylist()
    }


def test_an_obstruction_by_nobody_named_is_asked_of_both_with_one_answer(dossier, with_column):
    names = [None if by == "B" else by for by in dossier.exposures["obstructed_by"].to_pylist()]
    unnamed = with_column(dossier, "exposures", {"obstructed_by": names})
    row = next(row for row in unnamed.findings.to_pylist() if row["subject_id"] == "x-4")
    also = pa.Table.from_pylist(
        [row | {"party": "A", "finding_id": "f-" + "9" * 16}], unnamed.findings.schema
    )
    both = replace(unnamed, findings=pa.concat_tables([unnamed.findings, also]))
    found = publish(both, View.parse("public")).kept_out.to_pylist()
    assert [(row["party"], row["obstructed_by"], row["verdict"]) for row in found] == [
        ("A", None, "violation"), ("B", None, "violation"),
    ]  # fmt: skip
    assert "nobody is named; asked of Side A" in str(
        section(publish(both, View.parse("public"))).blocks
    )


def test_an_obstruction_that_an_account_tells_stands_with_the_findings_on_that_act(
    dossier, with_column
):
    """The account of one line of a file made an act, and the findings are on the act."""
    member = dossier.members.to_pylist()[0]
    act = next(a for a in dossier.acts.to_pylist() if a["incident_id"] == member["incident_id"])
    day = dossier.agreement.calendar.bounds(dossier.period.first_day)
    line = {"exhibit": "ab" * 32, "file": "spot.csv", "line": 7}

    def one(table, column, value, changes):
        rows = [
            row | changes if row[column] == value else row
            for row in getattr(dossier, table).to_pylist()
        ]
        return pa.Table.from_pylist(rows, getattr(dossier, table).schema)

    kind = {"type": "monitor_access_denied"}
    when = {"began": day.began, "ended": day.began + timedelta(hours=1)}
    on_act = {"clause_id": "access"}
    made = replace(
        dossier,
        observations=one("observations", "observation_id", member["observation_id"], kind | line),
        acts=one("acts", "act_id", act["act_id"], kind),
        incidents=one("incidents", "incident_id", act["incident_id"], kind | when),
        exposures=one("exposures", "exposure_id", "x-4", line),
        findings=one("findings", "subject_id", act["act_id"], on_act),
    )
    found = publish(made, View.parse("commission")).kept_out.to_pylist()
    assert {row["subject_id"] for row in found} == {act["act_id"], "x-4"}
    assert {row["party"] for row in found} == {"B"}  # who is recorded; the act is asked of both
    over = dossier.agreement.calendar.bounds(dossier.period.last_day).ended + timedelta(hours=72)
    for as_of, listed in ((over - timedelta(minutes=5), 0), (over, 2)):
        release = publish(replace(made, as_of=as_of), View.parse("public"))
        assert release.rows.num_rows > 0
        assert len(set(release.kept_out["subject_id"].to_pylist())) == listed


def test_nothing_is_inferred_from_what_monitors_did_not_see(dossier, released):
    assert "grants no adverse inference" in str(section(released("public")).blocks)
    clauses = tuple(
        replace(each, terms={"adverse_inference": True}) if each.kind == "access" else each
        for each in dossier.agreement.clauses
    )
    granting = replace(dossier, agreement=replace(dossier.agreement, clauses=clauses))
    blocks = str(section(publish(granting, View.parse("public"))).blocks)
    assert "lets an adverse inference be drawn (3 · Monitors go where they will)" in blocks
    assert "none is drawn here" in blocks


def test_the_exports_carry_duties_and_obstructions_of_every_view(released):
    for view in ("public", "party:A", "party:B", "commission"):
        made = {
            each.__name__: each.render(released(view))
            for each in (tables, geojson, parquet, geopackage)
        }
        for name, content in made.items():
            for row in (*released(view).duties.to_pylist(), *released(view).kept_out.to_pylist()):
                assert row["finding_id"].encode() in content, (view, name)


def test_no_id_of_the_record_leaves(released):
    whole = sample()
    own = {*whole.findings["subject_id"].to_pylist(), *whole.findings["finding_id"].to_pylist()}
    content = tables.render(released("public"))
    assert [name for name in own if name.encode() in content] == []


def test_where_nothing_was_owed_and_nobody_kept_out_there_is_no_section(dossier):
    none = replace(dossier, findings=dossier.findings.slice(0, 100))
    assert section(publish(none, View.parse("public"))) is None
