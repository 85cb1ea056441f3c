"""`check` tries every raw file through its feed, says what would be refused, and writes nothing."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from truceline.agreement.load import load as load_agreement
from truceline.findings.contract import Known
from truceline.pipeline.checking import check_target
from truceline.pipeline.making import make_mission
from truceline.pipeline.run import take_in
from truceline.pipeline.stating import standing_of, unreadable

HEADER = "observation_id,source,began,ended,lat,lon,error_m\n"


def row(name, lat="48.1", lon="37.8", error_m="200"):
    return f"{name},patrol,2025-04-19T19:00:00Z,,{lat},{lon},{error_m}\n"


@pytest.fixture
def mission(tmp_path):
    folder = tmp_path / "m"
    make_mission(folder, agreement="easter-2025", zone="Europe/Kyiv")
    return folder


def write(mission, *rows, name="observations.csv"):
    (mission / "raw" / name).write_text(HEADER + "".join(rows), encoding="utf-8")


def add_line(mission, text):
    path = mission / "mission.yaml"
    said = path.read_text(encoding="utf-8").replace("limits:", f"{text}\nlimits:", 1)
    path.write_text(said, encoding="utf-8")


def everything(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def truceline(*words):
    command = [sys.executable, "-m", "truceline.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_each_file_says_what_would_be_taken_and_each_kind_of_refusal_its_first_lines(mission):
    write(mission, row("a"), row("b", lat="148"), row("c", lat="-91"), row("d", error_m="1e300"))
    (tried,) = check_target(mission).files
    assert (tried.file, tried.upstream, tried.taken) == ("raw/observations.csv", 4, 1)
    assert [(kind.rows, kind.lines, kind.reason) for kind in tried.refused] == [
        (2, (3, 4), "lat 148.0 is outside [-90, 90]"),
        (1, (5,), "error_m is above 20,037,508 m"),
    ]
    assert all(kind.advice for kind in tried.refused)


@pytest.mark.parametrize("is_taken_in", [False, True])
def test_nothing_is_written_and_no_record_is_touched(mission, is_taken_in):
    write(mission, row("a"))
    if is_taken_in:
        take_in(mission)
    before = everything(mission)
    write(mission, row("a"), row("b", lat="148"))
    before[mission / "raw" / "observations.csv"] = (mission / "raw/observations.csv").read_bytes()
    assert check_target(mission).refused_rows == 1
    assert everything(mission) == before


def test_what_check_counts_is_what_ingest_then_takes(mission):
    write(mission, row("a"), row("b", lat="148"), row("a"))
    (tried,) = check_target(mission).files
    (done,) = take_in(mission)
    assert (tried.upstream, tried.taken, tried.refused_rows) == (
        done.upstream, done.taken, len(done.refused),
    )  # fmt: skip


def test_a_file_of_which_no_row_can_be_taken_is_an_error_and_an_empty_one_is_not(mission):
    write(mission)
    assert check_target(mission).errors == 0
    write(mission, row("a", lat="148"))
    checked = check_target(mission)
    assert checked.errors == 1
    assert "none of its 1 rows is taken: lat 148.0" in checked.problems[0].message


def test_what_would_stop_a_run_is_found_beforehand(mission):
    write(mission, row("a"))
    write(mission, row("a", lat="49"), name="other.csv")
    add_line(mission, "  - feed: observations\n    files: [raw/other.csv]")
    add_line(mission, "  - feed: telepathy\n    files: [raw/other.csv]")
    add_line(mission, "  - feed: control_map\n    files: [raw/other.csv]")
    add_line(mission, "  - feed: observations\n    files: [raw/nowhere.csv]")
    said = "\n".join(problem.message for problem in check_target(mission).problems)
    assert "observation_id 'a' already names another row" in said
    assert "feed 'telepathy' is not known" in said
    assert "option `author` is missing" in said
    assert "no file matches 'raw/nowhere.csv'" in said


def test_without_an_area_it_says_that_a_swapped_point_may_pass(mission):
    write(mission, row("a", lat="37.8", lon="48.1"))
    checked = check_target(mission)
    assert [p.severity for p in checked.problems if "no area is known" in p.message] == ["note"]
    path = mission / "mission.yaml"
    said = path.read_text(encoding="utf-8").replace("# theatre:", "theatre:")
    path.write_text(said, encoding="utf-8")
    checked = check_target(mission)
    assert not any("no area is known" in problem.message for problem in checked.problems)
    assert "lies outside the theatre of mission.yaml" in checked.files[0].refused[0].reason


@pytest.mark.parametrize(
    ("rows", "words", "code"),
    [
        ((row("a"),), (), 0),
        ((row("a"), row("b", lat="148")), (), 0),
        ((row("a"), row("b", lat="148")), ("--strict",), 1),
        ((row("a"),), ("--strict",), 0),
        ((row("b", lat="148"),), (), 1),
    ],
)
def test_the_exit_code_says_whether_a_run_would_stop_or_a_row_be_lost(mission, rows, words, code):
    write(mission, *rows)
    done = truceline("check", mission, *words)
    assert done.returncode == code, done.stdout + done.stderr
    assert "nothing was written" in done.stdout


def test_json_holds_files_kinds_of_refusal_and_problems(mission):
    write(mission, row("a"), row("b", lat="148"))
    told = json.loads(truceline("check", mission, "--json").stdout)
    (tried,) = told["files"]
    assert (tried["upstream"], tried["taken"]) == (2, 1)
    assert tried["refused"][0]["lines"] == [3]
    assert {"file", "line", "severity", "message", "advice"} == set(told["problems"][0])


def test_a_check_says_how_clauses_that_judge_nothing_stand_by_the_text_alone() -> None:
    agreement = load_agreement("minsk-2")
    terms = {"term": "heavy weapons", "means": None}
    word = replace(
        agreement.clauses[0], clause_id="word", kind="definition", terms=terms, readings=()
    )
    known = Known(at=datetime(2026, 6, 1, tzinfo=UTC))
    (said,) = standing_of(replace(agreement, clauses=(word,)), known)
    assert said == (
        "word: unknown on 01 June 2026: the text uses “heavy weapons” and does not say what it means"
    )
    assert standing_of(replace(agreement, clauses=()), known) == ()


def test_an_hour_without_a_zone_in_a_clauses_terms_is_found_before_a_run() -> None:
    agreement = load_agreement("minsk-2")
    terms = {"began": "2026-01-01T00:00", "length": {"months": 6}, "renewal": "none"}
    term = replace(
        agreement.clauses[0], clause_id="term", kind="term", terms=terms, readings=(), at="a.yaml:7"
    )
    (fault,) = unreadable(replace(agreement, clauses=(*agreement.clauses, term)))
    assert (fault.file, fault.line, fault.severity) == ("a.yaml", 7, "error")
    assert fault.message.startswith("clause `term`: ")
    assert unreadable(agreement) == []


def named(source, kind="patrol", name="a"):
    return f"{name},{source},{kind},2025-04-19T19:00:00Z,,48.1,37.8,200\n"


def write_named(mission, *rows):
    header = HEADER.replace("source,", "source,source_kind,")
    (mission / "raw" / "observations.csv").write_text(header + "".join(rows), encoding="utf-8")


def warned(mission):
    problems = check_target(mission).problems
    return [p for p in problems if p.file == "raw/observations.csv" and p.severity == "warning"]


@pytest.mark.parametrize(("party", "word"), [("UA", "Ukraine"), ("RU", "Russia")])
def test_a_source_within_whose_name_a_party_stands_is_told_with_its_line(mission, party, word):
    write_named(
        mission,
        named("patrol", name="a"),
        named(f"{word} Daily", name="b"),
        named(f"{word} Daily", name="c"),
        named(f"{word} Daily", "party", name="d"),
        named(f"{word}n river patrol", name="e"),
    )
    (problem,) = warned(mission)
    assert problem.line == 3
    assert f"holds the name of party {party}" in problem.message
    assert "`source_kind: party`" in problem.advice


@pytest.mark.parametrize(
    ("party", "names"),
    [
        ("UA", ("Ukraine Ministry of Defence", "Генеральний штаб Україна", "État-major Ukraine")),
        ("RU", ("Russia Ministry of Defence", "Минобороны Россия", "Forces armées Russia")),
    ],
)
def test_an_office_of_a_party_that_is_called_no_party_is_an_error_until_somebody_confirms_it(
    mission, party, names
):
    write_named(mission, *(named(name, "media", name=str(n)) for n, name in enumerate(names)))
    errors = [p for p in check_target(mission).problems if p.severity == "error"]
    assert [problem.line for problem in errors] == [2, 3, 4]
    for problem in errors:
        assert f"an office of party {party}" in problem.message
        assert "`confirmed_sources` in mission.yaml" in problem.advice
    path = mission / "mission.yaml"
    text = path.read_text(encoding="utf-8")
    listed = ", ".join(f'"{name}"' for name in names)
    path.write_text(f"confirmed_sources: [{listed}]\n{text}", encoding="utf-8")
    assert check_target(mission).errors == 0
    path.write_text(text, encoding="utf-8")
    write_named(mission, *(named(name, "party", name=str(n)) for n, name in enumerate(names)))
    assert check_target(mission).errors == 0


def test_a_source_that_hides_letters_is_told_whatever_kind_it_is(mission):
    write_named(
        mission, named("p\u0430trol 1", name="a"), named("pat\u200brol 2", "party", name="b")
    )
    found = warned(mission)
    assert [problem.line for problem in found] == [2, 3]
    assert "mixes alphabets" in found[0].message
    assert r"p\u0430trol 1" in found[0].message
    assert "not seen" in found[1].message


def test_a_source_that_bears_a_partys_name_is_told_that_it_is_heard_as_that_party(mission):
    write_named(mission, named("Ukraine"))
    (problem,) = warned(mission)
    assert "heard as that party" in problem.message


def test_an_error_of_the_mission_file_stands_at_its_own_line_alone(mission):
    add_line(mission, "perod: {}")
    (problem,) = check_target(mission).problems
    lines = (mission / "mission.yaml").read_text(encoding="utf-8").splitlines()
    assert problem.line == lines.index("perod: {}") + 1
    assert problem.file == str(mission / "mission.yaml")
    assert problem.message.startswith("unknown field `perod`")


def test_what_is_no_target_is_said_to_be_none(mission, tmp_path):
    for target, says in (
        (tmp_path / "nowhere", "no such file, folder or shipped agreement"),
        (mission / "raw", "neither `mission.yaml` nor `agreement.yaml`"),
    ):
        (problem,) = check_target(target).problems
        assert says in problem.message
    assert check_target(mission / "mission.yaml").files


TERM = """
  - id: length
    article: "3"
    kind: term
    title: One day
    text: It runs for a day.
    binds: [RU]
    basis: undertaking
    terms: {began: 2025-04-19T15:00Z, length: {days: 1}, renewal: none}
