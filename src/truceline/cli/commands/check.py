"""`truceline check`: validate and lint an agreement or a mission."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("check")
@click.argument("target")
@json_option
@click.pass_context
def command(ctx: click.Context, target: str, as_json: bool) -> None:
    """Validate and lint TARGET: an agreement file, a mission folder, or a name of the library.

    Each line says file, line, what is wrong, and what to do. Exit code 1 where something is an error;
    warnings and notes alone leave it at 0.
    """
    from truceline.pipeline.checking import check_target

    problems = check_target(Path(target))
    if as_json:
        print_json(
            [
                {
                    "file": str(p.file),
                    "line": p.line,
                    "severity": p.severity,
                    "message": p.message,
                    "advice": p.advice,
                }
                for p in problems
            ]
        )
    else:
        for p in problems:
            click.echo(f"{p.file}:{p.line}: {p.severity}: {p.message}; {p.advice}")
        errors = sum(p.severity == "error" for p in problems)
        click.echo(f"{errors} errors, {len(problems) - errors} warnings and notes")
    if any(p.severity == "error" for p in problems):
        ctx.exit(1)
