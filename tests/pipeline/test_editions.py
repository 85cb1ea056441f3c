"""An edit of a report stands for what it replaces, over files and ingests, in whatever order they came."""

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest

from truceline.model.errors import SourceError
from truceline.pipeline import mission as missions
from truceline.pipeline.corrections import standing
from truceline.pipeline.editions import Edits, settled
from truceline.pipeline.line import known_at
from truceline.pipeline.making import make_mission
from truceline.pipeline.run import open_record, run, take_in
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds.patrol_reports import FEED
from truceline.tables.digest import evidence_digest
from truceline.tables.schemas import EVIDENCE_TABLES, concat

CONTEXT = ReadContext(zone="Europe/Kyiv", received_at=datetime(2026, 3, 9, tzinfo=UTC))
REPORT = "patrol_report:7"


def kobo(instance, replaces=None, *, number=7, changed=None, patrol="patrol 1", shots=0, **more):
    """One result of KoboToolbox's data address."""
    own = {
        "_id": number,
        "_xform_id_string": "patrol_report",
        "_submission_time": "2025-04-19T17:00:00",
        "meta/instanceID": f"uuid:{instance}",
        "_uuid": instance,
        "patrol": patrol,
        "patrol_began": "2025-04-19T18:00:00Z",
        "patrol_ended": "2025-04-19T20:00:00Z",
        "patrol_place": "48.0 37.8 0 5",
        "anything": "yes" if shots else "no",
    }
    if shots:
        own["happenings"] = [
            {"happenings/began": "2025-04-19T18:10:00Z", "happenings/type": "mortar",
             "happenings/means": "heard", "happenings/place": f"48.{n} 37.8 0 9"}
            for n in range(shots)
        ]  # fmt: skip
    own |= {} if replaces is None else {"meta/deprecatedID": f"uuid:{replaces}"}
    own |= {} if changed is None else {"_date_modified": changed}
    return {**own, **more}


def page(*results):
    return json.dumps({"count": len(results), "next": None, "results": results}).encode()


def odk(name, version, edits, patrol, **system):
    answers = kobo(version, patrol=patrol)
    told = {key: cell for key, cell in answers.items() if key.startswith(("patrol", "anything"))}
    told["__system"] = {"submissionDate": "2025-04-19T17:00:00Z", "edits": edits, **system}
    return told | {"__id": f"uuid:{name}", "meta": {"instanceID": f"uuid:{version}"}}


def known(*files):
    """What stands of files that were each read alone, in this order."""
    readings = [FEED.read([raw_file(f"f{n}.json", file)], CONTEXT) for n, file in enumerate(files)]
    tables = {
        name: concat([reading.tables[name] for reading in readings], EVIDENCE_TABLES[name])
        for name in FEED.yields
    }
    tables, edits = settled(tables)
    return {name: standing(name, table) for name, table in tables.items()}, edits


def watches(tables):
    return [(row["exposure_id"], row["source"]) for row in tables["exposures"].to_pylist()]


FIRST = kobo("a", shots=2)
CHAIN = (FIRST, kobo("b", "a", patrol="patrol 2", shots=1), kobo("c", "b", patrol="patrol 3"))
FORK = (
    FIRST,
    kobo("b", "a", patrol="patrol 2", changed="2025-04-21T08:00:00"),
    kobo("c", "a", patrol="patrol 3", changed="2025-04-20T08:00:00", shots=1),
)


@pytest.mark.parametrize(("versions", "stands"), [(CHAIN, "patrol 3"), (FORK, "patrol 2")])
def test_every_order_and_every_split_over_files_gives_the_same(versions, stands):
    digests = set()
    for order in permutations(versions):
        a, b, c = order
        for files in ((page(*order),), (page(a), page(b, c)), (page(a), page(b), page(c))):
            tables, edits = known(*files)
            assert watches(tables) == [(REPORT, stands)]
            assert tables["observations"].num_rows == 0  # what an edit takes out is out
            digests.add((evidence_digest(tables), edits))
    assert len(digests) == 1


def test_an_edit_before_its_first_version_is_held_and_joined_when_that_comes():
    early, edits = known(page(CHAIN[1]))
    assert edits.without_first == (f"{REPORT}@uuid:b",)
    late, after = known(page(CHAIN[1]), page(FIRST))
    assert evidence_digest(early) == evidence_digest(late)
    assert (after.without_first, after.replaced) == ((), (f"{REPORT}@uuid:a",))


def test_two_edits_of_one_version_are_both_kept_and_the_later_one_stands_and_it_is_said():
    _, edits = known(*map(page, FORK))
    assert edits.in_conflict == ((f"{REPORT}@uuid:b", f"{REPORT}@uuid:c"),)
    assert any("b stands, beside" in note and note.endswith("@uuid:c") for note in edits.notes())
    assert [limit for limit in edits.limits() if "uuid" in limit] == []


def test_a_version_that_was_never_fetched_does_not_leave_its_report_told_twice():
    tables, edits = known(page(FIRST), page(CHAIN[2]))
    assert (watches(tables), edits.in_conflict) == ([(REPORT, "patrol 3")], ())


