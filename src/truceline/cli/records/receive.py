"""`truceline record receive`: open a mission that was sealed to us."""

from pathlib import Path

import click

from truceline.cli.show import stages


@click.command("receive")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Our secret key.")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True,
              help="The mission's new folder.")  # fmt: skip
@click.pass_context
def command(ctx: click.Context, file: Path, key: Path, folder: Path) -> None:
    """Open the sealed FILE of an evacuated mission and check every hash in it.

    It stands in its folder whole, or not at all.
    """
    from truceline.pipeline.evacuating import receive

    with stages() as announce:
        made, faults = receive(file, key, folder, announce=announce)
    click.echo(
        f"{made.mission_id}: {made.files:,} files, {made.size_bytes:,} bytes; the log has "
        f"{made.head.size:,} entries, head {made.head.digest[:16]}, as it was sealed"
    )
    for fault in faults:
        click.echo(f"wrong before it was sealed: {fault}")
    if faults:
        ctx.exit(3)
