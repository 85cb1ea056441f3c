"""The tutorial runs as it stands: its files are written, its commands run, what they print compared."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"\A:caption: (?P<path>\S+)\n\n")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Files (by path) and console sessions (under `$`) of a page, in its order."""
    found = []
    for fence in _FENCE.finditer(page.read_text(encoding="utf-8")):
        info, body = fence["info"], fence["body"]
        if info == "console":
            found.append(("$", body))
        elif info.startswith("{code-block}") and (caption := _CAPTION.match(body)):
            found.append((caption["path"], body[caption.end() :]))
    return found


def commands(session: str) -> list[tuple[str, str]]:
    """Each command of a console session with what the page says it prints."""
    parts = re.split(r"^\$ ", session, flags=re.MULTILINE)
    assert parts[0] == "", f"a session begins with a command: {session}"
    return [(line, rest) for line, _, rest in (part.partition("\n") for part in parts[1:])]


def fits(shown: str, printed: str) -> bool:
    """Whether the page shows what was printed; `...` stands for anything.

    Within a line it stands for anything in that line; at its beginning or end, for whole lines too.
    """
    wanted, got = (
        "\n".join(line.rstrip() for line in text.strip().split("\n")) for text in (shown, printed)
    )
    pieces = wanted.split("...")
    edges = [f"{before[-1:]}{after[:1]}" for before, after in pairwise(pieces)]
    gaps = ["[^\\n]*?" if len(edge) == 2 and "\n" not in edge else "(?s:.*?)" for edge in edges]
    pattern = "".join(
        f"{re.escape(piece)}{gap}" for piece, gap in zip(pieces, [*gaps, ""], strict=True)
    )
    return re.fullmatch(pattern, got) is not None


@pytest.fixture
def shell(tmp_path):
    """Run one command line in a scratch folder where `truceline` is on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "truceline").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m truceline.cli.main "$@"\n'
    )
    (folder / "truceline").chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=scratch,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )

    run.folder = scratch
    return run


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_every_command_of_a_tutorial_prints_what_the_page_shows(page, shell):
    for path, content in blocks(page):
        if path != "$":
            (shell.folder / path).write_text(content, encoding="utf-8")
            continue
        for command, shown in commands(content):
            done = shell(command)
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
            assert fits(shown, done.stdout), f"$ {command}\n{done.stdout}\n--- the page:\n{shown}"


def test_a_tutorial_shows_commands_and_files():
    for page in TUTORIALS:
        kinds = [path for path, _ in blocks(page)]
        assert kinds.count("$") >= 5, page
        assert len(kinds) > kinds.count("$"), page


def test_a_page_that_shows_something_else_is_noticed():
    assert fits("one ... three", "one two three")
    assert fits("a\n...", "a\nb\nc")
    assert not fits("one ... three", "one two four")
    assert not fits("one", "one\nmore")
    assert not fits("a...d", "ab\ncd")
    assert fits("...d", "ab\ncd")
