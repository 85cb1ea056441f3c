"""`truceline record receive`: open a mission that was sealed to us."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import counted, json_option, print_json, stages


@click.command("receive", short_help="Open a mission that was sealed to us, and check it.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Our secret key.")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True,
              help="The mission's new folder.")  # fmt: skip
@json_option
@click.pass_context
def command(ctx: click.Context, file: Path, key: Path, folder: Path, as_json: bool) -> None:
    """Open the sealed FILE of an evacuated mission and check every hash in it.

    It stands in its folder whole, or not at all.
    """
    from truceline.pipeline.evacuating import receive

    with stages(quiet=as_json) as announce:
        made, faults = receive(file, key, folder, announce=announce)
    if as_json:
        print_json({**asdict(made), "folder": str(folder), "faults": list(faults)})
    else:
        click.echo(
            f"{made.mission_id}: {counted(made.files, 'file', 'files')}, {made.size_bytes:,} bytes; the "
            f"log has {counted(made.head.size, 'entry', 'entries')}, head {made.head.digest[:16]}, as it "
            "was sealed"
        )
        for fault in faults:
            click.echo(f"wrong before it was sealed: {fault}")
    if faults:
        ctx.exit(3)
