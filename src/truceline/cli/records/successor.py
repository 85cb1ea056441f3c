"""`truceline record successor`: a key to which a mission can be sealed."""

from pathlib import Path

import click


@click.command("successor")
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="Where the secret key goes; it never comes near the field.")  # fmt: skip
def command(out: Path) -> None:
    """Make a key for the successor of a mission: the secret one a file, the public one printed."""
    from truceline.pipeline.evacuating import successor

    click.echo(successor(out))
