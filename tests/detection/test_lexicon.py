"""The word lists are even: between the sides, and between the languages in what tells a side."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

CONTENT: dict[str, Any] = tomllib.loads(
    files("truceline.detection.text").joinpath("lexicon.toml").read_text(encoding="utf-8")
)
SIDES = ("russia", "ukraine")


def table() -> list[str]:
    """How many words each side has of each kind, and how many notions stand in all languages."""
    lines = ["| names of | Russia | Ukraine |", "|---|---|---|"]
    for part in ("nouns", "organs"):
        kinds = dict.fromkeys(k for side in SIDES for k in CONTENT["side"][side][part])
        for kind in kinds:
            counts = [len(CONTENT["side"][side][part].get(kind, [])) for side in SIDES]
            lines.append(f"| {part}: {kind} | {counts[0]} | {counts[1]} |")
    for name, lists in (
        ("adjectives", [CONTENT["side"][side]["adjectives"] for side in SIDES]),
        ("officials, seven offices",
         [[n for o in CONTENT["officials"].values() for n in o[side]] for side in SIDES]),
        ("organs of regions that one side alone has",
         [CONTENT["side"][side]["regional_organs"] for side in SIDES]),
    ):  # fmt: skip
        lines.append(f"| {name} | {len(lists[0])} | {len(lists[1])} |")
    lines += ["", "| words that | Ukrainian | Russian | English |", "|---|---|---|---|"]
    for tag, rows in CONTENT["alike"].items():
        counts = [sum(len(row[at].split()) for row in rows) for at in range(3)]
        lines.append(f"| `{tag}` | {counts[0]} | {counts[1]} | {counts[2]} |")
    return lines


def test_the_page_states_how_many_words_each_side_and_language_has(project_root: Path) -> None:
    page = (project_root / "docs" / "explanation" / "reading-text.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in page


@pytest.mark.parametrize("tag", CONTENT["alike"])
def test_no_notion_lacks_a_language(tag: str) -> None:
    for row in CONTENT["alike"][tag]:
        assert len(row) == 3
        assert all(words.split() for words in row), row


def test_both_sides_have_the_same_offices_and_the_same_kinds_of_names() -> None:
    assert len(CONTENT["officials"]) == 7
    assert all(office[side] for office in CONTENT["officials"].values() for side in SIDES)
    kinds = [set(CONTENT["side"][side]["nouns"]) for side in SIDES]
    assert kinds[0] == kinds[1]


def test_no_word_names_a_side_and_an_adversary() -> None:
    named = {
        w.removeprefix("=")
        for side in SIDES
        for part in ("nouns", "organs")
        for words in CONTENT["side"][side][part].values()
        for w in words
    }
    unnamed = {
        word.removeprefix("=")
        for tag in ("rival", "loaded", "ours", "defender")
        for row in CONTENT["alike"][tag]
        for words in row
        for word in words.split()
    }
    assert not {(n, u) for n in named for u in unnamed if n.startswith(u) or u.startswith(n)}
