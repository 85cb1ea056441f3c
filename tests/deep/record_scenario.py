"""A mission's record written step by step, killed at one write point, checked, and written on.

Run as a program, so that each child is forked from a process without threads:

    python record_scenario.py count FOLDER       prints how many write points a whole run passes
    python record_scenario.py kill FOLDER N,N,.. dies at each of these write points, then checks, then
                                                 writes on
    python record_scenario.py crash FOLDER N,N,.. PIDFILE COMMAND...
                                                 kills the server of that PID file at each of these
                                                 points, starts it again by the command, then the same

The first prints one JSON document, the others one a line. Where RECORD_STORE names a file, each
record is kept where that says, NAME in it becoming a name of its own.
"""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from truceline.model.errors import RecordError
from truceline.record.batch import write_parquet
from truceline.record.entry import Said
from truceline.record.merkle import root
from truceline.record.rows import commitments, groups_of
from truceline.record.store import Record
from truceline.tables.digest import evidence_digest
from truceline.tables.schemas import CLAIMS, OBSERVATIONS, from_columns

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
RAW = (b"first file\n" * 400, b"second file\n" * 9_000)
NOTICES = 3
GROUP = 4  # entries that one commit acknowledges
LONGEST_WAIT_S = 20  # until a server has noticed that the writer is gone

Tell = Callable[[dict[str, Any]], None]


def entropy(size: int) -> bytes:
    return hashlib.shake_256(b"salts").digest(size)


def observations(first: int) -> pa.Table:
    count = 40
    columns = {
        "observation_id": [f"o{first + i}" for i in range(count)],
        "feed": "observations",
        "source": "patrol-1",
        "source_kind": "patrol",
        "root": "patrol-1",
        "known_at": [AT] * count,
        "began": [AT] * count,
        "ended": [AT] * count,
        "is_date_only": [False] * count,
        "direction": "undetermined",
        "stance": "none",
        "text": [f"shots near the mill, {first + i}" for i in range(count)],
    }
    return from_columns(OBSERVATIONS, columns, count)


def claims(first: int) -> pa.Table:
    columns = {
        "claim_id": [f"c{first}"],
        "claimant": "a",
        "began": [AT],
        "ended": [AT],
        "what": "shelling",
        "known_at": [AT],
    }
    return from_columns(CLAIMS, columns, 1)


def write(folder: Path, tell: Tell, fault: Callable[[str], None]) -> None:
    """Bring the record to its end from wherever it stands; tell of each thing acknowledged."""
    place(folder)
    if Record.exists(folder):
        record = opened(folder, fault)
    else:
        record = Record.create(folder, mission_id="kills", now=AT, fault=fault)
    tell({"size": 1})
    with record:
        for number, content in enumerate(RAW):
            _take_in(record, number, content, tell)
        done = {entry.payload["number"] for entry in record.entries(kind="notice")}
        for number in range(NOTICES):
            if number not in done:
                entry = record.append(
                    "notice", {"number": number, "to": "party:a"}, known_at=AT,
                    recorded_at=AT + timedelta(hours=number), actor="duty officer",
                    entropy=entropy,
                )  # fmt: skip
                tell({"size": entry.sequence + 1, "chain": entry.chain_hash})
        if not list(record.entries(kind="count")):
            said = [
                Said(kind="count", payload={"number": number}, known_at=AT, known_until=AT,
                     recorded_at=AT, actor="duty officer")
                for number in range(GROUP)
            ]  # fmt: skip
            for entry in record.append_many(said, entropy=entropy):
                tell({"size": entry.sequence + 1, "chain": entry.chain_hash})


