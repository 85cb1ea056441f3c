"""A case walks from allegation to ruling and out by the command line, over a real record."""

import csv
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from truceline.cli.main import EXIT_CODES, group
from truceline.pipeline.casework import look, move_of, payload_of
from truceline.pipeline.reporting import release
from truceline.pipeline.run import run
from truceline.record.store import Record

MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, propose, publish]}
    - id: commission
      name: The commission
      kind: commission
      may: [attribute, rule]
      members: 3
      quorum: 2
      deadlock: The chair decides.
      emergency_signer: The chair.
"""
OFFICES = (
    ("registrar", "registrar", "mission"),
    ("duty", "duty_officer", "mission"),
    ("secretary", "secretary", "mission"),
    ("verifier-1", "verifier", "mission"),
    ("verifier-2", "verifier", "mission"),
    ("attributor-1", "attributor", "commission"),
    ("attributor-2", "attributor", "commission"),
    ("chair", "adjudicator", "commission"),
    ("member-2", "adjudicator", "commission"),
    ("publisher", "publisher", "mission"),
    ("west", "liaison", "WEST"),
    ("east", "liaison", "EAST"),
)
SHELLS = ("--cite", "ka-01-a", "--cite", "ka-01-b")


def truceline(*words):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)


def printed(*words):
    done = truceline(*words, "--json")
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


class Office:
    """Types moves on one mission, an hour for each day of May 2031."""

    def __init__(self, mission):
        self.mission = mission

    def __call__(self, day, office, case, move, *words):
        at = f"2031-05-{day:02}T09:00Z"
        return truceline(
            "case", "move", self.mission, case, move, *words, "--as", office, "--at", at,
            "--reason", f"{move}, in the course of the work",
        )  # fmt: skip

    def do(self, *words):
        done = self(*words)
        assert done.return_value in (0, None), done.output
        assert done.exception is None, done.exception
        return done.output


@pytest.fixture(scope="module")
def desk(tmp_path_factory, project_root):
    mission = tmp_path_factory.mktemp("case") / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", mission, ignore=ignored)
    with (mission / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    run(mission)
    office = Office(mission)
    for number, (name, role, body) in enumerate(OFFICES):
        words = (f"office={name}", f"as={role}", f"body={body}", f"holder=p-{number}")
        office.do(1, "registrar", "-", "appoint", *words)
    return office


@pytest.fixture(scope="module")
def ruled(desk):
    """The case of the first barrage, ruled upon and published."""
    case = "barrage"
    desk.do(3, "duty", case, "open", "because=pattern", "accused=WEST", *SHELLS)
    desk.do(3, "verifier-1", case, "begin")
    desk.do(4, "verifier-1", case, "corroborate", *SHELLS)
    desk.do(4, "verifier-1", case, "verify", "method=crater", "text=Ten shells fell.", *SHELLS)
    desk.do(4, "verifier-2", case, "countersign", "stage=facts")
    author = ("outcome=attributed", "party=WEST", "standard=clear_and_convincing")
    text = "text=The listed evidence supports Westland over Eastland."
    desk.do(5, "attributor-1", case, "attribute", *author, text, *SHELLS)
    desk.do(5, "attributor-2", case, "countersign", "stage=attribution")
    for party in ("EAST", "WEST"):
        desk.do(6, "secretary", case, "notice", f"to={party}", "within=72 h")
    desk.do(7, "west", case, "reply", "stance=explains", "text=It was a mistake.")
    found = ("verdict=violation", "clauses=ceasefire", "standard=clear_and_convincing")
    early = desk(8, "chair", case, "rule", *found, "text=A breach.", *SHELLS)
    assert early.return_value == 6
    assert "EAST: may reply until 2031-05-09" in early.output
    put = desk.do(10, "chair", case, "rule", *found, "text=A breach.", *SHELLS)
    assert put.splitlines()[-1] == "waits for votes on the ruling"
    voted = desk.do(10, "member-2", case, "vote", "choice=for")
    assert voted.splitlines()[-1] == "waits for the parties to be heard on the ruling: WEST, EAST"
    clock = ("name=clarify", "due=24 h", "--reading", "determination")
    desk.do(11, "secretary", case, "start_clock", *clock)
    refused = desk(12, "publisher", case, "publish", "stage=ruling")
    assert refused.return_value == 6
    for party in ("EAST", "WEST"):
        desk.do(12, "secretary", case, "notice", f"to={party}", "within=48 h")
    desk.do(15, "publisher", case, "publish", "stage=ruling")
    return case


def test_a_case_walks_from_allegation_to_ruling_and_out(desk, ruled):
    told = printed("case", "show", desk.mission, ruled)
    case = told["case"]
    assert [each["stage"] for each in case["stands"]] == ["facts", "attribution", "ruling"]
    assert sorted(case["published"][0]["silent"]) == ["EAST", "WEST"]
    assert len(case["published"][0]["replies"]) == 1
    assert {row["relation"] for row in told["about"]} == {"kept"}
    assert all(each["reason"] for each in told["moves"])
    text = truceline("case", "show", desk.mission, ruled).output
    assert "silence admits nothing" in text
    assert "clock clarify, started by secretary (secretary) on the determination" in text
    assert "due 2031-05-11 09:00 UTC" in text


def test_the_record_holds_every_move_and_verifies(desk, ruled):
    work = look(desk.mission)
    assert work.docket.refused == ()
    with Record.open(desk.mission / "record", read_only=True) as record:
        entries = list(record.entries(kind="case_move"))
        assert record.verify().faults == ()
    assert tuple(map(move_of, entries)) == work.moves
    assert [payload_of(move) for move in work.moves] == [entry.payload for entry in entries]
    assert len(entries) == len(OFFICES) + len(work.docket.cases[ruled].moves)


def test_an_earlier_instant_sees_the_case_as_it_stood(desk, ruled):
    words = ("--as-of", "2031-05-05T08:00Z")
    case = printed("case", "show", desk.mission, ruled, *words)["case"]
    assert case["status"] == "verified"
    assert [each["stage"] for each in case["stands"]] == ["facts"]


def test_a_refused_move_writes_nothing_and_says_what_to_do(desk, ruled):
    with Record.open(desk.mission / "record", read_only=True) as record:
        before = record.head()
    done = desk(16, "verifier-1", ruled, "attribute", "outcome=undetermined", *SHELLS)
    assert done.return_value == 6
    assert 6 in EXIT_CODES
    assert "Nothing was written" in done.output
    with Record.open(desk.mission / "record", read_only=True) as record:
        assert record.head() == before


def test_a_citation_that_is_known_only_later_is_told_so(desk):
    done = desk(1, "duty", "early", "open", "because=pattern", *SHELLS)
    assert done.return_value == 6
    assert "is known only since 2031-05-0" in done.output
    assert "after the hour of this move (2031-05-01T09:00:00+00:00)" in done.output
    unknown = desk(4, "duty", "early", "open", "because=pattern", "--cite", "nothing")
    assert unknown.return_value == 6
    assert "known only since" not in unknown.output


def test_no_ruling_is_put_under_a_clause_that_no_text_has(desk, tmp_path):
    mission = tmp_path / "m"
    shutil.copytree(desk.mission, mission, ignore=shutil.ignore_patterns("release"))
    office = Office(mission)
    case = "other"
    office.do(16, "duty", case, "open", "because=pattern", *SHELLS)
    office.do(16, "verifier-1", case, "begin")
    office.do(16, "verifier-1", case, "corroborate", *SHELLS)
    office.do(16, "verifier-1", case, "verify", "method=crater", "text=Shells fell.", *SHELLS)
    office.do(16, "verifier-2", case, "countersign", "stage=facts")
    author = ("outcome=attributed", "party=WEST", "standard=clear_and_convincing")
    office.do(16, "attributor-1", case, "attribute", *author, "text=Westland.", *SHELLS)
    office.do(16, "attributor-2", case, "countersign", "stage=attribution")
    for party in ("EAST", "WEST"):
        office.do(16, "secretary", case, "notice", f"to={party}", "within=24 h")
    for party in ("EAST", "WEST"):
        office.do(17, party.lower(), case, "reply", "stance=no_comment")
    found = ("verdict=violation", "standard=clear_and_convincing", "text=A breach.", *SHELLS)
    done = office(18, "chair", case, "rule", *found, "clauses=ceasefire", "clauses=nosuch")
    assert done.return_value == 6
    assert "no version of the agreement has a clause `nosuch`; clauses are ceasefire" in done.output
    assert look(mission).docket.cases[case].draft("ruling") is None
    office.do(18, "chair", case, "rule", *found, "clauses=ceasefire")


def test_no_move_changes_what_is_computed(desk, ruled, tmp_path):
    assert ruled
    before = json.loads((desk.mission / "out" / "summary.json").read_text(encoding="utf-8"))
    run(desk.mission, out=tmp_path / "again")
    after = json.loads((tmp_path / "again" / "summary.json").read_text(encoding="utf-8"))
    assert after == before


def test_proposals_leave_out_what_a_case_names(desk, ruled):
    assert ruled
    found = printed("case", "propose", desk.mission)
    assert {each["because"] for each in found} == {"threshold_weapon", "pattern"}
    listed = printed("case", "list", desk.mission)
    assert [each["case_id"] for each in listed["cases"]] == ["barrage"]
    assert len(listed["offices"]) == len(OFFICES)


def test_counts_are_signed_over_the_figures_of_the_run(desk):
    batch = ("day=2031-05-02", "rule=acts")
    done = desk(20, "verifier-1", "-", "sign_counts", *batch, "area=nowhere")
    assert "areas of that day and rule are: " in str(done.exception)
    area = str(done.exception).rpartition(": ")[2].split(", ")[0]
    desk.do(20, "verifier-1", "-", "sign_counts", *batch, f"area={area}", "except=ka-01-a")
    desk.do(20, "verifier-2", "-", "countersign_counts", *batch, f"area={area}")
    (signed,) = printed("case", "list", desk.mission)["counts"]
    assert signed["is_signed"]
    assert signed["taken_out"] == ["ka-01-a"]


def rows_of(path):
    with zipfile.ZipFile(path) as packed:
        return list(csv.DictReader(io.StringIO(packed.read("cases.csv").decode("utf-8"))))


def released(desk, view, at, *formats):
    office = "" if view == "commission" else "publisher"
    to = desk.mission / "release" / f"{view.replace(':', '-')}-{at.day}"
    return release(desk.mission, view=view, formats=formats, as_of=at, office=office, to=to)


def test_a_report_shows_cases_as_they_stand_and_a_release_what_was_cleared(desk, ruled):
    at = datetime(2031, 5, 19, tzinfo=UTC)
    (inside,) = released(desk, "commission", at, "tables")
    assert {(row["stage"], row["state"]) for row in rows_of(inside)} == {
        ("facts", "signed"), ("attribution", "signed"), ("ruling", "signed"),
    }  # fmt: skip
    paths = released(desk, "public", at, "tables", "html")
    (row,) = rows_of(paths[0])
    assert (row["stage"], row["word"], row["clauses"]) == ("ruling", "violation", "ceasefire")
    assert row["case_id"].startswith("c-")
    assert (row["replies"], row["told_to"]) == ("WEST explains", "")
    assert row["text"] == "A breach."
    page = paths[1].read_text(encoding="utf-8")
    assert "EAST" not in row["replies"]
    assert "Silence is never admission" in page
    assert "no reply in time, which admits nothing" in page
    for path in paths:
        assert ruled.encode() not in path.read_bytes()  # a word of the desk's own
    with Record.open(desk.mission / "record", read_only=True) as record:
        *_, entry = record.entries(kind="publication")
    (stage,) = [s for s in look(desk.mission).docket.cases[ruled].stands if s.stage == "ruling"]
    assert entry.payload["what"]["cleared"] == [f"{ruled}/ruling/{stage.sequence}"]
    assert (entry.actor, entry.payload["office"]) == ("publisher", "publisher")


def test_nothing_of_a_case_leaves_before_the_delay_and_a_party_reads_what_it_was_told(desk, ruled):
    assert ruled
    early = datetime(2031, 5, 16, tzinfo=UTC)  # the ruling was cleared on the 15th
    assert rows_of(released(desk, "public", early, "tables")[0]) == []
    (path,) = released(desk, "party:WEST", early, "tables")
    assert {row["stage"] for row in rows_of(path)} == {"facts", "attribution", "ruling"}
    assert {row["release"] for row in rows_of(path)} == {""}


def test_every_move_is_listed():
    listed = printed("case", "moves")
    assert listed["notice"]["says"]["to"]["is_required"]
    assert "notice: Tell a party" in truceline("case", "moves").output


def test_what_is_not_there_is_said_with_what_is(desk, ruled):
    assert f"cases are: {ruled}" in str(truceline("case", "show", desk.mission, "c-9").exception)
    assert "such as to=EAST" in str(desk(16, "secretary", ruled, "notice", "EAST").exception)
    assert "known are appoint" in desk(16, "secretary", ruled, "dance").output
    assert "no office is called `nobody`" in desk(16, "nobody", ruled, "begin").output


def test_a_text_that_lets_nobody_rule_has_no_adjudicator(tmp_path, project_root):
    mission = tmp_path / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", mission, ignore=ignored)
    office = Office(mission)
    words = ("office=registrar", "as=registrar", "body=mission", "holder=p-1")
    office.do(1, "registrar", "-", "appoint", *words)
    seat = ("office=chair", "as=adjudicator", "body=mission", "holder=p-2")
    done = office(1, "registrar", "-", "appoint", *seat)
    assert done.return_value == 6
    assert "the mandate grants `rule` to no body" in done.output


def test_where_the_text_names_no_body_any_word_is_taken_and_the_desk_is_told(
    tmp_path, project_root
):
    mission = tmp_path / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", mission, ignore=ignored)
    seat = ("office=registrar", "as=registrar", "body=nonesuch", "holder=p-1")
    office = Office(mission)
    first = office(1, "registrar", "-", "appoint", *seat)
    assert first.exception is None, first.exception
    assert "the agreement names no body" in first.stderr
    other = tmp_path / "other"
    shutil.copytree(project_root / "examples" / "known-answers", other, ignore=ignored)
    with (other / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    refused = Office(other)(1, "registrar", "-", "appoint", *seat)
    assert refused.return_value == 6
    assert "names no body `nonesuch`; it names mission, commission" in refused.output
