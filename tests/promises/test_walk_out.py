"""A party walks out, the mandate is suspended, the mandate ends: what may still be done, and what not."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from truceline.cases.contract import Refusal
from truceline.cli.main import group
from truceline.model.errors import PublicationError
from truceline.pipeline import mission as missions
from truceline.pipeline.casework import Wanted, look, make
from truceline.pipeline.dossier import dossier
from truceline.pipeline.line import compute, known_at
from truceline.pipeline.reporting import release
from truceline.pipeline.run import take_in
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
"""
OFFICES = (
    ("registrar", "registrar", "mission", {}),
    ("duty", "duty_officer", "mission", {}),
    ("secretary", "secretary", "mission", {}),
    ("verifier-1", "verifier", "mission", {}),
    ("verifier-2", "verifier", "mission", {}),
    ("attributor-1", "attributor", "commission", {}),
    ("attributor-2", "attributor", "commission", {}),
    ("chair", "adjudicator", "commission", {}),
    ("member-east", "adjudicator", "commission", {"interest": "EAST"}),
    ("member-west", "adjudicator", "commission", {"interest": "WEST"}),
    ("publisher", "publisher", "mission", {}),
    ("west", "liaison", "WEST", {}),
    ("east", "liaison", "EAST", {}),
)
END = datetime(2031, 5, 31, tzinfo=UTC)
SHELLS = ("ka-01-a", "ka-01-b")
LATE = (
    "ka-late,patrol 9,patrol,2031-05-19T12:00:00Z,2031-05-19T10:00:00Z,2031-05-19T10:05:00Z,30.3,"
    "-39.975,60,artillery,impact,,,,,,,crater,howitzer 152 mm,4,crater,Fresh craters seen late.\n"
)


class Desk:
    """Makes moves on one mission, an hour for each day of May 2031."""

    def __init__(self, folder):
        self.folder = folder
        for number, (office, role, body, more) in enumerate(OFFICES):
            said = {"office": office, "as": role, "body": body, "holder": f"p-{number}", **more}
            self.do(1, "registrar", "appoint", "-", **said)

    def move(self, day, office, kind, case="c-0001", /, cites=(), **says):
        wanted = Wanted(
            case_id=case, kind=kind, office=office, reason="because", cites=tuple(cites),
            says={name: (word,) if isinstance(word, str) else word for name, word in says.items()},
            at=datetime(2031, 5, day, 12, tzinfo=UTC),
        )  # fmt: skip
        return make(self.folder, wanted)

    def do(self, day, office, kind, case="c-0001", /, **says):
        done = self.move(day, office, kind, case, **says)
        assert not isinstance(done, Refusal), f"{done.why}; {done.do}"
        return done[1]

    def refused(self, day, office, kind, case="c-0001", /, **says):
        before = head(self.folder)
        done = self.move(day, office, kind, case, **says)
        assert isinstance(done, Refusal), f"{kind} by {office} was allowed"
        assert head(self.folder) == before
        return done.why

    def verified(self):
        self.do(3, "duty", "open", because="casualty", cites=SHELLS)
        self.do(4, "verifier-1", "begin")
        self.do(4, "verifier-1", "corroborate", cites=SHELLS)
        facts = {"method": "crater analysis", "text": "A salvo fell on the mill."}
        self.do(5, "verifier-1", "verify", cites=SHELLS, **facts)
        return self.do(5, "verifier-2", "countersign", stage="facts")

    def attributed(self):
        self.verified()
        self.do(
            6, "attributor-1", "attribute", cites=SHELLS, party="WEST", outcome="attributed",
            standard="clear_and_convincing", text="The listed evidence supports WEST.",
        )  # fmt: skip
        return self.do(6, "attributor-2", "countersign", stage="attribution")


def head(folder):
    with Record.open(folder / "record", read_only=True) as record:
        return record.head()


def line_of(folder, as_of=None):
    mission = missions.load(folder)
    with Record.open(mission.record_folder, read_only=True) as record:
        return mission, compute(mission, known_at(mission, record, as_of))


