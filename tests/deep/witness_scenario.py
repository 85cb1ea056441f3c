"""A witness that is killed at one write point after another; run in a process of its own.

python witness_scenario.py FOLDER   prints one line of JSON for each write point
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np

from truceline.record import merkle
from truceline.record.checkpoint import Checkpoint, opened, signed
from truceline.record.note import Kind, Signer
from truceline.record.witness import Request, Witness

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
PARTY = Signer(name="party-a.example/witness", kind=Kind.WITNESS, seed=b"a" * 32)
STEPS = [(0, 3), (3, 7), (7, 7), (7, 300)]


def leaves(size: int, lie: int | None = None) -> np.ndarray:
    said = [f"{n}{'!' if n == lie else ''}".encode() for n in range(size)]
    return np.frombuffer(
        b"".join(hashlib.sha256(each).digest() for each in said), np.uint8
    ).reshape(-1, 32)


def request(old: int, size: int, lie: int | None = None) -> bytes:
    table = leaves(size, lie)
    head = signed(Checkpoint(origin=LOG.name, size=size, root=merkle.root(table)), LOG)
    proof = merkle.consistency_proof(table, old)
    return Request(old_size=old, proof=tuple(proof), note=head).content()


def witness(folder: Path, fault) -> Witness:  # type: ignore[no-untyped-def]
    return Witness(folder=folder, signer=PARTY, logs=(LOG.verifier(),), fault=fault)


def points(folder: Path) -> list[str]:
    """Every point at which a write of these steps may be cut off."""
    found: list[str] = []
    made = witness(folder, found.append)
    for old, size in STEPS:
        assert made.answer(request(old, size), 1).status == 200
    return found


def die_at(folder: Path, number: int) -> list[int]:
    """Sizes whose signature was handed over before the witness died at a write point."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        passed = iter(range(number))

        def fault(_: str) -> None:
            if next(passed, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        made = witness(folder, fault)
        for old, size in STEPS:
            answer = made.answer(request(old, size), 1)
            os.write(writing, f"{size} {answer.status}\n".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = [line.split() for line in file.read().splitlines()]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was to be killed"
    return [int(size) for size, code in said if code == "200"]


def after(folder: Path, handed_over: list[int]) -> dict[str, object]:
    """What the witness is like when it stands up again."""
    made = witness(folder, lambda _: None)
    seen = made.seen(LOG.name)
    size = seen.checkpoint.size if seen else 0
    forks = [made.answer(request(size, size, 0), 2).status] if size else []
    forks += [made.answer(request(size, size + 5, 0), 2).status] if size else []
    again = [made.answer(request(size, size), 2).status] if size else []
    again.append(made.answer(request(size, 400), 2).status)
    return {
        "handed_over": handed_over,
        "size": size,
        "is_true": seen is None or seen.checkpoint.root == merkle.root(leaves(size)),
        "forks": forks,
        "again": again,
        "opens": all(
            opened(p.read_bytes(), [LOG.verifier()]) for p in (folder / "seen").glob("?" * 32)
        ),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    names = points(folder / "clean")
    for number, name in enumerate(names):
        place = folder / str(number)
        place.mkdir()
        print(json.dumps({"point": name, **after(place, die_at(place, number))}), flush=True)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
