"""`truceline record seal`: put an exhibit that lies in the clear under keys of persons."""

from pathlib import Path

import click


@click.command("seal", short_help="Put an exhibit that lies in the clear under keys of persons.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("digits", metavar="SHA256")
@click.option("--person", "persons", multiple=True, required=True,
              help="Code of a person whom it names; repeat for more.")  # fmt: skip
@click.option("--as", "office", required=True, help="The office that asks; never a name.")
@click.option("--why", required=True, help="What for.")
def command(mission: Path, digits: str, persons: tuple[str, ...], office: str, why: str) -> None:
    """Put an exhibit of MISSION under the keys of all who are named; its first digits will do.

    It is read as before as long as these keys are here, under the digest that it had. What a reading
    that still counts rests on is not sealed: name the persons on its line of feeds first.
    """
    from truceline.pipeline.persons import seal

    click.echo(seal(mission, digits, persons, office=office, why=why))
