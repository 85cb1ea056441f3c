"""Break each promise once, by a small recorded mutation; the test named for it must fail.

    python -m sabotage.run            every mutation of mutations.toml
    python -m sabotage.run NAME ...   these only

The tree is copied into a scratch folder; the project itself is never touched. A mutation whose text
is not found exactly once is an error: the promise has moved, and so must the mutation.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    "src",
    "tests",
    "examples",
    "benchmarks",
    "pyproject.toml",
    "README.md",
    "docs",
    "Makefile",
)
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
    listed = tomllib.loads((ROOT / "sabotage" / "mutations.toml").read_text(encoding="utf-8"))
    mutations = [Mutation(**entry) for entry in listed["mutation"]]
    chosen = [m for m in mutations if not names or m.name in names]
    if not chosen:
        sys.stdout.write(f"no mutation is called {', '.join(names)}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="truceline-sabotage-") as scratch:
        folder = Path(scratch)
        _copy(folder)
        clean = _pytest(folder, sorted({m.test for m in chosen}))
        if clean.returncode != 0:
            sys.stdout.write(
                clean.stdout + "the tests fail before any sabotage: nothing is shown\n"
            )
            return 1
        missed = [m.name for m in chosen if not _noticed(folder, m)]
    sys.stdout.write(f"{len(chosen) - len(missed)} passed, {len(missed)} failed\n")
    return 1 if missed else 0


def _copy(folder: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__", "out", "record", "release", "_build")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_outputs_only(skip))
        elif source.exists():
            shutil.copy2(source, folder / name)


def _outputs_only(skip):  # type: ignore[no-untyped-def]
    """Skip caches everywhere, and run folders only under examples (`record` is also a room)."""

    def ignore(folder: str, names: list[str]) -> set[str]:
        if "examples" in Path(folder).parts:
            return set(skip(folder, names))
        return {name for name in names if name in {"__pycache__", "_build"}}

    return ignore


def _noticed(folder: Path, mutation: Mutation) -> bool:
    path = folder / mutation.file
    before = path.read_text(encoding="utf-8")
    if before.count(mutation.find) != 1:
        sys.stdout.write(
            f"LOST     {mutation.name}: {mutation.file} holds its text "
            f"{before.count(mutation.find)} times, not once; move the mutation with the promise\n"
        )
        return False
    times = path.stat()
    path.write_text(before.replace(mutation.find, mutation.replace), encoding="utf-8")
    result = _pytest(folder, [mutation.test])
    path.write_text(before, encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    noticed = result.returncode == FAILED
    word = "noticed" if noticed else "MISSED"
    sys.stdout.write(f"{word:<8} {mutation.name}: {mutation.promise}\n")
    if not noticed:
        sys.stdout.write(f"         {mutation.test} ended with {result.returncode}\n")
        sys.stdout.write(result.stdout[-2000:])
    sys.stdout.flush()
    return noticed


def _pytest(folder: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PYTHONPATH": str(folder / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_CACHE_DIR": str(folder / ".numba"),
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
