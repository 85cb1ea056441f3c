"""Verify a bundle of a thousand exhibits, beside `sha256sum` over the same bytes, in one run.

    python -m benchmarks.bundle [KIB_PER_EXHIBIT] [EXHIBITS]

Both are started as an auditor starts them: a process each, the files in the page cache, median of
five. The verifier checks signatures, entries, rows and numbers besides; every exhibit has a row.
"""

import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from truceline.model.errors import TrucelineError
from truceline.pipeline import mission as missions
from truceline.pipeline.bundled import Held, made, rested
from truceline.pipeline.bundling import Order, hand_over
from truceline.pipeline.line import agreement_of
from truceline.record import keys
from truceline.record.note import Kind
from truceline.record.store import Record
from truceline.record.verifier import verify_bundle
from truceline.tables.schemas import OBSERVATIONS, from_columns

NOW = datetime(2025, 4, 21, tzinfo=UTC)
MISSION = Path(__file__).resolve().parents[1] / "examples" / "known-answers"
TIMES = 5


def entropy(size: int) -> bytes:
    return np.random.default_rng(size).bytes(size)


def filled(record: Record, exhibits: int, kib: int) -> tuple[str, ...]:
    """One batch that was read from so many files, a row each; the ids of its rows."""
    noise = np.random.default_rng(5)
    digests = []
    for number in range(exhibits):
        content = noise.bytes(kib * 1024)
        added = record.add_exhibit(
            content, name=f"{number}.jpg", acquired_by="bench", how="camera", at=NOW
        )
        digests.append(added.sha256)
    ids = tuple(f"o-{number:05}" for number in range(exhibits))
    columns = {
        "observation_id": list(ids), "feed": "bench", "source": "patrol", "source_kind": "patrol",
        "root": "patrol", "known_at": NOW, "began": NOW, "ended": NOW, "is_date_only": False,
        "direction": "undetermined", "stance": "none", "exhibit": digests,
    }  # fmt: skip
    record.append_batch(
        "observations", from_columns(OBSERVATIONS, columns, exhibits), feed="bench",
        sources=digests, received_at=NOW, actor="bench", entropy=entropy,
    )  # fmt: skip
    return ids


def bundled(folder: Path, exhibits: int, kib: int) -> Path:
    """A bundle of a record of its own."""
    mission = missions.load(MISSION)
    with Record.create(folder / "record", mission_id="bench", now=NOW) as record:
        keys.make(record.folder, "bench.example/log", Kind.LOG, entropy)
        ids = filled(record, exhibits, kib)
        order = Order(
            mission=mission, agreement=agreement_of(mission), case_id="bench", view="commission",
            kind="whole", under=(), as_of=NOW, made_at=NOW,
            holds=Held(ids=frozenset(ids), moves=(), numbers=(rested(ids), made(())), files={}),
        )  # fmt: skip
        handed = hand_over(
            record, order, folder / "bundle", is_zipped=False, announce=lambda _: None
        )
    return handed.path


def median_s(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def verify(bundle: Path) -> None:
    words = [sys.executable, "-I", "-S", verify_bundle.__file__, str(bundle)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TrucelineError(done.stdout)


def sha256sum(bundle: Path, names: bytes) -> None:
    words = ["xargs", "-0", "sha256sum"]
    subprocess.run(words, input=names, cwd=bundle, stdout=subprocess.DEVNULL, check=True)


def with_hashlib(paths: list[Path]) -> None:
    for path in paths:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def main() -> None:
    kib = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    exhibits = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as scratch:
        bundle = bundled(Path(scratch), exhibits, kib)
        paths = sorted(path for path in bundle.rglob("*") if path.is_file())
        names = b"\0".join(str(path.relative_to(bundle)).encode() for path in paths)
        total = sum(path.stat().st_size for path in paths)
        verified = median_s(lambda: verify(bundle))
        summed = median_s(lambda: sha256sum(bundle, names))
        hashed = median_s(lambda: with_hashlib(paths))
    print(
        f"bundle of {exhibits:,} exhibits of {kib:,} KiB, {len(paths):,} files, {total / 1e6:,.0f} MB"
    )
    print(f"  verified: {verified:.2f} s, {total / verified / 1e6:,.0f} MB/s")
    print(f"  sha256sum: {summed:.2f} s; ratio to that: {verified / summed:.2f}")
    print(f"  hashlib, digests alone: {hashed:.2f} s; ratio to that: {verified / hashed:.2f}")


if __name__ == "__main__":
    main()
