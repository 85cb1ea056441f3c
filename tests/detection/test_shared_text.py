"""Measured on real headlines, which stay outside the project: only keys and labels ship."""

import csv
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.shared
TARGET = 0.85  # relevance F1 on the held-out half


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def benchmark(project_root: Path) -> ModuleType:
    return module(project_root / "benchmarks" / "text_reader.py")


def test_relevance_on_the_held_out_half_reaches_its_target(
    benchmark: ModuleType, shared_data: Path
) -> None:
    value, (low, high), rows = benchmark.score(shared_data, "held_out")["relevance F1"]
    assert rows == 146
    assert low <= value <= high
    assert value >= TARGET


def test_the_page_states_the_table_that_the_benchmark_prints(
    benchmark: ModuleType, shared_data: Path, project_root: Path
) -> None:
    page = (project_root / "docs" / "explanation" / "reading-text.md").read_text(encoding="utf-8")
    assert "\n".join(benchmark.table(shared_data)) in page


def test_labels_are_keys_of_real_headlines_split_by_their_parity(
    benchmark: ModuleType, shared_data: Path
) -> None:
    rows = benchmark.labels()
    assert len(rows) == 300
    assert {row["key"] for row in rows} <= {row["key"] for row in benchmark.headlines(shared_data)}
    assert all((row["half"] == "held_out") == bool(int(row["key"], 16) % 2) for row in rows)
    assert {row["month"] for row in rows} == {"2025-01", "2025-02", "2025-03", "2025-04"}


def test_no_real_headline_stands_in_the_project(
    benchmark: ModuleType, shared_data: Path, project_root: Path
) -> None:
    ours = " ".join(
        path.read_text(encoding="utf-8").casefold()
        for folder in ("src/truceline/detection", "tests/detection", "tests/data/text", "docs/explanation",
                       "examples/easter-truce-2025", "benchmarks")
        for path in sorted((project_root / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".csv", ".txt", ".yaml", ".tsv"}
    )  # fmt: skip
    ours = re.sub(r"\s+", " ", ours)
    real = {
        re.sub(r"\s+", " ", r["headline"]).strip().casefold()
        for r in benchmark.headlines(shared_data)
    }
    assert not [text for text in real if len(text) > 30 and text in ours]


def test_the_easter_rows_are_remade_byte_for_byte(shared_data: Path, project_root: Path) -> None:
    folder = project_root / "examples" / "easter-truce-2025"
    maker = module(folder / "make_rows.py")
    upstream = maker.upstream(shared_data / "viina" / "viina_incidents_202504.csv")
    made, counts = maker.reports(upstream)
    assert maker.render(made) == (folder / "raw" / "viina-reports.csv").read_bytes()
    assert (
        counts["rows shipped"]
        + counts["exact copies"]
        + counts["tallies, which are claims"]
        + (counts["rows that report no happening"])
        + counts["rows that say what another row of their headline says"]
        == counts["rows upstream"]
    )


def test_the_easter_rows_do_not_depend_on_the_order_upstream(
    shared_data: Path, project_root: Path
) -> None:
    maker = module(project_root / "examples" / "easter-truce-2025" / "make_rows.py")
    upstream = maker.upstream(shared_data / "viina" / "viina_incidents_202504.csv")
    assert maker.render(maker.reports(upstream)[0]) == maker.render(
        maker.reports(upstream[::-1])[0]
    )


def test_the_easter_rows_carry_no_text_and_know_the_day_from_the_hour(project_root: Path) -> None:
    path = project_root / "examples" / "easter-truce-2025" / "raw" / "viina-reports.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(row["text"] for row in rows)
    assert sum(len(row["reported_at"]) == 10 for row in rows) > len(rows) / 2  # date only
    assert all(len(row["began"]) == 10 or "T" in row["began"] for row in rows)
    assert {row["claimed_actor"] for row in rows} <= {"", "RU", "UA"}


def test_the_gazetteer_is_remade_byte_for_byte(
    shared_data: Path, project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = module(project_root / "benchmarks" / "make_gazetteer.py")
    source = shared_data / "boundaries" / "geoBoundaries-UKR-ADM1_simplified.geojson"
    monkeypatch.setattr("sys.argv", ["make_gazetteer", str(source), "--out", str(tmp_path)])
    maker.main()
    room = project_root / "src" / "truceline" / "detection" / "text"
    for name in ("gazetteer.tsv.gz", "areas.tsv"):
        assert (tmp_path / name).read_bytes() == (room / name).read_bytes(), name
