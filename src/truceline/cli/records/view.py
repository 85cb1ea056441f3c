"""`truceline record view`: the record as layers that QGIS opens; internal."""

from pathlib import Path

import click

from truceline.cli.show import instant, json_option, print_json, stages


@click.command("view", short_help="Make layers of the record for QGIS; internal.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="TIME", help="Only what was known then.")
@json_option
def command(mission: Path, as_of: str | None, as_json: bool) -> None:
    """Make layers of the record of MISSION for QGIS: internal, at full precision.

    A record in the folder becomes the GeoPackage MISSION/out/record.gpkg; one on a PostgreSQL
    server gets PostGIS views in a schema beside its own. They are made anew each time.
    """
    from truceline.record.layers import WARNING
    from truceline.record.viewing import view

    with stages(quiet=as_json) as announce:
        announce("making layers")
        seen = view(mission / "record", mission / "out" / "record.gpkg", as_of=instant(as_of))
    if as_json:
        print_json({"where": seen.where, "rows": seen.rows, "warning": WARNING})
        return
    for name, rows in seen.rows.items():
        click.echo(f"{name:<14} {rows:,}")
    click.echo(f"{seen.where}\n{WARNING}")
