"""`truceline record copy`: move a mission's record into another store."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import counted, json_option, print_json, stages


@click.command("copy", short_help="Copy the record into another store, and prove it the same.")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.argument("target", metavar="TO", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(ctx: click.Context, source: Path, target: Path, as_json: bool) -> None:
    """Copy the record of mission FROM into mission TO, and prove that the two are the same.

    Where TO/record/store.toml names a server or a bucket, log and exhibits go there. A copy that
    was cut off goes on where it stopped. Keys stay where they are.
    """
    from truceline.pipeline.keeping import enter_copy
    from truceline.record.copying import copy

    if note := enter_copy(source, target):
        click.echo(f"note: {note}", err=True)
    with stages(quiet=as_json) as announce:
        done = copy(source / "record", target / "record", announce)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"{counted(done.entries, 'entry', 'entries')}, "
            f"{counted(done.exhibits, 'exhibit', 'exhibits')} and "
            f"{counted(done.acquisitions, 'acquisition', 'acquisitions')} are the same; head {done.head.digest[:16]} at {done.head.size:,}"
        )
        if done.has_keys_left:
            click.echo(f"note: the keys in {source / 'record' / 'keys'} stay there")
        click.echo(done.verification.text())
    if done.verification.faults:
        ctx.exit(3)
