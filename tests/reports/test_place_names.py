"""The commission reads a place as the reports name it; no release does."""

import pytest

from truceline.reports.contract import View
from truceline.reports.formats import html
from truceline.reports.publication import publish

NAMED = "3km NNE of Millbridge"


@pytest.fixture(scope="module")
def named(dossier, with_column):
    whole = with_column(
        dossier, "observations", {"place_name": [NAMED] * dossier.observations.num_rows}
    )
    areas = [None] * dossier.posterior.num_rows
    return with_column(whole, "posterior", {"area_id": areas})


def test_the_commission_reads_the_name_where_no_area_is_known(named):
    release = publish(named, View.parse("commission"))
    assert set(release.rows["place"].to_pylist()) == {NAMED}
    assert NAMED.encode() in html.render(release)


@pytest.mark.parametrize("view", ["public", "party:A", "party:B"])
def test_no_release_names_it(view, named):
    release = publish(named, View.parse(view))
    assert not any("Millbridge" in (each or "") for each in release.rows["place"].to_pylist())
    assert b"Millbridge" not in html.render(release)
