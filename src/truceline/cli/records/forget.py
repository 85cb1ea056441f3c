"""`truceline record forget`: destroy a person's key, by two hands."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("forget", short_help="Destroy a person's key, by two hands.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("person")
@click.option("--as", "office", required=True, help="The office that signs; never a name.")
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Its private key.")
@click.option("--reason", required=True, help="Why; it stays in the record, so name nobody.")
@click.option("--yes", is_flag=True, help="Do not ask; for a script.")
@json_option
def command(
    mission: Path, person: str, office: str, key: Path, reason: str, yes: bool, as_json: bool
) -> None:
    """Order that PERSON of MISSION be forgotten; a second office carries it out the same way.

    Whatever is sealed for that person can then never be read again: it is told first, and the code is
    asked for once more. Every proof stays valid.
    """
    from truceline.pipeline.persons import at_stake, forget

    stake = at_stake(mission, person)
    click.echo("\n".join(stake.told), err=as_json)
    done = ""
    if not stake.is_forgotten:
        if not yes and click.prompt("Write the person's code to go on", err=as_json) != person:
            raise click.Abort
        done = forget(mission, person, office=office, key_file=key, reason=reason)
    if as_json:
        is_forgotten = at_stake(mission, person).is_forgotten
        print_json(
            {"person": person, "told": stake.told, "done": done, "is_forgotten": is_forgotten}
        )
    elif done:
        click.echo(done)
