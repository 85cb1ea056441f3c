"""`truceline ingest`: raw material into the record."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, print_table, stages


@click.command("ingest")
@click.argument("mission", type=click.Path(path_type=Path))
@json_option
def command(mission: Path, as_json: bool) -> None:
    """Take in every file that MISSION names and its record does not yet hold.

    A row that cannot be read is kept, counted, and shown with its file, line and reason.
    """
    from truceline.pipeline.run import take_in

    with stages(quiet=as_json) as announce:
        done = take_in(mission, announce=announce)
    if as_json:
        print_json(
            [
                {
                    "feed": feed.feed,
                    "files": feed.files,
                    "is_new": feed.is_new,
                    "upstream": feed.upstream,
                    "taken": feed.taken,
                    "refused": [
                        {"file": r.file, "line": r.line, "reason": r.reason, "advice": r.advice}
                        for r in feed.refused
                    ],
                    "notes": feed.notes,
                }
                for feed in done
            ]
        )
        return
    print_table(
        "",
        ("feed", "files", "upstream", "taken", "refused", ""),
        [
            (
                feed.feed,
                len(feed.files),
                feed.upstream,
                feed.taken,
                len(feed.refused),
                "" if feed.is_new else "already in the record",
            )
            for feed in done
        ],
    )
    for feed in done:
        for note in feed.notes:
            click.echo(f"{feed.feed}: {note}")
        for refusal in feed.refused[:20]:
            place = refusal.file if refusal.line is None else f"{refusal.file}:{refusal.line}"
            click.echo(f"refused {place}: {refusal.reason}; {refusal.advice}")
        if len(feed.refused) > 20:
            click.echo(f"... and {len(feed.refused) - 20:,} more; --json lists all")
