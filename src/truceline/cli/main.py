"""The `truceline` command. Commands are imported only when called, so that `--help` is quick."""

import importlib
import sys
from collections.abc import Mapping

import click

from truceline.model import errors

EXIT_CODES: Mapping[int, str] = {
    0: "done",
    1: "done, and check found an error, or with --strict a refused row",
    2: "the command, a file or a setting cannot be used as it is",
    3: "the record cannot be read or written, or does not verify",
    4: "a plug-in is broken",
    5: "a release would break a red line; nothing was released",
    6: "the rules of casework do not allow the move; nothing was written",
    7: "signed, and a witness says that it holds another history of this log",
}
"""What the exit codes of every command mean."""

COMMANDS: Mapping[str, str] = {
    "init": "Make a new mission folder.",
    "check": "Validate and lint an agreement or a mission.",
    "diff": "Compare two agreements clause by clause.",
    "feeds": "List every feed, with its limitation and licence.",
    "ingest": "Take raw material into the record.",
    "run": "Run the whole line over a mission.",
    "fuse": "Fuse plain observation files into incidents, alone.",
    "explain": "Tell the whole story of one id, from bytes to remedy.",
    "case": "Work on cases: open, verify, notify, rule; move by move.",
    "bundle": "Hand a case over so that anybody can check it, without a network.",
    "report": "Release a report; the only way out.",
    "score": "Score a run against a known truth.",
    "record": "Look at the record and check every hash in it.",
    "simulate": "Write a made-up mission whose truth is known.",
    "warm": "Compile the numeric kernels ahead of time.",
}


class Commands(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, from its file."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"truceline.cli.commands.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of `--help`, without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), what) for code, what in EXIT_CODES.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="truceline")
def group() -> None:
    """Truceline: from what was seen of a truce to what may be said about it.

    observation -> incident -> finding -> attribution -> remedy -> report
    """


def main() -> None:
    """Run the command line; every error of ours becomes one message and one exit code."""
    try:
        # Without standalone mode a command's exit code comes back as the value of the call.
        sys.exit(group(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("truceline: stopped", err=True)
        sys.exit(130)
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except errors.TrucelineError as exc:
        click.echo(f"truceline: {exc}", err=True)
        sys.exit(exit_code(exc))
    except BrokenPipeError:
        sys.exit(0)


def exit_code(exc: errors.TrucelineError) -> int:
    """The exit code of an error.

    Examples
    --------
    >>> exit_code(errors.SourceError("half a line"))
    2
    >>> exit_code(errors.IntegrityError("a byte differs"))
    3
    """
    if isinstance(exc, errors.RecordError):
        return 3
    if isinstance(exc, errors.PluginError):
        return 4
    if isinstance(exc, errors.PublicationError):
        return 5
    return 2


if __name__ == "__main__":
    main()
