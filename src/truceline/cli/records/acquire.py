"""`truceline record acquire`: a file becomes an exhibit, or one made of another exhibit."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("acquire", short_help="Take a file in as an exhibit, and enter who brought it.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "office", required=True, help="The office that brings it; never a name.")
@click.option("--how", required=True, help="How it was acquired, or made.")
@click.option("--made-of", "parent", default="", help="SHA-256 of the exhibit that it was made of.")
@click.option("--person", "persons", multiple=True,
              help="Code of a person whom it is about; repeat for more.")  # fmt: skip
@json_option
def command(
    mission: Path,
    file: Path,
    office: str,
    how: str,
    parent: str,
    persons: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take FILE into the record of MISSION as an exhibit, and enter who brought it and how.

    FILE stays as it is. With --made-of it is a derived exhibit, which names its parent.
    With --person bytes and name are kept under the keys of all who are named: without any one of
    these keys nobody reads it again.
    """
    from truceline.pipeline.keeping import take_in

    made = take_in(mission, file, office=office, how=how, parent_digits=parent, persons=persons)
    if as_json:
        print_json({"sha256": made.sha256, "size_bytes": made.size_bytes, "name": made.name})
        return
    click.echo(f"exhibit {made.sha256} ({made.size_bytes:,} bytes), named {made.name}")
