"""`truceline record office`: a key with which an office signs."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("office", short_help="Make a key with which an office signs.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("office")
@click.option("--key", type=click.Path(path_type=Path), required=True,
              help="Where the private key goes; a medium that the office carries.")  # fmt: skip
@json_option
def command(mission: Path, office: str, key: Path, as_json: bool) -> None:
    """Make a key for OFFICE of MISSION; the public one is entered, the private one is a file."""
    from truceline.pipeline.persons import enrol

    public = enrol(mission, office, key)
    if as_json:
        print_json({"office": office, "key": public, "file": str(key)})
        return
    click.echo(public)
