"""Violation tables: what the words of a mission's annex say, and what they leave open."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.sources import smm_words
from truceline.sources.smm_words import number_of, place_of, position_of

HEAD = 'SMM position,Event location,Means,No.,Observation,Description,Weapon,"Date, time"\n'
TOWNS = "town,lat,lon\nExampleville,48.0,37.8\n"


def row(**cells: str) -> str:
    basis = {
        "at": "3km N of Exampleville", "where": "4km E", "means": "Heard", "number": "4",
        "what": "Explosion", "which": "Undetermined", "weapon": "N/K", "when": "2026-03-07 08:15",
    }  # fmt: skip
    return ",".join(f'"{cell}"' for cell in (basis | cells).values()) + "\n"


def seen(take, *rows: str, towns: str | None = TOWNS, **options) -> list[dict]:
    files = {"smm.csv": HEAD + "".join(rows)} | ({"towns.csv": towns} if towns else {})
    return take("smm_table", files, **options).tables["observations"].to_pylist()


def test_a_distance_from_an_observer_is_an_arc_about_where_the_observer_stood(take) -> None:
    (found,) = seen(take, row(where="2-7km NNE"))
    assert found["observer_position"] == "48.026981 37.800000"
    assert (found["bearing_deg"], found["range_m"], found["bearing_role"]) == (
        22.5,
        4500,
        "to_event",
    )
    assert found["place_kind"] == "bearing"


def test_a_distance_from_a_town_is_a_point(take) -> None:
    (found,) = seen(take, row(at="somewhere", where="5km NW of Exampleville"))
    assert (found["place_kind"], found["error_major_m"]) == ("ellipse", 1000)
    assert found["lat"] == pytest.approx(48.0318, abs=1e-3)
    assert found["bearing_deg"] is None


def test_a_town_without_coordinates_leaves_the_event_off_the_map_and_is_named(take) -> None:
    reading = take("smm_table", {"smm.csv": HEAD + row()})
    (found,) = reading.tables["observations"].to_pylist()
    assert (found["lat"], found["place_kind"]) == (None, None)
    assert found["place_name"] == "4km E of 3km N of Exampleville"
    assert any("Exampleville (1)" in note for note in reading.notes)
    (placed,) = seen(take, row())
    assert placed["lat"] is not None


def test_towns_may_be_given_as_an_option(take) -> None:
    content = {"smm.csv": HEAD + row()}
    reading = take("smm_table", content, towns={"exampleville": [48.0, 37.8]})
    assert reading.tables["observations"]["lat"][0].as_py() is not None


@pytest.mark.parametrize(
    ("written", "low", "best", "high"),
    [
        ("4", 4, 4, 4),
        ("at least 98", 98, None, None),
        ("At least 1,200", 1200, None, None),
        ("2-3", 2, None, 3),
        ("about 10", None, 10, None),
        ("N/K", None, None, None),
        ("", None, None, None),
    ],
)
def test_at_least_is_a_lowest_and_no_best(take, written, low, best, high) -> None:
    (found,) = seen(take, row(number=written))
    assert (found["count_low"], found["count_best"], found["count_high"]) == (low, best, high)


def test_a_number_that_is_none_is_refused_with_its_line(take) -> None:
    reading = take("smm_table", {"smm.csv": HEAD + row() + row(number="many")})
    (refusal,) = reading.refused
    assert (refusal.line, refusal.reason) == (3, "number 'many' is not a count")


@pytest.mark.parametrize(
    ("what", "weapon", "kind", "unit"),
    [
        ("Explosion", "N/K", "explosion_unidentified", "explosion"),
        ("Explosions", "Mortar (82 mm)", "mortar", "explosion"),
        ("Bursts", "HMG", "small_arms_fire", "burst"),
        ("Shot", "N/K", None, "shot"),
        ("Muzzle flash", "N/K", None, "muzzle_flash"),
        ("Projectile (E to W)", "MLRS (BM-21 Grad)", "mlrs", "projectile"),
    ],
)
def test_the_weapon_names_the_type_and_an_unknown_one_does_not(
    take, what, weapon, kind, unit
) -> None:
    (found,) = seen(take, row(what=what, weapon=weapon))
    assert (found["type"], found["count_unit"]) == (kind, unit)


def test_incoming_fire_names_nobody(take) -> None:
    (found,) = seen(take, row(which="Incoming"))
    assert (found["direction"], found["claimed_actor"], found["stance"]) == (
        "incoming",
        None,
        "none",
    )


def test_the_period_ends_at_the_cut_off_of_the_missions_own_clock(take) -> None:
    before, at, after, night = seen(
        take,
        row(when="2026-03-07 19:29"),
        row(when="2026-03-07 19:30"),
        row(when="2026-03-07 19:31"),
        row(when="2026-03-07 23:50-00:10"),
    )
    closed = [one["reported_at"] for one in (before, at, after, night)]
    first, second = (datetime(2026, 3, day, 17, 30, tzinfo=UTC) for day in (7, 8))
    assert closed == [first, first, second, second]
    assert night["ended"] == datetime(2026, 3, 7, 22, 10, tzinfo=UTC)


def test_a_row_without_a_time_lies_in_the_period_that_its_report_closes(take) -> None:
    head = HEAD.replace('"Date, time"', "Report date")
    content = {"smm.csv": head + row(when="2026-03-07")}
    (found,) = take("smm_table", content).tables["observations"].to_pylist()
    assert found["began"] == datetime(2026, 3, 6, 17, 30, tzinfo=UTC)
    assert found["ended"] == datetime(2026, 3, 7, 17, 30, tzinfo=UTC)


def test_a_town_that_cannot_be_there_places_nothing(take) -> None:
    reading = take(
        "smm_table", {"smm.csv": HEAD + row(), "towns.csv": TOWNS.replace("48.0", "148")}
    )
    assert reading.tables["observations"]["lat"][0].as_py() is None
    assert any("towns.csv:2: lat 148.0 is outside" in r.reason for r in reading.refused)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_words_break_the_reading_of_places_and_numbers(cell: str, position: str) -> None:
    place_of(cell, position, {})
    position_of(position, {"a": (48.0, 37.8)})
    number_of(cell)
    smm_words.clocks_of(cell)
    assert smm_words.direction_of(cell, None) in {"undetermined", "outgoing", "incoming", "impact"}
