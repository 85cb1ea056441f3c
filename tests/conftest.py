"""Fixtures that every room may use."""

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(ROOT / "tests" / "servers"))
LEFT_OUT = shutil.ignore_patterns("out", "record", "release")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project; its tests are skipped only where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder shared/data is not beside the project")
    return folder


@pytest.fixture(scope="session")
def project_root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def copy_mission():
    """Copy an example by name, without what was computed from it; its folder."""

    def go(mission: str, target: Path) -> Path:
        shutil.copytree(EXAMPLES / mission, target, ignore=LEFT_OUT)
        return target

    return go


@pytest.fixture(scope="session")
def run_copy():
    """Copy a mission (an example by name, or a folder) and run it; the folder of its tables."""
    from truceline.pipeline.run import run

    def go(mission: str | Path, target: Path, **options) -> Path:
        source = EXAMPLES / mission if isinstance(mission, str) else mission
        if source != target:
            shutil.copytree(source, target, ignore=LEFT_OUT)
        run(target, **options)
        return target / "out"

    return go


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL server with PostGIS; its Debian packages are installed where missing."""
    from debian_packages import UnavailableError
    from postgresql_server import server

    try:
        with server() as running:
            yield running
    except UnavailableError as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="session")
def s3():
    """A real S3-compatible server."""
    from debian_packages import UnavailableError
    from s3_server import server

    try:
        with server() as running:
            yield running
    except UnavailableError as exc:
        pytest.skip(str(exc))
