"""`truceline run`: the whole line over a mission."""

from pathlib import Path

import click

from truceline.cli.show import instant, json_option, pairs, print_json, stages


@click.command("run")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the tables; MISSION/out.")
@click.option("--as-of", "as_of", metavar="TIME", help="Only what was known then; with a zone.")
@click.option("--agreement-version", metavar="VERSION", help="Judge by that version of the text.")
@json_option
def command(
    mission: Path, out: Path | None, as_of: str | None, agreement_version: str | None, as_json: bool
) -> None:
    """Take in new material, then compute incidents, findings, attributions and remedies.

    The folder written is internal: it carries full precision. `truceline report` makes what may leave.
    """
    from truceline.pipeline.run import run

    with stages(quiet=as_json) as announce:
        done = run(
            mission,
            out=out,
            as_of=instant(as_of),
            agreement_version=agreement_version,
            announce=announce,
        )
    if as_json:
        print_json(done.summary)
        return
    summary = done.summary
    taken = summary["observations"]
    lines = [
        f"{done.title}, as known at {summary['as_of']}, under {' '.join(summary['agreement'].values())}",
        f"  reports       {taken['taken']:,} taken of {taken['upstream']:,}; {taken['refused']:,} "
        f"refused; {taken['set_aside']:,} set aside; "
        f"{taken['date_only']:,} carry only a date",
        f"  incidents     {summary['incidents']:,}, holding {summary['acts']:,} acts",
        f"  findings      {pairs(summary['findings'])} (proposed, each if that party is the actor)",
        f"  attributions  {pairs(summary['attributions'])}",
        f"  remedies      {summary['remedies']:,} proposed; no clock runs until a person starts it",
        f"  evidence      {summary['evidence_digest']}",
        f"Tables, internal, full precision: {done.out}",
    ]
    lines[2:2] = [f"  edits         {note}" for note in done.notes]
    click.echo("\n".join(lines))