"""


def test_how_clauses_stand_is_told_as_of_a_date_that_is_said_and_never_of_the_clock(mission):
    shipped = Path(str(files("truceline.agreement"))) / "library" / "easter-2025" / "agreement.yaml"
    text = shipped.read_text(encoding="utf-8").replace("\nclauses:\n", f"\nclauses:{TERM}\n", 1)
    own = mission / "agreement.yaml"
    own.write_text(text, encoding="utf-8")
    undated = check_target(own)
    assert (undated.standing, undated.as_of) == ((), None)
    assert any("`--as-of TIME`" in note for note in undated.notes)
    (said,) = check_target(own, as_of=datetime(2025, 4, 20, 12, tzinfo=UTC)).standing
    assert "in force on 20 April 2025" in said
    path = mission / "mission.yaml"
    said = path.read_text(encoding="utf-8").replace(
        "agreement: easter-2025", "agreement: agreement.yaml"
    )
    path.write_text(said, encoding="utf-8")
    write(mission, row("a"))
    checked = check_target(mission)
    assert checked.as_of == "2025-04-19T19:00:00+00:00"  # the end of its latest report
    assert "in force on 19 April 2025" in checked.standing[0]
    later = json.loads(truceline("check", own, "--json", "--as-of", "2025-06-01T00:00Z").stdout)
    assert "lapsed on 01 June 2025" in later["standing"][0]
    assert later["as_of"] == "2025-06-01T00:00:00+00:00"
    refused = truceline("check", own, "--as-of", "2025-06-01")
    assert refused.returncode == 2
    assert "2025-06-01" in refused.stderr
