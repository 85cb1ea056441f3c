"""`truceline record`: look at the record, and check every hash in it."""

import importlib
import pkgutil

import click

from truceline.cli import records


class Subcommands(click.Group):
    """A group whose commands are the files of `cli/records`, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every subcommand, by name."""
        return sorted(module.name for module in pkgutil.iter_modules(records.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The subcommand, from its file."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{records.__name__}.{name}").command
        return command


@click.group("record", cls=Subcommands)
def command() -> None:
    """Look at the record and check it. Nothing here can change an entry."""
