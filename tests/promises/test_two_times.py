"""Valid time and known time stand on everything, and any known time goes with any version of the text."""

import json
import re
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.pipeline.mission import load
from truceline.pipeline.run import run, take_in
from truceline.record.batch import TABLES
from truceline.record.entry import Entry
from truceline.record.store import Record
from truceline.tables.schemas import EVIDENCE_TABLES, INSTANT

AMENDED = """
amendments:
  - version: "2"
    title: The calm is widened
    from: 2031-05-10T00:00+00:00
    clauses:
      - id: ceasefire
        title: Nobody fires, in the second version
"""
AT = datetime(2031, 5, 15, tzinfo=UTC)


def told(project_root):
    """Rows of the table of kinds in the page on the record: kind to where, valid and known."""
    page = (project_root / "docs" / "explanation" / "record.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    named = [row for row in rows if "`" in row[1] and "`" in row[3]]
    return {row[0]: tuple(re.findall(r"`([^`]+)`", cell) for cell in row[1:]) for row in named}


def test_every_kind_of_row_that_the_record_holds_has_its_two_times_in_the_table(project_root):
    listed = {table: (valid, known) for [table, *_], valid, known in told(project_root).values()}
    assert set(EVIDENCE_TABLES) | {"refusals"} == set(TABLES) == set(listed) & set(TABLES)
    for table, schema in TABLES.items():
        valid, known = listed[table]
        assert known == ["known_at"], table
        for column in (*valid, *known):
            assert schema.field(column).type == INSTANT, (table, column)
        if table not in {"editions", "refusals"}:
            assert valid[:2] == ["began", "ended"], table
            assert not schema.field("began").nullable, table
            assert not schema.field("ended").nullable, table


def test_every_instant_of_a_table_says_which_zone_it_is_in():
    for schema in TABLES.values():
        for field in schema:
            if pa.types.is_timestamp(field.type):
                assert field.type.tz == "UTC", field


def test_every_kind_of_entry_has_its_two_times_in_the_table(project_root):
    rows = told(project_root)
    for kind in ("agreement", "case_move", "publication"):
        ((_, known),) = [(v, k) for where, v, k in rows.values() if where[-1] == kind]
        assert known[0] == "known_at"
        assert set(known) <= set(Entry.__dataclass_fields__)
    assert {"observations", "exposures", "holdings", "notices", "casualties"} <= {
        where[0] for where, _, _ in rows.values()
    }


def copied(project_root, folder):
    """The example, taken in."""
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", folder, ignore=ignored)
    take_in(folder)
    return folder


def amend(mission):
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(AMENDED)


@pytest.fixture(scope="module")
def mission(project_root, tmp_path_factory):
    folder = copied(project_root, tmp_path_factory.mktemp("two-times") / "m")
    amend(folder)
    return folder


def titles(mission):
    with Record.open(mission / "record", read_only=True) as record:
        kept = list(record.entries(kind="agreement"))
    return [[each["version"] for each in entry.payload["versions"]] for entry in kept]


def test_each_wording_of_the_text_is_kept_once_with_when_it_holds_and_when_it_was_known(
    project_root, tmp_path
):
    mission = copied(project_root, tmp_path / "m")
    take_in(mission)
    assert titles(mission) == [["1"]]
    amend(mission)
    take_in(mission)
    take_in(mission)
    assert titles(mission) == [["1"], ["1", "2"]]
    with Record.open(mission / "record", read_only=True) as record:
        first, second = record.entries(kind="agreement")
        batch = next(record.entries(kind="batch"))
    assert first.sequence < batch.sequence  # what evidence was judged by lay before it
    assert first.known_at < second.known_at
    assert second.payload["versions"][1]["from"] == "2031-05-10T00:00:00.000000Z"
    text = (mission / "agreement" / "agreement.yaml").read_text(encoding="utf-8")
    assert second.payload["files"]["agreement.yaml"] == text


def test_any_instant_goes_with_any_version_and_every_answer_is_kept(mission):
    asked = [(None, None), (AT, None), (None, "1"), (AT, "1"), (AT, "2")]
    done = [run(mission, as_of=at, agreement_version=version) for at, version in asked]
    assert len({each.out for each in done}) == len(asked)
    for (at, version), each in zip(asked, done, strict=True):
        summary = json.loads((each.out / "summary.json").read_text(encoding="utf-8"))
        manifest = json.loads((each.out / "manifest.json").read_text(encoding="utf-8"))
        assert summary["agreement"] == {"id": "known-answers", "version": version or "2"}
        assert manifest["versions"]["agreement"] == f"known-answers {version or '2'}"
        assert at is None or summary["as_of"] == at.isoformat()
    names = [each.out.relative_to(mission / "out").as_posix() for each in done]
    stamp = "as-of/20310515T000000Z"
    assert names == [".", stamp, "under/1", f"{stamp}@1", f"{stamp}@2"]
    # The text changes what is judged, and nothing of what happened.
    one, two = done[3].out, done[4].out
    for name in ("incidents.geojson", "members.csv", "acts.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert (one / "findings.csv").read_bytes() != (two / "findings.csv").read_bytes()
    assert (done[1].out / "findings.csv").read_bytes() == (two / "findings.csv").read_bytes()


def test_an_unknown_version_is_told_before_anything_is_written(mission):
    done = truceline("run", mission, "--agreement-version", "9")
    assert "9" in str(done.exception)
    assert not load(mission).answer_folder(None, "9").exists()


def truceline(*words):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


def test_a_story_says_as_of_when_and_under_which_text_it_was_judged(mission):
    for version in ("1", "2"):
        run(mission, as_of=AT, agreement_version=version)
        words = ("--as-of", AT.isoformat(), "--agreement-version", version)
        done = truceline("explain", "ka-01-a", "--mission", mission, *words)
        assert done.exception is None, done.exception
        head = done.stdout.splitlines()[0]
        assert f"as known at {AT.isoformat()}, under known-answers {version}" in head


def test_a_report_says_under_which_text_it_judges_and_lies_apart_from_the_others(mission):
    from truceline.pipeline.reporting import release

    views = {"view": "commission", "formats": ["tables"], "as_of": AT}
    (one,) = release(mission, agreement_version="1", **views)
    (two,) = release(mission, **views)
    assert (one.parent.name, two.parent.name) == ("under-1", "commission")
    assert b"\nView: commission. Agreement:" in one.read_bytes()
    assert one.read_bytes() != two.read_bytes()
