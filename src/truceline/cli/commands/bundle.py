"""`truceline bundle`: hand a case over so that anybody can check it, far from here."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


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
@click.option("--zip", "is_zipped", is_flag=True, help="Pack it as one file as well.")
@json_option
def command(
    mission: Path,
    case_id: str,
    out: Path | None,
    redact: tuple[str, ...],
    is_zipped: bool,
    as_json: bool,
) -> None:
    """Write CASE of MISSION as a bundle: evidence, entries, proofs and findings, in a bag.

    Whole or redacted it is internal to the mission.
    """
    from truceline.pipeline.bundling import bundle

    made = bundle(mission, case_id, out=out, redact=redact, is_zipped=is_zipped)
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
