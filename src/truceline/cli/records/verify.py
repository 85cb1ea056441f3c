"""`truceline record verify`: check every hash in the record."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, stages


@click.command("verify")
@click.argument("mission", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(ctx: click.Context, mission: Path, as_json: bool) -> None:
    """Check every hash in the record of MISSION and say what was found."""
    from truceline.record.store import Record

    with (
        stages(quiet=as_json) as announce,
        Record.open(mission / "record", read_only=True) as record,
    ):
        announce("checking every hash")
        found = record.verify()
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(found.text())
    if found.faults:
        ctx.exit(3)
