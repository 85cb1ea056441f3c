"""Write the generated pages: every plug-in by its descriptor, every scenario, every number of the world.

Run `python docs/make_tables.py` after one of them changes; a test says when a page is stale.
"""

import inspect
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

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
