"""`truceline --help` is light, and every command and exit code is documented."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from truceline.cli.main import COMMANDS, EXIT_CODES, group

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "command-line.md"
HEAVY = ("numpy", "pyarrow", "numba", "shapely", "yaml", "rich", "typst", "jinja2", "pymorphy3")


def test_help_loads_no_heavy_library():
    code = (
        "import sys; from truceline.cli.main import group\n"
        "try: group(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stderr.strip() == "[]"
    assert "explain" in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_heading(name):
    result = CliRunner().invoke(group, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"## truceline {name}\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_lists_the_exit_codes_as_they_are():
    rows = re.findall(r"^\| (\d) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {int(code): what for code, what in rows} == dict(EXIT_CODES)


@pytest.mark.parametrize("name", ["record", "case"])
def test_every_subcommand_is_summed_up_on_one_line_of_80_columns(name):
    within = click.Context(group)
    command = group.get_command(within, name)
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(group, [name, "--help"], terminal_width=80)
    listed = shown.output.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == command.list_commands(within)
    assert [line for line in listed if len(line) > 80 or not line.endswith(".")] == []
    assert "..." not in "".join(listed)
