"""`truceline simulate`: a made-up mission whose truth is known."""

from pathlib import Path

import click

from truceline.cli.show import json_option, print_json, print_table, stages


@click.command("simulate")
@click.argument("scenario", required=False)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed, the same bytes."
)
@click.option(
    "--scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Multiplies how much happens and who watches.",
)
@click.option("--out", type=click.Path(path_type=Path), help="An empty folder; SCENARIO-SEED.")
@click.option(
    "--processes", type=int, default=1, show_default=True, help="How many work side by side."
)
@json_option
def command(
    scenario: str | None, seed: int, scale: float, out: Path | None, processes: int, as_json: bool
) -> None:
    """Write a complete made-up mission of SCENARIO, with its truth sealed in `truth/`.

    SCENARIO is a name, or a YAML file of your own. Without it the scenarios are listed.
    """
    from truceline.pipeline.simulating import scenario_of, simulate

    if scenario is None:
        _list(as_json)
        return
    asked = scenario_of(scenario)
    with stages(quiet=as_json) as announce:
        done = simulate(
            asked,
            seed=seed,
            scale=scale,
            out=out or Path(f"{asked.name}-{seed}"),
            processes=processes,
            announce=announce,
        )
    if as_json:
        print_json({**done.summary, "out": str(done.out)})
        return
    told = done.summary["observations"]
    click.echo(f"{asked.title}, made up: seed {seed}, scale {scale:g}")
    click.echo(f"  deeds         {done.summary['deeds']:,}")
    click.echo(f"  observations  {sum(told.values()):,} in {len(told)} files")
    for file, count in told.items():
        click.echo(f"    {file:<28}{count:>12,}")
    click.echo(f"Now: truceline run {done.out}")
    click.echo(f"The truth is sealed in {done.out / 'truth'}; only `truceline score` opens it.")


def _list(as_json: bool) -> None:
    from truceline.simulation import scenario as scenarios

    found = [scenarios.load(name) for name in scenarios.names()]
    if as_json:
        print_json(
            [
                {
                    "scenario": s.name,
                    "title": s.title,
                    "says": s.says,
                    "days": (s.to_s - s.from_s) / 86_400,
                }
                for s in found
            ]
        )
        return
    rows = [(s.name, round((s.to_s - s.from_s) / 86_400), s.says) for s in found]
    print_table("Scenarios", ("scenario", "days", "what it is for"), rows)
