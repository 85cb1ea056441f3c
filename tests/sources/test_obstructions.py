"""Spot reports: a patrol that was kept out saw nothing, and somebody did that."""

from datetime import UTC, datetime

HEAD = (
    "report_id,patrol,began,ended,lat,lon,radius_m,obstructed_by,controller,status,"
    "minutes_lost,reason,went_to\n"
)


def report(**cells: str) -> str:
    basis = {"report_id": "s", "patrol": "patrol 1", "began": "2026-03-07T09:00Z"}
    return ",".join((basis | cells).get(name, "") for name in HEAD.strip().split(",")) + "\n"


def test_a_patrol_kept_out_is_an_exposure_and_an_act(take) -> None:
    content = HEAD + report(
        status="denied", minutes_lost="128", reason="orders from superiors", lat="48.2",
        lon="37.9", radius_m="1000", obstructed_by="Party A", controller="Party A",
    )  # fmt: skip
    reading = take("access_obstructions", content)
    (blind,) = reading.tables["exposures"].to_pylist()
    (act,) = reading.tables["observations"].to_pylist()
    assert (blind["kind"], blind["minutes_lost"]) == ("access_denial", 128)
    assert blind["reason"] == "orders from superiors"
    assert blind["ended"] == datetime(2026, 3, 7, 11, 8, tzinfo=UTC)
    assert (act["type"], act["claimed_actor"], act["speaker"]) == (
        "monitor_access_denied", "Party A", "patrol 1",
    )  # fmt: skip
    assert act["ended"] == blind["ended"]
    assert "orders from superiors" in act["text"]


def test_whoever_holds_the_ground_is_not_named_for_that(take) -> None:
    content = HEAD + report(status="denied", controller="Party A")
    (act,) = take("access_obstructions", content).tables["observations"].to_pylist()
    assert (act["claimed_actor"], act["stance"]) == (None, "none")


def test_a_danger_met_keeps_out_but_is_nobodys_deed(take) -> None:
    content = HEAD + report(status="unsafe") + report(report_id="t", status="not_attempted")
    reading = take("access_obstructions", content)
    assert reading.tables["exposures"].num_rows == 2
    assert reading.tables["observations"].num_rows == 0


def test_minutes_lost_that_nobody_wrote_down_stay_unknown(take) -> None:
    content = HEAD + report(status="denied")
    (blind,) = take("access_obstructions", content).tables["exposures"].to_pylist()
    assert blind["minutes_lost"] is None
    assert blind["ended"] == blind["began"]


def test_an_obstruction_that_cannot_be_is_refused_with_line_field_and_advice(take) -> None:
    content = (
        HEAD
        + report(status="granted")
        + report(report_id="b", status="denied", minutes_lost="-5")
        + report(report_id="c", status="denied", patrol="")
        + report(report_id="d", status="denied", began="soon")
    )
    reading = take("access_obstructions", content)
    assert reading.taken == 0
    assert [(r.line, r.reason) for r in reading.refused] == [
        (2, "access was granted: that is no obstruction"),
        (3, "minutes_lost is outside [0, 527,040]"),
        (4, "source is empty"),
        (5, "began: time 'soon' is not in a form that is known"),
    ]
    assert all(r.advice and r.file == "report.csv" for r in reading.refused)
