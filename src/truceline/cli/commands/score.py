"""`truceline score`: how right a run was, where the truth is known."""

from pathlib import Path
from typing import Any

import click

from truceline.cli.show import json_option, print_json, stages


@click.command("score")
@click.argument("mission", required=False, type=click.Path(path_type=Path))
@click.option("--run", "rerun", is_flag=True, help="Run the line first, even where there is a run.")
@click.option("--oracle", "ask", is_flag=True, help="Beside it the best answer there is; slow.")
@click.option(
    "--observations",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Instead of MISSION: a file of the plain template; may be given again.",
)
@click.option("--labels", type=click.Path(path_type=Path), help="Its observation_id, incident_id.")
@click.option("--zone", default="UTC", show_default=True, help="Zone of times that state none.")
@click.option("--out", type=click.Path(path_type=Path), help="JSON file to write; plots beside it.")
@json_option
def command(
    mission: Path | None,
    rerun: bool,
    ask: bool,
    files: tuple[Path, ...],
    labels: Path | None,
    zone: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Score a run of MISSION against its sealed truth, or fusion against labels.

    MISSION is a folder that `truceline simulate` wrote. No other command opens its truth.
    """
    _refuse_mixture(mission, files, labels)
    with stages(quiet=as_json) as announce:
        if mission is not None:
            from truceline.pipeline.scoring import score

            found = score(mission, rerun=rerun, ask=ask, announce=announce)
        else:
            from truceline.pipeline.labels import score_labels

            found = score_labels(files, labels or Path(), zone=zone, announce=announce)
    written = _write(found, out) if out else []
    if as_json:
        print_json(found)
        return
    from truceline.cli.scoreboard import print_scores

    print_scores(found)
    for path in written:
        click.echo(f"wrote {path}")


def _refuse_mixture(mission: Path | None, files: tuple[Path, ...], labels: Path | None) -> None:
    labelled = bool(files) and labels is not None
    if mission is None and not labelled:
        msg = "give MISSION, or both --observations FILE and --labels members.csv"
        raise click.UsageError(msg)
    if mission is not None and (files or labels):
        msg = "give MISSION, or --observations and --labels; not both"
        raise click.UsageError(msg)


def _write(found: dict[str, Any], out: Path) -> list[Path]:
    from truceline.pipeline.scored import write_scores

    return write_scores(found, out)
