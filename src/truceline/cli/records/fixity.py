"""`truceline record fixity`: are the exhibits still the bytes that were taken in?"""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, stages


@click.command("fixity", short_help="Hash the exhibits that are due, and say which changed.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--every", "every_d", type=click.FloatRange(min=0), default=30, show_default=True,
              help="Days for which a check holds; 0 checks everything now.")  # fmt: skip
@click.option("--minutes", type=click.FloatRange(min=0), help="Stop after about so long.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, mission: Path, every_d: float, minutes: float | None, as_json: bool
) -> None:
    """Hash the exhibits of MISSION that are due, and say which are not what was taken in.

    It can be stopped at any time; the same command goes on with what is still due.
    """
    from truceline.pipeline.keeping import check_fixity

    with stages(quiet=as_json) as announce:
        found = check_fixity(
            mission,
            every=timedelta(days=every_d),
            longest_s=None if minutes is None else minutes * 60,
            announce=announce,
        )
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(found.text())
    if found.unsound:
        ctx.exit(3)
