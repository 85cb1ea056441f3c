"""`truceline record evacuate`: seal a mission to its successor, then destroy the keys that are here."""

from pathlib import Path

import click

from truceline.cli.show import counted, json_option, print_json, stages


@click.command("evacuate", short_help="Seal a mission to its successor; destroy the keys here.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--to", "recipient", required=True, help="The successor's public key, age1...")
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="The sealed file, on a medium that leaves.")  # fmt: skip
@click.option("--as", "office", required=True, help="The office that orders it; never a name.")
@click.option("--everything", "is_all", is_flag=True,
              help="Remove log, exhibits and tables as well, once the keys are gone.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask; for a script.")
@json_option
def command(
    mission: Path, recipient: str, out: Path, office: str, is_all: bool, yes: bool, as_json: bool
) -> None:
    """Seal log, exhibits and keys of MISSION to a successor; then destroy the keys in the field.

    The sealed file is read back before anything is destroyed. Whatever interrupts it, the same
    command goes on.
    """
    from truceline.pipeline.evacuating import evacuate
    from truceline.pipeline.leaving import left_behind

    what = "all of it" if is_all else "its keys"
    if not yes:
        asked = f"Seal {mission} to {recipient} and destroy {what} here?"
        click.confirm(asked, abort=True, err=as_json)
    left = left_behind(mission)
    with stages(quiet=as_json) as announce:
        done = evacuate(mission, recipient, out, office=office, is_all=is_all, announce=announce)
    if as_json:
        print_json(
            {
                "file": str(out), "size_bytes": done.size_bytes, "sha256": done.sha256,
                "destroyed": list(done.keys), "left": list(left),
            }
        )  # fmt: skip
        return
    click.echo(f"sealed in {out} ({done.size_bytes:,} bytes), SHA-256 {done.sha256}")
    gone = counted(len(done.keys), "key is", "keys are")
    click.echo(f"{gone} destroyed here; `truceline record receive` opens it")
    for each in left:
        click.echo(f"note: {each}", err=True)
    click.echo("send the successor the SHA-256 by another way than the file")
