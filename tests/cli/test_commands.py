"""Commands as people and scripts call them: output, JSON, exit codes, and no traceback ever."""

import json
import shutil
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def mission(tmp_path_factory, project_root):
    target = tmp_path_factory.mktemp("cli") / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", target, ignore=ignored)
    assert truceline("run", target).returncode == 0
    return target


def truceline(*words):
    command = [sys.executable, "-m", "truceline.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("feeds", "--json"),
        ("check", "easter-2025", "--json"),
        ("diff", "easter-2025", "minsk-2@2015-02-12", "--json"),
        ("ingest", "MISSION", "--json"),
        ("run", "MISSION", "--json"),
        ("explain", "ka-01-a", "--mission", "MISSION", "--json"),
        ("record", "verify", "MISSION", "--json"),
        ("record", "list", "MISSION", "--json"),
    ],
    ids=" ".join,
)
def test_json_is_json_and_nothing_else(mission, words):
    done = truceline(*(mission if word == "MISSION" else word for word in words))
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("run", "nowhere"), 2, "truceline init"),
        (("run", "MISSION", "--as-of", "2031-05-02"), 2, "no time zone"),
        (("run", "MISSION", "--as-of", "2031-06-02"), 2, "write 2031-06-02T18:00+03:00"),
        (("run", "MISSION", "--as-of", "2031-06-02+02:00"), 2, "write 2031-06-02T18:00+02:00"),
        (("run", "MISSION", "--as-of", "yesterday"), 2, "is not an instant"),
        (("explain", "i-0", "--mission", "MISSION"), 2, "members.csv"),
        (("report", "MISSION", "--view", "everyone"), 5, "public, party:ID or commission"),
        (("report", "MISSION", "--view", "party:NORTH"), 5, "NORTH"),
        (("report", "MISSION", "--day", "2031-02-30"), 2, "no day of the calendar; write it as"),
        (("report", "MISSION", "--day", "3.6.2031"), 2, "no day of the calendar; write it as"),
        (("report", "MISSION", "--day", "1999-06-03"), 2, "knew nothing by 1999-06-0"),
        (("report", "MISSION", "--format", "docx"), 2, "no format is called 'docx'"),
        (("feeds", "telepathy"), 2, "no feed is called 'telepathy'"),
        (("fuse", "nowhere.csv", "--out", "x.csv"), 2, "cannot be read"),
        (("record", "verify", "nowhere"), 3, "record"),
        (("init", "MISSION"), 2, "already exists"),
        (("check", "no-such-agreement"), 1, "no-such-agreement"),
        (("diff", "minsk-2@1999", "minsk-2"), 2, "known are 2015-02-12"),
        (("diff", "minsk-2", "nowhere"), 2, "library name"),
        (("diff", "@1999", "minsk-2"), 2, "NAME@VERSION"),
        (("dance",), 2, "dance"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_is_said_in_one_message_with_its_exit_code(mission, words, code, says):
    done = truceline(*(mission if word == "MISSION" else word for word in words))
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_record_that_does_not_verify_ends_with_3_and_names_the_file(mission, tmp_path):
    broken = tmp_path / "m"
    shutil.copytree(mission, broken)
    exhibit = max(p for p in (broken / "record" / "exhibits").rglob("*") if p.is_file())
    content = bytearray(exhibit.read_bytes())
    content[len(content) // 2] ^= 1
    exhibit.chmod(0o644)
    exhibit.write_bytes(content)
    done = truceline("record", "verify", broken)
    assert done.returncode == 3
    assert exhibit.name[:16] in done.stdout


def test_fuse_never_writes_over_what_it_reads(tmp_path):
    file = tmp_path / "a.csv"
    header = (
        "observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction"
    )
    file.write_text(
        header + "\na,p,patrol,,2025-04-19T10:00:00Z,2025-04-19T10:01:00Z,48,37.8,9,,\n"
    )
    before = file.read_bytes()
    done = truceline("fuse", file, "--out", file)
    assert done.returncode == 2
    assert "choose another file for --out" in done.stderr
    assert file.read_bytes() == before
