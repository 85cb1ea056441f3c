"""`truceline init`: a new mission folder."""

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--agreement", default="easter-2025", show_default=True, help="A shipped agreement.")
@click.option("--zone", default="Europe/Kyiv", show_default=True, help="IANA zone of legal days.")
def command(folder: Path, agreement: str, zone: str) -> None:
    """Make FOLDER a mission: a `mission.yaml` to edit, and `raw/` for its material."""
    from truceline.pipeline.making import make_mission

    written = make_mission(folder, agreement=agreement, zone=zone)
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"Put material into {folder / 'raw'}, then: truceline run {folder}")
