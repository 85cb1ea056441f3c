"""`truceline record exhibit`: a working copy of an exhibit, entered before it is handed out."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("exhibit", short_help="Hand out a working copy of an exhibit; it is entered first.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("digits", metavar="SHA256")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the copy goes.")
@click.option("--as", "office", required=True, help="The office that asks; never a name.")
@click.option("--why", required=True, help="What for.")
@json_option
def command(mission: Path, digits: str, out: Path, office: str, why: str, as_json: bool) -> None:
    """Hand out a working copy of an exhibit of MISSION; its first digits will do.

    The access is entered in the record first. The original is not touched.
    """
    from truceline.pipeline.keeping import hand_out

    sha256 = hand_out(mission, digits, out, office=office, why=why)
    if as_json:
        print_json({"sha256": sha256, "file": str(out)})
        return
    click.echo(f"wrote {out}, a working copy of exhibit {sha256}; the access is entered")
