"""The stories of monitors kept out, and of a duty, lead from the bytes to whose it was."""

import csv
import shutil

import pytest
import yaml

from truceline.pipeline.run import run
from truceline.pipeline.telling import tell

DENIALS = """\
exposure_id,source,kind,began,ended,lat,lon,radius_m,obstructed_by,controller,status,minutes_lost,reason
d-1,patrol 1,access_denial,2031-05-04T09:00Z,2031-05-04T10:00Z,30.4,-40.06,40,WEST,EAST,denied,60,Orders.
d-2,patrol 2,access_denial,2031-05-05T09:00Z,2031-05-05T10:00Z,30.4,-39.95,40,,EAST,delayed,45,
"""
VISITS = """\
inspection_id,site,party,body,began,ended,lat,lon,error_m,access,status,weapon
v-1,shed 1,WEST,mission,2031-05-03T09:00Z,2031-05-03T10:00Z,30.4,-40.06,20,granted,in_storage,mortar
v-2,shed 1,WEST,mission,2031-05-06T09:00Z,2031-05-06T10:00Z,30.4,-40.06,20,denied,,
"""


class Plain(yaml.SafeDumper):
    """YAML in which nothing stands for something written elsewhere."""

    def ignore_aliases(self, data):
        return True


SAID = {
    "article": "article 9", "title": "The mission goes and sees", "text": "Made up.",
    "binds": ["WEST", "EAST"], "sources": ["made-up"],
}  # fmt: skip


@pytest.fixture(scope="module")
def mission(project_root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("beside") / "m"
    left_out = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", folder, ignore=left_out)
    for name, feeds in (("mission.yaml", True), ("agreement/agreement.yaml", False)):
        text = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        if feeds:
            text["feeds"] = text["feeds"][:1]
            for feed, rows in {"exposures": DENIALS, "inspections": VISITS}.items():
                (folder / "raw" / f"{feed}.csv").write_text(rows, encoding="utf-8")
                text["feeds"].append({"feed": feed, "files": [f"raw/{feed}.csv"]})
        else:
            often = {"every_days": 4, "by": "mission"}
            text["clauses"] += [
                {"id": "access", "kind": "access", "terms": {}, **SAID},
                {"id": "visits", "kind": "inspect", "terms": often, **SAID},
            ]
        (folder / name).write_text(yaml.dump(text, Dumper=Plain, sort_keys=False), encoding="utf-8")
    run(folder)
    return folder


def finding(mission, party, clause, verdict="violation"):
    with (mission / "out" / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file)
            if (row["party"], row["clause_id"], row["verdict"]) == (party, clause, verdict)
        ]  # fmt: skip
    return rows[0]


def test_the_story_of_an_obstruction_names_who_is_recorded_and_leads_to_the_line(mission):
    story = tell(mission, finding(mission, "WEST", "access")["finding_id"])
    told = story.text(width=10_000)
    assert "patrol 1 was kept out (denied, 60 minutes lost)" in told
    assert "The reason as quoted: Orders. Nothing is inferred about what it did not see." in told
    assert "patrol 1 recorded WEST as having kept it out; that is no ruling." in told
    assert "That EAST holds the ground is no evidence of it." in told
    assert [(b.file, b.line) for b in story.exhibits] == [("raw/exposures.csv", 2)]


def test_an_obstruction_by_nobody_named_is_asked_of_all(mission):
    told = tell(mission, "d-2").text(width=10_000)
    assert "Nobody is named as having kept it out, so it is asked of every party alike." in told
    assert "If WEST did it" in told
    assert "If EAST did it" in told


def test_the_story_of_a_duty_tells_the_visits_and_whose_it_was(mission):
    row = finding(mission, "WEST", "visits")
    story = tell(mission, row["finding_id"])
    told = story.text(width=10_000)
    assert "Of WEST, visits: violation is proposed." in told
    assert "mission came to shed 1 of WEST, between 2031-05-06 09:00" in told
    assert "access denied" in told
    assert "It was for WEST to do or to allow by the text, so no author is sought." in told
    assert {b.file for b in story.exhibits} == {"raw/inspections.csv"}
    assert ".." not in told.replace("...", "")


def test_a_bodys_duty_is_its_own_in_the_story_too(mission):
    row = finding(mission, "mission", "visits", verdict="compliant")
    told = tell(mission, row["finding_id"]).text(width=10_000)
    assert "It is mission's own duty, a body's, and is charged to no side." in told
