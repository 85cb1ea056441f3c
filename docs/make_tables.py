"""Write the generated pages: every plug-in by its descriptor, every scenario, every number of the world.

Run `python docs/make_tables.py` after one of them changes; a test says when a page is stale.
"""

import inspect
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from truceline.cases.book import KINDS as MOVES
from truceline.cases.shelf import OPENERS
from truceline.pipeline import plugins
from truceline.simulation import scenario as scenarios
from truceline.simulation.world.truce import SECTIONS as WORLD
from truceline.simulation.world.truce import numbers_of

PAGE = Path(__file__).parent / "reference" / "plug-ins.md"
HEAD = """\
# Every plug-in

Made from the descriptors by `python docs/make_tables.py`; change the descriptor, not this page. `truceline feeds NAME` tells more of a feed.
"""
SCENARIOS_PAGE = PAGE.with_name("scenarios.md")
SCENARIOS_HEAD = """\
# Scenarios

Made from the files by `python docs/make_tables.py`; change `simulation/scenarios/NAME.yaml`, not this page.
[How to simulate a truce](../how-to/simulate-a-truce.md) says how they are used. All parties and all truces in them are made up.

*Beyond fusion* names the families of errors and copying that fusion's model does not have. *Guarantee* says whether the bound on
wrong attributions is claimed there; where it is not, the scenario is stress.
"""
WORLD_HEAD = """\
## What a scenario may change

Under `world:`, by section. What stands here holds where a scenario says nothing; the reason is the comment beside the number in
`simulation/world`. Observers' numbers stand in [observers](observers.md).
"""
MOVES_PAGE = PAGE.with_name("case-moves.md")
MOVES_HEAD = """\
# Moves of a case

Made from the descriptors by `python docs/make_tables.py`; change `cases/moves`, not this page. [What people decide](../explanation/cases.md)
says why the rules are as they are, [how to walk a case](../how-to/walk-a-case.md) shows them at work. A move is an entry of the record of
kind `case_move`: its actor is the office, its payload holds `case`, `move`, `body`, `reason`, `reading`, `cites`, `accounts` (of the cited
observations: digests that tell whether two are one voice, and whether the mission saw it itself) and `says`, the fields below.

Fields in brackets may be left out. The digest of counts is filled in by the command. Who may make a move is a role; an office has one.
"""
_NUMBER = re.compile(r'^    "(?P<name>\w+)": (?P<value>.+?),  # (?P<why>.+)$', re.MULTILINE)
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


def scenarios_page() -> str:
    """The page of scenarios."""
    found = [scenarios.load(name) for name in scenarios.names()]
    rows = [
        [
            f"`{one.name}`",
            f"{(one.to_s - one.from_s) / 86_400:g}",
            f"{numbers_of(one, 'ground')['length_km']:g}",
            ", ".join(one.misfit) or "none",
            "yes" if one.is_exchangeable else "no: stress",
            cell(one.says),
        ]
        for one in found
    ]
    header = ["name", "days", "line, km", "beyond fusion", "guarantee", "what it is for"]
    parts = [SCENARIOS_HEAD, *table(header, rows), "", WORLD_HEAD]
    for section_, usual in WORLD.items():
        parts += [
            f"### {section_}",
            "",
            *table(["number", "usual", "why"], _whys(section_, usual)),
            "",
        ]
    return "\n".join(parts)


def moves_page() -> str:
    """The page of the moves of a case, and of what proposes one."""
    rows = [
        [
            f"`{kind.name}`",
            cell(kind.summary),
            ", ".join(sorted(kind.roles)),
            cell("; ".join(_field(name, field) for name, field in kind.says.items())),
        ]
        for kind in MOVES.values()
    ]
    opening = [[f"`{opener.name}`", cell(opener.summary)] for opener in OPENERS]
    parts = [MOVES_HEAD, *table(["move", "what it does", "roles", "fields"], rows), ""]
    parts += [
        "## What proposes a case",
        "",
        "`truceline case propose` names these; people open.",
        "",
    ]
    return "\n".join([*parts, *table(["because", "when"], opening), ""])


def _field(name: str, field: Any) -> str:
    among = f" ({', '.join(field.among)})" if field.among else ""
    told = f"`{name}` {field.what}{among}"
    return told if field.is_required else f"[{told}]"


def _whys(name: str, usual: dict[str, Any]) -> list[list[str]]:
    """The numbers of a section, each with the comment beside it."""
    if name == "sides":
        return [["`mirror`", "`False`", "exchanges the sides, and nothing else"]]
    source = inspect.getsource(import_module(f"truceline.simulation.world.{name}"))
    stated = {m["name"]: m["why"] for m in _NUMBER.finditer(source)}
    return [[f"`{key}`", f"`{value}`", cell(stated.get(key, ""))] for key, value in usual.items()]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def cell(value: Any) -> str:
    """Text that stays in its cell."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCENARIOS_PAGE.write_text(scenarios_page(), encoding="utf-8")
    MOVES_PAGE.write_text(moves_page(), encoding="utf-8")
