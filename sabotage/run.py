"""Break each promise once, by a small recorded mutation; the test named for it must fail.

    python -m sabotage.run            every mutation of mutations.toml
    python -m sabotage.run NAME ...   these only

Two workers each copy the tree into a scratch folder; the project itself is never touched. The tests
of a file run on the sound tree first, and must pass; then each mutation is put in, its one test is
run and must fail, and the sound text is put back. A mutation whose text is not found exactly once is
an error: the promise has moved, and so must the mutation.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sabotage.forked import compiled, load, pytest_in
from sabotage.kernels import without_kernels

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "sabotage" / "mutations.toml"
COPIED = (
    "src",
    "tests",
    "examples",
    "benchmarks",
    "sabotage",
    "pyproject.toml",
    "README.md",
    "docs",
    "Makefile",
)
WORKERS = 2
Skip = Callable[[str, list[str]], set[str]]
FAILED = 1  # pytest: tests ran and some failed; any other code is a broken run


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One promise, the smallest change that breaks it, and the test that must notice."""

    name: str
    promise: str
    file: str
    find: str
    replace: str
    test: str


def main(names: list[str]) -> int:
    """Run the mutations; 0 when every one was noticed."""
    mutations = listed()
    unknown = set(names) - {m.name for m in mutations}
    if unknown:
        sys.stdout.write(f"no mutation is called {', '.join(sorted(unknown))}\n")
        return 2
    chosen = [m for m in mutations if not names or m.name in names]
    load()
    forks = multiprocessing.get_context("fork")
    taken, noticed = forks.Value("i", 0), forks.Value("i", 0)
    with tempfile.TemporaryDirectory(prefix="truceline-sabotage-") as scratch:
        workers = [
            forks.Process(
                target=_work, args=(Path(scratch) / str(number), groups(chosen), taken, noticed)
            )
            for number in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    sys.stdout.write(f"{noticed.value} passed, {len(chosen) - noticed.value} failed\n")
    return 0 if noticed.value == len(chosen) else 1


def listed() -> list[Mutation]:
    """Every recorded mutation, in the order of the list."""
    found = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return [Mutation(**entry) for entry in found["mutation"]]


def groups(mutations: Sequence[Mutation]) -> list[list[Mutation]]:
    """Mutations by the file of their test, so that one sound run speaks for all of a group."""
    found: dict[str, list[Mutation]] = {}
    for mutation in mutations:
        found.setdefault(mutation.test.split("::")[0], []).append(mutation)
    return list(found.values())


def _work(folder: Path, waiting: Sequence[list[Mutation]], taken: Any, noticed: Any) -> None:
    """Take groups until none waits, and count those of their mutations that were noticed."""
    _copy(folder)
    compiled(folder)
    while (group := _next(waiting, taken)) is not None:
        code, said = pytest_in(folder, sorted({m.test for m in group}))
        if code != 0:
            _say(f"{said[-4000:]}\nBROKEN   these tests fail before any sabotage")
            continue
        found = sum(_noticed(folder, mutation) for mutation in group)
        with noticed.get_lock():
            noticed.value += found


def _next(waiting: Sequence[list[Mutation]], taken: Any) -> list[Mutation] | None:
    with taken.get_lock():
        place = taken.value
        taken.value += 1
    return waiting[place] if place < len(waiting) else None


def _copy(folder: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__", "out", "record", "release", "_build")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        folder.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_outputs_only(skip))
        elif source.exists():
            shutil.copy2(source, target)


def _outputs_only(skip: Skip) -> Skip:
    """Skip run folders under examples (`record` is also a room), and everywhere Python's own cache.

    Compiled kernels come along: beside a source of the same age and size they are as good there.
    """

    def ignore(folder: str, names: list[str]) -> set[str]:
        if "examples" in Path(folder).parts:
            return set(skip(folder, names))
        return {name for name in names if name == "_build" or name.endswith(".pyc")}

    return ignore


def _noticed(folder: Path, mutation: Mutation) -> bool:
    path = folder / mutation.file
    before = path.read_text(encoding="utf-8")
    if before.count(mutation.find) != 1:
        _say(
            f"LOST     {mutation.name}: {mutation.file} holds its text "
            f"{before.count(mutation.find)} times, not once; move the mutation with the promise"
        )
        return False
    times = path.stat()
    with without_kernels(folder, mutation.file, mutation.find):
        path.write_text(before.replace(mutation.find, mutation.replace), encoding="utf-8")
        code, output = pytest_in(folder, [mutation.test])
    path.write_text(before, encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    noticed = code == FAILED
    said = [f"{'noticed' if noticed else 'MISSED'}  {mutation.name}: {mutation.promise}"]
    said += [f"         {line[:160]}" for line in _reasons(output)]
    if not noticed:
        said += [f"         {mutation.test} ended with {code}", output[-2000:]]
    _say("\n".join(said))
    return noticed


def _reasons(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))][:1]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
