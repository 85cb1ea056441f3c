"""`truceline record`: look at the record, and check every hash in it."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json, print_table, stages


@click.group("record")
def command() -> None:
    """Look at the record and check it. Nothing here can change an entry."""


@command.command("verify")
@click.argument("mission", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def verify(ctx: click.Context, mission: Path, as_json: bool) -> None:
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


@command.command("list")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="TIME", help="Only entries known then.")
@json_option
def list_entries(mission: Path, as_of: str | None, as_json: bool) -> None:
    """List the entries of the record of MISSION."""
    from truceline.record.store import Record

    with Record.open(mission / "record", read_only=True) as record:
        rows = [
            (
                entry.sequence,
                entry.kind,
                entry.known_at.isoformat(),
                entry.actor,
                entry.leaf_hash[:16],
            )
            for entry in record.entries(as_of=instant(as_of))
        ]
    header = ("entry", "kind", "known at", "by", "leaf hash")
    if as_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
        return
    print_table("", header, rows)
