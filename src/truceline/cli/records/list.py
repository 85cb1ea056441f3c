"""`truceline record list`: the entries of the record."""

from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json, print_table


@click.command("list")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="TIME", help="Only entries known then.")
@json_option
def command(mission: Path, as_of: str | None, as_json: bool) -> None:
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
