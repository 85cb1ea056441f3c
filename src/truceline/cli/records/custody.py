"""`truceline record custody`: who held an exhibit, step by step."""

from dataclasses import asdict
from pathlib import Path

import click

from truceline.cli.show import json_option, print_json


@click.command("custody", short_help="List the exhibits, or tell each step of one's custody.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("digits", metavar="[SHA256]", required=False)
@json_option
def command(mission: Path, digits: str | None, as_json: bool) -> None:
    """Tell each step of an exhibit's custody in MISSION; without SHA256 list the exhibits."""
    from truceline.record.custody import chain, exhibit_of, known_exhibits
    from truceline.record.store import Record

    with Record.open(mission / "record", read_only=True) as record:
        if digits is None:
            known = sorted(known_exhibits(record).items(), key=lambda item: (item[1], item[0]))
            if as_json:
                print_json([{"sha256": digest, "name": name} for digest, name in known])
                return
            for digest, name in known:  # a line each: a digest that is folded cannot be copied
                click.echo(f"{digest}  {name}")
            return
        sha256 = exhibit_of(record, digits)
        steps = chain(record, sha256)
    if as_json:
        print_json({"sha256": sha256, "steps": [asdict(step) for step in steps]})
        return
    click.echo(f"exhibit {sha256}")
    for step in steps:
        place = "no entry" if step.entry is None else f"entry {step.entry}"
        parts = [f"{step.act} by {step.by}"]
        parts += [step.how] if step.how else []
        parts += [f"to {step.to}"] if step.to else []
        parts += [f"of {step.other}"] if step.other else []
        parts += [step.why] if step.why else []
        back = "; the clock went back here, trust the order" if step.clock_went_back else ""
        click.echo(f"{place}, {step.at}: {', '.join(parts)}{back}")
