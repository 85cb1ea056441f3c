"""An evacuation killed at every point: never are both gone; and other tools open what was sealed."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from debian_packages import install

from truceline.model.errors import RecordError
from truceline.pipeline import evacuating
from truceline.pipeline.run import take_in
from truceline.pipeline.witnessing import make_key
from truceline.record import evacuation

pytestmark = pytest.mark.deep
SCENARIO = Path(__file__).with_name("evacuation_scenario.py")
PERSON = (
    "ka-p-1,Ivanna Testenko,person,2031-05-03T12:00:00Z,2031-05-02T10:00:00Z,"
    "2031-05-02T10:05:00Z,30.3,-39.975,500,artillery,impact,,,,,,,interview,,4,crater,Heard it.\n"
)


@pytest.fixture(scope="module")
def mission(tmp_path_factory, copy_mission):
    folder = copy_mission("known-answers", tmp_path_factory.mktemp("evacuation") / "m")
    with (folder / "raw" / "observations.csv").open("a", encoding="utf-8") as text:
        text.write(PERSON)
    take_in(folder)
    make_key(folder)
    return folder


def test_at_no_point_are_both_the_field_and_the_sealed_file_gone(mission, tmp_path):
    done = subprocess.run(
        [sys.executable, str(SCENARIO), str(mission), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    names = [found["point"] for found in results]
    for name in (
        "sealed file begun", "sealed file written", "sealed file synchronised",
        "sealed file read back", "marker half written", "marker synchronised", "marker renamed",
        "marker settled", "sealed file renamed", "sealed file settled", "key written over",
        "key removed", "key gone", "a file removed",
    ):  # fmt: skip
        assert name in names
    for at, found in enumerate(results):
        where = f"point {at}, {found['point']}"
        assert found["killed"], where
        assert found["field"] or found["sealed"], where
        assert found["again"], where
        assert found["late"], where
        assert sorted(found["left"]) == ["record/evacuated.json", "record/writer.lock"], where


def test_a_full_disk_destroys_nothing(mission, tmp_path):
    """A real file system of one megabyte takes the sealed file."""
    folder, disk = tmp_path / "m", tmp_path / "disk"
    shutil.copytree(mission, folder)
    (folder / "raw" / "big.bin").write_bytes(bytes(3 << 20))
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("this system lets nobody mount a small file system")
    try:
        secret = tmp_path / "successor.key"
        recipient = evacuating.successor(secret)
        before = evacuation.keys(folder / "record")
        with pytest.raises(RecordError, match="nothing is destroyed: make room there"):
            evacuating.evacuate(folder, recipient, disk / "sealed.age", office="head-of-mission")
        assert list(disk.iterdir()) == []
        assert evacuation.keys(folder / "record") == before
        evacuating.evacuate(folder, recipient, tmp_path / "sealed.age", office="head-of-mission")
        evacuating.receive(tmp_path / "sealed.age", secret, tmp_path / "new")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_age_tool_opens_what_was_sealed(mission, tmp_path):
    """An implementation by other people, with tar, is enough to get at everything."""
    if shutil.which("age") is None:
        install("age")
    folder, out, secret = tmp_path / "m", tmp_path / "sealed.age", tmp_path / "successor.key"
    shutil.copytree(mission, folder)
    recipient = evacuating.successor(secret)
    told = subprocess.run(
        ["age-keygen", "-y", str(secret)], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == recipient
    evacuating.evacuate(folder, recipient, out, office="head-of-mission")
    archive = tmp_path / "opened.tar"
    subprocess.run(["age", "-d", "-i", str(secret), "-o", str(archive), str(out)], check=True)
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        content = opened.extractfile("mission/raw/observations.csv").read()
    assert names[0] == "evacuation.json"
    assert names[-1] == "manifest.json"
    assert content == (mission / "raw" / "observations.csv").read_bytes()
