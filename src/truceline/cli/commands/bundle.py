"""`truceline bundle`: hand a case over so that anybody can check it, far from here."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json


@click.command("bundle")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("case_id", metavar="CASE")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where it goes; MISSION/bundles/CASE if absent."
)
@click.option(
    "--redact",
    multiple=True,
    metavar="RULE",
    help="Take out names, places or words; repeat for more.",
)
@click.option("--view", default="commission", show_default=True,
              help="For whom: commission, which is internal; public or party:ID, which is a release.")  # fmt: skip
@click.option("--as", "office", default="", help="Of a release: the office that publishes.")
@click.option(
    "--as-of", "as_of", metavar="TIME", help="Of a release: told as of then; with a zone."
)
@click.option("--zip", "is_zipped", is_flag=True, help="Pack it as one file as well.")
@json_option
def command(  # noqa: PLR0913  one option each
    mission: Path,
    case_id: str,
    out: Path | None,
    redact: tuple[str, ...],
    view: str,
    office: str,
    as_of: str | None,
    is_zipped: bool,
    as_json: bool,
) -> None:
    """Write CASE of MISSION as a bundle: evidence, entries, proofs and findings, in a bag.

    For the commission, whole or redacted, it is internal. For the public or a party it is a release:
    what was published of the case, once the delay has passed since.
    """
    from truceline.pipeline.bundled_release import release_bundle
    from truceline.pipeline.bundling import COMMISSION, bundle

    if view == COMMISSION:
        made = bundle(mission, case_id, out=out, redact=redact, is_zipped=is_zipped)
    elif redact:
        msg = "a release is under every rule; leave out --redact, or make it for the commission"
        raise click.UsageError(msg)
    else:
        made = release_bundle(
            mission, case_id, view, office=office, as_of=instant(as_of), out=out,
            is_zipped=is_zipped,
        )  # fmt: skip
    if as_json:
        print_json(
            {
                name: str(value) if isinstance(value, Path) else value
                for name, value in asdict(made).items()
            }
        )
        return
    click.echo(
        f"{made.path}: {made.kind}; {made.entries:,} entries, {made.rows:,} rows, {made.exhibits:,} exhibits"
    )
    if made.zipped is not None:
        click.echo(f"packed as {made.zipped}")
    for note in made.notes:
        click.echo(note)
    click.echo(f"entered as {made.entry}, signed at {made.checkpoint:,} entries by {made.vkey}")
    click.echo(f"SHA-256 of the verifier: {made.verifier}")
    click.echo(
        f"to check: python -I -S verify_bundle.py {made.zipped or made.path} --key {made.vkey}"
    )
