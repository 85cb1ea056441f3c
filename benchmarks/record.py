"""Rows a second into the record, beside what `hashlib` alone needs for the same digests.

    python -m benchmarks.record [ROWS]

The ceiling is one `hashlib` call for each digest that the batch keeps: four commitments, one leaf
and one node a row, over messages of the same lengths, without building a single row's bytes. That of
single entries is one call for each field's commitment, the leaf and the chain.
"""

import hashlib
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.generate import generate
from truceline.record.entry import Said, committed, draft
from truceline.record.rows import GROUPS, groups_of
from truceline.record.store import Record
from truceline.tables.digest import evidence_digest
from truceline.tables.row_form import encode

NOW = datetime(2025, 4, 21, tzinfo=UTC)


def hashlib_ceiling_s(table, sample: int = 50_000) -> float:  # type: ignore[no-untyped-def]
    """Seconds that `hashlib` takes for the digests alone, scaled up from a sample of rows."""
    part = table.slice(0, sample)
    lengths = []
    for group in GROUPS:
        rows = encode(part.select(groups_of(table.column_names)[group]))
        lengths.append((np.diff(rows.begin) + 32).tolist())
    lengths += [[129] * part.num_rows, [65] * part.num_rows]
    content = bytes(max(max(column) for column in lengths))
    began = time.perf_counter()
    for column in lengths:
        for length in column:
            hashlib.sha256(content[:length]).digest()
    return (time.perf_counter() - began) * table.num_rows / part.num_rows


entropy = secrets.token_bytes


def batches_per_second(table, folder: Path) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Seconds to append one batch, and to verify the record with it."""
    with Record.create(folder, mission_id="bench", now=NOW) as record:
        record.append_batch(
            "observations", table.slice(0, 70_000), feed="bench", sources=[], received_at=NOW,
            actor="bench", entropy=entropy,
        )  # fmt: skip
        began = time.perf_counter()
        record.append_batch(
            "observations", table, feed="bench", sources=[], received_at=NOW, actor="bench",
            entropy=entropy,
        )  # fmt: skip
        appended = time.perf_counter() - began
        began = time.perf_counter()
        found = record.verify()
        verified = time.perf_counter() - began
        assert found.is_sound, found.text()
    return appended, verified


PAYLOAD = {"to": "party:a", "subject": "a-0123456789abcdef-1", "reply_within_h": 24}


def notice(number: int) -> Said:
    return Said(
        kind="notice", payload={**PAYLOAD, "number": number}, known_at=NOW, known_until=NOW,
        recorded_at=NOW, actor="duty officer",
    )  # fmt: skip


def entries_per_second(folder: Path, group: int, count: int) -> float:
    """Single entries acknowledged a second, so many of them by one commit."""
    with Record.create(folder, mission_id="bench", now=NOW) as record:
        began = time.perf_counter()
        for first in range(0, count, group):
            record.append_many(map(notice, range(first, first + group)), entropy=entropy)
        took = time.perf_counter() - began
        assert record.head().size == count + 1
        return count / took


def entry_ceiling_per_second(count: int = 20_000) -> float:
    """Entries a second if only their digests were computed: fields, leaf and chain."""
    made = draft(
        notice(0), sequence=1, previous_hash=bytes(32), clock_went_back=False, entropy=bytes
    )
    fields = [32 + len(text) for _, text in committed("duty officer", "", made.entry.payload)]
    lengths = [*fields, 1 + len(made.written.stored.leaf_input), 65]
    content = bytes(max(lengths))
    began = time.perf_counter()
    for _ in range(count):
        for length in lengths:
            hashlib.sha256(content[:length]).digest()
    return count / (time.perf_counter() - began)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    table = generate(rows, per_day=400).observations
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        appended, verified = batches_per_second(table, folder / "batch")
        alone = entries_per_second(folder / "alone", 1, 500)
        grouped = {
            group: entries_per_second(folder / f"group-{group}", group, 40_000)
            for group in (100, 1_000)
        }
    began = time.perf_counter()
    evidence_digest({"observations": table})
    digested = time.perf_counter() - began
    ceiling = hashlib_ceiling_s(table)
    print(f"batch, {table.num_rows:,} rows appended: {table.num_rows / appended:,.0f} rows/s")
    print(f"  hashlib, the same digests and nothing else: {table.num_rows / ceiling:,.0f} rows/s")
    print(f"  ratio to that: {ceiling / appended:.2f}")
    print(f"verified: {table.num_rows / verified:,.0f} rows/s")
    print(f"evidence digest: {table.num_rows / digested:,.0f} rows/s")
    print(f"single entries, each on disk before the next: {alone:,.0f} a second")
    for group, rate in grouped.items():
        print(f"single entries, {group:,} acknowledged by one commit: {rate:,.0f} a second")
    limit = entry_ceiling_per_second()
    print(f"  hashlib, the same digests and nothing else: {limit:,.0f} a second")
    print(f"  ratio to that: {max(grouped.values()) / limit:.2f}")


if __name__ == "__main__":
    main()
