"""`truceline explain`: the whole story of one id."""

from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json


@click.command("explain")
@click.argument("identifier")
@click.option(
    "--mission",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The mission folder; the current one if absent.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The run to explain; MISSION/out.")
@click.option("--as-of", "as_of", metavar="TIME", help="From the run as of then; with a zone.")
@click.option("--agreement-version", metavar="VERSION", help="From the run under that version.")
@json_option
def command(
    identifier: str,
    mission: Path,
    out: Path | None,
    as_of: str | None,
    agreement_version: str | None,
    as_json: bool,
) -> None:
    """Tell the story of IDENTIFIER (an observation, incident, act, finding or remedy), from bytes to remedy.

    IDENTIFIER may be its first letters, as printed in a report. Internal: it carries full precision.
    """
    from truceline.pipeline.telling import tell

    story = tell(
        mission, identifier, out=out, as_of=instant(as_of), agreement_version=agreement_version
    )
    if as_json:
        print_json(story.as_json())
        return
    click.echo(story.text())
