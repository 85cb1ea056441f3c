"""A mission file says what is wrong with it: file, line, field, and what to write."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import SettingsError
from truceline.pipeline.mission import load

GOOD = """\
mission: quiet-week
agreement: easter-2025
zone: Europe/Kyiv
cutoff: "19:30"
archive: true
period: {from: 2025-04-19, to: 2025-04-20}
feeds:
  - feed: observations
    files: [raw/observations.csv]
"""


@pytest.fixture
def folder(tmp_path):
    def write(text: str | bytes):
        content = text.encode() if isinstance(text, str) else text
        (tmp_path / "mission.yaml").write_bytes(content)
        return tmp_path

    return write


def test_a_mission_is_read_with_its_calendar_and_feeds(folder):
    mission = load(folder(GOOD))
    assert mission.calendar.cutoff == time(19, 30)
    assert mission.feeds[0].is_archive
    assert mission.title == "quiet-week"


def test_a_byte_order_mark_is_no_obstacle(folder):
    assert load(folder(b"\xef\xbb\xbf" + GOOD.encode())).mission_id == "quiet-week"


def test_a_folder_without_a_mission_says_which_command_makes_one(tmp_path):
    with pytest.raises(SettingsError, match="truceline init"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("zone: Europe/Kyiv", "zone: Kyiv"), r"mission\.yaml:4: time zone 'Kyiv' is not known"),
        (('cutoff: "19:30"', 'cutoff: "half past"'), r"mission\.yaml:4: .*write `zone"),
        (("mission: quiet-week\n", ""), r"field `mission` is missing; add a line"),
        (("archive: true", "archiv: true"), r"mission\.yaml:5: unknown field `archiv`"),
        (("archive: true", "archive: often"), r"mission\.yaml:5: field `archive` is 'often'"),
        (("archive: true", "theatre: [53, 22, 44, 41]"), r"mission\.yaml:5: field `theatre`"),
        (("archive: true", "theatre: [44, 22, .inf, 41]"), r"mission\.yaml:5: field `theatre`"),
        (("archive: true", "theatre: [44, 22]"), r"write `theatre: \[SOUTH, WEST, NORTH, EAST\]`"),
        (("archive: true", "publication_delay_h: 1.0e+300"), r"mission\.yaml:5: .*write hours"),
        (("archive: true", "publication_delay_h: .nan"), r"mission\.yaml:5: .*write hours"),
        (
            ("archive: true", "publication_delay_h: 23.5"),
            r"mission\.yaml:5: .*`publication_delay_h` is 23\.5; write hours, 24 to 87,600",
        ),
        (("to: 2025-04-20", "previous_days: -1"), r"mission\.yaml:6: period\.previous_days is -1"),
        (("from: 2025-04-19", "from: Easter"), r"mission\.yaml:6: period\.from is 'Easter'"),
        (
            ("  - feed: observations\n", "  - reader: observations\n"),
            r"mission\.yaml:7: feed 1 needs",
        ),
        (("feeds:\n", "feeds: [\n"), r"not YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder, change, message):
    with pytest.raises(SettingsError, match=message):
        load(folder(GOOD.replace(*change)))


def test_another_encoding_is_named_at_its_byte(folder):
    with pytest.raises(SettingsError, match="not UTF-8 at byte 9"):
        load(folder("mission: тихо\n".encode("cp1251")))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_crashes(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("garbage")
    (folder / "mission.yaml").write_bytes(content)
    with pytest.raises(SettingsError):
        load(folder)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD)), st.text(max_size=6))
def test_a_spoilt_mission_is_read_or_refused_and_never_crashes(tmp_path_factory, at, text):
    folder = tmp_path_factory.mktemp("spoilt")
    (folder / "mission.yaml").write_text(GOOD[:at] + text + GOOD[at:], encoding="utf-8")
    try:
        load(folder)
    except SettingsError as exc:
        assert "mission.yaml" in str(exc)


def test_a_file_that_is_no_yaml_says_its_line_once_and_shows_no_drawing(folder):
    with pytest.raises(SettingsError) as caught:
        load(folder(GOOD + "limits: [one\n"))
    said = str(caught.value)
    assert "\n" not in said
    assert "^" not in said
    assert said.startswith(f"{folder(GOOD) / 'mission.yaml'}:10: not YAML: ")
