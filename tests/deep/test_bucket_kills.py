"""A writer that is killed while it puts objects into a bucket loses nothing that it had acknowledged."""

import pytest
from killing import check_killed, scenario

pytestmark = pytest.mark.deep


@pytest.fixture
def store(s3, tmp_path, monkeypatch):
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "store.toml"
    path.write_text(s3.setting("NAME"))
    return path


def test_nothing_acknowledged_is_lost_at_any_write_point_of_an_object(store, tmp_path):
    """The points between the bytes of one file are those of a folder, and killed there."""
    (clean,) = scenario("count", str(tmp_path / "clean"), store=store)
    assert clean["faults"] == []
    points = [
        at
        for at, name in enumerate(clean["points"])
        if name.startswith(("exhibit", "acquisition")) and name != "exhibit half written"
    ]
    assert [clean["points"][at] for at in points].count("exhibit put") == 10
    results = scenario("kill", str(tmp_path), ",".join(map(str, points)), store=store)
    assert len(results) == len(points)
    for at, found in zip(points, results, strict=True):
        check_killed(found, clean, f"write point {at}, {clean['points'][at]}")
