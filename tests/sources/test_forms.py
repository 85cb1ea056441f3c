"""The form that we ship is an XLSForm, is made of its text, and asks what the feed reads."""

import warnings
from pathlib import Path

import pytest

from truceline.model.vocabulary import AccessStatus, Direction, IncidentType, Means
from truceline.sources.accounts import COLUMNS as ACCOUNT
from truceline.sources.forms import build, workbook
from truceline.sources.obstructions import COLUMNS as OBSTRUCTION

TEXT = build.FOLDER / "patrol-report.toml"
SHEET = build.FOLDER / "patrol-report.xlsx"


@pytest.fixture(scope="module")
def read() -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyxform.xls2json_backends import xlsx_to_dict

        return xlsx_to_dict(str(SHEET))


def test_the_form_is_what_its_text_makes_byte_by_byte() -> None:
    assert build.form(TEXT.read_text(encoding="utf-8")) == SHEET.read_bytes()


def test_the_form_is_a_valid_xlsform_in_four_languages(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyxform.xls2xform import convert

        made = convert(xlsform=str(SHEET), validate=False)
    assert made.warnings in (None, [])
    for title in build.LANGUAGES.values():
        assert f'<translation lang="{title}"' in made.xform
    assert "-</value>" not in made.xform, "a text lacks a language"
    assert 'required="true()"' in made.xform


def test_every_text_is_told_in_every_language(read) -> None:
    for sheet in ("survey", "choices"):
        for row in read[sheet]:
            for what in ("label", "hint", "constraint_message"):
                told = {f"{what}::{title}" in row for title in build.LANGUAGES.values()}
                assert len(told) == 1, row


def test_the_form_asks_what_the_feed_reads_in_words_that_are_stored(read) -> None:
    names = {row["name"] for row in read["survey"] if "name" in row}
    known = {*ACCOUNT, *OBSTRUCTION} - {"lat", "lon", "radius_m"}
    own = {
        "start", "end", "today", "patrol_part", "patrol", "patrol_began", "patrol_ended",
        "patrol_place", "patrol_track", "sight_m", "anything", "kept_out", "happenings",
        "obstructions", "place", "observer",
    }  # fmt: skip
    assert names - known - own == set()
    words = {}
    for row in read["choices"]:
        words.setdefault(row["list_name"], set()).add(row["name"])
    assert words["incident_type"] <= set(IncidentType)
    assert words["means"] <= set(Means)
    assert words["direction"] == set(Direction)
    assert words["access"] == set(AccessStatus) - {"granted"}


def test_nothing_is_asked_that_names_a_person(read) -> None:
    names = {row["name"] for row in read["survey"] if "name" in row}
    assert not names & {"username", "name", "phone", "deviceid", "email"}
    types = {row["type"] for row in read["survey"]}
    assert not types & {"username", "phonenumber", "deviceid", "email", "simserial", "subscriberid"}


def test_words_with_marks_of_their_own_come_through_a_workbook() -> None:
    made = workbook.workbook({"a": [["<&>", "", 'q"']]})
    assert b"&lt;&amp;&gt;" in made
    assert b'r="C1"' in made
    assert workbook.workbook({"a": [["<&>", "", 'q"']]}) == made
