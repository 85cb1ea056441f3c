"""A release cannot be read for where in its cell anything was, however near edges lie together."""

import io

import pyarrow as pa
import pyarrow.compute as pc
import pypdf
import pytest
from edges import CELL_M, KEY, elsewhere, judged_in_place, near_edges

from truceline.pipeline import plugins
from truceline.pipeline.dossier import dossier
from truceline.pipeline.releasing import judged_by_cell
from truceline.reports.contract import View
from truceline.reports.publication import publish
from truceline.reports.settled import NEAR_EDGE, WITHHELD
from truceline.reports.subjects import is_owed

VIEWS = ("public", "party:WEST", "party:EAST")


@pytest.fixture(scope="module")
def truce(project_root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells") / "m"
    return near_edges(project_root / "examples" / "known-answers", folder)


@pytest.fixture(scope="module")
def told(truce):
    return judged_by_cell(truce.mission, truce.line, CELL_M)[0]


def documents(mission, line):
    whole = dossier(mission, line, KEY, CELL_M)
    formats = plugins.load("formats")
    return {
        (view, name): formats[name].render(publish(whole, View.parse(view)))
        for view in VIEWS
        for name in formats
    }


@pytest.fixture(scope="module")
def released(truce):
    return documents(truce.mission, truce.line)


@pytest.fixture(scope="module", params=range(3))
def true(request, truce):
    """What the commission would read, were everything somewhere else in its cell."""
    return judged_in_place(truce.mission, elsewhere(truce.line, request.param))


@pytest.mark.parametrize("seed", range(2))
def test_moving_everything_within_its_cell_across_edges_changes_no_released_byte(
    seed, truce, released
):
    moved = documents(truce.mission, elsewhere(truce.line, seed))
    assert [key for key in released if moved[key] != released[key]] == []


def test_the_same_move_changes_what_the_commission_reads(true, truce):
    for name in ("findings", "counts", "attributions"):
        assert not getattr(true, name).equals(getattr(truce.line, name)), name


def test_what_is_told_holds_for_every_place_in_the_cell(true, told):
    """No verdict or author is released that the true place, wherever in the cell, would deny."""
    of = dict(zip(*(true.findings[c].to_pylist() for c in ("finding_id", "verdict")), strict=True))
    for row in told.findings.to_pylist():
        assert row["verdict"] in {NEAR_EDGE, of.get(row["finding_id"])}, row
    of = dict(zip(*(true.attributions[c].to_pylist() for c in ("act_id", "outcome")), strict=True))
    for row in told.attributions.to_pylist():
        assert row["outcome"] in {WITHHELD, of[row["act_id"]]}, row


def test_an_act_is_counted_in_a_zone_only_if_it_is_there_from_everywhere_in_its_cell(true, told):
    key = ("legal_day", "area", "rule")

    def sums(counts):
        found = {}
        for row in counts.to_pylist():
            at = tuple(row[name] for name in key)
            found[at] = found.get(at, 0) + row["as_now_known"]
        return found

    ours, theirs = sums(told.counts), sums(true.counts)
    for day, area, rule in sorted({*theirs, *ours}):
        if area.startswith("near:"):
            continue
        number = theirs.get((day, area, rule), 0)
        sure = ours.get((day, area, rule), 0)
        near = ours.get((day, f"near:{area}", rule), 0)
        assert sure <= number <= sure + near, (day, area, rule)
        if area == "all":
            assert (sure, near) == (number, 0)


def test_edges_withhold_some_and_leave_the_rest(told):
    verdicts = told.findings["verdict"].to_pylist()
    assert 0 < verdicts.count(NEAR_EDGE) < len(verdicts)
    assert {"violation", "compliant"} <= set(verdicts)
    assert {WITHHELD, "attributed"} <= set(told.attributions["outcome"].to_pylist())
    assert any(area.startswith("near:") for area in told.counts["area"].to_pylist())


def test_what_is_withheld_near_an_edge_is_counted_and_said(truce, released):
    release = publish(dossier(truce.mission, truce.line, KEY, CELL_M), View.parse("public"))
    (near,) = (each for each in release.withheld if each.what == "near_edge")
    assert near.number > 0
    assert 0 < near.figures["findings"] <= release.verdicts.num_rows * release.rows.num_rows
    assert b"too near an edge" in released["public", "html"]
    pages = pypdf.PdfReader(io.BytesIO(released["public", "pdf"])).pages
    assert "too near an edge" in " ".join(" ".join(p.extract_text() for p in pages).split())


def test_duties_and_obstructions_are_told_by_cell_like_all_else(told):
    barred = pc.is_in(told.findings["subject_id"], value_set=pa.array(["d-1", "d-2", "d-3", "d-4"]))
    for kept in (is_owed(told.findings), barred):
        verdicts = set(told.findings.filter(kept)["verdict"].to_pylist())
        assert NEAR_EDGE in verdicts
        assert len(verdicts) > 1


def test_how_many_inspections_are_withheld_is_told_only_where_it_holds_all_over_the_cell(
    truce, told
):
    assert told.allowed == {"fleet": {"v-6": 0.0}, "watch": None}
    limits = dossier(truce.mission, truce.line, KEY, CELL_M).limits
    found = sorted(each for each in limits if each.startswith("Withheld: "))
    assert [each[:50] for each in found] == [
        "Withheld: 1 inspections by fleet, which the mandat",
        "Withheld: how many inspections by watch the mandat",
    ]


def test_who_answers_is_told_only_where_it_holds_for_every_place_in_the_cell(true, told):
    key = ("act_id", "party", "clause_id", "reading", "answers_for")
    said = ("standing", "authorship", "because")
    of = {tuple(row[k] for k in key): row for row in true.responsibility.to_pylist()}
    rows = told.responsibility.to_pylist()
    for row in rows:
        if row["standing"] != WITHHELD:
            there = of[tuple(row[k] for k in key)]
            assert [row[name] for name in said] == [there[name] for name in said], row
    assert len({row["standing"] == WITHHELD for row in rows}) == 2


def test_when_a_clause_that_waits_was_met_is_told_only_where_no_place_could_change_it(true, told):
    pairs = zip(told.agreement.clauses, true.agreement.clauses, strict=True)
    found = set()
    for ours, theirs in pairs:
        for own, other in zip(ours.begins or (), theirs.begins or (), strict=True):
            found.add(own.because == WITHHELD)
            if own.because != WITHHELD:
                assert (own.perhaps_at, own.surely_at) == (other.perhaps_at, other.surely_at)
    assert found == {True, False}
