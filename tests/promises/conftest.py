"""A small mission that touches every part of the line, and a way to run one."""

import shutil
from pathlib import Path

import pytest

from truceline.pipeline.run import run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def known_answers(tmp_path):
    """A copy of the known-answers mission, without what earlier runs left."""
    target = tmp_path / "mission"
    shutil.copytree(
        EXAMPLES / "known-answers", target, ignore=shutil.ignore_patterns("out", "record", "release")
    )
    return target


@pytest.fixture
def run_to(tmp_path):
    """Run a mission into a folder of its own and return that folder."""

    def go(mission: Path, name: str, **options) -> Path:
        out = tmp_path / name
        run(mission, out=out, **options)
        return out

    return go
