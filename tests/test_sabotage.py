"""Every recorded mutation still has its place, its promise and its test."""

import ast
import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `sabotage` stands beside `tests` and is not installed
runner = importlib.import_module("sabotage.run")
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
