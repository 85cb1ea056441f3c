"""The record opens in QGIS: GDAL and SQL read its layers, and every layer says that it is internal."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
import shapely
from debian_packages import UnavailableError, install

from truceline.record.layers import WARNING
from truceline.record.store import Record
from truceline.record.viewing import view
from truceline.tables.schemas import CONTROLS, from_columns

WKB = shapely.to_wkb(shapely.box(37, 48, 38, 49))


@pytest.fixture(scope="session")
def ogrinfo():
    """What GDAL, and so QGIS, finds in a source: fields, geometry types, counts and rows."""
    try:
        install("gdal-bin")
    except UnavailableError as exc:
        pytest.skip(str(exc))

    def look(source: str, layer: str) -> str:
        done = subprocess.run(
            ["ogrinfo", "-ro", source, layer], capture_output=True, text=True, check=True
        )
        assert "ERROR" not in done.stderr + done.stdout
        return done.stdout

    return look


def fill(record, make):
    make.fill(record)
    columns = {
        "control_id": ["c1"], "author": "someone", "version": "1", "began": [make.at], "ended": [make.at],
        "controller": "a", "geometry_wkb": [WKB], "known_at": [make.at],
    }  # fmt: skip
    record.append_batch(
        "controls", from_columns(CONTROLS, columns, 1), feed="controls", sources=[],
        received_at=make.at, actor="tester", entropy=bytes,
    )  # fmt: skip


def check(look, source):
    points = look(source, "observations")
    assert "Geometry: Point" in points
    assert "Feature Count: 8" in points
    assert "POINT (37.5 48.04)" in points
    assert "shots near the mill, 4" in points
    assert "known_at: DateTime" in points
    assert "2025/04/19 19:00:00+00" in points
    areas = look(source, "controls")
    assert "Feature Count: 1" in areas
    assert "POLYGON ((38 48,38 49,37 49,37 48,38 48))" in areas
    refused = look(source, "refusals")
    assert "reason (String) = no date" in refused
    assert "kind (String) = ruling" in look(source, "entries")
    assert WARNING in look(source, "about")


def test_gdal_reads_the_geopackage_of_a_record_in_a_folder(folder, make, ogrinfo):
    with Record.create(folder, mission_id="easter", now=make.at) as record:
        fill(record, make)
    package = folder.parent / "out" / "record.gpkg"
    seen = view(folder, package)
    assert seen.where == str(package)
    assert (seen.rows["observations"], seen.rows["entries"]) == (8, 7)
    check(ogrinfo, str(package))
    assert view(folder, package, as_of=make.at).rows["observations"] == 1
    assert "Feature Count: 1\n" in ogrinfo(str(package), "observations")
    before = package.read_bytes()
    view(folder, package, as_of=make.at)
    assert package.read_bytes() == before


def test_a_clock_with_microseconds_stops_no_layer(folder, make):
    exact = make.at + timedelta(microseconds=486_906)
    with Record.create(folder, mission_id="easter", now=exact) as record:
        record.append(
            "notice", {"to": "party:a"}, known_at=exact, recorded_at=exact,
            actor="duty officer", entropy=bytes,
        )  # fmt: skip
    package = folder.parent / "out" / "record.gpkg"
    assert view(folder, package).rows["entries"] == 2
    with closing(sqlite3.connect(package)) as base:
        told = base.execute("SELECT known_at FROM entries WHERE kind = 'notice'").fetchone()
    assert told == (exact.strftime("%Y-%m-%dT%H:%M:%S.486Z"),)


def test_gdal_and_sql_read_the_views_of_a_record_on_a_server(folder, make, ogrinfo, postgresql):
    folder.mkdir()
    (folder / "store.toml").write_text(postgresql.setting("viewed"))
    with Record.create(folder, mission_id="easter", now=make.at) as record:
        fill(record, make)
    seen = view(folder, folder.parent / "record.gpkg")
    assert (seen.rows["observations"], seen.rows["entries"]) == (8, 7)
    assert not (folder.parent / "record.gpkg").exists()
    check(
        ogrinfo,
        f"PG:host=127.0.0.1 port={postgresql.port} dbname=missions user=keeper schemas=viewed_view",
    )
    with postgresql.connect() as base:
        near = base.execute(
            "SELECT count(*) FROM viewed_view.observations WHERE ST_DWithin(geom::geography, "
            "ST_SetSRID(ST_MakePoint(37.5, 48.0), 4326)::geography, 3000)"
        ).fetchone()
        assert near == (6,)  # three rows a batch: 0, 1.1 and 2.2 km away
        kind = "SELECT type FROM geometry_columns WHERE f_table_name = 'observations'"
        assert base.execute(kind).fetchone() == ("POINT",)
        base.execute("SET ROLE viewed_reader")
        assert base.execute("SELECT count(*) FROM viewed_view.observations").fetchone() == (8,)
    assert view(folder, folder, as_of=make.at).rows["observations"] == 1
    with Record.open(folder, read_only=True) as record:
        assert record.verify().faults == ()


def test_the_command_says_where_the_layers_are_and_that_they_are_internal(filled):
    done = subprocess.run(
        [sys.executable, "-m", "truceline.cli.main", "record", "view", str(filled.parent), "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["warning"] == WARNING
    assert told["rows"]["observations"] == 8
    assert told["where"].endswith("out/record.gpkg")
