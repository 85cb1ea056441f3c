"""`truceline record prove`: show to anybody that an entry, or a row, is in the signed log."""

from pathlib import Path
from typing import Any

import click

from truceline.cli.show import json_option, print_json


@click.command("prove", short_help="Prove an entry, or a row, to somebody without a record.")
@click.argument("mission", type=click.Path(path_type=Path), required=False)
@click.argument("entry", type=int, required=False)
@click.option("--row", type=int, help="One row of the entry's batch, from 0.")
@click.option("--table", help="Of which table; `observations` if absent.")
@click.option("--hide", "hidden", multiple=True, metavar="GROUP",
              help="Leave a group of a row's columns closed: row, place, text or person.")  # fmt: skip
@click.option("--field", "only", multiple=True, metavar="POINTER",
              help="Open only fields that begin so, such as /payload/to; all if absent.")  # fmt: skip
@click.option(
    "--size", type=int, help="In the log as it was signed at that size; the newest if absent."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where the proof goes; printed if absent."
)
@click.option(
    "--check", "file", type=click.Path(path_type=Path), help="Check a proof instead of making one."
)
@click.option(
    "--key", "vkeys", multiple=True, help="A public key that you trust: of the log, of a witness."
)
@json_option
def command(  # noqa: PLR0913  one option each
    mission: Path | None,
    entry: int | None,
    row: int | None,
    table: str | None,
    hidden: tuple[str, ...],
    only: tuple[str, ...],
    size: int | None,
    out: Path | None,
    file: Path | None,
    vkeys: tuple[str, ...],
    as_json: bool,
) -> None:
    """Prove ENTRY of MISSION, or one row of it, to somebody who has no record.

    With --check, a proof is checked with the keys given; nothing else is needed.
    """
    from truceline.pipeline import proving

    if file is not None:
        _show(proving.check(file, vkeys, mission), as_json)
        return
    if mission is None or entry is None:
        msg = "name a MISSION and an ENTRY, or a proof with --check FILE"
        raise click.UsageError(msg)
    wanted = proving.Wanted(
        entry=entry, table=table, row=row, hidden=hidden, only=only, size=size
    )  # fmt: skip
    content = proving.prove(mission, wanted)
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    out.write_bytes(content)
    click.echo(f"{out}: {len(content):,} bytes; internal: it shows what it opens")


def _show(found: Any, as_json: bool) -> None:
    checkpoint = found.head.checkpoint
    cosigners = [{"who": each.name, "at": each.at} for each in found.head.cosigners]
    if as_json:
        print_json(
            {
                "origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex(),
                "cosigned": cosigners, "not_cosigned": list(found.unsigned_by), "entry": found.index, "kind": found.kind,
                "known_at": found.known_at, "recorded_at": found.recorded_at,
                "fields": dict(found.fields), "table": found.table, "row_number": found.row_number,
                "row": found.row,
            }
        )  # fmt: skip
        return
    click.echo(
        f"{checkpoint.origin} signed this at {checkpoint.size:,} entries; every hash leads there"
    )
    for each in cosigners:
        click.echo(f"cosigned by {each['who']} at {each['at']}")
    for who in found.unsigned_by:
        click.echo(f"not cosigned by {who} at {checkpoint.size:,} entries")
    click.echo(f"entry {found.index}: {found.kind}, known at {found.known_at}")
    shown = found.fields if found.row is None else found.row
    if found.row is not None:
        click.echo(f"row {found.row_number:,} of table {found.table}")
    for name, value in shown.items():
        click.echo(f"  {name}: {value}")
