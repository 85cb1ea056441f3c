"""`truceline explain` tells a whole story, and every number in it leads to preserved bytes."""

import csv
import re
import shutil

import pytest

from truceline.model.errors import InputError
from truceline.pipeline.run import run
from truceline.pipeline.telling import tell
from truceline.record.store import Record


@pytest.fixture(scope="module")
def mission(tmp_path_factory):
    from pathlib import Path

    source = Path(__file__).resolve().parents[2] / "examples" / "known-answers"
    target = tmp_path_factory.mktemp("story") / "m"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("out", "record", "release"))
    run(target)
    return target


def ids(mission, table, column):
    with (mission / "out" / table).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("acts.csv", "act_id"),
        ("acts.csv", "incident_id"),
        ("members.csv", "observation_id"),
        ("findings.csv", "finding_id"),
        ("remedies.csv", "remedy_id"),
    ],
)
def test_every_number_of_every_story_resolves_to_exhibit_bytes(mission, table, column):
    told = 0
    for identifier in ids(mission, table, column):
        story = tell(mission, identifier)
        preserved = {b.observation_id: b for b in story.exhibits}
        with Record.open(mission / "record", read_only=True) as record:
            for b in story.exhibits:
                lines = record.exhibit_bytes(b.sha256).decode("utf-8").splitlines()
                assert b.excerpt == lines[b.line - 1][: len(b.excerpt)]
                assert b.observation_id in lines[b.line - 1]
        for chapter in story.chapters:
            for sentence in chapter.sentences:
                if re.search(r"\d", sentence.text):
                    assert sentence.observations, sentence.text
                    assert set(sentence.observations) <= preserved.keys(), sentence.text
                    told += 1
    assert told > 20


def test_the_reports_figures_are_the_figures_of_the_bytes(mission):
    """What the first chapter says of a report stands in that report's own line."""
    story = tell(mission, "ka-01-a")
    line = story.exhibits[0].excerpt
    first = story.chapters[0].sentences[0].text
    assert "30.3000, -39.9750" in first
    assert "30.3,-39.975" in line
    assert "2031-05-02 10:00:00" in first
    assert "2031-05-02T10:00:00Z" in line


def test_a_story_runs_from_bytes_to_remedy_in_order(mission):
    weapons = dict(
        zip(ids(mission, "acts.csv", "weapon"), ids(mission, "acts.csv", "act_id"), strict=True)
    )
    act = weapons["howitzer 152 mm"]
    titles = [chapter.title for chapter in tell(mission, act).chapters]
    assert titles == [
        "What was received",
        "What happened",
        "Which clause",
        "Who",
        "What may follow",
    ]


def test_the_text_says_no_percentage_of_guilt(mission):
    for act in ids(mission, "acts.csv", "act_id"):
        who = [c for c in tell(mission, act).chapters if c.title == "Who"]
        assert all("%" not in s.text for c in who for s in c.sentences)


def test_an_unknown_id_says_where_ids_stand(mission):
    with pytest.raises(InputError, match=r"members\.csv, acts\.csv, findings\.csv"):
        tell(mission, "i-0000000000000000")


def test_without_a_run_the_story_says_what_to_do(mission, tmp_path):
    with pytest.raises(InputError, match="truceline run"):
        tell(mission, "ka-01-a", out=tmp_path)


def test_a_finding_on_an_omission_is_told_by_its_own_id_and_by_that_of_the_missed_date(
    mission, tmp_path
):
    """Nobody's report tells of what was not done: the story is the clause, the date and the verdict."""
    folder = tmp_path / "m"
    shutil.copytree(mission, folder)
    path = folder / "out" / "findings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    trace = "kind=declare;due=2026-01-06T00:00:00+00:00;done=no"
    row = first | {
        "finding_id": "f-0000000000000000", "subject_kind": "omission",
        "subject_id": "o-0000000000000000", "trace": trace, "margin_m": "", "margin_s": "",
    }  # fmt: skip
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(first)).writerow(row)
    for identifier in (row["finding_id"], row["subject_id"]):
        chapter, who = tell(folder, identifier).chapters
        assert "so no author is sought" in who.sentences[0].text
        assert f"Of {first['party']}, {first['clause_id']}" in chapter.sentences[0].text
        assert "Nothing in the record shows that it was done in time." in chapter.sentences[0].text
