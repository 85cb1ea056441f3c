"""Break each promise once, by a small recorded mutation; the test named for it must fail.

    python -m sabotage.run            every mutation of mutations.toml
    python -m sabotage.run NAME ...   these only

Two workers each copy the tree into a scratch folder; the project itself is never touched. The tests
of a file run on the sound tree first, and must pass; then each mutation is put in, its one test is
run and must fail, and the sound text is put back. A mutation whose text is not found exactly once is
an error: the promise has moved, and so must the mutation.
"""

import itertools
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
FAILED = 1  # pytest: tests ran and some failed; any other code is a broken run
LONGEST_S = 900  # a mutation that hangs its test is not a test that failed
SHARED_FLOORS = ("model", "tables", "geometry", "agreement")  # whose code other rooms compile in


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
    waiting: queue.SimpleQueue[list[Mutation]] = queue.SimpleQueue()
    for group in groups(chosen):
        waiting.put(group)
    with (
        tempfile.TemporaryDirectory(prefix="truceline-sabotage-") as scratch,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        folders = [Path(scratch) / str(number) for number in range(WORKERS)]
        done = list(pool.map(_work, folders, itertools.repeat(waiting)))
    noticed = sum(done)
    sys.stdout.write(f"{noticed} passed, {len(chosen) - noticed} failed\n")
    return 0 if noticed == len(chosen) else 1


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


def _work(folder: Path, waiting: "queue.SimpleQueue[list[Mutation]]") -> int:
    """Take groups until none waits; how many mutations were noticed."""
    noticed = 0
    while True:
        try:
            group = waiting.get_nowait()
        except queue.Empty:
            return noticed
        if not folder.exists():
            _copy(folder)
        sound = _pytest(folder, sorted({m.test for m in group}))
        if sound.returncode != 0:
            _say(f"{sound.stdout[-4000:]}\nBROKEN   these tests fail before any sabotage")
            continue
        noticed += sum(_noticed(folder, mutation) for mutation in group)


def _copy(folder: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__", "out", "record", "release", "_build")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        folder.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_outputs_only(skip))
        elif source.exists():
            shutil.copy2(source, target)


def _outputs_only(skip):  # type: ignore[no-untyped-def]
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
    path.write_text(before.replace(mutation.find, mutation.replace), encoding="utf-8")
    with _without_kernels(folder, mutation):
        result = _pytest(folder, [mutation.test])
    path.write_text(before, encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    noticed = result.returncode == FAILED
    said = [f"{'noticed' if noticed else 'MISSED'}  {mutation.name}: {mutation.promise}"]
    said += [f"         {line[:160]}" for line in _reasons(result.stdout)]
    if not noticed:
        said += [f"         {mutation.test} ended with {result.returncode}", result.stdout[-2000:]]
    _say("\n".join(said))
    return noticed


@contextmanager
def _without_kernels(folder: Path, mutation: Mutation) -> Iterator[None]:
    """Put compiled kernels aside that a mutation may have a part in; afterwards put them back.

    A kernel's cache knows the age of its own file only, not of the files whose code and constants
    were compiled into it: those of the mutated file's room, and for a room below, of every room.
    """
    source = folder / "src" / "truceline"
    module = ".".join(Path(mutation.file).with_suffix("").parts).removeprefix("src.")
    texts = {path: path.read_text(encoding="utf-8") for path in source.rglob("*.py")}
    kernels = [path for path, text in texts.items() if re.search(r"^import numba", text, re.M)]
    aside: list[Path] = []
    if any(path == folder / mutation.file or module in texts[path] for path in kernels):
        room = Path(mutation.file).parts[2]
        within = source if room in SHARED_FLOORS else source / room
        aside = sorted(within.rglob("__pycache__"))
    for cache in aside:
        cache.rename(cache.with_name("__aside__"))
    try:
        yield
    finally:
        for cache in aside:
            shutil.rmtree(cache, ignore_errors=True)
            cache.with_name("__aside__").rename(cache)


def _reasons(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))][:1]


def _pytest(folder: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": str(folder / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("NUMBA_CACHE_DIR", None)  # kernels are cached beside their source
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, f"no end after {LONGEST_S} s\n", "")


_SAYING = threading.Lock()


def _say(text: str) -> None:
    with _SAYING:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
