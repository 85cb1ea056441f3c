"""No value that a reader lets pass stops fusion or the line, however strange it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.fusion.fuse import fuse
from truceline.fusion.parameters import FusionParameters
from truceline.model.errors import SourceError
from truceline.pipeline import mission as missions
from truceline.pipeline.corrections import standing
from truceline.pipeline.line import Known, compute
from truceline.pipeline.outputs import write
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds import exposures, holdings, notices, observations, party_claims
from truceline.tables import schemas

AT = datetime(2031, 6, 1, tzinfo=UTC)
CONTEXT = ReadContext(zone="UTC", received_at=AT)
STRANGE = (
    "", "inf", "-inf", "NaN", "1e300", "-1e300", "1e400", "5e-324", "1e-320", "-1", "0", "-0",
    "99999999999999999999", "1e18", "0.5", "\u2212" + "3",
)  # fmt: skip
METRES = ("0.01", "20037508", "20037507.9", "1", "1e5")
WHEN = (
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31", "1900-01-01",
    "1900-01-01T00:00:00+14:00", "2099-12-31", "2099-12-31T23:59:59.999999-12:00",
    "2031-05-02T10:00:00Z", "2031-05-02", "",
)  # fmt: skip
# Values at the very edge of what passes, beside those that nobody can mean.
EDGES = {
    "began": WHEN, "ended": WHEN, "reported_at": WHEN, "given_at": WHEN, "published_at": WHEN,
    "lat": ("90", "-90", "89.9999999", "30.3", "0.02"), "lon": ("180", "-180", "-39.9", "179.9999"),
    "error_m": METRES, "range_m": METRES, "radius_m": METRES,
    "bearing_deg": ("0", "360", "359.999", "90"), "bearing_error_deg": ("0.01", "180", "5"),
    "count_low": ("0", "1"), "count_best": ("1", "10000000"), "count_high": ("10000000",),
    "scale": ("0", "10000000"), "p_detect": ("0", "1", "5e-324", "0.999999999999999999"),
    "minutes_lost": ("0", "527040", "5e-324"),
    "observer_position": ("90 180", "-90 -180", "30.3 -39.9", "Camp 5"),
    "weapon": ("howitzer 1000 mm", "rifle 1 mm", "gun 99999999999999999999 mm"),
    "text": ("Shelled 99999999999999999999 times in 9999", "Обстріл: 1e300 мін, 0001 року", "\u0000x"),
    "direction": ("impact", "incoming", "outgoing"), "claimed_actor": ("WEST", "EAST", ""),
}  # fmt: skip
FEEDS = {"observations": observations, "exposures": exposures, "holdings": holdings,
         "notices": notices, "party_claims": party_claims}  # fmt: skip
COLUMNS = {"observations": observations.REQUIRED + observations.OPTIONAL} | {
    name: module.COLUMNS for name, module in FEEDS.items() if name != "observations"
}
SOUND = {
    "observation_id": "o", "source": "patrol", "source_kind": "patrol", "began": "2031-05-02T10:00:00Z",
    "ended": "2031-05-02T10:05:00Z", "reported_at": "2031-05-02T12:00:00Z", "lat": "30.3",
    "lon": "-39.975", "type": "artillery", "kind": "watch", "site": "s", "party": "WEST",
    "weapon": "howitzer 152 mm", "activity": "artillery", "given_at": "2031-05-01T10:00:00Z",
    "claimant": "WEST", "what": "violations",
}  # fmt: skip


@st.composite
def files(draw: st.DrawFn, feed: str, most: int) -> bytes:
    names = COLUMNS[feed]
    lines = [",".join(names)]
    for number in range(draw(st.integers(1, most))):
        row = {name: SOUND.get(name, "") for name in names} | {names[0]: f"{feed}-{number}"}
        for name in draw(st.lists(st.sampled_from(sorted(set(names) & set(EDGES))), max_size=6)):
            wild = draw(st.integers(0, 5)) == 0
            row[name] = draw(st.sampled_from(STRANGE + WHEN if wild else EDGES[name]))
        lines.append(",".join(row[name] for name in names))
    return ("\n".join(lines) + "\n").encode()


def table_of(feed: str, content: bytes):
    module = FEEDS[feed]
    (name,) = module.FEED.yields
    try:
        table = module.FEED.read([raw_file(f"{feed}.csv", content)], CONTEXT).tables[name]
    except SourceError:
        return name, schemas.empty(schemas.EVIDENCE_TABLES[name])
    index = table.schema.get_field_index("known_at")
    known = table["ended"] if "ended" in table.column_names else table["given_at"]
    return name, standing(name, table.set_column(index, table.schema.field("known_at"), known))


@settings(max_examples=60, deadline=None)
@given(content=files("observations", 6), zones=files("exposures", 2))
def test_fusion_takes_whatever_the_reader_took(content: bytes, zones: bytes) -> None:
    _, table = table_of("observations", content)
    _, exposed = table_of("exposures", zones)
    fusion = fuse(table, exposed, FusionParameters())
    assert set(fusion.members["observation_id"].to_pylist()) == set(
        table["observation_id"].to_pylist()
    )
    assert all(0.0 <= p <= 1.0 for p in fusion.incidents["p_real"].to_pylist())


@pytest.mark.parametrize("example", ["known-answers"])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(contents=st.fixed_dictionaries({feed: files(feed, 3) for feed in FEEDS}))
def test_the_line_takes_whatever_the_readers_took(
    example: str, contents: dict[str, bytes], project_root: Path, tmp_path: Path
) -> None:
    mission = missions.load(project_root / "examples" / example)
    tables = {name: schemas.empty(schema) for name, schema in schemas.EVIDENCE_TABLES.items()}
    tables |= dict(table_of(feed, content) for feed, content in contents.items())
    taken = tables["observations"].num_rows
    known = Known(
        as_of=AT, tables=tables, upstream=taken, taken=taken, refused=0,
        published=schemas.empty(schemas.COUNTS), evidence_digest="", record_head="",
    )  # fmt: skip
    line = compute(mission, known)
    write(line, tmp_path)
    # A report that may belong to several incidents has a row for each of them.
    told = line.fusion.members["observation_id"].to_pylist()
    assert set(told) == set(line.observations["observation_id"].to_pylist())
