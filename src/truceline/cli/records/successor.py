"""`truceline record successor`: a key to which a mission can be sealed."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("successor", short_help="Make a key to which a mission can be sealed.")
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="Where the secret key goes; it never comes near the field.")  # fmt: skip
@json_option
def command(out: Path, as_json: bool) -> None:
    """Make a key for the successor of a mission: the secret one a file, the public one printed."""
    from truceline.pipeline.evacuating import successor

    public = successor(out)
    if as_json:
        print_json({"key": public, "file": str(out)})
        return
    click.echo(public)
