"""A witness, or a log that signs, killed at one write point after another; a process of its own.

python witness_scenario.py FOLDER witness   prints one line of JSON for each write point
python witness_scenario.py FOLDER log       the same of a log that signs its own head
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from truceline.model.errors import IntegrityError
from truceline.record import keys, merkle
from truceline.record.checkpoint import Checkpoint, opened, signed
from truceline.record.note import Kind, Signer
from truceline.record.signing import Heads
from truceline.record.witness import OK, Request, Witness

LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
PARTY = Signer(name="party-a.example/witness", kind=Kind.WITNESS, seed=b"a" * 32)
STEPS = [(0, 3), (3, 7), (7, 7), (7, 300)]
SIZES = (3, 256, 300)

Fault = Callable[[str], None]
Work = Callable[[Fault, Callable[[int], object]], None]


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


def killed(work: Work, number: int) -> list[int]:
    """Sizes that were handed over before a process died at a write point.

    `work` is called with what each write point calls, and with what hands a size over.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        passed = iter(range(number))

        def fault(_: str) -> None:
            if next(passed, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        work(fault, lambda size: os.write(writing, f"{size}\n".encode()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = [int(line) for line in file.read().splitlines()]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was to be killed"
    return said


def cosign(folder: Path) -> Work:
    """The steps of a witness."""

    def work(fault: Fault, hand_over: Callable[[int], object]) -> None:
        made = witness(folder, fault)
        for old, size in STEPS:
            if made.answer(request(old, size), 1).status == OK:
                hand_over(size)

    return work


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


def sign(folder: Path) -> Work:
    """The steps of a log: a key, and its head signed as it grows, a witness under each."""

    def work(fault: Fault, hand_over: Callable[[int], object]) -> None:
        heads = Heads(folder=folder, fault=fault)
        signer = keys.load(folder, Kind.LOG) or keys.make(
            folder, LOG.name, Kind.LOG, lambda _: b"l" * 32, fault
        )
        newest = max(heads.sizes(), default=0)
        for size in [each for each in SIZES if each >= newest]:  # a log never shrinks
            heads.sign(size, leaves_from(size), signer)
            hand_over(size)
            heads.add_signatures(size, [PARTY.sign(heads.opened(size).note.text, 1)])

    return work


def leaves_from(size: int, lie: int | None = None):  # type: ignore[no-untyped-def]
    return lambda first: (each.tobytes() for each in leaves(size, lie)[first:])


def signed_after(folder: Path, handed_over: list[int]) -> dict[str, object]:
    """What a log is like when its keeper starts again: the same work, and then a lie."""
    heads = Heads(folder=folder)
    before = heads.sizes()
    is_true = not before or heads.opened(before[-1]).checkpoint.root == merkle.root(
        leaves(before[-1])
    )
    sign(folder)(lambda _: None, lambda _: None)
    try:
        heads.sign(SIZES[-1], leaves_from(SIZES[-1], 299), LOG)
        lied = True
    except IntegrityError:
        lied = False
    return {
        "handed_over": handed_over,
        "sizes": before,
        "is_true": is_true,
        "again": heads.sizes(),
        "proof": heads.tree(SIZES[-1]).inclusion(3, SIZES[-1])
        == merkle.inclusion_proof(leaves(SIZES[-1]), 3),
        "lied": lied,
    }


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    steps, look = (cosign, after) if what == "witness" else (sign, signed_after)
    names: list[str] = []
    steps(folder / "clean")(names.append, lambda _: None)
    for number, name in enumerate(names):
        place = folder / str(number)
        place.mkdir()
        handed_over = killed(steps(place), number)
        print(json.dumps({"point": name, **look(place, handed_over)}), flush=True)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
