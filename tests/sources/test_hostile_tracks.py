"""Damaged, spoofed and mistimed input of the feeds that decode: each fault has its line, reason and advice."""

import json
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.sources.contract import ReadContext, Reading, raw_file
from truceline.sources.feeds import adsb, ais, inspections

BEGAN = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 3, 9, tzinfo=UTC)
SEA = {"z-sea": [[-77.0, 36.0], [-77.0, 37.0], [-76.0, 37.0], [-76.0, 36.0]]}
POSITION = "AIVDM,1,1,,A,15B4FT5000JRP>PE6E68Nbkl0PS5,0"  # 36.873, -76.349; of a public test


def read(feed, content: bytes, **options) -> Reading:
    context = ReadContext(zone="Europe/Kyiv", received_at=RECEIVED, options=options)
    reading = feed.FEED.read([raw_file("f.txt", content)], context)
    assert reading.upstream == reading.taken + len(reading.refused)
    for refusal in reading.refused:
        assert refusal.file == "f.txt"
        assert 1 <= refusal.line <= content.count(b"\n") + 1
        assert refusal.reason
        assert refusal.advice
    return reading


def summed(body: str) -> str:
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def sentence(at: datetime) -> str:
    tag = summed(f"c:{int(at.timestamp())}")
    return f"\\{tag}\\!{summed(POSITION)}"


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 400), character=st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_character_of_a_sentence_never_moves_a_ship(place, character) -> None:
    """A sum sees every change of one character: the line is refused with its number."""
    whole = sentence(BEGAN)
    place %= len(whole)
    changed = whole[:place] + character + whole[place + 1 :]
    later = sentence(BEGAN + timedelta(minutes=5))
    reading = read(ais, f"{changed}\n{later}\n".encode(), zones=SEA)
    is_same = changed.upper() == whole.upper() and changed[:-2] == whole[:-2]  # of the sum itself
    assert [refusal.line for refusal in reading.refused] == ([] if is_same else [1])


@settings(max_examples=100, deadline=None)
@given(block=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_any_tag_block_is_read_or_refused_with_its_line(block) -> None:
    line = f"\\{block}\\!{summed(POSITION)}\n"
    reading = read(ais, f"{sentence(BEGAN)}\n{line}".encode("ascii"), zones=SEA)
    assert [refusal.line for refusal in reading.refused] in ([], [2])


ZONE = {"z": [[37.0, 48.0], [37.0, 49.0], [38.0, 49.0], [38.0, 48.0]]}
NUMBER = st.floats() | st.integers(-(10**12), 10**12) | st.none() | st.just("ground")


@settings(max_examples=150, deadline=None)
@given(
    shift=st.integers(-(10**10), 10**10),
    rows=st.lists(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), max_size=8),
)
def test_a_spoofed_or_mistimed_trace_is_told_or_refused_and_never_raises(shift, rows) -> None:
    trace = {
        "icao": "abcdef",
        "timestamp": BEGAN.timestamp() + shift,
        "trace": [[*row, 100, 90, 0, 0, None] for row in rows],
    }
    try:
        reading = read(adsb, json.dumps(trace).encode(), zones=ZONE)
    except SourceError as exc:
        assert len(str(exc)) > 20
        return
    for row in reading.tables["observations"].to_pylist():
        assert row["began"] <= row["ended"] <= RECEIVED + timedelta(hours=1)
        assert "abcdef" not in json.dumps(row, default=str)


SERIAL = st.sampled_from(
    ["A-1", "a-1", "A 1", "A-2", "А-1", "", ";", "A-1;A-1", "?"]
)  # one is Cyrillic
HEADER = "inspection_id,site,party,began,ended,access,weapon,declared_serials,seen_serials\n"


@settings(max_examples=150, deadline=None)
@given(visits=st.lists(st.tuples(SERIAL, SERIAL, st.integers(0, 3), st.integers(0, 2)), max_size=6))
def test_serials_that_stand_twice_are_refused_once_and_never_counted_twice(visits) -> None:
    lines = []
    for number, (declared, seen, hour, site) in enumerate(visits):
        began, ended = (BEGAN + timedelta(hours=hour + more) for more in (0, 0.5))
        lines.append(
            f"i-{number},site {site},Party A,{began.isoformat()},{ended.isoformat()},granted,"
            f"howitzer 152 mm,{declared},{seen}\n"
        )
    try:
        reading = read(inspections, (HEADER + "".join(lines)).encode())
    except SourceError as exc:
        assert len(str(exc)) > 20
        return
    for row in reading.tables["inspections"].to_pylist():
        if row["declared"] is not None and row["serials_matched"] is not None:
            assert row["serials_matched"] <= row["declared"]


@pytest.mark.parametrize("feed", [ais, adsb], ids=["ais", "adsb"])
def test_a_track_from_the_future_is_refused_with_its_line(feed) -> None:
    late = RECEIVED + timedelta(days=400)
    if feed is ais:
        reading = read(ais, (sentence(late) + "\n").encode(), zones=SEA)
    else:
        row = [0, 48.5, 37.5, 1000, 100, 90, 0, 0, None]
        trace = {"icao": "abcdef", "timestamp": late.timestamp(), "trace": [row]}
        reading = read(adsb, json.dumps(trace).encode(), zones=ZONE)
    assert reading.tables["observations"].num_rows == 0
    assert reading.refused
