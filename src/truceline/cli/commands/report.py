"""`truceline report`: the only way out."""

from pathlib import Path

import click

from truceline.cli.show import day_of, instant, json_option, print_json, stages


@click.command("report")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option(
    "--view",
    default="public",
    show_default=True,
    help="Whose eyes it is for: public, party:ID, or commission (internal, full precision).",
)
@click.option("--format", "formats", multiple=True, help="html, pdf, ...; every format if absent.")
@click.option("--to", type=click.Path(path_type=Path), help="MISSION/release/VIEW.")
@click.option("--as-of", "as_of", metavar="TIME", help="Only what was known then; with a zone.")
@click.option("--day", metavar="DATE", help="Of that legal day, as it stood when it closed.")
@json_option
def command(
    mission: Path,
    view: str,
    formats: tuple[str, ...],
    to: Path | None,
    as_of: str | None,
    day: str | None,
    as_json: bool,
) -> None:
    """Release a report of MISSION for one view, through the one publication function."""
    from truceline.pipeline.reporting import release

    with stages(quiet=as_json) as announce:
        written = release(
            mission,
            view=view,
            formats=formats,
            to=to,
            as_of=instant(as_of),
            day=day_of(day),
            announce=announce,
        )
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        click.echo(f"wrote {path}")
