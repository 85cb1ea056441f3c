"""`truceline ingest`: raw material into the record."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truceline.cli.show import json_option, print_json, print_table, stages

if TYPE_CHECKING:
    from truceline.pipeline.ingest import Ingested

_SHOWN = 20  # refusals told one by one


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
        print_json([_plain(feed) for feed in done])
        return
    _show(done)


def _plain(feed: "Ingested") -> dict[str, Any]:
    return {
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


def _show(done: Sequence["Ingested"]) -> None:
    rows = [
        (
            feed.feed,
            len(feed.files),
            feed.upstream,
            feed.taken,
            len(feed.refused),
            "" if feed.is_new else "already in the record",
        )
        for feed in done
    ]
    print_table("", ("feed", "files", "upstream", "taken", "refused", ""), rows)
    for feed in done:
        for note in feed.notes:
            click.echo(f"{feed.feed}: {note}")
        for refusal in feed.refused[:_SHOWN]:
            place = refusal.file if refusal.line is None else f"{refusal.file}:{refusal.line}"
            click.echo(f"refused {place}: {refusal.reason}; {refusal.advice}")
        if len(feed.refused) > _SHOWN:
            click.echo(f"... and {len(feed.refused) - _SHOWN:,} more; --json lists all")
