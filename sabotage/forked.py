"""Run tests in a copy of the tree, in a fork of a Python that has loaded other people's libraries.

A mutation is one small test more often than not, and most of its time went in starting: loading
numpy and its like, and compiling our own sources anew. The first is done once, before any fork; no
module of ours is loaded then, so that a fork reads the sources of its copy. The second is done once
a copy, by `compiled`: Python knows such a file by the digest of its source, whatever its age.
"""

import compileall
import contextlib
import importlib.util
import os
import py_compile
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

LOADED = (
    "numpy", "pyarrow", "pyarrow.compute", "pyarrow.parquet", "numba", "shapely", "yaml", "click",
    "rich.console", "jinja2", "jsonschema", "cryptography", "pytest",
)  # fmt: skip
LONGEST_S = 900  # a mutation that hangs its test is not a test that failed
HUNG = -1
BROKEN = 70  # no code of pytest's own


class _HungError(Exception):
    pass


def load() -> None:
    """Load what every fork needs and no mutation touches."""
    os.environ.pop("NUMBA_CACHE_DIR", None)  # kernels are cached beside their source
    for name in LOADED:
        importlib.import_module(name)
    ours = [name for name in sys.modules if name.split(".")[0] in ("truceline", "benchmarks")]
    if ours:
        message = f"loaded before any fork, so that no mutation could reach it: {ours}"
        raise RuntimeError(message)


def compiled(folder: Path) -> None:
    """Compile the sources of a copy; each compiled file names its source's digest."""
    for name in ("src", "benchmarks"):
        compileall.compile_dir(
            folder / name, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH
        )


def pytest_in(folder: Path, tests: Sequence[str]) -> tuple[int, str]:
    """The exit code of these tests in this copy, and what they printed; HUNG when they do not end."""
    said = folder.with_name(f"{folder.name}-said.txt")
    child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            code = _tests(folder, said, tests)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # a fork must never go on with the work of its parent
    code = _ended(child)
    return code, said.read_text(encoding="utf-8", errors="replace")


def _ended(child: int) -> int:
    signal.signal(signal.SIGALRM, _hung)
    signal.alarm(LONGEST_S)
    try:
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        signal.alarm(0)
    except _HungError:
        _end_all_of(child)
        os.waitpid(child, 0)
        return HUNG
    _end_all_of(child)
    return code


def _end_all_of(child: int) -> None:
    """End what a test started and left running, so that it sees no text of the next mutation."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _hung(number: int, frame: FrameType | None) -> None:
    raise _HungError


def _tests(folder: Path, said: Path, tests: Sequence[str]) -> int:
    """In the fork: be as a Python started in the copy, and run the tests."""
    import pytest

    os.setsid()  # so that what the tests start can be ended with them
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    written = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), written, written)):
        os.dup2(file, number)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder / "src")
    sys.path[:0] = [str(folder), str(folder / "src")]
    found = importlib.util.find_spec("truceline")
    if found is None or not Path(found.origin or "").is_relative_to(folder):
        message = f"the tests would run {found and found.origin}, not {folder}"
        raise RuntimeError(message)
    ended = _Ended()
    try:
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests], plugins=[ended]))
    except Exception:
        if not ended.code:
            raise
        traceback.print_exc()  # of a thread that outlived its test: the test's own end stands
        return ended.code


class _Ended:
    """How the session ended, before what pytest may find wrong in tidying up."""

    code = 0

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.code = int(exitstatus)
