"""Seismic bulletins: what they locate, how surely, and what is no deed of a truce."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.sources.contract import raw_file
from truceline.sources.feeds import quakeml
from truceline.sources.markup import tree

HEAD = (
    '<?xml version="1.0"?>\n<quakeml xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters>\n'
)
FOOT = "</eventParameters></quakeml>"


def quantity(name: str, value: str, error: str = "") -> str:
    spread = f"<uncertainty>{error}</uncertainty>" if error else ""
    return f"<{name}><value>{value}</value>{spread}</{name}>"


def origin(
    number: int = 1, more: str = "", *, lat: str = "48", error: str = "", at: str = ""
) -> str:
    return (
        f'<origin publicID="o{number}">{quantity("time", at or "2026-03-07T08:00:00Z", error)}'
        f"{quantity('latitude', lat)}{quantity('longitude', '37.8')}{more}</origin>"
    )


def event(number: int = 1, kind: str = "explosion", more: str = "") -> str:
    stated = f"<type>{kind}</type>" if kind else ""
    return f'<event publicID="e{number}">{stated}{more or origin()}</event>\n'


def bulletin(*events: str) -> str:
    return HEAD + "".join(events) + FOOT


def only(reading) -> dict:
    (row,) = reading.tables["observations"].to_pylist()
    return row


def test_quarry_blasts_and_earthquakes_are_set_aside_by_type_and_line(take) -> None:
    events = (event(1), event(2, "quarry blast"), event(3, "earthquake"), event(4, ""))
    reading = take("quakeml", {"b.xml": bulletin(*events)})
    types = [row["type"] for row in reading.tables["observations"].to_pylist()]
    assert types == ["explosion_unidentified", None]
    assert [(r.line, r.reason) for r in reading.refused] == [
        (4, "event type 'quarry blast', by the publisher"),
        (5, "event type 'earthquake', by the publisher"),
    ]
    assert all("also_types" in r.advice for r in reading.refused)
    again = take("quakeml", {"b.xml": bulletin(*events)}, also_types=["quarry blast"])
    assert again.taken == 3


def test_a_type_in_another_spelling_or_of_null_is_still_that_type(take) -> None:
    events = (event(1, "Quarry_Blast"), event(2, "null"), event(3, "chemical_explosion"))
    reading = take("quakeml", {"b.xml": bulletin(*events)})
    assert [r.line for r in reading.refused] == [3]
    types = [row["type"] for row in reading.tables["observations"].to_pylist()]
    assert types == [None, "explosion_unidentified"]
    assert take("quakeml", {"b.xml": bulletin(*events)}, also_types=["quarry_blast"]).taken == 3


def test_an_ellipse_is_made_one_of_95_per_cent(take) -> None:
    ellipse = (
        "<originUncertainty><minHorizontalUncertainty>1000</minHorizontalUncertainty>"
        "<maxHorizontalUncertainty>2000</maxHorizontalUncertainty>"
        "<azimuthMaxHorizontalUncertainty>210</azimuthMaxHorizontalUncertainty>{}</originUncertainty>"
    )
    stated = ellipse.format("<confidenceLevel>95</confidenceLevel>")
    row = only(take("quakeml", {"b.xml": bulletin(event(more=origin(more=stated)))}))
    assert (row["error_major_m"], row["error_minor_m"], row["error_azimuth_deg"]) == pytest.approx(
        (2000, 1000, 30)
    )
    reading = take("quakeml", {"b.xml": bulletin(event(more=origin(more=ellipse.format(""))))})
    # k with 1 - exp(-k**2 / 2) = 0.68 is 1.5096; the 95 % one is 2.4477 deviations.
    assert only(reading)["error_major_m"] == pytest.approx(2000 * 2.44775 / 1.50959, rel=1e-4)
    assert any("1 ellipses state no confidence: 68 % (assumed)" in n for n in reading.notes)


def test_without_an_ellipse_the_assumed_error_is_told(take) -> None:
    reading = take("quakeml", {"b.xml": bulletin(event())}, error_m=7000)
    assert only(reading)["error_major_m"] == 7000
    assert any(
        "1 events state no error of their place: 7000 m (assumed)" in n for n in reading.notes
    )


def test_an_error_of_zero_is_an_error_that_nobody_worked_out(take) -> None:
    zero = (
        "<originUncertainty><horizontalUncertainty>0.0</horizontalUncertainty></originUncertainty>"
    )
    reading = take("quakeml", {"b.xml": bulletin(event(more=origin(more=zero)))})
    assert only(reading)["error_major_m"] == 10_000
    assert any("1 events state no error of their place" in note for note in reading.notes)


def test_an_uncertain_origin_time_is_an_interval(take) -> None:
    row = only(take("quakeml", {"b.xml": bulletin(event(more=origin(error="5")))}))
    assert row["began"] == datetime(2026, 3, 7, 7, 59, 50, 200_000, tzinfo=UTC)
    assert row["ended"] == datetime(2026, 3, 7, 8, 0, 9, 800_000, tzinfo=UTC)


def test_of_several_origins_the_preferred_one_is_read_and_that_is_told(take) -> None:
    two = origin(1, lat="48") + origin(2, lat="49")
    preferred = two + "<preferredOriginID>o2</preferredOriginID>"
    reading = take("quakeml", {"b.xml": bulletin(event(more=preferred))})
    assert only(reading)["lat"] == 49
    assert any("1 events have several origins" in note for note in reading.notes)
    assert only(take("quakeml", {"b.xml": bulletin(event(more=two))}))["lat"] == 48


def test_a_rejected_or_missing_event_is_no_observation(take) -> None:
    rejected = origin(more="<evaluationStatus>rejected</evaluationStatus>")
    events = (event(1, more=rejected), event(2, "not existing"), event(3))
    reading = take("quakeml", {"b.xml": bulletin(*events)})
    assert [r.line for r in reading.refused] == [3, 4]
    assert reading.taken == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (origin(lat="98"), "lat 98.0 is outside [-90, 90]"),
        (origin(lat="north"), "lat 'north' is not a number"),
        (origin(at="yesterday"), "time: time 'yesterday' is not in a form that is known"),
        (origin(error="-1"), "time_error_s is outside [0, 3600]"),
        ("<comment/>", "no origin time is given"),
    ],
)
def test_an_event_that_cannot_be_is_refused_with_its_line(take, more, reason) -> None:
    reading = take("quakeml", {"b.xml": bulletin(event(1), event(2, more=more))})
    assert [(r.file, r.line, r.reason) for r in reading.refused] == [("b.xml", 4, reason)]


def test_event_text_of_a_service_is_read_like_quakeml(take) -> None:
    text = (
        "#EventID | Time | Latitude | Longitude | Depth/km | Contributor | EventType\n"
        "1|2026-03-07T08:00:00.5|48|37.8|0|EX|explosion\n2|2026-03-07T09:00:00|48|37.8|5|EX|earthquake\n"
    )
    reading = take("quakeml", {"e.txt": text})
    row = only(reading)
    assert (row["source"], row["type"], row["observation_id"]) == (
        "EX",
        "explosion_unidentified",
        "EX:1",
    )
    assert row["began"] == datetime(2026, 3, 7, 8, 0, 0, 500_000, tzinfo=UTC)  # without offset: UTC
    assert [(r.line, r.reason[:24]) for r in reading.refused] == [(3, "event type 'earthquake',")]


def test_a_document_type_is_refused_before_it_unfolds(take) -> None:
    bomb = (
        '<?xml version="1.0"?>\n<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>\n'
        "<quakeml>&b;</quakeml>"
    )
    with pytest.raises(SourceError, match=r"b\.xml:2: it declares a document type"):
        take("quakeml", {"b.xml": bomb})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<a>" * 100 + "</a>" * 100, "elements stand more than 64 deep"),
        ("<quakeml>", "not XML that can be read"),
        ("<kml><Document/></kml>", "it has no eventParameters"),
        ("town,time\nX,Y\n", "neither QuakeML nor FDSN event text"),
    ],
)
def test_another_file_is_refused_with_name_and_reason(take, content, words) -> None:
    with pytest.raises(SourceError, match=r"b\.xml:1") as raised:
        take("quakeml", {"b.xml": content})
    assert words in str(raised.value)


@given(cut=st.integers(0, len(quakeml.SAMPLE)), noise=st.binary(max_size=20))
def test_no_bytes_make_the_tree_raise_anything_but_a_source_error(cut, noise) -> None:
    content = quakeml.SAMPLE[:cut] + noise + quakeml.SAMPLE[cut:]
    try:
        tree(raw_file("b.xml", content))
    except SourceError as exc:
        assert str(exc).startswith("b.xml:")
