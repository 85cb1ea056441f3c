"""The wheel installs into an empty environment and runs there."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".tools" / "bin" / "uv"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    uv = str(UV) if UV.exists() else shutil.which("uv")
    assert uv, "uv is missing; `make test` sets it up"
    subprocess.run(
        [
            uv,
            "build",
            "-q",
            "--wheel",
            "--no-build-isolation",
            "--python",
            sys.executable,
            "-o",
            folder,
            ROOT,
        ],
        check=True,
        env=os.environ | {"UV_PYTHON_DOWNLOADS": "never"},
    )
    return next(folder.glob("truceline-*.whl"))


def test_the_wheel_carries_licence_notice_and_package_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert any(name.endswith("agreement/library/easter-2025/agreement.yaml") for name in names)
    assert any(name.endswith("simulation/scenarios/quiet-week.yaml") for name in names)
    assert any(name.endswith("agreement/schema.json") for name in names)
    assert "truceline/py.typed" in names


def test_the_wheel_runs_from_an_empty_environment(wheel, tmp_path):
    """Its needs come from the lock, by hash, and nothing else of this project is there."""
    uv = str(UV) if UV.exists() else shutil.which("uv")
    environment = tmp_path / "empty"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run(
        [
            uv,
            "pip",
            "install",
            "-q",
            "--python",
            python,
            "--require-hashes",
            "-r",
            ROOT / "requirements.lock",
        ],
        check=True,
    )
    subprocess.run([uv, "pip", "install", "-q", "--python", python, "--no-deps", wheel], check=True)
    command = environment / "bin" / "truceline"
    shown = subprocess.run(
        [command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "0.1.0" in shown.stdout
    mission = tmp_path / "mission"
    subprocess.run([command, "init", mission], cwd=tmp_path, check=True)
    rows = mission / "raw" / "observations.csv"
    header = rows.read_text().splitlines()[0]
    columns = header.split(",")
    row = dict.fromkeys(columns, "") | {
        "observation_id": "o1",
        "source": "patrol-1",
        "source_kind": "patrol",
        "reported_at": "2025-04-19T20:00:00+03:00",
        "began": "2025-04-19T19:00:00+03:00",
        "ended": "2025-04-19T19:05:00+03:00",
        "lat": "48.0",
        "lon": "37.8",
        "error_m": "500",
        "type": "artillery",
        "direction": "impact",
    }
    rows.write_text(header + "\n" + ",".join(row[c] for c in columns) + "\n")
    done = subprocess.run(
        [command, "run", mission, "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"incidents": 1' in done.stdout
