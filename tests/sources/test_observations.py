import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.geometry.plane import to_plane
from truceline.model.errors import SourceError
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds import observations

DATA = Path(__file__).resolve().parents[1] / "data" / "sources"
HEAD = ",".join(observations.REQUIRED + observations.OPTIONAL)
CONTEXT = ReadContext(zone="Europe/Kyiv", received_at=datetime(2026, 3, 9, tzinfo=UTC))


def row(**cells: str) -> str:
    basis = {"observation_id": "o", "source": "patrol 1", "began": "2026-03-07T08:00:00Z"}
    return ",".join((basis | cells).get(name, "") for name in HEAD.split(","))


def table(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def only(reading) -> dict:
    (found,) = reading.tables["observations"].to_pylist()
    return found


def test_a_duty_log_with_every_fault_gives_what_is_sound_and_names_the_rest(take) -> None:
    content = (DATA / "duty_log.csv").read_bytes()
    reading = take("observations", {"duty_log.csv": content})
    assert (reading.upstream, reading.taken) == (10, 4)
    ids = reading.tables["observations"]["observation_id"].to_pylist()
    assert ids == ["d-1", "d-2", "d-3", "d-7"]
    assert [(r.file, r.line, r.reason) for r in reading.refused] == [
        ("duty_log.csv", 5, "it ends before it begins"),
        ("duty_log.csv", 6, "lat and lon are both 0"),
        ("duty_log.csv", 7, "exact duplicate of line 2"),
        ("duty_log.csv", 8, "id 'd-2' already stands in line 3 with other content"),
        ("duty_log.csv", 9, "lat 148.1 is outside [-90, 90]"),
        ("duty_log.csv", 11, "it has 5 cells, not 19"),
    ]
    assert all(r.advice and r.excerpt for r in reading.refused)


def test_an_unknown_word_takes_away_its_value_and_not_the_report(take) -> None:
    reading = take("observations", table(row(type="catapult", direction="up", means="Seen")))
    found = only(reading)
    assert (found["type"], found["direction"], found["means"]) == (None, "undetermined", "seen")
    assert any("type holds words that are not stored" in n and "line 2" in n for n in reading.notes)


def test_empty_is_unknown_and_never_zero(take) -> None:
    found = only(take("observations", table(row())))
    for name in ("lat", "error_major_m", "place_kind", "type", "count_best", "reported_at", "text"):
        assert found[name] is None, name
    assert found["direction"] == "undetermined"
    assert found["source_kind"] == "other"
    assert found["stance"] == "none"


@pytest.mark.parametrize(
    ("cells", "stance", "speaker"),
    [
        ({}, "none", None),
        ({"claimed_actor": "A"}, "asserts", "patrol 1"),
        ({"claimed_actor": "A", "stance": "denies"}, "denies", "patrol 1"),
        ({"claimed_actor": "A", "stance": "Admits", "speaker": "A"}, "admits", "A"),
        ({"claimed_actor": "A", "stance": "shouts"}, "asserts", "patrol 1"),
    ],
)
def test_a_denial_is_never_read_as_an_assertion(take, cells, stance, speaker) -> None:
    found = only(take("observations", table(row(**cells))))
    assert (found["stance"], found["speaker"]) == (stance, speaker)


def test_a_bare_date_is_the_local_day(take) -> None:
    found = only(take("observations", table(row(began="2026-03-07"))))
    assert found["is_date_only"]
    assert found["began"] == datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert found["ended"] == datetime(2026, 3, 7, 22, tzinfo=UTC)


def test_without_a_time_it_was_in_the_day_before_the_report(take) -> None:
    reading = take("observations", table(row(began="", reported_at="2026-03-07T20:00:00Z")))
    found = only(reading)
    assert found["began"] == datetime(2026, 3, 6, 20, tzinfo=UTC)
    assert found["ended"] == found["reported_at"] == datetime(2026, 3, 7, 20, tzinfo=UTC)
    assert any("taken as the day before (assumed)" in note for note in reading.notes)


def test_without_any_time_it_is_refused(take) -> None:
    reading = take("observations", table(row(began="")))
    assert reading.refused[0].reason == "no time is given"


def test_copies_share_the_root_of_their_group(take) -> None:
    reading = take(
        "observations",
        table(row(observation_id="a", group="g"), row(observation_id="b")),
    )
    assert reading.tables["observations"]["root"].to_pylist() == ["g", "patrol 1"]


def test_a_bearing_at_a_place_points_back_to_the_origin(take) -> None:
    found = only(take("observations", table(row(lat="48", lon="37.8", bearing_deg="360"))))
    assert (found["bearing_role"], found["bearing_deg"]) == ("to_origin", 0.0)
    assert (found["lat"], found["error_major_m"], found["bearing_error_deg"]) == (48, 1000, 10)


def test_an_observer_bearing_and_range_become_an_arc(take) -> None:
    found = only(
        take(
            "observations",
            table(
                row(
                    observer_position="48.0 37.8",
                    bearing_deg="90",
                    bearing_error_deg="5",
                    range_m="4000",
                )
            ),
        )
    )
    assert (found["bearing_role"], found["place_kind"]) == ("to_event", "bearing")
    assert abs(sum(c["weight"] for c in found["components"]) - 1) < 1e-12
    east, north = to_plane(np.array([found["lat"]]), np.array([found["lon"]]), 48.0, 37.8)
    assert abs(north[0]) < 1
    assert 3950 < east[0] < 4000  # the mean of an arc lies inside it
    assert found["error_azimuth_deg"] == pytest.approx(90.0, abs=0.1)


def test_an_arc_has_the_moments_of_the_bearing_and_range_it_was_made_from(take) -> None:
    rng = np.random.default_rng(7)
    angle = np.deg2rad(rng.normal(30.0, 8.0, 400_000))
    reach = rng.normal(5000.0, 0.2 * 5000.0, 400_000)
    east, north = reach * np.sin(angle), reach * np.cos(angle)
    cells = {"observer_position": "48,37.8", "bearing_deg": "30", "bearing_error_deg": "8"}
    quoted = row(**cells | {"range_m": "5000"}).replace("48,37.8", '"48,37.8"')
    found = only(take("observations", table(quoted)))
    at = to_plane(np.array([found["lat"]]), np.array([found["lon"]]), 48.0, 37.8)
    assert at[0][0] == pytest.approx(east.mean(), abs=25)
    assert at[1][0] == pytest.approx(north.mean(), abs=25)
    values = np.linalg.eigvalsh(np.cov(east, north))
    assert (found["error_major_m"] / 2.4477) ** 2 == pytest.approx(values[1], rel=0.05)
    assert (found["error_minor_m"] / 2.4477) ** 2 == pytest.approx(values[0], rel=0.05)


def test_a_bearing_without_a_range_reaches_as_far_as_one_hears(take) -> None:
    reading = take("observations", table(row(observer_position="48 37.8", bearing_deg="0")))
    found = only(reading)
    lats = [c["lat"] for c in found["components"]]
    assert min(lats) > 48.004
    assert max(lats) < 48.14
    assert any("0.5 to 15 km (assumed)" in note for note in reading.notes)


def test_an_observer_without_a_bearing_gives_a_disc(take) -> None:
    found = only(take("observations", table(row(observer_position="48 37.8", range_m="6000"))))
    assert (found["place_kind"], found["lat"], found["error_major_m"]) == ("ellipse", 48, 6000)


def test_a_camp_s_name_is_no_position(take) -> None:
    found = only(take("observations", table(row(observer_position="Camp 5", bearing_deg="90"))))
    assert (found["place_kind"], found["observer_position"]) == (None, "Camp 5")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"count_low": "5", "count_best": "3"}, "count_low, count_best and count_high do not rise"),
        ({"count_best": "-1"}, "count_best '-1' is negative"),
        ({"count_best": "2.5"}, "count_best '2.5' is not whole"),
        ({"lat": "48"}, "only one of lat and lon is given"),
        ({"lat": "48", "lon": "x"}, "lon 'x' is not a number"),
        ({"error_m": "0"}, "error_m is not above 0"),
        ({"bearing_deg": "361"}, "bearing_deg is outside [0, 360]"),
        ({"range_m": "-1"}, "range_m is not above 0"),
        ({"range_m": "inf"}, "range_m 'inf' is not a number"),
        ({"observer_position": "95 37"}, "lat 95.0 is outside [-90, 90]"),
        ({"source": ""}, "source is empty"),
        ({"began": "04/05/2026"}, "began: date '04/05/2026' may be day/month or month/day"),
    ],
)
def test_a_wrong_figure_is_refused_with_the_figure(take, cells, reason) -> None:
    reading = take("observations", table(row(**cells), row(observation_id="good")))
    (refusal,) = reading.refused
    assert (refusal.line, refusal.reason) == (2, reason)
    assert reading.taken == 1


