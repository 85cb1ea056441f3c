"""A mission computes, and publishes, what the mandate allows, and says what it left undone and why."""

import shutil

import pytest

from truceline.model.errors import PublicationError
from truceline.pipeline import mission as missions
from truceline.pipeline.dossier import dossier
from truceline.pipeline.line import compute, known_at
from truceline.pipeline.reporting import release
from truceline.pipeline.run import open_record, take_in_with

WITHHELD = """
mandate:
  withheld:
    - {act: attribute, article: Article 9, because: responsibility is for the commission}
    - {act: find, article: Article 7}
    - {act: publish, article: Article 4, because: reports go to the parties}
"""


@pytest.fixture
def mandated(project_root, tmp_path):
    target = tmp_path / "m"
    ignored = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", target, ignore=ignored)
    with (target / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as text:
        text.write(WITHHELD)
    return target


def test_what_nobody_may_do_is_not_computed_and_the_limits_say_by_which_article(mandated):
    mission = missions.load(mandated)
    with open_record(mission) as record:
        take_in_with(mission, record, lambda _: None)
        line = compute(mission, known_at(mission, record))
    assert line.fusion.acts.num_rows
    for table in (line.findings, line.attributions, line.evidence, line.remedies):
        assert table.num_rows == 0
    limits = dossier(mission, line).limits
    assert limits[: len(mission.limits)] == mission.limits
    assert limits[len(mission.limits) :] == (
        "Not computed: no act, holding or omission was held against a clause "
        "(withheld by Article 7).",
        "Not computed: no author was weighed for any act "
        "(withheld by Article 9: responsibility is for the commission).",
    )


def test_what_may_not_be_published_is_not(mandated):
    with pytest.raises(PublicationError, match="withheld by Article 4: reports go to the parties"):
        release(mandated, view="public")
    assert not (mandated / "release").exists()
    assert not (mandated / "record").exists()
