"""Who answers for an act stands beside who did it, and never in its place; both sides alike."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pytest

from truceline.reports.answers import CHARGED, figures
from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.document import Bullets, Grid, Paragraph
from truceline.reports.formats import tables
from truceline.reports.publication import publish
from truceline.reports.say import load

VIEWS = ("public", "party:A", "party:B", "commission")
INTERNAL = ("roots", "p_place")


def section(release, anchor):
    return next(each for each in compose(release).sections if each.anchor == anchor)


def charges(release):
    """Caution, table by party, and sentences: all that the section tells of who answers."""
    blocks = section(release, "attribution").blocks
    at = next(
        n for n, block in enumerate(blocks) if "another question" in getattr(block, "text", "")
    )
    return blocks[at:]


def swapped(dossier, with_column):
    other = {"A": "B", "B": "A"}
    parties = [other[each] for each in dossier.responsibility["party"].to_pylist()]
    return with_column(dossier, "responsibility", {"party": parties})


@pytest.mark.parametrize("view", VIEWS)
def test_it_is_told_of_listed_acts_alone_and_of_each_party_with_the_same_words(view, released):
    release = released(view)
    acts = set(release.rows["act_id"].to_pylist())
    assert release.answers.num_rows
    assert set(release.answers["act_id"].to_pylist()) <= acts
    caution, table, told = charges(release)[:3]
    assert isinstance(caution, Paragraph)
    assert "no evidence that it acted" in caution.text
    assert isinstance(table, Grid)
    assert [row[0] for row in table.rows] == ["Side A", "Side B"]
    assert isinstance(told, Bullets)
    shown = [row for row in release.answers.to_pylist() if row["standing"] != "withheld"]
    assert len(told.items) == len(shown) > 2
    say = load("en", "UTC")
    words = sorted(say.word("outcome", row["authorship"]) for row in shown)
    assert (
        sorted(each.split("Outcome on who did it: ")[1].rstrip(".") for each in told.items) == words
    )
    assert any("is open, because" in each for each in told.items)


def test_who_did_it_is_the_same_with_and_without_it(dossier, released):
    without = replace(dossier, responsibility=dossier.responsibility.slice(0, 0))
    assert publish(without, View.parse("public")).outcomes.equals(released("public").outcomes)
    words = {row["act_id"]: row["outcome"] for row in released("public").outcomes.to_pylist()}
    for row in released("public").answers.to_pylist():
        assert row["authorship"] in {words[row["act_id"]], "withheld"}


def test_a_party_that_answers_for_nothing_has_its_row(dossier):
    of_a = dossier.responsibility.filter(pc.equal(dossier.responsibility["party"], "A"))
    table = charges(publish(replace(dossier, responsibility=of_a), View.parse("public")))[1]
    assert table.rows[1] == ("Side B", "0", "0", "0", "0")
    assert table.rows[0] != ("Side A", "0", "0", "0", "0")


def test_swapping_the_parties_swaps_who_answers_and_changes_no_other_word(dossier, with_column):
    ours = publish(dossier, View.parse("public"))
    theirs = publish(swapped(dossier, with_column), View.parse("public"))
    other = {"Side A": "Side B", "Side B": "Side A"}
    table, mirrored = charges(ours)[1], charges(theirs)[1]
    assert {row[0]: row[1:] for row in table.rows} == {
        other[row[0]]: row[1:] for row in mirrored.rows
    }
    assert table.rows != mirrored.rows
    named = [item.split(" answers")[0].rsplit(" ", 2)[-2:] for item in charges(ours)[2].items]
    swap = [item.split(" answers")[0].rsplit(" ", 2)[-2:] for item in charges(theirs)[2].items]
    assert [other[" ".join(each)] for each in named if " ".join(each) in other] == [
        " ".join(each) for each in swap if " ".join(each) in other
    ]


def test_the_summary_says_it_of_every_party_and_that_it_is_no_word_on_who_acted(released):
    release = released("public")
    said = next(
        item
        for block in section(release, "summary").blocks
        if isinstance(block, Bullets)
        for item in block.items
        if item.startswith("Apart from who did it")
    )
    for party in ("A", "B"):
        found = figures(release.answers, party)
        assert f"Side {party} answers for {found['answers_for']} act" in said
        assert f"probably for {found['probable']} more, and {found['open']} " in said
    assert "says nothing of who acted" in said


def test_where_no_text_lets_a_party_answer_for_others_nothing_is_said(dossier):
    clauses = tuple(each for each in dossier.agreement.clauses if each.kind != "answers_for")
    empty = dossier.responsibility.slice(0, 0)
    agreement = replace(dossier.agreement, clauses=clauses)
    release = publish(
        replace(dossier, agreement=agreement, responsibility=empty), View.parse("public")
    )
    assert "another question" not in str(section(release, "attribution").blocks)
    assert "Apart from who did it" not in str(section(release, "summary").blocks)


@pytest.mark.parametrize("view", VIEWS)
def test_how_surely_an_act_lay_in_an_area_leaves_in_no_release(view, released):
    with zipfile.ZipFile(io.BytesIO(tables.render(released(view)))) as packed:
        told = pa_csv.read_csv(io.BytesIO(packed.read("answers.csv")))
    assert told.num_rows == released(view).answers.num_rows > 0
    for name in INTERNAL:
        assert (told[name].null_count == told.num_rows) == (view != "commission")


def test_within_the_delay_nobody_answers_for_anything(dossier):
    early = replace(dossier, as_of=dossier.as_of - timedelta(days=3, hours=9))
    told, whole = publish(early, View.parse("public")), publish(early, View.parse("commission"))
    assert 0 < told.answers.num_rows < whole.answers.num_rows


def test_with_sealed_material_behind_an_act_it_is_said_that_it_may_depend_on_it(
    dossier, with_column
):
    acts = zip(*(dossier.acts[name].to_pylist() for name in ("act_id", "incident_id")), strict=True)
    charged = set(dossier.responsibility["act_id"].to_pylist())
    incidents = {incident for act, incident in acts if act in charged}
    members = dossier.members.to_pylist()
    first = {row["incident_id"]: row["observation_id"] for row in reversed(members)}
    hidden = {first[each] for each in incidents}
    sealed = [
        "sealed" if each in hidden else None
        for each in dossier.observations["observation_id"].to_pylist()
    ]
    marked = with_column(dossier, "observations", {"marking": sealed})
    told = publish(marked, View.parse("public"))
    assert "perhaps" in told.answers["depends_on_sealed"].to_pylist()
    assert any("Sealed material" in item for item in charges(told)[2].items)


def test_the_parity_audit_counts_it_for_both(released):
    release = released("public")
    table = next(b for b in section(release, "parity").blocks if isinstance(b, Grid))
    row = next(each for each in table.rows if each[0].startswith("acts of others"))
    told = [sum(figures(release.answers, party)[word] for word in CHARGED) for party in "AB"]
    assert [int(each) for each in row[1:]] == told


def test_from_a_zone_finer_than_a_cell_no_release_tells_who_answers(dossier):
    """The yard is some three kilometres wide: that it was done from there would place the act."""
    clauses = tuple(
        replace(each, terms={"zone": "depot" if each.kind != "answers_for" else "yard"})
        for each in dossier.agreement.clauses
    )
    ring = ((-37.6, 48.0), (-37.57, 48.0), (-37.57, 48.03), (-37.6, 48.03), (-37.6, 48.0))
    yard = replace(dossier.agreement.zones[0], zone_id="yard", name="Yard", polygons=((ring,),))
    agreement = replace(dossier.agreement, clauses=clauses, zones=(*dossier.agreement.zones, yard))
    small = replace(dossier, agreement=agreement)
    told = publish(small, View.parse("public")).answers
    assert set(told["standing"].to_pylist()) == {"withheld"}
    assert set(told["because"].to_pylist()) == {""}
    whole = publish(small, View.parse("commission")).answers
    assert "answers_for" in whole["standing"].to_pylist()


def test_a_party_may_reply_to_what_it_is_held_to_answer_for(released):
    for party in ("A", "B"):
        release = released(f"party:{party}")
        number = sum(figures(release.answers, party)[word] for word in CHARGED)
        assert number
        assert f"The text may make you answer for {number} act" in str(section(release, "reply"))


def test_where_no_act_was_tied_to_anything_the_summary_says_so_of_nobody_by_name(dossier):
    none = replace(dossier, responsibility=dossier.responsibility.slice(0, 0))
    told = str(section(publish(none, View.parse("public")), "summary").blocks)
    assert "no listed act was tied to a group or an area" in told
    assert "answers for" not in told.split("Apart from who did it")[1][:200]
