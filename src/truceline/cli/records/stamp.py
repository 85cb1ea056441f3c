"""`truceline record stamp`: have an outside authority state when the log stood as it does."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("stamp", short_help="Have an outside authority state when the log stood so.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--check", "is_check", is_flag=True, help="Check the stamps there are; no network.")
@json_option
@click.pass_context
def command(ctx: click.Context, mission: Path, is_check: bool, as_json: bool) -> None:
    """Have the latest checkpoint of MISSION stamped (RFC 3161), or its head where there is none.

    The authority and its root certificates stand in `mission.yaml` under `keeping`.
    """
    from truceline.pipeline import stamping

    if not is_check:
        made = stamping.stamp(mission)
        if as_json:
            print_json(asdict(made))
            return
        click.echo(f"stamped at {made.at.isoformat()}, serial {made.serial}")
        return
    found = stamping.check(mission)
    if as_json:
        print_json([asdict(each) for each in found])
    for each in () if as_json else found:
        state = (
            each.fault
            or f"the first {each.size:,} entries existed at {each.at:%Y-%m-%d %H:%M:%S} UTC"
        )
        click.echo(f"entry {each.entry}, {each.authority}: {state}")
        for notice in each.notices:
            click.echo(f"  note: {notice}")
    if not found and not as_json:
        click.echo("nothing in this record was stamped")
    if any(each.fault for each in found):
        ctx.exit(3)
