"""Every recorded mutation still has its place, its promise and its test."""

import ast
import importlib
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `sabotage` stands beside `tests` and is not installed
runner = importlib.import_module("sabotage.run")
kernels = importlib.import_module("sabotage.kernels")
MUTATIONS = runner.listed()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_has_one_place_and_a_test_that_exists(mutation):
    text = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.find) == 1
    assert mutation.find != mutation.replace
    if mutation.file.endswith(".py"):
        ast.parse(text.replace(mutation.find, mutation.replace))
    path, name = mutation.test.split("::")
    tests = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    assert name in {node.name for node in tests if isinstance(node, ast.FunctionDef)}


def test_every_mutation_has_a_name_and_a_change_of_its_own():
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)
    changes = {(mutation.file, mutation.find, mutation.replace) for mutation in MUTATIONS}
    assert len(changes) == len(MUTATIONS)
    assert all(m.file.startswith(("src/truceline/", "benchmarks/")) for m in MUTATIONS)


def test_a_sound_run_speaks_for_the_mutations_of_one_test_file():
    found = runner.groups(MUTATIONS)
    assert sum(map(len, found)) == len(MUTATIONS)
    assert all(len({m.test.split("::")[0] for m in group}) == 1 for group in found)


def test_what_must_be_broken_by_name_is_broken():
    """The whole line's promises, and the three ways in which doubt is thrown away."""
    tests = {mutation.test.split("::")[0] for mutation in MUTATIONS}
    for promise in ("swap", "same_bytes", "as_of"):
        assert f"tests/promises/test_{promise}.py" in tests
    assert "tests/reports/test_publication.py" in tests
    changes = " ".join(mutation.replace for mutation in MUTATIONS)
    for thrown_away in (
        "np.ones_like(p_real)",
        "alternatives.slice(0, 0)",
        "np.where(dated, began",
    ):
        assert thrown_away in changes


SMALL = {
    "near.py": """
        import numba
        LIMIT = 3
        @numba.njit(cache=True)
        def compiled(x):
            return x + 1
        def plain(x):
            return compiled(x) + 2
    """,
    "far.py": """
        import numba
        from truceline.between import compiled
        @numba.njit(cache=True)
        def twice(x):
            return compiled(compiled(x))
    """,
    "between.py": """
        from truceline.near import compiled
        SHARE = 0.5
        def told(x):
            return x * SHARE
    """,
    "alone.py": """
        import numba
        @numba.njit(cache=True)
        def nothing():
            return 0
    """,
}


@pytest.mark.parametrize(
    ("file", "find", "reached"),
    [
        ("near.py", "x + 1", {"near.py", "far.py"}),
        ("near.py", "LIMIT = 3", {"near.py", "far.py"}),
        ("near.py", "+ 2", {"near.py"}),
        ("between.py", "SHARE = 0.5", {"far.py"}),
        ("between.py", "x * SHARE", set()),
        ("alone.py", "return 0", {"alone.py"}),
    ],
)
def test_a_mutation_puts_those_kernels_aside_that_it_may_be_compiled_into(
    tmp_path, file, find, reached
):
    room = tmp_path / "src" / "truceline"
    room.mkdir(parents=True)
    for name, text in SMALL.items():
        (room / name).write_text(textwrap.dedent(text))
    found = kernels.reached(tmp_path / "src", Path("src/truceline", file), find)
    assert {path.name for path in found} == reached


def test_kernels_put_aside_come_back_and_those_made_meanwhile_go(tmp_path):
    cached = tmp_path / "src" / "truceline" / "__pycache__"
    cached.mkdir(parents=True)
    (cached.parent / "alone.py").write_text(textwrap.dedent(SMALL["alone.py"]))
    kept, made = cached / "alone.nothing-4.py311.nbi", cached / "alone.nothing-4.py311.1.nbc"
    kept.write_text("sound")
    with kernels.without_kernels(tmp_path, "src/truceline/alone.py", "return 0"):
        assert not kept.exists()
        kept.write_text("broken")
        made.write_text("broken")
    assert kept.read_text() == "sound"
    assert not made.exists()


TRIED = """
import sys
from pathlib import Path
from sabotage import forked

forked.LONGEST_S = 2
folder = Path(sys.argv[1])
forked.load()
forked.compiled(folder)
source = folder / "src" / "truceline" / "__init__.py"
print(forked.pytest_in(folder, ["test_it.py::test_answer"])[0])
source.write_text(source.read_text().replace("ANSWER = 42", "ANSWER = 43"))
print(forked.pytest_in(folder, ["test_it.py::test_answer"])[0])
print(forked.pytest_in(folder, ["test_it.py::test_that_hangs"])[0])
print(forked.pytest_in(folder, ["test_it.py::test_that_is_not_there"])[0])
source.unlink()
print(forked.pytest_in(folder, ["test_it.py::test_answer"])[0] == forked.BROKEN)
"""


def test_tests_run_on_the_sources_of_the_copy_and_only_a_failed_one_counts(tmp_path):
    """Sound, broken by as many letters at once, hung, not found, and no sources at all."""
    source = tmp_path / "copy" / "src" / "truceline"
    source.mkdir(parents=True)
    (tmp_path / "copy" / "benchmarks").mkdir()
    (source / "__init__.py").write_text("ANSWER = 42\n")
    (tmp_path / "copy" / "test_it.py").write_text(
        "import time\nfrom truceline import ANSWER\n\n\n"
        "def test_answer():\n    assert ANSWER == 42\n\n\n"
        "def test_that_hangs():\n    time.sleep(60)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", TRIED, str(tmp_path / "copy")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["0", str(runner.FAILED), "-1", "4", "True"]
