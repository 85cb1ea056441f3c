"""Proofs from a log of ten million leaves, beside what `hashlib` alone needs for the same hashes.

    python -m benchmarks.proofs [LEAVES]

The log is signed once, its inner hashes kept in tiles on disk. Each proof then begins with nothing
in memory: it reads the tiles that it needs, and the proof written is the whole of what a stranger
needs beside the entry: hashes from the leaf upwards and the signed checkpoint (C2SP tlog-proof).
"""

import hashlib
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.generate import generate
from truceline.record import keys, merkle, proofs
from truceline.record.checkpoint import opened
from truceline.record.note import Kind, Signer
from truceline.record.proofs import read_tlog_proof, tlog_proof
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.witness import Request, Witness

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
WITNESS = Signer(name="guarantor.example/witness", kind=Kind.WITNESS, seed=b"w" * 32)
NOW = datetime(2025, 4, 21, tzinfo=UTC)
TRIED = 400


def hashlib_s(count: int) -> float:
    """Seconds that `hashlib` takes for so many nodes of a tree, and nothing else."""
    content = bytes(65)
    sample = min(count, 1_000_000)
    began = time.perf_counter()
    for _ in range(sample):
        hashlib.sha256(content).digest()
    return (time.perf_counter() - began) * count / sample


def timed(work, tries) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Median and 99th percentile of what each try takes, in milliseconds."""
    took = []
    for each in tries:
        began = time.perf_counter()
        work(each)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), float(np.quantile(took, 0.99))


def row_of_a_million(rows: int = 1_000_000) -> None:
    """Prove rows of one batch, each from the record on disk, and check them with the key alone."""
    table = generate(rows, per_day=400).observations
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "record"
        with Record.create(folder, mission_id="bench", now=NOW) as record:
            record.append_batch(
                "observations", table, feed="bench", sources=[], received_at=NOW, actor="bench",
                entropy=lambda count: np.random.default_rng(count).bytes(count),
            )  # fmt: skip
            keys.write_public(folder, [LOG.verifier()])
            heads, log = Heads(folder=folder), record.parts[0]
            heads.sign(2, lambda first: log.leaf_hashes(from_sequence=first), LOG)
            made: dict[int, bytes] = {}

            def prove(row: int) -> None:
                place = (1, "observations", row)
                made[row] = proofs.written(proofs.prove_row(record.parts, heads, place, 2))

            proved = timed(prove, range(0, table.num_rows, table.num_rows // 5))
            checked = timed(lambda row: proofs.checked(made[row], [LOG.verifier()]), made)
    longest = max(map(len, made.values()))
    print(f"proof of one row of {table.num_rows:,}, its bytes shown: {proved[0]:,.0f} ms")
    print(f"  with every column's name and type: at most {longest:,} bytes")
    print(f"  checked: {checked[0]:.1f} ms")


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rng = np.random.default_rng(1)
    leaves = rng.integers(0, 256, (size, 32), np.uint8)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        keys.write_public(folder, [LOG.verifier()])
        heads = Heads(folder=folder)
        began = time.perf_counter()
        head = heads.sign(size, lambda first: (row.tobytes() for row in leaves[first:]), LOG)
        grown_s = time.perf_counter() - began
        note, root = heads.note(size), head.checkpoint.root
        asked = [int(each) for each in rng.integers(0, size, TRIED)]
        made: dict[int, str] = {}

        def prove(index: int) -> None:
            hashes = heads.tree(size).inclusion(index, size)
            made[index] = tlog_proof(index, hashes, note)

        def check(index: int) -> None:
            at, hashes, signed = read_tlog_proof(made[index])
            found = opened(signed, [LOG.verifier()]).checkpoint
            leaf = leaves[index].tobytes()
            assert merkle.root_from_inclusion(leaf, at, found.size, hashes) == root

        proved = timed(prove, asked)
        checked = timed(check, asked)
        consistent = timed(lambda old: heads.tree(size).consistency(max(old, 1), size), asked)
        watching = Witness(folder=folder / "witness", signer=WITNESS, logs=(LOG.verifier(),))
        cosigned = timed(
            lambda _: (
                watching.answer(Request(old_size=size, proof=(), note=note).content(), 1)
                if watching.seen(LOG.name)
                else watching.answer(Request(old_size=0, proof=(), note=note).content(), 1)
            ),
            range(50),
        )
    longest = max(len(text.encode()) for text in made.values())
    hashes = max(len(read_tlog_proof(text)[1]) for text in made.values())
    print(f"log of {size:,} leaves signed, tiles written: {size / grown_s:,.0f} leaves/s")
    print(f"  hashlib, its nodes and nothing else: {size / hashlib_s(size):,.0f} leaves/s")
    print(f"proof of inclusion, from tiles on disk: {proved[0]:.2f} ms, 99 %: {proved[1]:.2f} ms")
    print(
        f"  hashlib, the hashes within its tiles and nothing else: {hashlib_s(3 * 255) * 1000:.2f} ms"
    )
    print(f"  size with the signed checkpoint: at most {longest:,} bytes, {hashes} hashes")
    print(f"proof checked, signature and all: {checked[0]:.2f} ms, 99 %: {checked[1]:.2f} ms")
    print(f"proof of consistency: {consistent[0]:.2f} ms, 99 %: {consistent[1]:.2f} ms")
    print(f"witness, a checkpoint cosigned and its state on disk: {cosigned[0]:.2f} ms")
    row_of_a_million()


if __name__ == "__main__":
    main()
