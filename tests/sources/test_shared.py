"""The feeds on real files, with the traps that are in them."""

from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest

pytestmark = pytest.mark.shared


def load(folder, pattern: str) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted(folder.glob(pattern))}
    assert found
    return found


def test_ucdp_takes_every_event_of_the_relational_set(take, shared_data) -> None:
    reading = take("ucdp_ged", load(shared_data / "ucdp-ged-ukraine", "*.csv"))
    assert (reading.upstream, reading.taken) == (2989, 2989)
    table = reading.tables["observations"]
    assert table["claimed_actor"].null_count == 2989
    assert pc.all(table["is_date_only"]).as_py()
    assert pc.min(table["began"]).as_py() >= datetime(2013, 12, 31, tzinfo=UTC)
    notes = "\n".join(reading.notes)
    assert "Location.csv:2: a row of HXL tags" in notes
    assert "rows (7 more cannot be read) are 2577 articles" in notes


def test_viina_refuses_its_exact_duplicates_and_nothing_else(take, shared_data) -> None:
    reading = take("viina", load(shared_data / "viina", "*.csv"))
    assert (reading.upstream, reading.taken) == (17957, 17869)
    assert all(r.reason.startswith("exact duplicate of line") for r in reading.refused)
    table = reading.tables["observations"]
    late = pc.greater_equal(table["began"], datetime(2025, 2, 24, 22, tzinfo=UTC))
    assert table.filter(late)["type"].null_count == pc.sum(late).as_py()
    assert pc.mean(pc.cast(table["is_date_only"], "float64")).as_py() > 0.5


def test_firms_reads_both_spellings_and_refuses_static_sources(take, shared_data) -> None:
    reading = take("firms", load(shared_data / "firms", "*.csv"))
    assert (reading.upstream, reading.taken) == (1040, 931)
    assert {r.reason.split(",")[0] for r in reading.refused} == {
        "type 2: other static land source", "type 3: offshore",
    }  # fmt: skip


def test_two_authors_maps_are_taken_whole_as_claims(take, shared_data) -> None:
    one = take(
        "control_map",
        load(shared_data / "deepstate", "*.geojson"),
        author="one author",
        controller="RU",
    )
    two = take(
        "control_map",
        load(shared_data / "control-nzz", "*.json"),
        author="another author",
        classes={"nochange": "RU", "gains": "RU", "losses": "UA"},
        until_next=True,
    )
    assert (one.upstream, one.taken) == (324, 324)
    assert (two.upstream, two.taken) == (76, 76)
    assert pc.count_distinct(one.tables["controls"]["version"]).as_py() == 45
