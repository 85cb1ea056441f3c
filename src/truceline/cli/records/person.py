"""`truceline record person`: codes by which persons are named, and whether their keys stand."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, print_table


@click.command("person", short_help="List persons by their codes, or enter one.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--add", "is_new", is_flag=True, help="Enter a person; the name is asked for.")
@click.option("--as", "office", default="", help="The office that enters it; never a name.")
@json_option
def command(mission: Path, is_new: bool, office: str, as_json: bool) -> None:
    """List the persons of MISSION by their codes, or enter one. Names are never printed."""
    from truceline.pipeline import persons

    if is_new:
        # Hidden, so that no terminal and no history keeps it.
        name = click.prompt("Name", hide_input=True, err=as_json)
        code = persons.add(mission, name, office=office)
        print_json({"person": code}) if as_json else click.echo(code)
        return
    found = persons.known(mission)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    rows = [(p.person, p.entry, "sealed for ever" if p.is_forgotten else "") for p in found]
    print_table("", ("person", "entry", ""), rows)
