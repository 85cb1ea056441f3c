"""A record on a disk that fills up at each step; run as a program on a small file system.

    python full_disk.py space FOLDER    fills the file system itself, leaving a little
    python full_disk.py limit FOLDER    the system refuses files over a size instead

Prints one JSON document a case.
"""

import json
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import record_scenario as scenario

from truceline.model.errors import RecordError
from truceline.record.store import Record

LEFT_BYTES = (0, 4096, 20_000, 60_000, 120_000, 200_000, 400_000)
BIG = bytes(range(256)) * 4096  # a mebibyte


def attempts(record: Record) -> list[tuple[str, Callable[[], Any]]]:
    def batch() -> Any:
        digest = record.add_exhibit(
            b"third", name="3.csv", acquired_by="tester", how="by hand", at=scenario.AT
        ).sha256
        return record.append_batches(
            {"observations": scenario.observations(900)}, feed="observations", sources=[digest],
            upstream=40, taken=40, refused=(), notes=(), received_at=scenario.AT, actor="tester",
            entropy=scenario.entropy,
        )  # fmt: skip

    def exhibit() -> Any:
        return record.add_exhibit(
            BIG, name="big.bin", acquired_by="tester", how="by hand", at=scenario.AT
        )

    def notices() -> None:
        for _ in range(200):
            record.append(
                "notice", {"number": -1, "text": "x" * 4000}, known_at=scenario.AT,
                recorded_at=scenario.AT, actor="a", entropy=scenario.entropy,
            )  # fmt: skip

    return [("exhibit", exhibit), ("batch", batch), ("notices", notices)]


def fill(folder: Path, left: int) -> Path:
    """A file that takes all the space of the file system but a little."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
        file.write(bytes(max(free - left, 0)))
    return filler


def tried(record: Record) -> list[dict[str, Any]]:
    """Each attempt: how it failed, and whether everything before it still stands and verifies."""
    told = []
    for name, attempt in attempts(record):
        error = None
        try:
            attempt()
        except RecordError as exc:
            error = str(exc)
        found = record.verify()
        with Record.open(record.folder, read_only=True) as reader:
            beside = reader.verify()
        told.append(
            {
                "attempt": name,
                "error": error,
                "faults": [fault.what for fault in (*found.faults, *beside.faults)],
                "size": found.entries,
                "chain": record.head().digest,
                "parts": [str(path) for path in record.folder.glob("exhibits/*.part")],
            }
        )
    return told


def case(folder: Path, left: int, way: str) -> dict[str, Any]:
    record_folder = folder / f"record-{left}"
    scenario.write(record_folder, lambda _: None, lambda _: None)
    before = scenario.state(record_folder)
    with Record.open(record_folder) as record:
        if way == "space":
            filler = fill(folder, left)
            told = tried(record)
            filler.unlink()
        else:
            size = (record_folder / "log.sqlite").stat().st_size + left
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            told = tried(record)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        size = record.head().size
        for name, attempt in attempts(record):
            if name != "notices":
                attempt()
        after = record.verify()
        chains = [entry.chain_hash for entry in record.entries()]
    opened = opened_when_full(folder, record_folder) if way == "space" else None
    shutil.rmtree(record_folder)
    return {
        "left": left,
        "tried": told,
        "before": before["chains"],
        "chains": chains,
        "grew": len(chains) - size,
        "faults": [fault.what for fault in after.faults],
        "opened": opened,
    }


def opened_when_full(folder: Path, record_folder: Path) -> dict[str, Any]:
    """A reader that comes when nothing at all can be written any more."""
    filler = fill(folder, 0)
    with Record.open(record_folder, read_only=True) as record:
        found = record.verify()
        told = {"faults": [f.what for f in found.faults], "size": found.entries}
    filler.unlink()
    return told


def main() -> None:
    way, folder = sys.argv[1], Path(sys.argv[2])
    for left in LEFT_BYTES:
        print(json.dumps(case(folder, left, way)), flush=True)


if __name__ == "__main__":
    main()