@pytest.fixture
def desk(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "m")
    with (folder / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as text:
        text.write(MANDATE)
    take_in(folder)
    return Desk(folder)


def suspend(desk, day=10, **says):
    return desk.do(
        day, "registrar", "suspend_mandate", "-", on_word_of="both parties, note of 10 May", **says
    )


def test_under_suspension_what_comes_in_is_recorded_and_nothing_is_signed(desk):
    desk.verified()
    stood = look(desk.folder).docket.cases["c-0001"]
    suspend(desk)
    says = {
        "party": "WEST",
        "outcome": "attributed",
        "standard": "clear_and_convincing",
        "text": "x",
    }
    why = desk.refused(11, "attributor-1", "attribute", cites=SHELLS, **says)
    assert "nobody may attribute: suspended since 2031-05-10 12:00 UTC on the word of both" in why
    assert "nobody may find" in desk.refused(11, "verifier-1", "begin", "c-0001")
    assert "nobody may publish" in desk.refused(11, "publisher", "publish", stage="facts")
    for party in ("EAST", "WEST"):
        desk.do(11, "secretary", "notice", to=party, within="72 h")
    desk.do(12, "west", "reply", stance="denies", text="It was not us.")
    desk.do(12, "duty", "open", "c-0002", because="casualty", cites=SHELLS[:1])
    desk.do(12, "registrar", "relieve", "-", office="member-east")
    with (desk.folder / "raw" / "observations.csv").open("a", encoding="utf-8") as text:
        text.write(LATE)
    take_in(desk.folder)
    with Record.open(desk.folder / "record", read_only=True) as record:
        assert "ka-late" in record.table("observations")["observation_id"].to_pylist()
        assert record.verify().faults == ()
    after = look(desk.folder).docket.cases["c-0001"]
    assert after.status is stood.status  # cases stand as they stood
    assert after.stands == stood.stands
    desk.do(14, "registrar", "resume_mandate", "-", on_word_of="both parties, note of 14 May")
    desk.do(15, "attributor-1", "attribute", cites=SHELLS, **says)


def test_an_earlier_hour_does_not_get_round_a_suspension(desk):
    desk.verified()
    suspend(desk)
    why = desk.refused(
        9, "attributor-1", "attribute", cites=SHELLS, party="WEST", outcome="attributed",
        standard="clear_and_convincing", text="x",
    )  # fmt: skip
    assert "suspended since" in why


def test_what_is_suspended_is_not_computed_from_then_on_and_the_limits_say_so(desk):
    before = line_of(desk.folder)[1]
    assert before.findings.num_rows
    assert before.attributions.num_rows
    suspend(desk, day=28)
    mission, line = line_of(desk.folder)
    assert line.fusion.acts.num_rows == before.fusion.acts.num_rows  # what was seen is still told
    for table in (line.findings, line.attributions, line.remedies):
        assert table.num_rows == 0
    limits = dossier(mission, line).limits
    entry = look(desk.folder).docket.standing.suspensions[0].sequence
    because = f"suspended since 2031-05-28 12:00 UTC (entry {entry})"
    assert (
        f"Not computed: no author was weighed for any act (withheld by the record: {because})."
    ) in limits
    assert any(text.startswith("Nobody may inspect, find, attribute,") for text in limits)
    assert "note of 10 May" not in " ".join(limits)  # what somebody typed does not leave by this
    earlier = line_of(desk.folder, datetime(2031, 5, 27, tzinfo=UTC))[1]
    assert earlier.findings.num_rows  # as it was known then, it could be computed


def test_one_act_alone_is_suspended_where_only_that_was_agreed(desk):
    suspend(desk, day=28, acts=("attribute",))
    line = line_of(desk.folder)[1]
    assert line.attributions.num_rows == 0
    assert line.findings.num_rows
    assert "suspended already" in desk.refused(
        29, "registrar", "suspend_mandate", "-", on_word_of="x", acts=("attribute",)
    )


def test_nothing_is_published_under_suspension_or_after_the_end(desk):
    for day, kind, says in (
        (10, "suspend_mandate", {}),
        (11, "end_mandate", {"on": "2031-05-12T00:00Z"}),
    ):
        desk.do(day, "registrar", kind, "-", on_word_of="both parties", **says)
        for view in ("public", "party:WEST", "party:EAST"):
            with pytest.raises(PublicationError, match="nobody may publish"):
                release(desk.folder, view=view, office="publisher", formats=["geojson"], as_of=END)
        if kind == "suspend_mandate":
            desk.do(10, "registrar", "resume_mandate", "-", on_word_of="both parties")
    assert not (desk.folder / "release").exists()
    (path,) = release(desk.folder, view="commission", formats=["geojson"], as_of=END)
    assert path.is_file()  # internal, and so still read


def test_a_mandate_that_expires_ends_signing_at_its_hour_and_cases_stand(desk):
    docket = desk.attributed()
    stood = docket.cases["c-0001"]
    desk.do(
        6, "registrar", "end_mandate", "-", on_word_of="the text, article 9", on="2031-05-20T00:00Z"
    )
    for party in ("EAST", "WEST"):
        desk.do(8, "secretary", "notice", to=party, within="72 h")  # it has not ended yet
    assert line_of(desk.folder, datetime(2031, 5, 19, tzinfo=UTC))[1].findings.num_rows
    desk.do(20, "west", "reply", stance="denies")  # a reply is entered even now
    why = desk.refused(
        21, "chair", "rule", verdict="violation", clauses="ceasefire", cites=SHELLS,
        standard="clear_and_convincing", text="A breach.",
    )  # fmt: skip
    assert "the mandate ended 2031-05-20 00:00 UTC on the word of the text, article 9" in why
    assert "nobody may observe" in desk.refused(
        21, "duty", "open", "c-0002", because="casualty", cites=SHELLS
    )
    assert "the mandate ended" in desk.refused(
        21, "registrar", "suspend_mandate", "-", on_word_of="x"
    )
    case = look(desk.folder).docket.cases["c-0001"]
    assert case.stands == stood.stands
    assert line_of(desk.folder)[1].findings.num_rows == 0
    desk.do(22, "registrar", "extend_mandate", "-", on_word_of="both parties, protocol of 22 May")
    desk.do(22, "duty", "open", "c-0002", because="casualty", cites=SHELLS)
    assert line_of(desk.folder)[1].findings.num_rows


def test_a_party_that_walks_out_is_still_told_and_its_silence_admits_nothing(desk):
    desk.attributed()
    before = line_of(desk.folder)[1]
    desk.do(7, "registrar", "walk_out", "-", party="WEST")
    rule = {
        "verdict": "violation", "clauses": "ceasefire", "standard": "clear_and_convincing",
        "text": "A breach.",
    }  # fmt: skip
    desk.do(8, "secretary", "notice", to="EAST", within="72 h")
    assert "no notice of it was given" in desk.refused(11, "chair", "rule", cites=SHELLS, **rule)
    desk.do(11, "secretary", "notice", to="WEST", within="72 h")  # walking out forgoes no hearing
    assert "may reply until" in desk.refused(12, "chair", "rule", cites=SHELLS, **rule)
    mission, line = line_of(desk.folder)
    assert line.findings.equals(before.findings)  # nothing is computed otherwise for it
    assert line.attributions.equals(before.attributions)
    (told,) = [text for text in dossier(mission, line).limits if text.startswith("WEST has stayed")]
    assert "its silence admits nothing" in told
    desk.do(16, "west", "reply", stance="denies", text="We answer all the same.")
    desk.do(17, "registrar", "come_back", "-", party="WEST")
    assert look(desk.folder).docket.standing.absences == ()


def test_walking_out_wins_no_vote_and_breaks_no_quorum_rule(desk):
    """The seats of a body are those of the text: who stays away is not for, and not against."""
    desk.attributed()
    desk.do(7, "registrar", "walk_out", "-", party="EAST")
    for party in ("EAST", "WEST"):
        desk.do(8, "secretary", "notice", to=party, within="72 h")
    rule = {
        "verdict": "violation", "clauses": "ceasefire", "standard": "clear_and_convincing",
        "text": "A breach.", "cites": SHELLS,
    }  # fmt: skip
    desk.do(12, "chair", "rule", **rule)
    case = look(desk.folder).docket.cases["c-0001"]
    assert [each.word for each in case.drafts] == ["violation"]  # one vote of two needed
    assert [each.stage for each in case.stands] == ["facts", "attribution"]


@pytest.mark.parametrize("office", ["chair", "west", "publisher", "duty"])
def test_only_the_registrar_enters_how_the_mandate_stands(desk, office):
    for kind, says in (
        ("suspend_mandate", {"on_word_of": "me"}),
        ("end_mandate", {"on_word_of": "me"}),
        ("walk_out", {"party": "EAST"}),
    ):
        assert "may not" in desk.refused(10, office, kind, "-", **says)
    assert line_of(desk.folder)[1].findings.num_rows


def test_the_command_line_tells_how_the_mandate_stands(desk):
    suspend(desk, day=28)
    desk.do(28, "registrar", "walk_out", "-", party="EAST")
    run = CliRunner()
    told = run.invoke(group, ["case", "list", str(desk.folder)])
    assert "Nobody may inspect, find, attribute, propose, rule, publish: suspended since" in (
        " ".join(told.output.split())
    )
    assert "EAST has stayed away" in told.output
    as_json = run.invoke(group, ["case", "list", str(desk.folder), "--json"])
    assert json.loads(as_json.stdout)["mandate"]["absences"][0]["party"] == "EAST"
