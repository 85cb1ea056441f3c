"""Real logs of ships and aircraft, spoofed and broken ones among them, where the shared data is at hand."""

import gzip
import json
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "ais").is_dir(), reason="../shared/data is not here"),
]
SOLENT = {"z": [[50.75, -1.2], [50.8, -1.2], [50.8, -1.1], [50.75, -1.1]]}
WEST = {"z": [[-80.0, -179.0], [80.0, -179.0], [80.0, -30.0], [-80.0, -30.0]]}
THRACE = {"z": [[41.5, 27.0], [45.0, 27.0], [45.0, 38.0], [41.5, 38.0]]}


def test_an_hour_of_the_solent_is_read_whole(take):
    name = "SolentAIS_20160112_130211.csv"
    reading = take("ais", {name: (SHARED / "ais" / name).read_bytes()}, zone="UTC", zones=SOLENT)
    assert reading.refused == ()
    assert any(
        note.startswith("18620 fixes of 91 tracks were read, and 3 rep") for note in reading.notes
    )
    assert set(reading.tables["observations"]["type"].to_pylist()) <= {
        "maritime",
        "sensor_interference",
    }


def test_logged_sentences_with_the_receivers_time_are_read(take):
    log = (SHARED / "ais" / "libais_test.aivdm").read_bytes()
    reading = take("ais", {"log.aivdm": log}, zones=WEST)
    assert len(reading.refused) == 3
    told = reading.tables["observations"]
    assert {at.year for at in told["began"].to_pylist()} == {2010}
    assert "aircraft_overflight" in told["type"].to_pylist()


def test_sentences_without_any_time_are_all_refused(take):
    log = (SHARED / "ais" / "nmea_data_sample.txt").read_bytes()
    reading = take("ais", {"log.txt": log}, zones=WEST)
    assert reading.taken == 0
    assert sum("nobody says when" in refusal.reason for refusal in reading.refused) > 700


def test_a_whole_trace_of_readsb_is_read(take):
    trace = (SHARED / "adsb" / "trace_full_ac671b.json").read_bytes()
    zone = {"z": [[17.0, -89.0], [18.0, -89.0], [18.0, -87.0], [17.0, -87.0]]}
    reading = take("adsb", {"trace.json": trace}, zones=zone)
    assert reading.refused == ()
    assert reading.tables["observations"]["type"].to_pylist() == ["aircraft_overflight"]


def test_a_spoofed_flight_enters_no_zone(take):
    states = json.loads(gzip.decompress((SHARED / "adsb" / "noisy_spoofing.json.gz").read_bytes()))
    at_s = [stamp / 1000 for stamp in states["timestamp"].values()]
    columns = (states[name].values() for name in ("latitude", "longitude"))
    rows = [[at - at_s[0], lat, lon] for at, lat, lon in zip(at_s, *columns, strict=True)]
    body = ",\n".join(json.dumps(row) for row in rows)
    trace = f'{{"icao":"4baac6","timestamp":{at_s[0]},"trace":[\n{body}\n]}}'
    reading = take("adsb", {"trace.json": trace}, zones=THRACE)
    assert set(reading.tables["observations"]["type"].to_pylist()) == {"sensor_interference"}