def place(folder: Path) -> None:
    """Say where the record is kept, if not in its folder."""
    named = os.environ.get("RECORD_STORE")
    if named and not (folder / "store.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        name = "kills_" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        (folder / "store.toml").write_text(Path(named).read_text().replace("NAME", name))


def opened(folder: Path, fault: Callable[[str], None] = lambda _: None) -> Record:
    """Open for writing; a server may need a moment to notice that the last writer is dead."""
    until = time.monotonic() + LONGEST_WAIT_S
    while True:
        try:
            return Record.open(folder, fault=fault)
        except RecordError as exc:
            if "another program is writing" not in str(exc) or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _take_in(record: Record, number: int, content: bytes, tell: Tell) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if record.has_batch("observations", [digest]):
        return
    exhibit = record.add_exhibit(
        content, name=f"{number}.csv", acquired_by="tester", how="by hand", at=AT
    )
    tell({"exhibit": exhibit.sha256})
    entry = record.append_batches(
        {"observations": observations(100 * number), "claims": claims(number)},
        feed="observations", sources=[exhibit.sha256], upstream=41, taken=41, refused=(),
        notes=(), received_at=AT, actor="tester", entropy=entropy,
    )  # fmt: skip
    tell({"size": entry.sequence + 1, "chain": entry.chain_hash})


def state(folder: Path) -> dict[str, Any]:
    """What stands in the folder, as a reader finds it."""
    place(folder)
    if not Record.exists(folder):
        return {"exists": False}
    with Record.open(folder, read_only=True) as record:
        found = record.verify()
        tables = {name: record.table(name) for name in ("observations", "claims")}
        return {
            "exists": True,
            "faults": [f"{fault.where}: {fault.what}" for fault in found.faults],
            "notices": list(found.notices),
            "chains": [entry.chain_hash for entry in record.entries()],
            "exhibits": [row["sha256"] for row in record._log.acquisitions()],
            "kinds": [entry.kind for entry in record.entries()],
            "evidence": evidence_digest(tables),
            "rows": sum(table.num_rows for table in tables.values()),
        }


def in_child(work: Callable[[Tell], None]) -> tuple[list[dict[str, Any]], int]:
    """Run in a forked child; what it told before it ended, and how it ended."""
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inward)
        code = 70
        try:
            work(lambda said: _say(outward, said))
            code = 0
        finally:
            os._exit(code)
    os.close(outward)
    with os.fdopen(inward) as pipe:
        told = [json.loads(line) for line in pipe]
    return told, os.waitpid(child, 0)[1]


def _say(pipe: int, said: dict[str, Any]) -> None:
    line = json.dumps(said).encode() + b"\n"
    while line:
        line = line[os.write(pipe, line) :]


def count(folder: Path) -> dict[str, Any]:
    points: list[str] = []
    write(folder, lambda _: None, points.append)
    return {"points": points, **state(folder)}


def kill(folder: Path, at: int) -> dict[str, Any]:
    passed = 0
    last = ""

    def fault(name: str) -> None:
        nonlocal passed, last
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed, last = passed + 1, name

    acknowledged, status = in_child(lambda tell: write(folder, tell, fault))
    (after, end), again = in_child(lambda tell: look_and_go_on(folder, tell))
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "acknowledged": acknowledged,
        "after": after,
        "completed": again == 0,
        "end": end,
    }


def look_and_go_on(folder: Path, tell: Tell) -> None:
    tell(state(folder))
    write(folder, lambda _: None, lambda _: None)
    tell(state(folder))


def crash(folder: Path, at: int, pid_file: Path, restart: list[str]) -> dict[str, Any]:
    """Write until point `at`, kill the server there, and go on until that is noticed."""
    acknowledged, _ = in_child(lambda tell: write_until_crash(folder, at, pid_file, tell))
    subprocess.run(restart, check=True)
    (after, end), again = in_child(lambda tell: look_and_go_on(folder, tell))
    return {
        "acknowledged": [said for said in acknowledged if "error" not in said],
        "errors": [said["error"] for said in acknowledged if "error" in said],
        "after": after,
        "completed": again == 0,
        "end": end,
    }


def write_until_crash(folder: Path, at: int, pid_file: Path, tell: Tell) -> None:
    passed = 0

    def fault(_: str) -> None:
        nonlocal passed
        if passed == at:
            server_processes_die(pid_file)
        passed += 1

    try:
        write(folder, tell, fault)
    except RecordError as exc:
        tell({"error": str(exc)})


def server_processes_die(pid_file: Path) -> None:
    """As when the server's machine loses power: none of its processes does one thing more."""
    first = int(pid_file.read_text().split()[0])
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=False
    )
    for process in (first, *map(int, listed.stdout.split())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def load_kernels() -> None:
    """Compiled once here and not in every child; tables this small wake no other thread."""
    table = observations(0)
    evidence_digest({"observations": table})
    for _, leaves in commitments(table, groups_of(table.column_names), bytes(32)):
        root(leaves)
    write_parquet(table, io.BytesIO())


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "count":
        print(json.dumps(count(folder)))
        return
    load_kernels()
    for at in map(int, sys.argv[3].split(",")):
        one = folder / str(at)
        rest = sys.argv[4:]
        found = crash(one, at, Path(rest[0]), rest[1:]) if what == "crash" else kill(one, at)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
