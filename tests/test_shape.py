"""The house keeps its shape: small files, short functions, shallow folders, honest names."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src" / "truceline").rglob("*.py"))
# The verifier of bundles is one file by its promise; it must still be read within an hour.
READ_IN_AN_HOUR = {"src/truceline/record/verifier/verify_bundle.py": 780}
JUNK = {"utils", "util", "helpers", "helper", "misc", "common", "functions", "manager"}


def test_no_file_is_over_400_lines():
    lines = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in SOURCES}
    assert {path: n for path, n in lines.items() if n > READ_IN_AN_HOUR.get(path, 400)} == {}


def test_no_function_body_is_over_40_lines():
    """Docstrings do not count: they are for readers."""
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if lines > 40:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_folders_are_at_most_three_deep():
    deep = [str(p) for p in SOURCES if len(p.relative_to(ROOT / "src" / "truceline").parts) > 3]
    assert deep == []


def test_no_file_has_a_junk_drawer_name():
    assert [str(p) for p in SOURCES if p.stem in JUNK] == []


def test_the_clock_and_chance_enter_at_the_pipeline_and_nowhere_below():
    above = {"pipeline", "cli"}
    pattern = re.compile(
        r"datetime\.now|time\.time\(|import random|np\.random|import secrets|os\.environ|getenv|\bhash\("
    )
    below = [p for p in SOURCES if p.relative_to(ROOT / "src" / "truceline").parts[0] not in above]
    found = [
        f"{p.relative_to(ROOT)}: {m.group()}" for p in below if (m := pattern.search(p.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["src", "docs", "examples", "benchmarks", "sabotage", "tests"])
def test_no_file_names_a_path_of_one_machine(folder):
    pattern = re.compile(r"(?<![\w.])/(work|farm|home|root)/|files\.pythonhosted|pypi\.org/simple")
    found = []
    for path in sorted((ROOT / folder).rglob("*")):
        if (
            path.suffix in {".py", ".md", ".yaml", ".toml", ".csv", ".json"}
            and "_build" not in path.parts
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            if path != Path(__file__) and (match := pattern.search(text)):
                found.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert found == []
