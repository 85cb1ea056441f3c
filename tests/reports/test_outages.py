"""Who was out: by name for those inside, by district and day for everybody else."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from truceline.pipeline import plugins
from truceline.reports.contract import PublicationRules, View
from truceline.reports.outages import outages
from truceline.reports.publication import publish
from truceline.tables.schemas import EXPOSURES

RULES = PublicationRules()


@pytest.fixture(scope="module")
def with_outages(dossier):
    """The dossier with these stretches of outage, hours after its period opens, and no other exposure."""

    def make(*stretches):
        opens = dossier.agreement.calendar.bounds(dossier.period.first_day).began
        rows = [
            {
                "exposure_id": f"e-{number}",
                "source": source,
                "kind": "outage",
                "began": opens + timedelta(hours=began),
                "ended": opens + timedelta(hours=ended),
                "lat": 48.31,
                "lon": -37.21,
                "reason": reason,
            }
            for number, (source, began, ended, reason) in enumerate(stretches)
        ]
        return replace(dossier, exposures=pa.Table.from_pylist(rows, schema=EXPOSURES))

    return make


def told(dossier, **more):
    table = outages(dossier, RULES, **more)
    opens = dossier.agreement.calendar.bounds(dossier.period.first_day).began
    return [
        (row["source"], (row["began"] - opens) / timedelta(hours=1), row["hours"], row["reason"])
        for row in table.to_pylist()
    ]


def test_stretches_of_one_source_that_touch_are_one_and_others_stay_apart(with_outages):
    made = with_outages(
        ("camera 2", 3, 4, "frost"), ("camera 1", 1, 2, "frost"), ("camera 1", 2, 5, "frost"),
        ("camera 1", 5, 6, "no power"), ("camera 1", 8, 9, "frost"),
    )  # fmt: skip
    assert told(made) == [
        ("camera 1", 1, 4, "frost"), ("camera 1", 5, 1, "no power"), ("camera 1", 8, 1, "frost"),
        ("camera 2", 3, 1, "frost"),
    ]  # fmt: skip


def test_hours_before_the_period_are_not_counted_to_it(with_outages):
    assert told(with_outages(("camera 1", -30, 2, None))) == [("camera 1", 0, 2, None)]


@pytest.mark.parametrize("view", ["public", "party:A"])
def test_no_release_in_any_format_names_who_was_out(with_outages, view):
    made = with_outages(("camera by the mill", 1, 7, "cable cut at the mill"))
    late = made.as_of + timedelta(days=30)
    release = publish(replace(made, as_of=late), View.parse(view))
    assert release.outages.num_rows == 0
    assert release.coverage["hours_out"].to_pylist() == [6.0]  # by district and day
    for name, form in plugins.load("formats").items():
        assert b"the mill" not in form.render(release), name


def test_the_commission_reads_who_was_out_with_hours_and_reason(with_outages):
    made = publish(with_outages(("camera north", 1, 7, "cable cut")), View.parse("commission"))
    page = plugins.load("formats")["html"].render(made).decode()
    start = page.index("that were out, by name")
    row = page[start : start + 2000]
    assert row.index("camera north") < row.index("cable cut")
    assert b"camera north" in plugins.load("formats")["tables"].render(made)


def test_where_nothing_was_logged_as_out_that_is_said_and_not_that_all_worked(with_outages):
    page = plugins.load("formats")["html"].render(publish(with_outages(), View.parse("commission")))
    assert b"One that keeps no log is not in this list" in page


def test_what_nobody_entered_is_named_and_is_no_proof_that_there_was_nothing(dossier):
    """A section that a reader looks for does not go missing without a word."""
    made = publish(dossier, View.parse("commission"))
    told = {"party": "A", "sites": 1}
    weapons = pa.Table.from_pylist([told], schema=made.desk["weapons"].schema)
    made = replace(made, desk={**made.desk, "weapons": weapons})
    page = plugins.load("formats")["html"].render(made).decode()
    assert "under: " in page
    assert "calls on the hotline" in page[page.index("under: ") :][:120]
