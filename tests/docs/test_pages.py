"""The pages are true: what they name exists, and what exists has its place in them."""

import csv
import importlib.util
import inspect
import json
import re
import shlex
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest

from truceline.cli.main import COMMANDS, EXIT_CODES, exit_code, group
from truceline.model import errors
from truceline.pipeline import mission, plugins

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("examples/*/README.md"), *DOCS.rglob("*.md")])
CONTRACTS = {
    "feeds": "feeds",
    "clauses": "clause-kinds",
    "counting": "counting-rules",
    "evidence": "evidence-kinds",
    "measures": "measures",
    "formats": "report-formats",
    "observers": "observers",
}
ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
_TYPED = re.compile(r"^(?:\s*\$ |\s*)(?:\.venv/bin/)?truceline (?P<rest>[^#|;\n]*)", re.MULTILINE)
_CODE = re.compile(r"`truceline (?P<rest>[^`\n]+)`")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def section(page: Path, heading: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text(page), re.M | re.S)
    assert found, f"{page.name} has no section `## {heading}`"
    return found[1]


def rows(body: str) -> list[list[str]]:
    """The cells of every row of the tables in a text, without their heads."""
    lines = [line for line in body.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells[1:] if set("".join(row)) - set("-: ")]


def subcommand(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words name, and the words after it."""
    command: click.Command = group
    while isinstance(command, click.Group) and words:
        inner = command.get_command(click.Context(command), words[0])
        assert inner is not None, f"no command {words[0]!r}"
        command, words = inner, words[1:]
    return command, words


def parse(words: list[str]) -> None:
    """Parse a command line as the shell would; the bare name of a command is no command line."""
    command, rest = subcommand(words)
    if rest:
        command.make_context(command.name, rest)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_its_place_in_the_reference(name):
    told = section(REFERENCE / "command-line.md", f"truceline {name}")
    command, _ = subcommand([name])
    inner = [command]
    if isinstance(command, click.Group):
        within = click.Context(command)
        inner = [command.get_command(within, each) for each in command.list_commands(within)]
        assert inner
    for one in inner:
        options = [param.opts[0] for param in one.params if isinstance(param, click.Option)]
        assert [option for option in options if option not in told] == []
        if one is not command:
            assert f"truceline {name} {one.name}" in told


@pytest.mark.parametrize("kind", plugins.KINDS)
def test_every_plug_in_stands_on_the_contract_page_of_its_kind(kind):
    told = text(REFERENCE / f"{CONTRACTS[kind]}.md")
    assert [name for name in plugins.load(kind) if f"| `{name}` |" not in told] == []
    contract = plugins.KINDS[kind]
    assert f"`{contract.folder}`" in told, "the page names no entry-point group"
    assert f"{contract.constant} = {contract.descriptor}(" in told


def test_the_page_of_every_plug_in_is_what_the_descriptors_say():
    where = importlib.util.spec_from_file_location("make_tables", DOCS / "make_tables.py")
    tables = importlib.util.module_from_spec(where)
    where.loader.exec_module(tables)
    assert text(tables.PAGE) == tables.page(), "stale: run `python docs/make_tables.py`"
    stale = "stale: run `python docs/make_tables.py`"
    assert text(tables.SCENARIOS_PAGE) == tables.scenarios_page(), stale
    assert text(tables.MOVES_PAGE) == tables.moves_page(), stale
    assert {part[0] for part in tables.SECTIONS} == set(plugins.KINDS)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_stands_in_the_reference_with_its_exit_code(kind):
    told = {row[0]: row[2] for row in rows(section(REFERENCE / "command-line.md", "Errors"))}
    assert set(told) == {f"`{one.__name__}`" for one in ERRORS}
    expected = "" if kind is errors.TrucelineError else str(exit_code(kind("")))
    assert told[f"`{kind.__name__}`"] == expected


def test_every_exit_code_stands_in_the_reference():
    told = {row[0]: row[1] for row in rows(section(REFERENCE / "command-line.md", "Exit codes"))}
    assert {str(code): what for code, what in EXIT_CODES.items()}.items() <= told.items()
    assert set(told) - {str(code) for code in EXIT_CODES} == {"130"}


def test_the_page_of_the_mission_file_has_every_field_and_no_other():
    told = [row[0].strip("`") for row in rows(text(REFERENCE / "mission-file.md"))]
    assert set(told) == set(mission._KEYS)
    listed = next(row for row in rows(text(REFERENCE / "mission-file.md")) if row[0] == "`feeds`")
    assert [key for key in mission._FEED_KEYS if f"`{key}`" not in listed[1]] == []


def columns(path: Path) -> list[str]:
    """Column names of a written table, or top keys of a written object."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines))
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    content = json.loads(text(path))
    if path.suffix == ".geojson":
        return list(content["features"][0]["properties"])
    return list(content)


def test_the_run_contract_and_what_run_writes_are_the_same(run_copy, tmp_path):
    out = run_copy("known-answers", tmp_path / "mission")
    promised = {row[0].strip("`"): row[1] for row in rows(text(REFERENCE / "run-contract.md"))}
    written = {path.name for path in out.iterdir()} - {"INTERNAL.txt"}
    assert set(promised) == written
    for name, told in promised.items():
        told = re.sub(r"\([^)]*\)|\{[^}]*\}|^[^:]*: ", "", told)
        found = columns(out / name)
        if name.endswith(".json"):
            assert sorted(told.replace(" ", "").split(",")) == sorted(found), name
        else:
            assert [word.strip() for word in told.split(",")] == found, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    inside = [
        link for link in _LINK.findall(text(page)) if not re.match(r"https?:|mailto:|#", link)
    ]
    broken = [link for link in inside if not (page.parent / link.partition("#")[0]).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_gives_can_be_typed(page):
    """Each line that begins with `truceline`, and each such phrase in code, is parsed as the shell would."""
    found = [m["rest"] for pattern in (_TYPED, _CODE) for m in pattern.finditer(text(page))]
    for line in found:
        if re.search(r"\[|\.\.\.|COMMAND", line):
            continue  # a synopsis: options are checked in the reference
        parse(shlex.split(line))


@pytest.mark.parametrize("line", ["rum my-mission", "run my-mission --fast", "record mend x"])
def test_a_command_that_cannot_be_typed_is_noticed(line):
    with pytest.raises((AssertionError, click.UsageError)):
        parse(line.split())


def test_every_make_target_that_a_page_gives_exists():
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.M))
    given = {
        target
        for page in PAGES
        for target in re.findall(r"^ {4}make ([a-z]+)|`make ([a-z]+)`", text(page), re.M)
        for target in target
        if target
    }
    assert given - targets == set()
    assert given >= {"demo", "test", "check", "deep", "bench"}
