"""`truceline record checkpoint`: sign the head of the record, and have witnesses cosign it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from truceline.cli.show import json_option, print_json

if TYPE_CHECKING:
    from truceline.pipeline.witnessing import Signed

_ANOTHER_HISTORY = 7


@click.command("checkpoint", short_help="Sign the record as it is, and have witnesses cosign it.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option(
    "--new-key", is_flag=True, help="Make the key of the log first; printed is what others need."
)
@click.option("--name", help="What the log is called; `truceline/MISSION` if absent.")
@click.option("--witness", "added", nargs=2, multiple=True, metavar="WHO KEY",
              help="List a witness by its public key; repeat for more.")  # fmt: skip
@click.option("--at", "urls", nargs=2, multiple=True, metavar="WHO ADDRESS",
              help="Where a witness is asked, such as http://127.0.0.1:8401.")  # fmt: skip
@click.option("--requests", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write what each witness without an address is asked, a file each.")  # fmt: skip
@click.option("--answers", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Take in what witnesses answered by files.")  # fmt: skip
@json_option
@click.pass_context
def command(  # noqa: PLR0913  an option each
    ctx: click.Context,
    mission: Path,
    new_key: bool,
    name: str | None,
    added: tuple[tuple[str, str], ...],
    urls: tuple[tuple[str, str], ...],
    requests: Path | None,
    answers: Path | None,
    as_json: bool,
) -> None:
    """Sign the record of MISSION as it is, and ask its witnesses to cosign.

    A witness that is absent or refuses is told, and stops nothing. Exit code 7 says that one holds
    another history of this log: `truceline record verify` tells it from then on.
    """
    from truceline.pipeline import witnessing

    if new_key:
        witnessing.make_key(mission, name)
    if added or urls:
        witnessing.list_witnesses(mission, dict(added), dict(urls))
    if answers is not None:
        signed = witnessing.take_answers(mission, answers)
    else:
        signed = witnessing.checkpoint(mission, requests)
    _show(signed, as_json)
    if signed.is_contradicted:
        ctx.exit(_ANOTHER_HISTORY)


def _show(signed: "Signed", as_json: bool) -> None:
    checkpoint = signed.opened.checkpoint
    if as_json:
        print_json(
            {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": checkpoint.root.hex(),
                "key": signed.vkey,
                "witnesses": [
                    {
                        "who": each.who,
                        "state": each.state.value,
                        "why": each.why,
                        "is_another_history": each.is_another_history,
                    }
                    for each in signed.told
                ],
            }
        )
        return
    click.echo(f"{checkpoint.origin} at {checkpoint.size:,} entries, root {checkpoint.root.hex()}")
    click.echo(f"public key of this log: {signed.vkey}")
    for each in signed.told:
        click.echo(f"witness {each.who} {each.state.value}: {each.why}")
