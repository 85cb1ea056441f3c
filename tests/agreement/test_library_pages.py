"""Every shipped agreement has a page, and the page explains exactly what `truceline check` says of it."""

import re
from pathlib import Path

import pytest

from truceline.agreement.load import library_names, load
from truceline.pipeline.checking import check_target

PAGES = Path(__file__).resolve().parents[2] / "docs" / "agreements"
NAMES = library_names()
_ROW = re.compile(r"^\| (note|warning|error) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def section(name: str, heading: str) -> str:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert found, f"{name}.md has no section `## {heading}`"
    return found[1]


def explained(name: str) -> list[tuple[str, re.Pattern[str]]]:
    """Grade and message of each row; three dots stand for anything."""
    return [
        (grade, re.compile(".+".join(map(re.escape, message.replace("`", "").split("...")))))
        for grade, message, _ in _ROW.findall(section(name, "What check says"))
    ]


def said(name: str) -> list[tuple[str, str]]:
    return [
        (each.severity, each.message.replace("`", "")) for each in check_target(Path(name)).problems
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_explains_what_check_says_and_nothing_else(name):
    rows, problems = explained(name), said(name)
    assert "error" not in {grade for grade, _ in problems}
    unexplained = [
        (grade, text)
        for grade, text in problems
        if not any(grade == own and pattern.fullmatch(text) for own, pattern in rows)
    ]
    assert unexplained == []
    idle = [
        pattern.pattern
        for own, pattern in rows
        if not any(grade == own and pattern.fullmatch(text) for grade, text in problems)
    ]
    assert idle == []


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_is_not_encoded_and_where_it_was_read(name):
    assert section(name, "What is encoded").strip()
    assert section(name, "What is not, and why").strip()
    assert f"`truceline check {name}`" in section(name, "What check says")


@pytest.mark.parametrize("name", NAMES)
def test_the_index_lists_every_agreement_once_in_the_table_and_once_in_the_tree(name):
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert index.count(f"| [{name}]({name}.md) |") == 1
    assert len(re.findall(rf"^{re.escape(name)}$", index, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_stands_on_the_page(name):
    told = section(name, "What is encoded")
    plain = {each.clause_id.partition("@")[0] for each in load(name).clauses}
    assert sorted(each for each in plain if f"`{each}`" not in told) == []
