"""What commands share: progress on anything long, JSON for machines, tables for people."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import click

from truceline.model.errors import InputError
from truceline.model.wording import counted as counted

# A day alone, which Python would read as a day and an hour where an offset follows it.
_DAY = re.compile(r"\s*(?P<day>\d{4}-\d{2}-\d{2})\s*(?P<offset>[+-]\d{2}(?::?\d{2})?|[Zz])?\s*")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for index, name in enumerate(header):
        right = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(
            *(
                "" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)
                for cell in row
            )
        )
    Console(soft_wrap=False).print(table)


@contextmanager
def stages(*, quiet: bool = False, after_s: float = 0.0) -> Iterator[Callable[[str], None]]:
    """A progress line on standard error that names the stage at work and how long it takes.

    What is done within `after_s` seconds shows nothing.
    """
    if quiet or not sys.stderr.isatty():
        began = time.monotonic()

        def note(text: str) -> None:
            if not quiet and time.monotonic() - began >= after_s:
                click.echo(f"[{time.monotonic() - began:6.1f} s] {text}", err=True)

        yield note
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("starting", total=None)
    patience = threading.Timer(after_s, progress.start)
    patience.start()
    try:
        yield lambda text: progress.update(task, description=text)
    finally:
        patience.cancel()
        patience.join()
        progress.stop()


def instant(text: str | None) -> datetime | None:
    """The instant that a person typed; it must carry a zone.

    Examples
    --------
    >>> instant("2025-04-19T18:00+03:00").isoformat()
    '2025-04-19T15:00:00+00:00'
    >>> instant("2025-04-19 18:00")
    Traceback (most recent call last):
    truceline.model.errors.InputError: '2025-04-19 18:00' has no time zone; write 2025-04-19 18:00+03:00 or end it with Z
    >>> instant("2025-04-19+03:00")
    Traceback (most recent call last):
    truceline.model.errors.InputError: '2025-04-19+03:00' has no hour; write 2025-04-19T18:00+03:00
    """
    if text is None:
        return None
    if day := _DAY.fullmatch(text):
        offset, lacks = day["offset"], "no hour" if day["offset"] else "no hour and no time zone"
        msg = f"{text!r} has {lacks}; write {day['day']}T18:00{offset or '+03:00'}"
        raise InputError(msg)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        msg = f"{text!r} is not an instant; write 2025-04-19T18:00+03:00"
        raise InputError(msg) from exc
    if at.tzinfo is None:
        msg = f"{text!r} has no time zone; write {text}+03:00 or end it with Z"
        raise InputError(msg)
    return at.astimezone(UTC)


def day_of(text: str | None) -> date | None:
    """The day that a person typed.

    Examples
    --------
    >>> day_of("2025-02-07").isoformat()
    '2025-02-07'
    >>> day_of("2025-02-30")
    Traceback (most recent call last):
    truceline.model.errors.InputError: '2025-02-30' is no day of the calendar; write it as 2025-02-07
    >>> day_of("07.02.2025")
    Traceback (most recent call last):
    truceline.model.errors.InputError: '07.02.2025' is no day of the calendar; write it as 2025-02-07
    """
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)  # 20250207 and 2025-W06-5 are days too, and misread too easily
        return date.fromisoformat(text)
    except ValueError as exc:
        msg = f"{text!r} is no day of the calendar; write it as 2025-02-07"
        raise InputError(msg) from exc


def pairs(values: Mapping[str, Any], empty: str = "none") -> str:
    """`violation 12, compliant 3`, most first.

    Examples
    --------
    >>> pairs({"compliant": 3, "violation": 12})
    'violation 12, compliant 3'
    """
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in ordered) or empty