def test_the_option_dates_settles_what_the_column_does_not(take) -> None:
    found = only(take("observations", table(row(began="04/05/2026")), dates="mdy"))
    assert found["began"] == datetime(2026, 4, 4, 21, tzinfo=UTC)


def test_decimal_commas_in_a_semicolon_table_are_read_and_said(take) -> None:
    content = table(row(lat="48.26", lon="37.80", error_m="250.5"))
    content = content.replace(",", ";").replace(".", ",")
    reading = take("observations", content)
    found = only(reading)
    assert (found["lat"], found["lon"], found["error_major_m"]) == (48.26, 37.8, 250.5)
    assert any("2 coordinates with a decimal comma" in note for note in reading.notes)


def test_a_comma_that_may_part_thousands_is_refused(take) -> None:
    content = table(row(lat="48.26", lon="37.80", error_m="1.500")).replace(",", ";")
    reading = take("observations", content.replace(".", ","))
    assert "may hold a decimal comma or one between thousands" in reading.refused[0].reason


def test_swapped_coordinates_stand_out_among_their_neighbours(take) -> None:
    rows = [
        row(observation_id=f"o{k}", lat=f"{48 + k / 20:.2f}", lon=f"{37 + k / 20:.2f}")
        for k in range(12)
    ]
    reading = take("observations", table(*rows, row(lat="37.3", lon="48.2")))
    assert [r.line for r in reading.refused] == [14]
    assert "seem to be swapped" in reading.refused[0].reason


