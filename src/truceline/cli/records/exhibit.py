"""`truceline record exhibit`: a working copy of an exhibit, entered before it is handed out."""

from pathlib import Path

import click


@click.command("exhibit")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("digits", metavar="SHA256")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the copy goes.")
@click.option("--as", "office", required=True, help="The office that asks; never a name.")
@click.option("--why", required=True, help="What for.")
def command(mission: Path, digits: str, out: Path, office: str, why: str) -> None:
    """Hand out a working copy of an exhibit of MISSION; its first digits will do.

    The access is entered in the record first. The original is not touched.
    """
    from truceline.pipeline.keeping import hand_out

    sha256 = hand_out(mission, digits, out, office=office, why=why)
    click.echo(f"wrote {out}, a working copy of exhibit {sha256}; the access is entered")
