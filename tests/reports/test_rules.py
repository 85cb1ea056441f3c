"""The rules of publication are data: each released view keeps to them, and nobody loosens one."""

import io
from copy import deepcopy
from dataclasses import fields, replace

import pyarrow as pa
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.model.errors import PublicationError
from truceline.pipeline import plugins
from truceline.reports.contract import View
from truceline.reports.publication import publish
from truceline.reports.rules import FIGURES, VIEWS, checked, limits, rules_of, written
from truceline.reports.sample import sample

RELEASED = ("public", "party:A", "party:B")


@pytest.fixture(scope="module")
def dossier():
    return sample()


def tables(release):
    held = {each.name: getattr(release, each.name) for each in fields(release)}
    return {name: table for name, table in held.items() if isinstance(table, pa.Table)}


@pytest.mark.parametrize("view", RELEASED)
def test_what_the_limits_hold_back_is_empty_in_whatever_leaves(view, dossier):
    told = tables(publish(dossier, View.parse(view)))
    for path in written()["limits"]["redact"]:
        name, column = path.split(".")
        assert told[name][column].null_count == told[name].num_rows, path
    for name in written()["limits"]["withhold"]:
        assert told[name].num_rows == 0, name


def test_the_commission_reads_what_is_held_back_from_others(dossier):
    told = tables(publish(dossier, View.parse("commission")))
    assert told["rows"]["positions"].null_count < told["rows"].num_rows
    assert told["answers"]["roots"].null_count < told["answers"].num_rows
    assert told["duties"]["due_at"].null_count < told["duties"].num_rows
    assert told["accusations"].num_rows


def test_both_sides_and_the_public_are_told_equally_coarsely_and_equally_late():
    views = written()["views"]
    assert {name: views["public"][name] for name in FIGURES} == {
        name: views["party"][name] for name in FIGURES
    }
    assert set(VIEWS) | {"commission"} == set(views)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kept", ["redact", "withhold"])
def test_a_file_that_leaves_out_what_is_always_held_back_is_refused(view, kept):
    told = deepcopy(dict(written()))
    told["views"][view][kept] = told["views"][view][kept][1:]
    with pytest.raises(PublicationError, match=f"rules of view {view}: {kept} lacks"):
        checked(told)


def test_rules_that_name_nothing_held_back_hold_it_back_all_the_same(dossier):
    bare = replace(rules_of("public"), redact=(), withhold=())
    told = tables(publish(dossier, View.parse("public"), bare))
    assert told["rows"]["positions"].null_count == told["rows"].num_rows
    assert told["outages"].num_rows == 0


FIGURE = st.one_of(st.floats(0, 2e6), st.integers(0, 2_000_000))


@given(st.lists(st.dictionaries(st.sampled_from(FIGURES), FIGURE, max_size=3), max_size=3))
def test_tightenings_in_any_number_end_no_looser_than_the_file(words):
    try:
        made = rules_of("public", *((str(n), each) for n, each in enumerate(words)))
    except PublicationError:
        return
    base = rules_of("public")
    for name in ("delay_h", "cell_m", "time_step_min", "block_deg"):
        assert getattr(made, name) >= getattr(base, name)
        assert limits(name)[0] <= getattr(made, name) <= limits(name)[1]
    assert made.annex_rows <= base.annex_rows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"cell_m": 4_000}, "cell_m is 4000, and 5000 stands already"),
        ({"delay_h": 71}, "delay_h is 71, and 72 stands already"),
        ({"annex_rows": 201}, "annex_rows is 201"),
        ({"party": {"time_step_min": 30}}, "time_step_min is 30"),
        ({"colour": 3}, "publication.colour is 3; write figures or lists under delay_h"),
        ({"redact": "rows.weapon"}, "publication.redact is 'rows.weapon'"),
    ],
)
def test_a_looser_or_unknown_rule_is_refused_by_name(words, said):
    with pytest.raises(PublicationError, match=said):
        rules_of("party", ("the agreement", words))


def test_a_tightening_for_one_view_leaves_the_other_as_it_is():
    words = ("the mission", {"public": {"delay_h": 96, "withhold": ["claims"]}})
    assert rules_of("public", words).delay_h == 96
    assert "claims" in rules_of("public", words).withhold
    assert rules_of("party", words) == rules_of("party")
    assert rules_of("public", words).name != rules_of("public").name


def test_what_a_tightening_names_is_taken_out(dossier):
    words = (
        "the agreement",
        {"redact": ["rows.weapon"], "withhold": ["claims", "desk/casualties"]},
    )
    told = publish(dossier, View.parse("public"), rules_of("public", words))
    assert told.rows["weapon"].null_count == told.rows.num_rows > 0
    assert told.claims.num_rows == told.desk["casualties"].num_rows == 0


@pytest.mark.parametrize("path", ["rows.act_id", "rows.colour", "nothing.at_all"])
def test_what_cannot_be_taken_out_is_refused_and_nothing_leaves(path, dossier):
    rules = rules_of("public", ("the mission", {"redact": [path]}))
    with pytest.raises(PublicationError, match="the rules of publication name"):
        publish(dossier, View.parse("public"), rules)


def test_a_printed_release_states_its_counting_rules_record_head_and_rules(dossier):
    release = publish(dossier, View.parse("public"))
    pages = pypdf.PdfReader(io.BytesIO(plugins.load("formats")["pdf"].render(release))).pages
    words = "".join("".join(page.extract_text() for page in pages).split())
    for each in release.stated.values():
        assert each
        assert "".join(each.split()) in words
