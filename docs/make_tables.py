"""Write `reference/plug-ins.md`: every plug-in of this installation, from its descriptor.

Run `python docs/make_tables.py` after a descriptor changes; a test says when the page is stale.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from truceline.pipeline import plugins

PAGE = Path(__file__).parent / "reference" / "plug-ins.md"
HEAD = """\
# Every plug-in

Made from the descriptors by `python docs/make_tables.py`; change the descriptor, not this page. `truceline feeds NAME` tells more of a feed.
"""
SECTIONS = (
    ("feeds", "Feeds", "feeds.md", ("summary", "limitation", "licence")),
    ("clauses", "Clause kinds", "clause-kinds.md", ("summary",)),
    ("counting", "Counting rules", "counting-rules.md", ("summary",)),
    ("evidence", "Kinds of evidence", "evidence-kinds.md", ("summary", "limitation")),
    ("measures", "Measures", "measures.md", ("summary", "limitation")),
    ("formats", "Report formats", "report-formats.md", ("summary", "suffix")),
    ("observers", "Observers", "observers.md", ("source_kind", "feed", "family")),
)
"""Kind, title, contract page, and the fields of the descriptor that the table shows."""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(*part) for part in SECTIONS)])


def section(kind: str, title: str, contract: str, columns: Sequence[str]) -> str:
    """One kind: its contract page, and a row for each plug-in."""
    rows = [
        [f"`{name}`", *(cell(getattr(descriptor, column)) for column in columns)]
        for name, descriptor in plugins.load(kind).items()
    ]
    what = plugins.KINDS[kind]
    intro = f"[The contract]({contract}) · entry-point group `{what.folder}` · descriptor `{what.constant}`"
    return "\n".join([f"## {title}", "", intro, "", *table(["name", *columns], rows), ""])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def cell(value: Any) -> str:
    """Text that stays in its cell."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
