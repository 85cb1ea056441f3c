"""Reports of patrols by form: versions, repeats, what is sealed, and what nobody said."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.sources.contract import ReadContext, raw_file
from truceline.sources.feeds import patrol_reports

BASIS = {
    "_xform_id_string": "patrol_report",
    "_submission_time": "2026-03-07T17:00:00",
    "patrol": "patrol 1",
    "patrol_began": "2026-03-07T08:00:00+02:00",
    "patrol_ended": "2026-03-07T16:00:00+02:00",
}
SHOT = {
    "g/happenings/began": "2026-03-07T10:15:00+02:00",
    "g/happenings/type": "artillery",
    "g/happenings/count_best": "4",
}


def kobo(number: int, instance: str, **answers) -> dict:
    own = {"_id": number, "meta/instanceID": f"uuid:{instance}", "_uuid": instance}
    return BASIS | own | {key.replace("__", "/"): value for key, value in answers.items()}


def page(*results: dict, following: str | None = None) -> str:
    return json.dumps({"count": len(results), "next": following, "results": results}, indent=1)


def odk(*rows: dict, table: str = "") -> str:
    context = f"https://example.org/v1/projects/1/forms/f.svc/$metadata#Submissions{table}"
    return json.dumps(
        {"value": rows, "@odata.context": context, "x": None}, indent=1, sort_keys=True
    )


def root(name: str, **answers) -> dict:
    system = {"submissionDate": "2026-03-07T17:00:00.000Z", "status": None, "edits": 0}
    own = {"__id": f"uuid:{name}", "__system": system, "meta": {"instanceID": f"uuid:{name}"}}
    told = {key: value for key, value in BASIS.items() if not key.startswith("_")}
    return own | {"g": told} | answers


def exposures(reading) -> list[dict]:
    return reading.tables["exposures"].to_pylist()


def happenings(reading) -> list[dict]:
    return reading.tables["observations"].to_pylist()


def test_answers_that_are_strings_become_figures_and_repeats_become_rows(take) -> None:
    more = {"g/happenings": [SHOT | {"g/happenings/place": "48.1 37.8 120 4.5"}, SHOT]}
    reading = take("patrol_reports", {"p.json": page(kobo(7, "a", anything="yes", **more))})
    one, two = happenings(reading)
    assert (one["type"], one["count_best"], one["source"]) == ("artillery", 4, "patrol 1")
    assert (one["lat"], one["lon"]) == (48.1, 37.8)
    assert one["error_major_m"] == pytest.approx(4.5 * 1.6215, abs=0.1)
    assert (two["lat"], one["reported_at"]) == (None, datetime(2026, 3, 7, 17, tzinfo=UTC))
    assert [row["kind"] for row in exposures(reading)] == ["watch"]


def test_a_report_of_nothing_is_one_zero_report_over_the_patrols_hours(take) -> None:
    reading = take("patrol_reports", {"p.json": page(kobo(7, "a", anything="no"))})
    (row,) = exposures(reading)
    assert (row["kind"], happenings(reading)) == ("zero_report", [])
    assert row["began"] == datetime(2026, 3, 7, 6, tzinfo=UTC)


@pytest.mark.parametrize("answers", [{}, {"anything": "yes"}])
def test_children_that_are_missing_are_not_zero(take, answers) -> None:
    reading = take("patrol_reports", {"p.json": page(kobo(7, "a", **answers))})
    assert [row["kind"] for row in exposures(reading)] == ["watch"]
    assert any("unknown, not zero" in note for note in reading.notes) == bool(answers)


def test_a_sealed_report_is_told_as_sealed_and_never_as_a_zero_report(take) -> None:
    system = {"status": "NotDecrypted", "edits": 0}
    sealed = root("a", __system=system, anything="no")
    reading = take("patrol_reports", {"p.json": odk(sealed, root("b", anything="no"))})
    assert [row["exposure_id"] for row in exposures(reading)] == ["b@uuid:b"]
    (refusal,) = reading.refused
    assert refusal.reason.startswith("it is sealed")
    assert refusal.line > 1


def editions(reading) -> list[dict]:
    return reading.tables["editions"].to_pylist()


def test_every_version_is_kept_under_a_name_of_its_own_and_an_edit_names_the_one_before(
    take,
) -> None:
    first = kobo(7, "a", anything="no", g__happenings=[SHOT])
    edit = kobo(7, "b", meta__deprecatedID="uuid:a", meta__rootUuid="uuid:a", g__happenings=[SHOT])
    edit |= {"_date_modified": "2026-03-08T09:00:00", "end": "2026-03-08T10:59:00.5+02:00"}
    reading = take("patrol_reports", {"p.json": page(first, edit)})
    assert (reading.refused, len(exposures(reading))) == ((), 2)
    assert [row["observation_id"] for row in happenings(reading)] == [
        "patrol_report:7@uuid:a/happenings/1", "patrol_report:7@uuid:b/happenings/1",
    ]  # fmt: skip
    (row,) = editions(reading)
    assert (row["edition_id"], row["replaces"], row["root"]) == ("patrol_report:7@uuid:b", "a", "a")
    assert row["changed_at"] == datetime(2026, 3, 8, 9, tzinfo=UTC)
    assert row["saved_at"] == datetime(2026, 3, 8, 8, 59, 0, 500000, tzinfo=UTC)


def test_a_report_fetched_twice_is_told_once(take) -> None:
    one = kobo(7, "a", anything="no")
    again = one | {"_validation_status": {"uid": "validation_status_approved"}}
    reading = take("patrol_reports", {"p.json": page(one), "q.json": page(again)})
    assert len(exposures(reading)) == 1
    (refusal,) = reading.refused
    assert (refusal.file, refusal.line) == ("q.json", 5)
    assert "the same version of report patrol_report:7 as p.json:5" in refusal.reason


def test_an_edit_on_odk_central_is_known_by_its_count_or_its_version(take) -> None:
    later = {"submissionDate": "2026-03-07T17:00:00Z", "updatedAt": "2026-03-08T17:00:00Z"}
    named = root("a", __system=later | {"edits": 1}, meta={"instanceID": "uuid:b"})
    unnamed = root("c", __system=later | {"edits": 2})
    reading = take("patrol_reports", {"p.json": odk(named, unnamed, root("d"))})
    found = {row["edition_id"]: (row["root"], row["edits"]) for row in editions(reading)}
    assert found == {"a@uuid:b": ("a", 1), "c@uuid:c+2": ("c", 2)}
    assert {row["changed_at"] for row in editions(reading)} == {
        datetime(2026, 3, 8, 17, tzinfo=UTC)
    }


def test_what_the_server_deleted_is_an_edit_that_leaves_nothing(take) -> None:
    gone = {"edits": 0, "deletedAt": "2026-03-08T17:00:00Z"}
    reading = take("patrol_reports", {"p.json": odk(root("a", __system=gone, anything="no"))})
    assert (exposures(reading), len(reading.refused)) == ([], 1)
    (row,) = editions(reading)
    assert (row["edition_id"], row["replaces"]) == ("a@uuid:a!deleted", "a")


@pytest.mark.parametrize("written", ["soon", "2126-03-08T09:00:00", ""])
def test_an_edit_whose_time_cannot_be_is_an_edit_all_the_same(take, written) -> None:
    edit = kobo(7, "b", meta__deprecatedID="uuid:a") | {"_date_modified": written}
    del edit["_submission_time"]
    (row,) = editions(take("patrol_reports", {"p.json": page(edit)}))
    assert (row["replaces"], row["changed_at"]) == ("a", None)


def test_the_day_on_which_a_form_was_filled_in_dates_nothing(take) -> None:
    more = {"g/happenings": [{"g/happenings/type": "mortar"}], "today": "2026-03-06"}
    late = kobo(7, "a", anything="yes", **more)
    del late["_submission_time"]
    reading = take("patrol_reports", {"p.json": page(late)})
    assert [r.reason for r in reading.refused] == ["no time is given"]


def test_a_page_says_that_others_follow(take) -> None:
    content = page(kobo(7, "a"), following="https://example.org/data/?start=30000")
    assert any("one page of several" in n for n in take("patrol_reports", content).notes)


def test_repeats_of_an_odata_table_find_their_report(take) -> None:
    link = {"happenings@odata.navigationLink": "Submissions('uuid:a')/happenings"}
    child = {"__id": "f00", "__Submissions-id": "uuid:a", "began": "2026-03-07T08:00:00Z"}
    stray = child | {"__id": "f01", "__Submissions-id": "uuid:z"}
    files = {
        "Submissions.json": odk(root("a", anything="yes", **link)),
        "happenings.json": odk(child, stray, table=".happenings"),
    }
    reading = take("patrol_reports", files)
    (row,) = happenings(reading)
    assert (row["observation_id"], row["source"]) == ("a@uuid:a/happenings/f00", "patrol 1")
    assert row["file"] == "happenings.json"
    (refusal,) = reading.refused
    assert "its report 'z' is not among the files" in refusal.reason
    alone = take("patrol_reports", {"Submissions.json": files["Submissions.json"]})
    assert any("repeats in tables of their own" in note for note in alone.notes)


def test_a_geojson_or_wkt_place_is_read_as_longitude_then_latitude(take) -> None:
    at = {"type": "Point", "coordinates": [37.8, 48.1, 120], "properties": {"accuracy": 0}}
    rows = [{"began": "2026-03-07T08:00:00Z", "place": one} for one in (at, "POINT (37.8 48.1)")]
    reading = take("patrol_reports", {"p.json": odk(root("a", anything="yes", happenings=rows))})
    assert {(row["lat"], row["lon"]) for row in happenings(reading)} == {(48.1, 37.8)}
    assert {row["error_major_m"] for row in happenings(reading)} == {1000}


def test_a_patrol_that_moves_does_not_see_all_its_track_at_all_times(take) -> None:
    track = "48.0 37.8 0 5;48.1 37.8 0 5"
    report = kobo(7, "a", anything="no", patrol_track=track, sight_m="1000")
    (row,) = exposures(take("patrol_reports", {"p.json": page(report)}))
    assert row["radius_m"] == pytest.approx(6560, abs=5)
    assert row["p_detect"] == pytest.approx(0.3 * (1000 / row["radius_m"]) ** 2, abs=1e-4)


def test_where_a_patrol_was_kept_out_nobody_saw_and_somebody_did_that(take) -> None:
    shut = {
        "obstructions/began": "2026-03-07T12:00:00+02:00", "obstructions/status": "denied",
        "obstructions/minutes_lost": "43", "obstructions/reason": "orders from superiors",
    }  # fmt: skip
    reading = take("patrol_reports", {"p.json": page(kobo(7, "a", obstructions=[shut]))})
    watch, denial = exposures(reading)
    assert (watch["kind"], denial["kind"], denial["minutes_lost"]) == ("watch", "access_denial", 43)
    (act,) = happenings(reading)
    assert (act["type"], act["claimed_actor"]) == ("monitor_access_denied", None)


def test_a_table_of_reports_says_the_same_as_the_form(take) -> None:
    content = (
        "entry_id,patrol,entry,began,ended,patrol_place,sight_m,type,place,means,status\n"
        "a,patrol 1,zero_report,2026-03-07T08:00Z,2026-03-07T16:00Z,48.1 37.8,2000,,,,\n"
        "b,patrol 1,happening,2026-03-07T08:00Z,,,,mortar,48.1 37.8,heard seen,\n"
        "c,patrol 1,obstruction,2026-03-07T08:00Z,,,,,,,denied\n"
        "d,patrol 1,picnic,2026-03-07T08:00Z,2026-03-07T09:00Z,,,,,,\n"
        "e,patrol 1,patrol,2026-03-07T08:00Z,,,,,,,\n"
    )
    reading = take("patrol_reports", content)
    assert [row["kind"] for row in exposures(reading)] == ["zero_report", "access_denial"]
    assert [(row["type"], row["means"]) for row in happenings(reading)] == [
        ("mortar", "seen"), ("monitor_access_denied", None),
    ]  # fmt: skip
    assert [(r.line, r.reason) for r in reading.refused] == [
        (5, "entry is not stored"), (6, "ended is empty"),
    ]  # fmt: skip


def test_a_file_that_breaks_off_keeps_the_reports_before_the_break(take) -> None:
    whole = page(kobo(7, "a", anything="no"), kobo(8, "b", anything="no"))
    reading = take("patrol_reports", {"p.json": whole[: whole.rindex("patrol_began")]})
    assert len(exposures(reading)) == 1
    (refusal,) = reading.refused
    assert "breaks in the middle" in refusal.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "_id", "__id", "__system", "meta", "meta/deprecatedID", "place", "patrol_track",
            "happenings", "obstructions", "began", "type", "coordinates", "__Submissions-id",
            "patrol", "sight_m", "status", "_submission_time", "means", "observer",
        ]),
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(results=st.lists(JSON, max_size=5))
def test_no_answer_of_a_server_loses_a_row_or_raises_anything_else(results) -> None:
    context = ReadContext(zone="Europe/Kyiv", received_at=datetime(2026, 3, 9, tzinfo=UTC))
    content = json.dumps({"results": results}).encode()
    try:
        reading = patrol_reports.FEED.read([raw_file("p.json", content)], context)
    except SourceError as exc:
        assert len(str(exc)) > 20
        return
    assert reading.upstream == reading.taken + len(reading.refused)
    assert reading.upstream >= len(results)
