"""`truceline diff`: two agreements side by side, clause by clause."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from truceline.cli.show import json_option, print_json, print_table

if TYPE_CHECKING:
    from truceline.agreement.difference import Change, Difference


@click.command("diff")
@click.argument("first")
@click.argument("second")
@json_option
def command(first: str, second: str, as_json: bool) -> None:
    """Compare two agreements, FIRST and SECOND: paths or names of the library.

    Each may end in `@VERSION`, and a version in `+VARIANT`: minsk-2@2015-02-12 minsk-2. Clauses that were
    added, removed, renamed or changed are listed, with every term, period, exception, reading and
    figure that differs side by side.
    """
    from truceline.agreement.difference import difference, named

    found = difference(named(first), named(second))
    if as_json:
        print_json(asdict(found))
    else:
        _show(found)


def _show(found: "Difference") -> None:
    for label, is_hypothetical in zip(
        (found.first, found.second), found.is_hypothetical, strict=True
    ):
        click.echo(f"{label}{' (hypothetical: nobody agreed to it)' if is_hypothetical else ''}")
    if found.whole:
        click.echo("\nthe text as a whole")
        _changes(found, found.whole)
    for each in found.clauses:
        earlier = f" (was {each.earlier_id})" if each.what == "renamed" else ""
        click.echo(f"\n{each.what}: {each.clause_id}{earlier}, {each.article}: {each.title}")
        _changes(found, each.changes)
    click.echo(f"\n{len(found.clauses)} clauses differ, {len(found.unchanged)} are alike")


def _changes(found: "Difference", changes: "tuple[Change, ...]") -> None:
    header = ("", found.first, found.second)
    print_table("", header, [(each.field, each.first, each.second) for each in changes])
