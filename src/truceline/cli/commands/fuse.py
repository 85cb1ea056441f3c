"""`truceline fuse`: fusion alone, on plain observation files."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, stages


@click.command("fuse")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="members.csv to write.")
@click.option("--zone", default="UTC", show_default=True, help="Zone of times that state none.")
@json_option
def command(files: tuple[Path, ...], out: Path, zone: str, as_json: bool) -> None:
    """Fuse FILES of the plain observation template into incidents, and write who belongs where.

    Every observation gets an incident, alone if need be.
    """
    from truceline.pipeline.fusing import fuse_files

    with stages(quiet=as_json) as announce:
        done = fuse_files(files, out, zone=zone, announce=announce)
    if as_json:
        print_json(done)
        return
    click.echo(
        f"{done['observations']:,} observations, {done['incidents']:,} incidents, "
        f"{done['refused']:,} rows refused: {out}"
    )
    sizes = ", ".join(f"{size}: {number:,}" for size, number in done["component_sizes"].items())
    click.echo(f"component sizes (reports: components): {sizes}")
    for line in done["refusals"]:
        click.echo(line)
