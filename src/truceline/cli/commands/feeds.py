"""`truceline feeds`: what this installation can read."""

import click

from truceline.cli.show import json_option, print_json


@click.command("feeds")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """List every feed, or tell all about the one called NAME."""
    from truceline.model.errors import InputError
    from truceline.pipeline import plugins

    feeds = plugins.load("feeds")
    if name is not None and name not in feeds:
        msg = f"no feed is called {name!r}; there are {', '.join(feeds)}"
        raise InputError(msg)
    chosen = [feeds[name]] if name else list(feeds.values())
    told = [
        {
            key: getattr(feed, key)
            for key in ("name", "summary", "publisher", "method", "limitation", "licence")
        }
        for feed in chosen
    ]
    if as_json:
        print_json(told)
        return
    for feed in told:
        click.secho(feed["name"], bold=True, nl=False)
        click.echo(f"  {feed['summary']}")
        for key in ("publisher", "method", "limitation", "licence"):
            if name is not None or key in {"limitation", "licence"}:
                click.echo(f"    {key:<11} {feed[key]}")
