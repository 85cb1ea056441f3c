"""Ukrainian forms are told by endings and by the forms of the lexicon's own words: no dictionary."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

from truceline.detection.text.reading import read_text
from truceline.detection.text.ukrainian import ending_of, forms_of
from truceline.detection.text.words import classify, lexicon


@pytest.mark.parametrize(
    ("form", "part", "case"),
    [
        ("обстріляли", "V", ""), ("атакував", "V", ""), ("поранено", "V", ""), ("захопити", "V", ""),
        ("вибухнула", "V", ""), ("летів", "V", ""), ("ударів", "N", "g"), ("боїв", "N", "g"),
        ("обстріли", "N", "n"), ("сили", "N", "n"), ("ракети", "N", "g"), ("росіяни", "N", "n"),
        ("росіян", "N", "g"), ("окупантів", "N", "g"), ("україни", "N", "g"), ("дронами", "N", "i"),
        ("дроном", "N", "i"), ("російська", "A", "n"), ("російської", "A", "g"), ("ворожа", "A", "n"),
        ("масований", "A", "n"), ("серед", "O", ""), ("після", "O", ""), ("найчастіше", "O", ""),
    ],
)  # fmt: skip
def test_an_ending_tells_part_and_case(form: str, part: str, case: str) -> None:
    told = ending_of(form)
    assert told.part == part
    assert case in told.cases


def test_the_nominative_tells_who_acts_from_who_is_acted_upon() -> None:
    for acts, acted_upon in (("росіяни", "росіян"), ("україна", "україну"), ("ворог", "ворога")):
        assert "n" in ending_of(acts).cases
        assert "n" not in ending_of(acted_upon).cases


@pytest.mark.parametrize(
    ("form", "tag"),
    [("боєм", "fight"), ("середу", "weekday"), ("п'ятницю", "weekday"), ("прильотів", "hit"),
     ("добою", "day_period"), ("тижня", "per_period"), ("тилу", "position_word")],
)  # fmt: skip
def test_forms_of_the_lexicons_whole_words_are_known(form: str, tag: str) -> None:
    assert tag in classify(form, "uk").tags


def test_among_is_no_wednesday() -> None:
    assert "серед" not in forms_of("середа")
    assert "weekday" not in read_text("Обстріляли Суми, серед поранених діти", None).sentence.tags


def test_every_whole_word_is_a_form_of_itself() -> None:
    assert all(word in lexicon().declined[word] for word in lexicon().exact)


def requirements(name: str, seen: dict[str, importlib.metadata.Distribution]) -> None:
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return  # a requirement of other platforms or Pythons
    seen[name] = found
    for line in found.requires or ():
        wanted = re.match(r"[\w.-]+", line)
        if "extra ==" not in line and wanted is not None and wanted[0].lower() not in seen:
            requirements(wanted[0].lower(), seen)


def test_nothing_that_truceline_needs_states_the_gpl(project_root: Path) -> None:
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))
    seen: dict[str, importlib.metadata.Distribution] = {}
    for line in project["project"]["dependencies"]:
        wanted = re.match(r"[\w.-]+", line)
        assert wanted is not None
        requirements(wanted[0].lower(), seen)
    assert {"numpy", "pymorphy3", "pymorphy3-dicts-ru"} <= seen.keys()
    for name, found in seen.items():
        stated = [found.metadata.get("License-Expression"), found.metadata.get("License")]
        stated += found.metadata.get_all("Classifier") or []
        said = " ".join(text.splitlines()[0] for text in stated if text)
        assert not re.search(r"\bA?GPL|GNU (?:Affero )?General Public", said), name
