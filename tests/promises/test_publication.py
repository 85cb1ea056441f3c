"""Publishing is an act: a right of an office, logged before anything leaves, repeated without a change."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import PublicationError, RecordError, SettingsError
from truceline.pipeline import publishing
from truceline.pipeline.line import known_at
from truceline.pipeline.mission import load
from truceline.pipeline.reporting import ordered, rehearse, release
from truceline.pipeline.run import take_in
from truceline.record.store import Record

MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, attribute, propose, publish]}
"""
FORMATS = ("tables", "geojson")
APPOINTED = (("registrar", "registrar"), ("press", "publisher"), ("desk", "duty_officer"))


@pytest.fixture(scope="module")
def taken_in(project_root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("publication") / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", folder, ignore=ignored)
    take_in(folder)
    return folder


@pytest.fixture
def mission(taken_in, tmp_path):
    return shutil.copytree(taken_in, tmp_path / "m")


def entries(mission, kind="publication"):
    with Record.open(mission / "record", read_only=True) as record:
        return list(record.entries(kind=kind))


def size(mission):
    with Record.open(mission / "record", read_only=True) as record:
        return record.head().size


def truceline(*words):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


def filled(mission):
    """The mission with its offices filled: from now on a publisher alone publishes."""
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    for number, (office, role) in enumerate(APPOINTED):
        words = (f"office={office}", f"as={role}", "body=mission", f"holder=p-{number}")
        done = truceline(
            "case", "move", mission, "-", "appoint", *words, "--as", "registrar", "--reason", "order"
        )  # fmt: skip
        assert done.exception is None, done.exception
    return mission


def test_a_release_again_is_the_same_bytes_though_the_log_has_grown(mission):
    every = ("tables", "geojson", "html", "geopackage")
    first = {p.name: p.read_bytes() for p in release(mission, view="public", formats=every)}
    grown = size(mission)
    release(mission, view="party:WEST", formats=FORMATS)
    again = {p.name: p.read_bytes() for p in release(mission, view="public", formats=every)}
    assert size(mission) == grown + 2
    assert [name for name in first if again[name] != first[name]] == []
    one, _, two = entries(mission)
    assert one.payload == two.payload


def test_publications_and_moves_are_no_evidence_and_move_neither_the_head_nor_the_latest_instant(
    mission,
):
    def known():
        with Record.open(mission / "record", read_only=True) as record:
            found = known_at(load(mission), record)
            return found.as_of, found.record_head, found.record_size, found.evidence_digest

    before = known()
    release(mission, view="public", formats=FORMATS)
    filled(mission)
    assert known() == before
    (entry,) = entries(mission)
    with Record.open(mission / "record", read_only=True) as record:
        head = [e for e in record.entries() if e.sequence < entry.payload["record_size"]][-1]
    assert (head.kind, head.chain_hash) == ("batch", entry.payload["counted_at"])


def test_the_entry_says_what_left_for_whom_by_which_rules_and_every_file_says_so_too(mission):
    paths = release(mission, view="party:WEST", formats=FORMATS)
    (entry,) = entries(mission)
    said = entry.payload
    assert said["view"] == "party:WEST"
    assert said["what"] == {"kind": "report", "first_day": "2031-05-01", "last_day": "2031-05-31"}
    assert said["agreement"] == {"id": "known-answers", "version": "1"}
    assert said["counting_rules"]
    assert said["documents"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }
    rules = f"{said['rules']['version']}-{said['rules']['digest'][:12]}"
    for path in paths:
        content = path.read_bytes()
        assert rules.encode() in content, path
        assert said["counted_at"].encode() in content, path
        assert all(name.encode() in content for name in said["counting_rules"]), path


def test_what_cannot_be_logged_does_not_leave(mission, monkeypatch):
    kept = release(mission, view="public", formats=FORMATS)
    before = {path: path.read_bytes() for path in kept}
    for path in kept:
        path.write_bytes(b"an older release")

    def full(*_, **__):
        msg = "log.sqlite: no room"
        raise RecordError(msg)

    monkeypatch.setattr(Record, "append", full)
    with pytest.raises(RecordError, match=r"no room\. Nothing was released: what leaves is logged"):
        release(mission, view="public", formats=FORMATS)
    assert {path.read_bytes() for path in kept} == {b"an older release"}
    assert sorted(path.name for path in kept[0].parent.iterdir()) == sorted(p.name for p in before)


def test_a_document_that_cannot_be_written_is_neither_logged_nor_left_in_part(mission, tmp_path):
    target = tmp_path / "out"
    (target / "report.zip.part").mkdir(parents=True)  # no file can be made of that name
    with pytest.raises(RecordError, match="could not be written"):
        release(mission, view="public", formats=FORMATS, to=target)
    assert entries(mission) == []
    assert [path.name for path in target.iterdir()] == ["report.zip.part"]


DIES = """
import os, sys
from pathlib import Path
from truceline.pipeline.reporting import release
Path.replace = lambda *_: os._exit(9)
release(Path(sys.argv[1]), view="public", formats=["geojson"])
"""


def test_dying_between_the_log_and_the_last_step_leaves_more_in_the_log_than_outside(mission):
    done = subprocess.run([sys.executable, "-c", DIES, str(mission)], check=False)
    assert done.returncode == 9
    assert len(entries(mission)) == 1
    target = mission / "release" / "public"
    assert [path.name for path in target.iterdir()] == ["report.geojson.part"]
    (path,) = release(mission, view="public", formats=["geojson"])
    assert [each.name for each in target.iterdir()] == [path.name]


def test_dry_foretells_the_entry_and_the_digests_and_writes_nothing(mission):
    release(mission, view="public", formats=FORMATS)  # now there is a key that names things
    (entry,) = entries(mission)
    before = contents(mission)
    made = rehearse(mission, view="public", formats=FORMATS)
    after = contents(mission)
    assert {**made.entry, "office": "", "body": ""} == entry.payload
    assert after == before
    told = json.loads(truceline("report", mission, "--dry", "--json").stdout)
    assert told["documents"]["report.zip"] == entry.payload["documents"]["report.zip"]
    assert "nothing was written" in truceline("report", mission, "--dry").stdout


def contents(mission):
    """Every file but the index that SQLite keeps for its readers."""
    paths = [path for path in mission.rglob("*") if path.is_file() and path.suffix != ".sqlite-shm"]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


READ_ONLY = """
import sys
from pathlib import Path
from truceline.model.errors import RecordError
from truceline.pipeline.reporting import rehearse, release
mission, to = Path(sys.argv[1]), Path(sys.argv[2])
print(sorted(rehearse(mission, view="public", formats=["geojson"]).entry["documents"]))
print(len(release(mission, view="commission", formats=["geojson"], to=to)))
try:
    release(mission, view="public", formats=["geojson"], to=to)
except RecordError as exc:
    print(exc)
"""


def test_on_a_medium_that_cannot_be_written_one_may_look_and_nothing_leaves(mission, tmp_path):
    to = tmp_path / "to"
    to.mkdir()
    for path in (mission, *mission.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Even root may not write then: it has given up its privilege over permissions.
    plainly = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*plainly, sys.executable, "-c", READ_ONLY, str(mission), str(to)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    for path in (mission, *mission.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.returncode == 0, done.stderr
    documents, commission, refusal = done.stdout.splitlines()
    assert documents == "['report.geojson']"
    assert commission == "1"
    assert "cannot be written, so nothing was released" in refusal
    assert entries(mission) == []


def test_once_offices_are_filled_a_publisher_alone_publishes_and_the_log_names_the_office(mission):
    filled(mission)
    for office, said in (
        ("", "nobody said which office publishes"),
        ("desk", "`desk` holds no right to publish"),
        ("nobody", "`nobody` holds no right to publish"),
    ):
        with pytest.raises(PublicationError, match=said):
            release(mission, view="public", formats=FORMATS, office=office)
        with pytest.raises(PublicationError, match="offices that may: press"):
            rehearse(mission, view="party:WEST", formats=FORMATS, office=office)
    assert entries(mission) == []
    done = truceline("report", mission, "--format", "geojson", "--as", "press")
    assert done.exception is None, done.exception
    (entry,) = entries(mission)
    assert (entry.actor, entry.role) == ("press", "publisher")
    assert (entry.payload["office"], entry.payload["body"]) == ("press", "mission")


def test_who_was_relieved_publishes_no_more(mission):
    filled(mission)
    words = ("relieve", "office=press", "--as", "registrar", "--reason", "order 2")
    assert truceline("case", "move", mission, "-", *words).exception is None
    with pytest.raises(PublicationError, match="`press` holds no right to publish"):
        release(mission, view="public", formats=FORMATS, office="press")


def test_agreement_and_mission_tighten_the_rules_and_the_log_says_under_which(mission):
    (path,) = release(mission, view="public", formats=["geojson"])
    before = json.loads(path.read_text(encoding="utf-8"))["truceline"]
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write("\npublication: {cell_m: 8000, redact: [rows.weapon], party: {delay_h: 96}}\n")
    with (mission / "mission.yaml").open("a", encoding="utf-8") as file:
        file.write("\npublication: {delay_h: 80, withhold: [claims]}\n")
    (path,) = release(mission, view="public", formats=["geojson"])
    after = json.loads(path.read_text(encoding="utf-8"))
    assert after["truceline"]["publication_rules"] != before["publication_rules"]
    assert after["features"]
    assert {each["properties"]["weapon"] for each in after["features"]} == {None}
    one, two = (entry.payload["rules"] for entry in entries(mission))
    assert one["digest"] != two["digest"]
    assert publishing.rules_for(load(mission), publishing.View.parse("public")).delay_h == 80
    assert publishing.rules_for(load(mission), publishing.View.parse("party:WEST")).delay_h == 96


def test_a_mission_that_loosens_a_rule_is_refused_with_the_line(mission):
    path = mission / "mission.yaml"
    lines = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as file:
        file.write("publication: {cell_m: 1000}\n")
    with pytest.raises(SettingsError, match=rf"mission.yaml:{lines + 1}: .*cell_m is 1000"):
        load(mission)


def counts(path):
    with zipfile.ZipFile(path) as packed:
        rows = csv.DictReader(io.StringIO(packed.read("counts.csv").decode("utf-8")))
        return {tuple(row[k] for k in ("legal_day", "area", "rule", "party")): row for row in rows}


def test_counts_published_on_other_evidence_stand_beside_those_of_now(mission):
    (path,) = release(mission, view="public", formats=["tables"])
    first = counts(path)
    assert {row["as_published"] for row in first.values()} == {""}
    raw = mission / "raw" / "observations.csv"
    row = (
        "ka-x,patrol 1,patrol,2031-05-10T12:00:00Z,2031-05-10T10:00:00Z,2031-05-10T10:05:00Z,"
        "30.3,-39.9755,60,mortar,impact,,,,,,,crater,mortar 120 mm,4,crater,Fresh craters\n"
    )
    raw.write_text(raw.read_text(encoding="utf-8") + row, encoding="utf-8")
    (path,) = release(mission, view="public", formats=["tables"])
    now = counts(path)
    assert {key: row["as_now_known"] for key, row in now.items()} != {
        key: row["as_now_known"] for key, row in first.items()
    }
    told = {key: row["as_published"] for key, row in now.items() if key in first}
    assert told == {key: row["as_now_known"] for key, row in first.items()}


NO_MORE = """
amendments:
  - version: "2"
    title: Nobody publishes any more
    from: 2020-01-01T00:00+00:00
    publication: {delay_h: 96}
    mandate:
      bodies:
        - {id: mission, name: The observers, kind: mission, may: [observe, find, attribute, propose]}
"""


def test_no_earlier_text_gives_back_the_right_to_publish_or_loosens_a_rule(mission):
    filled(mission)
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(NO_MORE)
    for version in (None, "1", "2"):
        with pytest.raises(PublicationError, match="`press` holds no right to publish"):
            rehearse(
                mission, view="public", formats=FORMATS, agreement_version=version, office="press"
            )
    order = ordered(mission, "1", "public", FORMATS, None, None, None, "press", print)
    assert order.rules.delay_h == 96
