"""`truceline record verify`: check every hash in the record."""

from dataclasses import asdict, replace
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, stages


@click.command("verify", short_help="Check every hash and every signed head.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--checkpoint", "files", multiple=True, type=click.Path(path_type=Path),
              help="Compare a checkpoint that somebody else was given; repeat for more.")  # fmt: skip
@click.option("--key", "vkeys", multiple=True,
              help="A public key that you had by another way: of the log, of a witness.")  # fmt: skip
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    mission: Path,
    files: tuple[Path, ...],
    vkeys: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check every hash in the record of MISSION, and every signed head, and say what was found."""
    from truceline.record.audit import audit
    from truceline.record.closing import left_open
    from truceline.record.forgetting import KIND, still_there
    from truceline.record.note import Verifier
    from truceline.record.personal import Keyring
    from truceline.record.store import Record
    from truceline.record.whole import given

    others = {str(path): given(path) for path in files}
    trusted = [Verifier.parsed(each) for each in vkeys]
    with (
        stages(quiet=as_json) as announce,
        Record.open(mission / "record", read_only=True) as record,
    ):
        announce("checking every hash")
        found = record.verify()
        announce("comparing signed heads")
        heads = audit(record.parts[0], record.folder, others, trusted)
        keyring = Keyring(folder=mission / "record")
        left = (*still_there(record.entries(kind=KIND), keyring), *left_open(record))
    found = replace(found, notices=(*found.notices, *left))
    if as_json:
        print_json({**asdict(found), "heads": asdict(heads)})
    else:
        click.echo("\n".join([found.text(), *heads.lines()]))
    if found.faults or heads.faults:
        ctx.exit(3)
