"""Fusion against links that people made, and against lists that others simulated."""

import csv
import importlib.util
import shutil
from collections import Counter
from pathlib import Path

import pytest

from truceline.pipeline.labels import score_labels

pytestmark = pytest.mark.shared
_spec = importlib.util.spec_from_file_location(
    "real_truth", Path(__file__).with_name("real_truth.py")
)
real_truth = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(real_truth)


@pytest.fixture
def ucdp(shared_data):
    return shared_data / "ucdp-ged-ukraine"


@pytest.fixture
def crashes(shared_data):
    return real_truth.crash_list(shared_data / "meltt" / "crashMD.rda")


def scored(folder, rows, labels, zone):
    observations, members = real_truth.write(folder, rows, labels)
    return score_labels([observations], members, zone=zone)["line"]["incidents"]


def test_three_simulated_lists_of_crashes_are_integrated(tmp_path, crashes):
    """Places to a kilometre and days off by one; neither vehicles nor colours are given."""
    rows, labels = crashes
    scores = scored(tmp_path, rows, labels, "America/New_York")
    assert scores["hard"]["pair_f1"]["value"] >= 0.85
    assert scores["hard"]["bcubed"]["value"] >= 0.95
    assert scores["found"]["rate"]["value"] >= 0.9


def test_the_lists_betray_their_copies_without_doubt_and_observations_do_not(crashes):
    rows, labels = crashes
    assert Counter(Counter(labels).values()) == {1: 100, 2: 10, 3: 25}
    kept = [row["lat"] + row["lon"] for row in rows]
    assert all(len(text.replace("-", "").replace(".", "")) == 8 for text in kept)


def test_articles_are_joined_by_what_their_headlines_say(tmp_path, ucdp):
    """Far below what place and time give: see what docs/how-to/score-a-run.md says of it."""
    links = real_truth.of_one_event(real_truth.article_links(ucdp))
    scores = scored(tmp_path, *real_truth.labelled_articles(links), "Europe/Kyiv")
    assert scores["hard"]["pair_f1"]["value"] >= 0.15
    assert scores["hard"]["bcubed"]["value"] >= 0.7


def test_links_are_those_of_the_file_collapsed(ucdp):
    links = real_truth.article_links(ucdp)
    assert len(links) == len(set(links)) == 2453
    assert len(real_truth.of_one_event(links)) == 1485


def test_nothing_of_an_event_enters_an_observation(tmp_path, ucdp):
    """Every event under another name, and no file of events beside: the same observations."""
    links = real_truth.article_links(ucdp)
    events = sorted({link[0] for link in links})
    other = dict(zip(events, reversed(events), strict=True))
    shutil.copy(ucdp / "Source.csv", tmp_path / "original.csv")
    with (tmp_path / "original.csv").open(encoding="cp1251", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "Source.csv").open("w", encoding="cp1251", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "event_id": other.get(row["event_id"], "0")} for row in rows)
    own, labels = real_truth.labelled_articles(links)
    scrambled, others = real_truth.labelled_articles(real_truth.article_links(tmp_path))
    assert own == scrambled
    assert labels != others
    assert {name for row in own for name in row} == {
        "observation_id", "source", "source_kind", "began", "text",
    }  # fmt: skip
