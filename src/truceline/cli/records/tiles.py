"""`truceline record tiles`: the signed log as static files for the tools of others."""

from pathlib import Path

import click

from truceline.cli.show import counted


@click.command("tiles", short_help="Write the signed log as files for the tools of others.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--again", is_flag=True, help="Make the record's own tiles anew from its entries.")
def command(mission: Path, folder: Path | None, again: bool) -> None:
    """Write the log of MISSION into FOLDER as tiles, entries and checkpoint (C2SP tlog-tiles).

    Nothing that was said stands there: kinds, times and commitments do. Internal all the same.
    """
    from truceline.pipeline.tiling import make_again, write

    if again:
        click.echo(f"tiles made anew for {make_again(mission):,} entries")
    if folder is None:
        if not again:
            msg = "name a FOLDER, or make tiles anew with --again"
            raise click.UsageError(msg)
        return
    made = write(mission, folder)
    click.echo(f"{folder}: {made.size:,} entries in {counted(made.bundles, 'bundle', 'bundles')}")
    for index in made.long_bundles:
        click.echo(
            f"note: bundle {index} holds an entry of more than 65,535 bytes, which other tools "
            "cannot read; it lies under tile/long-entries, with lengths of four bytes"
        )
