"""Acts in the 49 columns of UCDP GED, as far as a column can be known; the rest stays empty."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.contract import Format, Release
from truceline.reports.formats.acled import KEPT, Floats, codes, metres, said
from truceline.reports.formats.tables import csv

# Column order of UCDP's own description of its API; the estimates stand best, high, low.
COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
# UCDP GED codebook: where_prec 1 exact (3 km as our reader takes it, assumed), 2 within 25 km; 3 to
# 7 are units and kinds of ground, which no error in metres tells: empty. date_prec 1 the day, 2 two
# to six days, 3 a week, 4 a month, 5 up to a year.
WITHIN_M = (3_000.0, 25_000.0)
WITHIN_DAYS = (1.0, 6.0, 7.0, 31.0, 366.0)


def render(release: Release) -> bytes:
    """One act a row. Sides, dyads and deaths are not known to an act: they stay empty, never zero."""
    rows = release.rows
    zone = release.agreement.calendar.zone
    stated = {
        "id": rows["act_id"],
        "relid": rows["incident_id"],
        "year": pc.year(rows["legal_day"]),
        "number_of_sources": rows["independent_roots"],
        "where_prec": codes(metres(rows), WITHIN_M),
        "where_description": rows["place"],
        "latitude": rows["lat"],
        "longitude": rows["lon"],
        "geom_wkt": [
            None if lat is None else f"POINT ({lon:.6f} {lat:.6f})"
            for lat, lon in zip(rows["lat"].to_pylist(), rows["lon"].to_pylist(), strict=True)
        ],
        "date_prec": codes(_days(rows, zone), WITHIN_DAYS),
        "date_start": _dates(rows["began"], zone),
        "date_end": _dates(_last(rows), zone),
        "source_original": pa.repeat(said(release), rows.num_rows),
    }
    empty = pa.nulls(rows.num_rows, pa.string())
    columns = {name: stated.get(name, empty) for name in COLUMNS}
    kept = {f"truceline_{name}": rows[name] for name in KEPT}
    return csv(pa.table(columns | kept))


def _last(rows: pa.Table) -> pa.Array:
    """The last instant of each act: an interval does not hold its own end."""
    began, ended = (pc.cast(rows[name], pa.int64()) for name in ("began", "ended"))
    return pc.max_element_wise(began, pc.subtract(ended, 1)).cast(pa.timestamp("us", "UTC"))


def _days(rows: pa.Table, zone: str) -> Floats:
    """Local days that each act touches: one that crosses midnight has two dates, and is not exact."""
    first, last = (
        pc.local_timestamp(pc.cast(at, pa.timestamp("us", zone))).cast(pa.date32()).cast(pa.int32())
        for at in (rows["began"], _last(rows))
    )
    return np.asarray(pc.add(pc.subtract(last, first), 1), dtype=np.float64)


def _dates(at: pa.ChunkedArray, zone: str) -> pa.ChunkedArray:
    """Local days as UCDP writes them."""
    return pc.strftime(pc.cast(at, pa.timestamp("us", zone)), format="%Y-%m-%d 00:00:00.000")


FORMAT = Format(
    name="ucdp",
    summary="Acts in UCDP GED's columns, with precision codes from stated errors",
    suffix=".ucdp.csv",
    render=render,
)
