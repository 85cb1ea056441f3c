"""`truceline report`: the only way out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli.show import day_of, instant, json_option, print_json, stages

if TYPE_CHECKING:
    from truceline.pipeline.reporting import Made


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
@click.option("--agreement-version", metavar="VERSION", help="Judge by that version of the text.")
@click.option("--as", "office", default="", help="The office that publishes; never a name.")
@click.option("--dry", is_flag=True, help="Show what would leave and be logged; write nothing.")
@json_option
def command(  # noqa: PLR0913  one option each
    mission: Path,
    view: str,
    formats: tuple[str, ...],
    to: Path | None,
    as_of: str | None,
    day: str | None,
    agreement_version: str | None,
    office: str,
    dry: bool,
    as_json: bool,
) -> None:
    """Release a report of MISSION for one view, through the one publication function.

    What leaves is entered in the record first: for whom, which bytes, at which head, by which office.
    """
    from truceline.pipeline.reporting import rehearse, release

    if dry:
        with stages(quiet=as_json) as announce:
            made = rehearse(
                mission, view=view, formats=formats, as_of=instant(as_of), day=day_of(day),
                agreement_version=agreement_version, office=office, announce=announce,
            )  # fmt: skip
        _show(made, as_json=as_json)
        return
    with stages(quiet=as_json) as announce:
        written = release(
            mission,
            view=view,
            formats=formats,
            to=to,
            as_of=instant(as_of),
            day=day_of(day),
            agreement_version=agreement_version,
            office=office,
            announce=announce,
        )
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        click.echo(f"wrote {path}")


def _show(made: "Made", *, as_json: bool) -> None:
    """What a release would put out and enter."""
    entry = {**made.entry, "office": made.by.office, "body": made.by.body}
    if as_json:
        print_json(entry)
        return
    for name, digest in entry["documents"].items():
        click.echo(f"would write {name}  sha256 {digest}")
    rules = entry["rules"]
    click.echo(
        f"would log a publication for {entry['view']}, through {entry['released_through']}, at record "
        f"head {entry['counted_at']}, by rules {rules['version']} ({rules['digest'][:12]}), "
        f"by {entry['office'] or 'no office: none is filled'}"
    )
    click.echo("nothing was written")
