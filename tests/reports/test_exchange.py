"""Exchange with other people's tools: what they read is what was released, and nothing is made up."""

import csv
import io
import json
import sqlite3
import struct
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from truceline.reports.formats import acled, geopackage, hxl, parquet, ucdp
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds import acled_csv, ucdp_ged

READ_AT = datetime(2027, 1, 1, tzinfo=UTC)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def opened(content: bytes) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.deserialize(content)
    return base


@pytest.mark.parametrize("view", ["public", "party:A", "commission"])
def test_a_geopackage_holds_every_released_act_once_with_its_place(view, released):
    release = released(view)
    base = opened(geopackage.render(release))
    rows = release.rows.to_pylist()
    found = base.execute("SELECT act_id, geom, count_low, type FROM acts ORDER BY fid").fetchall()
    assert [row[0] for row in found] == [row["act_id"] for row in rows]
    for (_, geom, low, kind), row in zip(found, rows, strict=True):
        if row["lat"] is None:
            assert geom is None
        else:
            assert geom[:8] == struct.pack("<2sBBi", b"GP", 0, 1, 4326)
            assert struct.unpack("<BIdd", geom[8:]) == (1, 1, row["lon"], row["lat"])
        assert (low, kind) == (row["count_low"], row["type"])


def test_a_geopackage_is_one_by_its_own_marks(released):
    content = geopackage.render(released("public"))
    assert content[:16] == b"SQLite format 3\x00"
    assert content[68:72] == b"GPKG"
    base = opened(content)
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    ids = {row[0] for row in base.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert ids == {-1, 0, 4326}
    layers = base.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY 1").fetchall()
    assert layers == [
        ("about", "attributes"), ("acts", "features"), ("answers", "attributes"),
        ("duties", "attributes"), ("kept_out", "attributes"), ("waiting", "attributes"),
    ]  # fmt: skip
    assert dict(base.execute("SELECT name, value FROM about"))["is_internal"] == "false"


def test_parquet_holds_the_rows_of_the_release_and_says_whose_copy_it_is(released):
    release = released("commission")
    table = pq.read_table(io.BytesIO(parquet.render(release)))
    assert table.to_pylist() == release.rows.to_pylist()
    assert json.loads(table.schema.metadata[b"truceline"])["is_internal"] is True


def test_a_file_of_hxl_has_a_hashtag_for_every_column_and_every_act(released):
    release = replace(released("public"), is_hypothetical=False)
    header, tags, *rows = csv.reader(io.StringIO(hxl.render(release).decode()))
    assert len(header) == len(tags) == len(set(tags))
    assert all(tag.startswith("#") for tag in tags)
    assert {"#date+occurred", "#geo+lat", "#geo+lon", "#event+type"} <= set(tags)
    assert [row[header.index("act_id")] for row in rows] == release.rows["act_id"].to_pylist()


def test_an_internal_or_made_up_file_of_hxl_says_so_in_its_first_row(released):
    warning, header, tags, *_ = csv.reader(io.StringIO(hxl.render(released("commission")).decode()))
    assert warning[0].startswith("INTERNAL: ")
    assert "HYPOTHETICAL: " in warning[0]
    assert len(warning) == len(header) == len(tags)
    made_up = hxl.render(released("public")).decode()
    assert made_up.startswith('"HYPOTHETICAL: ')


@pytest.mark.parametrize("form", [acled, ucdp], ids=["acled", "ucdp"])
def test_a_crosswalk_has_their_columns_in_their_order_then_ours(form, released):
    header = next(csv.reader(io.StringIO(form.render(released("public")).decode())))
    assert tuple(header[: len(form.COLUMNS)]) == form.COLUMNS
    assert len(form.COLUMNS) == {"acled": 31, "ucdp": 49}[form.FORMAT.name]
    assert all(name.startswith("truceline_") for name in header[len(form.COLUMNS) :])


@pytest.mark.parametrize("view", ["public", "commission"])
def test_no_crosswalk_makes_up_a_side_or_a_death(view, released):
    acts = lines(acled.render(released(view)))
    assert acts
    invented = ("actor1", "actor2", "interaction", "civilian_targeting", "fatalities", "country")
    assert {row[name] for row in acts for name in invented} == {""}
    events = lines(ucdp.render(released(view)))
    invented = ("side_a", "side_b", "deaths_civilians", "best", "high", "low", "type_of_violence")
    assert {row[name] for row in events for name in invented} == {""}


def test_a_crosswalk_keeps_counts_from_low_to_high(released):
    release = released("commission")
    for form in (acled, ucdp):
        for row, told in zip(release.rows.to_pylist(), lines(form.render(release)), strict=True):
            for name in ("count_low", "count_best", "count_high"):
                figure = "" if row[name] is None else str(row[name])
                assert told[f"truceline_{name}"] == figure


@pytest.mark.parametrize(
    ("most", "figures"),
    [
        (acled.WITHIN_M, acled_csv.GEO_ERROR_M),
        (ucdp.WITHIN_M, {code: ucdp_ged.WHERE_ERROR_M[code] for code in ("1", "2")}),
    ],
    ids=["acled", "ucdp"],
)
def test_a_code_of_place_that_was_read_is_the_code_that_is_written(most, figures):
    for code, error_m in figures.items():
        assert acled.codes(pa.array([error_m]).to_numpy(), most).to_pylist() == [int(code)]


def test_an_error_beyond_every_code_has_no_code(released):
    release = released("commission")
    rows = release.rows
    wide = pa.array([1e7] * rows.num_rows, pa.float64())
    at = rows.schema.get_field_index("error_major_m")
    vague = type(release)(
        **{name: getattr(release, name) for name in release.__dataclass_fields__}
        | {"rows": rows.set_column(at, rows.schema.field(at), wide)}
    )
    assert {row["geo_precision"] for row in lines(acled.render(vague))} == {""}
    assert {row["where_prec"] for row in lines(ucdp.render(vague))} == {""}


@pytest.mark.parametrize(
    ("form", "feed"), [(acled, acled_csv), (ucdp, ucdp_ged)], ids=["acled", "ucdp"]
)
def test_our_own_reader_takes_a_crosswalk_back_row_by_row(form, feed, released):
    release = released("commission")
    zone = release.agreement.calendar.zone
    context = ReadContext(zone=zone, received_at=READ_AT)
    reading = feed.FEED.read([raw_file("back.csv", form.render(release))], context)
    assert reading.refused == ()
    told = reading.tables["observations"]
    assert told.num_rows == release.rows.num_rows
    assert told["lat"].to_pylist() == pytest.approx(release.rows["lat"].to_pylist())


def precise(release, days: float, error_m: float, from_h: float = 0.0):
    """The release with one act, that long, from that hour of the local day, and that well placed."""
    at = next(n for n, lat in enumerate(release.rows["lat"].to_pylist()) if lat is not None)
    (row,) = release.rows.slice(at, 1).to_pylist()
    midnight = datetime.combine(
        row["legal_day"], time(0), ZoneInfo(release.agreement.calendar.zone)
    )
    began = midnight.astimezone(UTC) + timedelta(hours=from_h)
    row |= {"began": began, "ended": began + timedelta(days=days), "is_date_only": False}
    row |= dict.fromkeys(("error_major_m", "error_minor_m"), error_m)
    return replace(release, rows=pa.Table.from_pylist([row], schema=release.rows.schema))


@pytest.mark.parametrize(
    ("form", "feed", "names", "lengths", "errors"),
    [
        (
            acled,
            acled_csv,
            ("time_precision", "geo_precision"),
            (0.2, 6.9, 30.9),
            (900, 24e3, 99e3),
        ),
        (ucdp, ucdp_ged, ("date_prec", "where_prec"), (0.2, 5.9, 6.9, 29.9, 364.9), (900, 24e3)),
    ],
    ids=["acled", "ucdp"],
)
def test_a_crosswalk_read_by_our_own_feed_and_written_again_keeps_its_codes(
    form, feed, names, lengths, errors, released
):
    release = released("commission")
    context = ReadContext(zone=release.agreement.calendar.zone, received_at=READ_AT)
    for time_code, days in enumerate(lengths, 1):
        for place_code, error_m in enumerate(errors, 1):
            written = form.render(precise(release, days, error_m))
            codes = [lines(written)[0][name] for name in names]
            assert codes == [str(time_code), str(place_code)]
            (told,) = feed.FEED.read([raw_file("b.csv", written)], context).tables[
                "observations"
            ].to_pylist()  # fmt: skip
            length = (told["ended"] - told["began"]) / timedelta(days=1)
            again = form.render(precise(release, length, told["error_major_m"]))
            assert [lines(again)[0][name] for name in names] == codes
            assert told["error_major_m"] >= error_m  # a code is never finer than what was known


@pytest.mark.parametrize(
    ("form", "feed"), [(acled, acled_csv), (ucdp, ucdp_ged)], ids=["acled", "ucdp"]
)
def test_a_place_without_a_code_comes_back_as_vague_as_the_vaguest_and_is_noted(
    form, feed, released
):
    release = released("commission")
    context = ReadContext(zone=release.agreement.calendar.zone, received_at=READ_AT)
    written = form.render(precise(release, 0.2, 480e3))
    reading = feed.FEED.read([raw_file("b.csv", written)], context)
    (told,) = reading.tables["observations"].to_pylist()
    assert told["error_major_m"] == max(
        acled_csv.GEO_ERROR_M.values() if form is acled else ucdp_ged.WHERE_ERROR_M.values()
    )
    assert any("read as within" in note for note in reading.notes)


def test_an_act_that_crosses_midnight_has_two_dates_and_no_exact_day_in_ucdp(released):
    (row,) = lines(ucdp.render(precise(released("commission"), 0.1, 900, from_h=23)))
    assert row["date_start"] != row["date_end"]
    assert row["date_prec"] == "2"