def test_bounds_find_a_single_swapped_point(take) -> None:
    cells = table(row(lat="37.3", lon="48.2"))
    assert take("observations", cells).taken == 1
    assert take("observations", cells, bounds=[44, 22, 53, 41]).taken == 0


def test_rows_without_an_id_get_one_from_their_content(take) -> None:
    rows = (row(observation_id=""), row(observation_id="", text="other"))
    one = take("observations", table(*rows)).tables["observations"]["observation_id"].to_pylist()
    two = take("observations", table(*rows[::-1])).tables["observations"]["observation_id"]
    assert one == two.to_pylist()[::-1]
    assert len(set(one)) == 2
    assert all(name.startswith("observations:") for name in one)


def test_a_refused_row_does_not_make_a_sound_one_a_repeat(take) -> None:
    reading = take("observations", table(row(began="rubbish"), row()))
    assert [(r.line) for r in reading.refused] == [2]
    assert reading.taken == 1


def test_a_row_sent_again_in_a_second_file_is_refused_with_the_first_file(take) -> None:
    reading = take("observations", {"a.csv": table(row()), "b.csv": table(row())})
    assert [(r.file, r.reason) for r in reading.refused] == [
        ("b.csv", "exact duplicate of line 2 of a.csv")
    ]


def test_a_broken_file_beside_a_sound_one_is_one_refusal(take) -> None:
    reading = take("observations", {"a.csv": b"\x00\x01", "b.csv": table(row())})
    assert (reading.upstream, reading.taken) == (2, 1)
    assert "the whole file cannot be read" in reading.refused[0].reason


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", bytes(range(256))])
def test_a_broken_file_alone_stops_with_its_name(take, content) -> None:
    with pytest.raises(SourceError, match=r"report\.csv:1: "):
        take("observations", content)


