"""`truceline record office`: a key with which an office signs."""

from pathlib import Path

import click


@click.command("office")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("office")
@click.option("--key", type=click.Path(path_type=Path), required=True,
              help="Where the private key goes; a medium that the office carries.")  # fmt: skip
def command(mission: Path, office: str, key: Path) -> None:
    """Make a key for OFFICE of MISSION; the public one is entered, the private one is a file."""
    from truceline.pipeline.persons import enrol

    click.echo(enrol(mission, office, key))
