"""`truceline check`: validate and lint an agreement or a mission, and try its raw files."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli.show import counted, instant, json_option, print_json, print_table, stages

if TYPE_CHECKING:
    from truceline.pipeline.checking import Checked
    from truceline.pipeline.trial import FileTried

_PATIENCE_S = 2.0  # progress is shown only after so long


@click.command("check")
@click.argument("target")
@click.option(
    "--as-of",
    "as_of",
    metavar="TIME",
    help="When to say how clauses stand, with a zone; a mission's latest report if absent.",
)
@click.option("--strict", is_flag=True, help="Exit code 1 also where any row is refused.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, target: str, as_of: str | None, strict: bool, as_json: bool
) -> None:
    """Validate and lint TARGET: an agreement file, a mission folder, or a name of the library.

    Of a mission every raw file is read through its feed, and nothing is written: each file with its rows
    upstream, taken and refused, and each kind of refusal with its first lines, the reason, and what to do.

    Exit code 1 where something is an error: it would stop a run, or a file gives no row. Refused rows,
    warnings and notes alone leave it at 0.
    """
    from truceline.pipeline.checking import check_target

    with stages(quiet=as_json, after_s=_PATIENCE_S) as announce:
        checked = check_target(Path(target), announce, instant(as_of))
    if as_json:
        print_json(asdict(checked))
    else:
        _show(checked)
    if checked.errors or (strict and checked.refused_rows):
        ctx.exit(1)


def _show(checked: "Checked") -> None:
    if checked.files:
        rows = [(f.file, f.feed, f.upstream, f.taken, f.refused_rows) for f in checked.files]
        print_table("", ("file", "feed", "upstream", "taken", "refused"), rows)
    for tried in checked.files:
        for text in _refusals(tried):
            click.echo(text)
    for note in checked.notes:
        click.echo(f"assumed or noted: {note}")
    for said in checked.standing:
        click.echo(f"stands: {said}")
    if checked.standing:
        click.echo(f"how clauses stand is said as of {checked.as_of}, by the text alone")
    for p in checked.problems:
        click.echo(f"{p.file}:{p.line}: {p.severity}: {p.message}; {p.advice}")
    others = len(checked.problems) - checked.errors
    click.echo(
        f"{counted(checked.errors, 'error', 'errors')}, "
        f"{counted(others, 'warning or note', 'warnings and notes')}"
    )
    if checked.files:
        refused = counted(checked.refused_rows, "row", "rows")
        click.echo(f"{refused} would be refused; nothing was written")


def _refusals(tried: "FileTried") -> Iterator[str]:
    for kind in tried.refused:
        lines = ", ".join(map(str, kind.lines))
        more = f" and {kind.rows - len(kind.lines):,} more" if kind.rows > len(kind.lines) else ""
        word = "line" if kind.rows == 1 else "lines"
        yield (
            f"{tried.file}:{kind.lines[0]}: {kind.rows:,} refused, {word} {lines}{more}: "
            f"{kind.reason}; {kind.advice}"
        )
