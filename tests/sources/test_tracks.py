"""Tracks of ships and aircraft: what enters a zone is told, coarsely, and nobody is named or followed."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor

import pyarrow as pa
import pytest

from truceline.model.errors import SourceError

BAY = {"z-bay": [[46.0, 31.0], [46.0, 32.0], [46.2, 32.0], [46.2, 31.0]]}
BEGAN = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
HEADER = "time,mmsi,lat,lon"
POSITION = (
    "AIVDM,1,1,,A,15B4FT5000JRP>PE6E68Nbkl0PS5,0"  # 36.873, -76.349; the ship of a public test
)


def fix(minute: float, lat: float, lon: float = 31.5, who: str = "272000111") -> str:
    return f"{(BEGAN + timedelta(minutes=minute)).isoformat()},{who},{lat},{lon}"


def track(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def summed(body: str) -> str:
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def types(reading) -> list[str]:
    return reading.tables["observations"]["type"].to_pylist()


def everything(reading) -> bytes:
    sink = pa.BufferOutputStream()
    for table in reading.tables.values():
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue()) + " ".join(reading.notes).encode()


def crossing(who: str = "272000111") -> list[str]:
    way = ((0, 45.99), (8, 46.05), (16, 46.15), (24, 46.22))
    return [fix(minute, lat, who=who) for minute, lat in way]


def test_what_enters_a_zone_is_one_observation_from_its_first_fix_inside_to_its_last(take):
    reading = take("ais", track(*crossing()), zones=BAY)
    (row,) = reading.tables["observations"].to_pylist()
    assert (row["type"], row["area_id"], row["line"]) == ("maritime", "z-bay", 3)
    assert row["began"] == BEGAN + timedelta(minutes=8)
    assert row["ended"] == BEGAN + timedelta(minutes=17)


def test_no_address_name_or_track_reaches_a_table_or_a_note(take):
    told = everything(take("ais", track(*crossing("272000987")), zones=BAY))
    assert b"272000987" not in told
    trace = trace_of([(0, 46.05, 31.5), (9, 46.06, 31.5)], icao="~4baac6")
    assert b"4baac6" not in everything(take("adsb", {"trace.json": trace}, zones=BAY))


def test_places_are_told_as_middles_of_cells_with_an_error_that_holds_the_fixes(take):
    reading = take("ais", track(fix(0, 46.0123, 31.4321)), zones=BAY)
    (row,) = reading.tables["observations"].to_pylist()
    assert (row["lat"], row["lon"]) == (46.025, 31.425)
    assert row["error_major_m"] >= 4_000


def test_what_stays_outside_the_zones_leaves_no_trace(take):
    reading = take("ais", track(fix(0, 45.0), fix(5, 45.01), fix(9, 45.02)), zones=BAY)
    assert reading.tables["observations"].num_rows == 0


def test_the_order_of_lines_and_files_changes_nothing_but_where_they_stand(take):
    rows = crossing() + [row.replace("272000111", "272000222") for row in crossing()]
    ways = [
        take("ais", {"a.csv": track(*rows)}, zones=BAY),
        take("ais", {"a.csv": track(*rows[5:]), "b.csv": track(*rows[:5])}, zones=BAY),
        take("ais", {"a.csv": track(*reversed(rows))}, zones=BAY),
    ]
    tables = [way.tables["observations"].drop_columns(["exhibit", "file", "line"]) for way in ways]
    assert tables[0].num_rows == 2
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def company(minutes: range, lat: float = 46.3) -> list[str]:
    """Three ships that stay near by and are heard all the time."""
    return [fix(m, lat, 31.6 + n / 10, who=f"27200050{n}") for m in minutes for n in range(3)]


def test_an_entry_while_silent_carries_its_probability_and_no_place_finer_than_the_zone(take):
    gap = [fix(0, 45.98), fix(60, 45.98)]
    reading = take("ais", track(*gap), zones=BAY)
    (row,) = reading.tables["observations"].to_pylist()
    assert (row["type"], row["place_kind"]) == ("maritime", "area")
    assert 0.5 <= row["type_confidence"] < 1.0
    assert row["error_major_m"] > 10_000


def test_an_entry_less_likely_than_not_is_no_account_of_one(take):
    gap = [fix(0, 45.97), fix(25, 45.97)]
    assert types(take("ais", track(*gap), zones=BAY)) == []
    (told,) = take("ais", track(*gap), zones=BAY, entry_p=0.1).tables["observations"].to_pylist()
    assert 0.1 <= told["type_confidence"] < 0.5


def test_a_silence_is_interference_only_while_others_were_heard(take):
    gap = [fix(0, 46.05), fix(2, 46.05), fix(90, 46.05)]
    alone = take("ais", track(*gap), zones=BAY)
    assert "sensor_interference" not in types(alone)
    heard = take("ais", track(*gap, *company(range(91))), zones=BAY)
    assert types(heard).count("sensor_interference") == 1


def test_a_receiver_that_hears_nobody_is_out_and_nobody_is_said_to_have_gone_silent(take):
    rows = company([*range(90), *range(240, 330)], lat=46.05)
    reading = take("ais", track(*rows), zones=BAY)
    assert "sensor_interference" not in types(reading)
    out = [row for row in reading.tables["exposures"].to_pylist() if row["kind"] == "outage"]
    assert [(row["began"], row["ended"]) for row in out] == [
        (BEGAN + timedelta(minutes=90), BEGAN + timedelta(minutes=240))
    ]


def test_no_watch_of_a_receiver_has_a_place_in_which_its_silence_would_speak(take):
    reading = take("ais", track(*crossing(), *company(range(30))), zones=BAY)
    watches = reading.tables["exposures"]
    assert "watch" in watches["kind"].to_pylist()
    for name in ("lat", "lon", "radius_m", "area_id"):
        assert watches[name].null_count == watches.num_rows


def test_a_leap_that_nothing_can_make_is_interference_and_no_entry(take):
    rows = [fix(0, 45.0), fix(1, 46.1), fix(2, 45.0)]
    assert types(take("ais", track(*rows), zones=BAY)) == ["sensor_interference"]


def test_a_clock_ahead_or_never_set_is_refused_with_its_line(take):
    rows = ["2031-01-01T00:00:00Z,1,46.1,31.5", "1980-01-06T00:00:00Z,1,46.1,31.5"]
    reading = take("ais", track(*rows, fix(0, 46.1)), zones=BAY)
    assert [(refusal.line, refusal.reason[:30]) for refusal in reading.refused] == [
        (2, "its time lies after it was rec"),
        (3, "its time lies before 2000: the"),
    ]


def test_without_a_zone_or_an_area_nothing_is_read(take):
    with pytest.raises(SourceError, match="give option `zones`, or a `theatre`"):
        take("ais", track(*crossing()))


# Sentences ------------------------------------------------------------------------------------

SEA = {"z-sea": [[36.0, -77.0], [37.0, -77.0], [37.0, -76.0], [36.0, -76.0]]}


def tagged(body: str, at: int = 1772874000) -> str:
    return "\\" + summed(f"s:r1,c:{at}") + "\\!" + summed(body)


def test_a_sentence_with_a_tag_block_is_placed_and_timed(take):
    reading = take("ais", {"log.nmea": tagged(POSITION) + "\n"}, zones=SEA)
    (row,) = reading.tables["observations"].to_pylist()
    assert row["began"] == datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
    assert (row["lat"], row["lon"]) == (36.875, -76.325)


@pytest.mark.parametrize("what", ["sentence", "tag block"])
def test_a_broken_checksum_is_refused_with_its_line_and_both_sums(take, what):
    sound = tagged(POSITION)
    broken = sound[:-1] + "F" if what == "sentence" else sound.replace("c:17", "c:18")
    reading = take("ais", {"log.nmea": f"{sound}\n{broken}\n"}, zones=SEA)
    (refusal,) = reading.refused
    assert refusal.line == 2
    assert refusal.reason.startswith(f"broken checksum: its {what} says")
    assert len(types(reading)) == 1


def test_a_sentence_that_nobody_timed_is_refused_and_no_time_is_made_up(take):
    reading = take("ais", {"log.nmea": "!" + summed(POSITION) + "\n"}, zones=SEA)
    assert [refusal.reason.split(":")[0] for refusal in reading.refused] == [
        "nobody says when it was received"
    ]
    assert types(reading) == []


def test_a_part_that_never_came_is_refused_at_the_line_of_the_one_that_did(take):
    first = "AIVDM,2,1,8,A,55DTsr01rEv?<E5;801<D604pDlu<0000000001?21J7:5cde>C0H1kmC1E5,0"
    reading = take("ais", {"log.nmea": f"{tagged(POSITION)}\n{tagged(first)}\n"}, zones=SEA)
    assert [(refusal.line, refusal.reason) for refusal in reading.refused] == [
        (2, "of the 2 parts of this message only 1 came")
    ]


def test_parts_that_come_in_turn_are_one_message(take):
    parts = ("15B4FT5000JRP>PE", "6E68Nbkl0PS5")
    body = [f"AIVDM,2,{n},3,A,{part},0" for n, part in enumerate(parts, 1)]
    for order in (body, body[::-1]):
        reading = take("ais", {"log.nmea": "\n".join(map(tagged, order))}, zones=SEA)
        assert types(reading) == ["maritime"]


# readsb ---------------------------------------------------------------------------------------


def trace_of(rows, icao: str = "4b1a02", **details) -> bytes:
    lines = [
        json.dumps([at, lat, lon, 9000, 410, 90, 0, 0, details or None, "adsb_icao"])
        for at, lat, lon in rows
    ]
    head = f'{{"icao":"{icao}","timestamp":{BEGAN.timestamp()},"trace":[\n'
    return (head + ",\n".join(lines) + "\n]}\n").encode()


def test_an_unmanned_aircraft_is_told_as_one(take):
    trace = trace_of([(0, 46.1, 31.5)], category="B6")
    assert types(take("adsb", {"t.json": trace}, zones=BAY)) == ["uav_overflight"]
    assert types(take("adsb", {"t.json": trace_of([(0, 46.1, 31.5)])}, zones=BAY)) == [
        "aircraft_overflight"
    ]


def test_a_rough_guess_of_the_receiver_is_no_place(take):
    states = {
        "now": BEGAN.timestamp(),
        "aircraft": [{"hex": "4b1a02", "rr_lat": 46.1, "rr_lon": 31.5, "seen": 1}],
    }
    reading = take("adsb", {"aircraft.json": json.dumps(states)}, zones=BAY)
    assert types(reading) == []
    assert "1 aircraft say no place" in " ".join(reading.notes)


def test_a_place_that_grows_old_keeps_the_time_at_which_it_was_true(take):
    state = {"hex": "4b1a02", "lat": 46.1, "lon": 31.5, "seen_pos": 600.0}
    states = {"now": BEGAN.timestamp(), "aircraft": [state]}
    reading = take("adsb", {"aircraft.json": json.dumps(states)}, zones=BAY)
    (row,) = reading.tables["observations"].to_pylist()
    assert row["began"] == BEGAN - timedelta(minutes=10)


def test_a_clock_that_goes_back_is_refused_with_its_line(take):
    trace = trace_of([(0, 46.1, 31.5), (50, 46.1, 31.5), (20, 46.1, 31.5), (60, 46.1, 31.5)])
    reading = take("adsb", {"t.json": trace}, zones=BAY)
    assert [(refusal.line, refusal.reason) for refusal in reading.refused] == [
        (4, "its clock goes from 50 s to 20 s of a day's trace")
    ]


def test_a_file_that_breaks_off_keeps_what_came_before(take):
    trace = trace_of([(0, 46.1, 31.5), (9, 46.1, 31.5), (18, 46.1, 31.5)])
    cut = trace[: trace.rindex(b"410")]
    reading = take("adsb", {"t.json.gz": gzip.compress(cut)}, zones=BAY)
    assert [refusal.line for refusal in reading.refused] == [4]
    assert types(reading) == ["aircraft_overflight"]


def test_a_time_beyond_all_reckoning_is_refused_like_any_wrong_clock(take):
    states = {"now": 9e14, "aircraft": [{"hex": "4b1a02", "lat": 46.1, "lon": 31.5, "seen_pos": 0}]}
    reading = take("adsb", {"aircraft.json": json.dumps(states)}, zones=BAY)
    assert [refusal.reason.split(":")[0] for refusal in reading.refused] == [
        "its time lies after it was received"
    ]
