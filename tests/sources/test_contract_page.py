"""The contract page says what is there, and its example runs."""

import importlib
import pkgutil
import re
from pathlib import Path

from truceline.model.vocabulary import Means, SourceKind
from truceline.sources import feeds
from truceline.sources.conformance import check
from truceline.sources.feeds import camera_log, casualties, civilian_harm, hotline, uav_log, windows
from truceline.sources.feeds.observations import OPTIONAL, REQUIRED
from truceline.sources.harm import HARMED, OBJECTS
from truceline.sources.watch_log import SHARED, STATES
from truceline.sources.words import ANSWERS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "feeds.md").read_text(encoding="utf-8")
TEMPLATE = (REFERENCE / "observation-template.md").read_text(encoding="utf-8")


def test_the_whole_feed_of_the_page_keeps_the_contract() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict = {}
    exec(compile(code, "feeds.md", "exec"), space)
    assert check(space["FEED"]) == []


def test_the_page_lists_every_feed_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.split("## What `read`")[0], re.MULTILINE)
    assert sorted(listed) == sorted(module.name for module in pkgutil.iter_modules(feeds.__path__))


def test_the_page_s_modules_exist() -> None:
    rows = PAGE.split("## What stands ready")[1].splitlines()
    first = [row.split("|")[1] for row in rows if row.startswith("| `")]
    names = re.findall(r"`(\w+)`", " ".join(first).replace("`truceline.sources`", ""))
    assert len(names) > 15
    for name in names:
        importlib.import_module(f"truceline.sources.{name}")


def test_the_template_page_lists_every_column_and_stored_word() -> None:
    listed = re.findall(r"`(\w+)`", " ".join(
        row.split("|")[1] for row in TEMPLATE.split("## Times")[0].splitlines()
        if row.startswith("| `")
    ))  # fmt: skip
    assert sorted(listed) == sorted(REQUIRED + OPTIONAL)
    for word in (*SourceKind, *Means):
        assert word in TEMPLATE


def test_the_rows_of_the_template_page_are_read(take) -> None:
    (block,) = re.findall(r"```\n(observation_id.*?)```", TEMPLATE, re.DOTALL)
    reading = take("observations", block)
    assert (reading.taken, reading.refused) == (2, ())


def test_the_page_lists_every_column_and_word_of_the_desk_s_templates() -> None:
    section = PAGE.split("## Columns of the desk's templates")[1].split("## What stands ready")[0]
    listed = {
        name: set(re.findall(r"`(\w+)`", cells))
        for name, cells in re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE)
    }
    for module in (casualties, civilian_harm, hotline, windows):
        assert listed[module.FEED.name] == set(module.COLUMNS)
    for log in (camera_log.LOG, uav_log.LOG):
        assert listed[log.feed] == {*SHARED, log.sensor, *log.columns}
    assert listed["harmed"] == set(OBJECTS)
    assert listed["answer"] == set(ANSWERS)
    assert listed["harm"] == set(HARMED)
    assert set(STATES) <= set(re.findall(r"`(\w+)`", section))