def test_two_reports_that_share_a_number_are_two_and_an_edit_takes_the_place_of_its_own():
    other = kobo("z", patrol="patrol 9")
    tables, _ = known(page(FIRST), page(other))
    assert len(watches(tables)) == 2
    tables, edits = known(page(FIRST), page(other), page(CHAIN[1]))
    assert sorted(source for _, source in watches(tables)) == ["patrol 2", "patrol 9"]
    assert edits.replaced == (f"{REPORT}@uuid:a",)


@pytest.mark.parametrize(
    "other",
    [
        kobo("h", "a", number=8, patrol="patrol 2", changed="2025-04-22T08:00:00"),
        kobo("h", number=8, patrol="patrol 2", **{"meta/rootUuid": "uuid:a"}),
        kobo("a", number=8, patrol="patrol 2"),
    ],
)
def test_an_edit_of_one_number_takes_no_report_of_another_away(other):
    own = kobo("a", patrol="patrol 1", shots=1)
    digests = set()
    for order in permutations([own, kobo("b", "a", patrol="patrol 1", shots=1), other]):
        tables, edits = known(*map(page, order))
        assert sorted(watches(tables)) == [(REPORT, "patrol 1"), ("patrol_report:8", "patrol 2")]
        assert tables["observations"].num_rows == 1
        assert f"patrol_report:8@uuid:{other['_uuid']}" in edits.foreign
        assert any("another number" in limit and "uuid" not in limit for limit in edits.limits())
        digests.add((evidence_digest(tables), edits))
    assert len(digests) == 1


def test_a_version_without_a_number_that_two_numbers_claim_is_taken_away_by_neither():
    first = {k: v for k, v in kobo("a", shots=1).items() if k != "_id"}
    rivals = (kobo("b", "a", number=7), kobo("c", "a", number=8))
    tables, edits = known(*map(page, (first, *rivals)))
    assert len(watches(tables)) == 3
    assert tables["observations"].num_rows == 1
    assert len(edits.foreign) == 3


def test_reports_without_a_number_are_joined_by_the_versions_that_they_name():
    bare = [{k: v for k, v in one.items() if k not in {"_id", "_uuid"}} for one in CHAIN]
    digests = set()
    for order in permutations(map(page, bare)):
        tables, _ = known(*order)
        assert watches(tables) == [("a", "patrol 3")]
        digests.add(evidence_digest(tables))
    assert len(digests) == 1


def test_versions_on_odk_central_follow_its_count_of_edits():
    one, two, three = (odk("a", v, n, f"patrol {n}") for n, v in enumerate(("a", "b", "c")))
    for order in permutations((one, two, three)):
        tables, edits = known(*(json.dumps({"value": [each]}).encode() for each in order))
        assert (watches(tables), edits.in_conflict) == ([("a", "patrol 2")], ())


def test_a_report_that_the_server_deleted_later_stands_no_more():
    files = [odk("a", "a", 0, "patrol 1"), odk("a", "a", 0, "patrol 1", deletedAt="2025-04-20")]
    for order in permutations(files):
        tables, edits = known(*(json.dumps({"value": [each]}).encode() for each in order))
        assert (watches(tables), edits.replaced) == ([], ("a@uuid:a",))


def test_one_version_that_says_two_things_is_an_error_that_names_both_lines():
    with pytest.raises(
        SourceError, match=r"f1\.json:1: exposure_id.*names another row, f0\.json:1"
    ):
        known(page(FIRST), page(kobo("a", patrol="patrol 5")))


@pytest.fixture
def mission(tmp_path):
    folder = tmp_path / "m"
    make_mission(folder, agreement="easter-2025", zone="Europe/Kyiv")
    path = folder / "mission.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("feed: observations", "feed: patrol_reports")
    text = text.replace("[raw/observations.csv]", '["raw/*.json"]\n    archive: true')
    path.write_text(text, encoding="utf-8")
    (folder / "raw" / "observations.csv").unlink(missing_ok=True)
    return folder


def test_edits_in_other_files_and_later_ingests_give_the_same_bytes(mission, tmp_path):
    made = []
    for number, order in enumerate((CHAIN, CHAIN[::-1])):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "raw").mkdir()
        (folder / "mission.yaml").write_bytes((mission / "mission.yaml").read_bytes())
        for at, version in enumerate(order):
            (folder / "raw" / f"{at}.json").write_bytes(page(version))
            take_in(folder)
        done = run(folder)
        assert done.summary["edits"]["replaced"] == [f"{REPORT}@uuid:a", f"{REPORT}@uuid:b"]
        names = ("findings.csv", "acts.csv", "observations.parquet", "counts.csv", "summary.json")
        made.append([(done.out / name).read_bytes() for name in names])
    assert made[0] == made[1]


def test_the_intake_says_what_edits_did_and_an_earlier_instant_still_sees_the_first(mission):
    edit = kobo("b", "a", patrol="patrol 2", changed="2025-04-20T08:00:00")
    (mission / "raw" / "1.json").write_bytes(page(FIRST))
    take_in(mission)
    (mission / "raw" / "2.json").write_bytes(page(edit))
    (done,) = take_in(mission)
    assert any("1 version of a report was replaced by an edit" in note for note in done.notes)
    loaded = missions.load(mission)
    with open_record(loaded) as record:
        then = known_at(loaded, record, datetime(2025, 4, 20, 7, tzinfo=UTC))
        now = known_at(loaded, record)
    assert watches(then.tables) == [(REPORT, "patrol 1")]
    assert watches(now.tables) == [(REPORT, "patrol 2")]
    assert then.edits == Edits()