@pytest.mark.parametrize(
    "options",
    [{"date": "dmy"}, {"error_m": -1}, {"error_m": "far"}, {"bounds": [1]}, {"dates": "ymd"}],
)
def test_a_wrong_option_stops(take, options) -> None:
    with pytest.raises(SourceError, match="option"):
        take("observations", table(row(lat="48", lon="37")), **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_text_in_any_encoding_is_the_same_text(take, encoding) -> None:
    content = table(row(text="Обстріл села біля Маріуполя")).encode(encoding)
    assert only(take("observations", content))["text"] == "Обстріл села біля Маріуполя"


CELLS = {
    "observation_id": ["a", "b", "", " c ", "NULL"],
    "source": ["patrol 1", "", " patrol 1"],
    "source_kind": ["patrol", "Media", "?"],
    "reported_at": ["2026-03-07T19:00:00Z", "2026-03-07", "08/03/2026", "-"],
    "began": ["2026-03-07T08:00:00Z", "2026-03-07", "7.3.2026 8:00", "13/01/2026", "x", ""],
    "ended": ["2026-03-07T08:10:00Z", "2026-03-08", ""],
    "lat": ["48.1", "0", "37.5", "148", '"48,1"', ""],
    "lon": ["37.8", "0", "48.2", "x", ""],
    "error_m": ["200", "0", "1e3", '"1,500"', ""],
    "type": ["mortar", "Small arms fire", "catapult", ""],
    "direction": ["impact", "OUTGOING", "up", ""],
    "claimed_actor": ["Party A", ""],
    "bearing_deg": ["90", "400", ""],
    "bearing_error_deg": ["5", ""],
    "range_m": ["4000", "inf", ""],
    "text": ['"He said ""no"", and left"', "plain", "Обстріл", '"two\nlines"', ""],
    "count_best": ["4", "-4", "2.0", ""],
    "observer_position": ["48.0 37.7", "Camp", ""],
}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30), st.booleans())
def test_the_fast_and_the_careful_way_read_the_same(seed, rows, is_broken) -> None:
    dice = random.Random(seed)
    lines = [
        ",".join(dice.choice(CELLS.get(name, [""])) for name in HEAD.split(","))
        for _ in range(rows)
    ]
    if is_broken:
        lines.insert(dice.randrange(rows), dice.choice(["", "a,b", '"open', ",,,,", "a\0b"]))
    file = raw_file("a.csv", table(*lines).encode())
    swift = observations.read([file], CONTEXT)
    careful = observations.read([file], CONTEXT, is_careful=True)
    assert swift == careful
    assert swift.upstream == swift.taken + len(swift.refused)


def test_a_row_refused_for_its_time_is_not_also_said_to_have_none(take) -> None:
    reading = take("observations", table(row(began="soon", reported_at="2026-03-07T09:00:00Z")))
    assert [r.line for r in reading.refused] == [2]
    assert not any("not when it began" in note for note in reading.notes)


def test_a_report_from_before_what_it_tells_is_taken_and_noted(take) -> None:
    early = row(observation_id="a", reported_at="2026-03-07T07:00:00Z")
    same_day = row(observation_id="b", reported_at="2026-03-07")
    reading = take("observations", table(early, same_day))
    assert reading.taken == 2
    (note,) = (note for note in reading.notes if "before it began" in note)
    assert "1 reported before it began" in note


def test_an_observer_off_the_earth_is_refused_and_draws_no_arc():
    head = b"observation_id,source,source_kind,began,lat,lon,type,bearing_deg,range_m,observer_position\n"
    far = b"9" * 400
    row = b"p-1,patrol,patrol,2026-03-07T08:15:00Z,,,mortar,90,4000," + far + b" 37.8\n"
    good = b"p-2,patrol,patrol,2026-03-07T08:15:00Z,,,mortar,90,4000,48.0 37.8\n"
    reading = observations.FEED.read([raw_file("o.csv", head + row + good)], CONTEXT)
    assert reading.taken == 1
    (refusal,) = reading.refused
    assert refusal.line == 2
