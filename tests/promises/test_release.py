"""What leaves the mission is written down: for whom, which bytes, which counts, at which record."""

import hashlib
from datetime import timedelta

import pytest

from truceline.pipeline.reporting import release
from truceline.record.store import Record


@pytest.fixture(scope="module")
def mission(tmp_path_factory, run_copy):
    return run_copy("known-answers", tmp_path_factory.mktemp("release") / "m").parent


def publications(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return [entry.payload for entry in record.entries(kind="publication")]


def test_a_release_is_entered_with_the_digest_of_each_document(mission):
    before = publications(mission)
    paths = release(mission, view="public", formats=["tables", "geojson"])
    (entry,) = publications(mission)[len(before) :]
    assert entry["view"] == "public"
    assert entry["documents"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }
    assert len(entry["documents"]) == 2
    assert entry["counts"]


def test_the_commissions_own_copy_is_no_publication(mission):
    before = publications(mission)
    release(mission, view="commission", formats=["geojson"])
    assert publications(mission) == before


def test_a_release_prints_no_digest_of_evidence_that_could_be_tried(mission):
    (page,) = release(mission, view="public", formats=["html"])
    bare = publications(mission)[-1]["evidence_digest"]
    assert bare[:16] not in page.read_text(encoding="utf-8")


def test_a_release_does_not_tell_when_the_newest_report_came_in(mission):
    with Record.open(mission / "record", read_only=True) as record:
        newest = max(entry.known_until for entry in record.entries(kind="batch"))
    assert newest.hour == 23  # and so not the close of a legal day, which is midnight here
    release(mission, view="public", formats=["html"])
    told = publications(mission)[-1]["as_of"]
    assert told == f"{newest.date() + timedelta(days=1)}T00:00:00+00:00"
