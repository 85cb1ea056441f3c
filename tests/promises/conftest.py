"""Missions to hold promises to: copies of the examples, run into folders of their own."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # mirror.py lies beside the tests

from truceline.pipeline.run import run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LEFT_OUT = shutil.ignore_patterns("out", "record", "release")


@pytest.fixture(scope="session")
def run_copy():
    """Copy a mission (an example by name, or a folder) and run it; the folder of its tables."""

    def go(mission: str | Path, target: Path, **options) -> Path:
        source = EXAMPLES / mission if isinstance(mission, str) else mission
        if source != target:
            shutil.copytree(source, target, ignore=LEFT_OUT)
        run(target, **options)
        return target / "out"

    return go
