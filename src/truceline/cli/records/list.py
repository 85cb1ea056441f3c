"""`truceline record list`: the entries of the record."""

from datetime import UTC
from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json, print_table


@click.command("list", short_help="List the entries.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="TIME", help="Only entries known then.")
@json_option
def command(mission: Path, as_of: str | None, as_json: bool) -> None:
    """List the entries of the record of MISSION; `--json` prints hours and hashes at more length."""
    from truceline.record.store import Record

    with Record.open(mission / "record", read_only=True) as record:
        found = [
            (each.sequence, each.kind, each.known_at, each.actor, each.leaf_hash)
            for each in record.entries(as_of=instant(as_of))
        ]
    if as_json:
        header = ("entry", "kind", "known at", "by", "leaf hash")
        rows = [(*first, at.isoformat(), by, leaf[:16]) for *first, at, by, leaf in found]
        print_json([dict(zip(header, row, strict=True)) for row in rows])
        return
    # As wide as a terminal of 80 columns takes: what is folded cannot be read down a column.
    lines = [
        (*first, f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", by, leaf[:12])
        for *first, at, by, leaf in found
    ]
    print_table("", ("entry", "kind", "known at (UTC)", "by", "leaf hash"), lines)
