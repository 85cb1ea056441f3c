"""`truceline record forget`: destroy a person's key, by two hands."""

from pathlib import Path

import click


@click.command("forget")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("person")
@click.option("--as", "office", required=True, help="The office that signs; never a name.")
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Its private key.")
@click.option("--reason", required=True, help="Why; it stays in the record, so name nobody.")
@click.option("--yes", is_flag=True, help="Do not ask; for a script.")
def command(mission: Path, person: str, office: str, key: Path, reason: str, yes: bool) -> None:
    """Order that PERSON of MISSION be forgotten; a second office carries it out the same way.

    Whatever is sealed for that person can then never be read again: it is told first, and the code is
    asked for once more. Every proof stays valid.
    """
    from truceline.pipeline.persons import at_stake, forget

    click.echo("\n".join(at_stake(mission, person)))
    if not yes and click.prompt("Write the person's code to go on") != person:
        raise click.Abort

    click.echo(forget(mission, person, office=office, key_file=key, reason=reason))
