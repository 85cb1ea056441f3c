"""A tip is kept and shown, and is no evidence: not alone, and not beside another report."""

import csv
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from truceline.pipeline.tips import REASON, without_tips
from truceline.sources.gdelt_layout import COLUMNS
from truceline.tables import schemas

EXAMPLES = Path(__file__).parents[2] / "examples"
SAME = (
    "members.csv",
    "findings.csv",
    "attributions.csv",
    "evidence.csv",
    "counts.csv",
    "remedies.csv",
)


def tip(event: int, day: str, lat: float, lon: float) -> str:
    cells = {
        "event": str(event), "day": day, "code": "194", "action_geo_type": "4",
        "action_geo_lat": str(lat), "action_geo_lon": str(lon), "added": f"{day}120000",
    }  # fmt: skip
    return "\t".join(cells.get(name, "") for name in COLUMNS) + "\n"


def test_tips_beside_a_report_and_alone_change_no_result_and_are_told(tmp_path, run_copy) -> None:
    plain = run_copy("known-answers", tmp_path / "plain")
    tipped = tmp_path / "tipped"
    shutil.copytree(
        EXAMPLES / "known-answers", tipped, ignore=shutil.ignore_patterns("out", "record")
    )
    beside, alone = tip(1, "20310502", 30.3, -39.975), tip(2, "20310520", 30.6, -39.5)
    (tipped / "raw" / "news.export.CSV").write_text(beside + alone, encoding="utf-8")
    text = (tipped / "mission.yaml").read_text(encoding="utf-8")
    line = "feeds:\n  - feed: gdelt\n    files: [raw/news.export.CSV]\n"
    (tipped / "mission.yaml").write_text(text.replace("feeds:\n", line), encoding="utf-8")
    told = run_copy(tipped, tipped)
    for name in SAME:
        assert (told / name).read_bytes() == (plain / name).read_bytes(), name
    incidents = [pq.read_table(out / "incidents.parquet") for out in (plain, told)]
    assert incidents[0].equals(incidents[1])
    with (told / "set_aside.csv").open(encoding="utf-8") as file:
        aside = {row["observation_id"]: row["reason"] for row in csv.DictReader(file)}
    assert {name: why for name, why in aside.items() if "gdelt" in name} == {
        "gdelt:1": REASON, "gdelt:2": REASON,
    }  # fmt: skip


def test_only_rows_of_tip_feeds_are_set_aside() -> None:
    columns = {
        "observation_id": ["a", "b"],
        "feed": ["gdelt", "observations"],
        "source": "s",
        "source_kind": "dataset",
        "root": "r",
        "began": pa.array([0, 0], pa.int64()).cast(schemas.INSTANT),
        "ended": pa.array([0, 0], pa.int64()).cast(schemas.INSTANT),
        "is_date_only": True,
        "direction": "undetermined",
        "stance": "none",
    }
    table = schemas.from_columns(schemas.OBSERVATIONS, columns, 2)
    kept, aside = without_tips(table, ["gdelt"])
    assert kept["observation_id"].to_pylist() == ["b"]
    assert aside.to_pylist() == [{"observation_id": "a", "reason": REASON}]
