"""The reference implementation of notes and tiled trees (Go's) reads our log and makes our proofs."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from debian_packages import install

from truceline.pipeline import tiling, witnessing
from truceline.record import keys
from truceline.record.note import encoded
from truceline.record.signing import Heads
from truceline.record.store import Record

pytestmark = pytest.mark.deep
SOURCE = Path(__file__).with_name("reference_reader.go")
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
PACKAGES = ["golang-go", "golang-golang-x-mod-dev"]
AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
SIZE = 700


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Path:
    """The reference reader, compiled; its compiler and library come from the distribution."""
    if shutil.which("go") is None or not LIBRARY.is_dir():
        install(*PACKAGES)
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"), "GOFLAGS": "",
    }  # fmt: skip
    target = folder / "reference_reader"
    subprocess.run(["go", "build", "-o", target, SOURCE], check=True, env=environment)
    return target


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    """A mission whose log was signed at two sizes."""
    folder = tmp_path_factory.mktemp("log") / "mission"
    examples = Path(__file__).resolve().parents[2] / "examples" / "known-answers"
    shutil.copytree(examples, folder, ignore=shutil.ignore_patterns("record", "out", "release"))
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    witnessing.make_key(folder, "observers.example/log")
    for count in (299, SIZE - 300):
        with Record.open(folder / "record") as record:
            for number in range(count):
                record.append(
                    "notice", {"number": number}, known_at=AT, recorded_at=AT,
                    actor="duty officer", entropy=lambda n: b"s" * n,
                )  # fmt: skip
        witnessing.checkpoint(folder)
    return folder


def asked(
    reader: Path, log: Path, tmp_path: Path, proofs: list[str]
) -> subprocess.CompletedProcess:
    out = tmp_path / "static"
    tiling.write(log, out)
    (tmp_path / "proofs").write_text("".join(f"{line}\n" for line in proofs))
    (key,) = keys.public(log / "record")
    return subprocess.run(
        [reader, out, key.vkey, tmp_path / "proofs"], capture_output=True, text=True, check=False
    )


def every_proof(log: Path) -> list[str]:
    tree = Heads(folder=log / "record").tree(SIZE)
    sizes = [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, SIZE - 1, SIZE]
    lines = []
    for size in sizes:
        for index in {0, 1, size // 3, size // 2, size - 2, size - 1} & set(range(size)):
            lines.append(("record", size, index, tree.inclusion(index, size)))
        for old in [each for each in sizes if each <= size]:
            lines.append(("tree", size, old, tree.consistency(old, size)))
    return [" ".join([kind, str(a), str(b), *map(encoded, proof)]) for kind, a, b, proof in lines]


def test_the_reference_opens_our_checkpoint_reads_our_tiles_and_makes_our_proofs(
    reader, log, tmp_path
):
    proofs = every_proof(log)
    done = asked(reader, log, tmp_path, proofs)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{SIZE} entries, {len(proofs)} proofs\n"
    assert len(proofs) > 100


def test_the_reference_refuses_what_is_bent(reader, log, tmp_path):
    bent = [*every_proof(log)[-1:], "record 700 3 " + encoded(bytes(32))]
    assert asked(reader, log, tmp_path, bent).returncode != 0
    tile = tmp_path / "static/tile/0/001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert asked(reader, log, tmp_path, every_proof(log)).returncode != 0
