"""`truceline record witness`: watch the logs of others and cosign what follows."""

from pathlib import Path
from typing import Any

import click

from truceline.cli.show import json_option, print_json

_REFUSED = 6
_OPEN = (
    "note: others can reach this address. What it is asked and what it answers is signed, so nobody "
    "between can change it, and nothing is encrypted: where nobody shall read along, let it listen on "
    "loopback and put a server with TLS before it"
)


@click.command("witness", short_help="Watch the logs of others, and cosign what follows.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--new-key", "name", metavar="NAME", help="Make the witness and its key; then stop.")
@click.option("--watch", "vkeys", multiple=True, metavar="KEY",
              help="Watch the log of this public key; repeat for more.")  # fmt: skip
@click.option("--serve", "port", type=click.IntRange(0, 65535), metavar="PORT",
              help="Answer on this machine until stopped; 0 takes a free port.")  # fmt: skip
@click.option("--host", metavar="ADDRESS",
              help="Answer at this address, so that others reach it; 0.0.0.0 is every one.")  # fmt: skip
@click.option("--request", type=click.Path(path_type=Path), help="Answer one request from a file.")
@click.option(
    "--answer",
    type=click.Path(path_type=Path),
    help="Where the answer goes; FILE.answer if absent.",
)
@json_option
@click.pass_context
def command(  # noqa: PLR0913  an option each
    ctx: click.Context,
    folder: Path,
    name: str | None,
    vkeys: tuple[str, ...],
    port: int | None,
    host: str | None,
    request: Path | None,
    answer: Path | None,
    as_json: bool,
) -> None:
    """Be the witness in FOLDER: cosign checkpoints of logs that were told to it, and no two histories.

    Without an option it says its public key, the logs that it watches, and what it has seen.
    """
    from truceline.pipeline import standing
    from truceline.record.witness import OK, watch

    if host is not None and port is None:
        msg = "--host is where it listens; say with --serve at which port"
        raise click.UsageError(msg)
    if name is not None:
        click.echo(standing.begin(folder, name).verifier().vkey)
    if vkeys:
        for key in watch(folder, vkeys):
            click.echo(f"{folder} watches {key.name}", err=True)
    if name is not None or (vkeys and port is None and request is None):
        return
    if request is None and port is None:
        _show(standing.looked_at(folder), as_json)
        return
    with standing.held(folder) as witness:
        if request is not None:
            made = standing.answer_file(witness, request, answer or Path(f"{request}.answer"))
            click.echo(made.why, err=made.status != OK)
            ctx.exit(0 if made.status == OK else _REFUSED)
        if port is not None:
            with standing.WitnessServer(witness, port, host or standing.HOST) as server:
                click.echo(server.url)
                if host is not None:
                    click.echo(_OPEN, err=True)
                server.serve_forever()


def _show(witness: Any, as_json: bool) -> None:
    from truceline.record.witness import REFUSED

    seen = {}
    for key in witness.logs:
        found = witness.seen(key.name)
        seen[key.name] = 0 if found is None else found.checkpoint.size
    own = witness.signer.verifier().vkey
    refused = sorted(str(path) for path in (witness.folder / REFUSED).glob("*"))
    if as_json:
        print_json({"key": own, "refused": refused, "seen": seen})
        return
    click.echo(own)
    for origin, size in seen.items():
        click.echo(f"{origin}: cosigned at {size:,}" if size else f"{origin}: nothing seen yet")
    for path in refused:
        click.echo(f"refused, and kept as proof: {path}")
