"""What leaves the mission is written down: for whom, which bytes, which counts, at which record."""

import hashlib

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
