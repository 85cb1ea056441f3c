"""An area that is finer than a cell is named in no release, though a report may know no other place."""

from dataclasses import replace

import pytest

from truceline.reports.contract import View
from truceline.reports.districts import of_small_zones
from truceline.reports.publication import publish

SMALL, WIDE = "bridge", "depot"


def everywhere_in(dossier, with_column, area):
    """The dossier with every watch and incident known by the name of one area alone."""
    for table in ("exposures", "posterior", "incidents"):
        rows = getattr(dossier, table).num_rows
        columns = {"lat": [None] * rows, "lon": [None] * rows}
        if table != "incidents":
            columns["area_id"] = [area] * rows
        dossier = with_column(dossier, table, columns)
    return dossier


@pytest.mark.parametrize("view", ["public", "party:A", "party:B"])
def test_no_release_names_an_area_that_is_finer_than_a_cell(view, dossier, with_column):
    made = publish(everywhere_in(dossier, with_column, SMALL), View.parse(view))
    assert min(made.coverage.num_rows, made.kept_out.num_rows, made.rows.num_rows) > 0
    for table, column in ((made.coverage, "district"), (made.kept_out, "district")):
        assert set(table[column].to_pylist()) == {"place not stated"}
    assert set(made.rows["place"].to_pylist()) == {None}
    assert set(made.accusations["place"].to_pylist()) <= {None, "place not stated"}


def test_wider_areas_are_named_and_the_mission_reads_every_name(dossier, with_column):
    made = publish(everywhere_in(dossier, with_column, WIDE), View.parse("public"))
    assert len(set(made.rows["place"].to_pylist())) == 1
    assert None not in made.rows["place"].to_pylist()
    inside = replace(everywhere_in(dossier, with_column, SMALL), judged_cell_m=None)
    told = publish(inside, View.parse("commission"))
    assert set(told.coverage["district"].to_pylist()) == {"Bridge area"}
    assert set(told.rows["place"].to_pylist()) == {"Bridge area"}


@pytest.mark.parametrize(
    ("terms", "is_small"),
    [
        ({"zone": SMALL}, True),
        ({"zone": WIDE}, False),
        ({"phases": [{"name": "first", "zone": WIDE}, {"name": "second", "zone": SMALL}]}, True),
        ({"zone": {"line": "line-1", "distance_m": 10_000}}, False),
        ({"zone": None, "acts": ["mortar"]}, False),
    ],
)
def test_a_clause_is_of_a_small_zone_however_its_terms_name_it(terms, is_small, dossier):
    clause = replace(dossier.agreement.clauses[0], terms=terms)
    found = of_small_zones(replace(dossier.agreement, clauses=(clause,)), 5_000.0)
    assert found == ({clause.clause_id} if is_small else set())
