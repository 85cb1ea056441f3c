"""The shipped UNDOF limits, to the piece and the hundred metres, over two lines drawn for this test.

The real lines have no public coordinates here. So the shipped clauses are judged over two straight
lines in the open Atlantic, and what they answer is what the shipped figures say.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from truceline.agreement.load import load
from truceline.agreement.weapon import parse
from truceline.findings.contract import Subjects
from truceline.findings.find import find
from truceline.geometry.plane import metres_per_degree
from truceline.pipeline import plugins
from truceline.tables import schemas

LAT_DEG, LINE_A_DEG, LINE_B_DEG = 30.5, -40.0, -39.9  # Line A in the west, Line B in the east
WHEN = datetime(1975, 6, 1, tzinfo=UTC)
SIDES = {"IL": ("line-a", LINE_A_DEG, -1), "SY": ("line-b", LINE_B_DEG, 1)}


@pytest.fixture(scope="module")
def undof():
    """The shipped agreement with both lines drawn, and nothing else changed."""
    shipped = load("undof-1974")
    degrees = {"line-a": LINE_A_DEG, "line-b": LINE_B_DEG}
    lines = tuple(
        replace(
            each,
            paths=(((degrees[each.line_id], 31.0), (degrees[each.line_id], 30.0)),),
            missing="",
            left="SY",
            right="IL",
        )
        for each in shipped.lines
    )
    clauses = tuple(replace(each, missing="") for each in shipped.clauses)
    return replace(shipped, lines=lines, clauses=clauses)


def held(party: str, weapon: str, count: int, distance_m: float) -> Subjects:
    """A stock of a party so far behind its own line."""
    _, line_deg, sign = SIDES[party]
    row = {
        "holding_id": "h", "site": "site", "party": party, "weapon": weapon, "count_low": count,
        "count_best": count, "count_high": count, "began": WHEN, "ended": WHEN, "lat": LAT_DEG,
        "lon": line_deg + sign * distance_m / metres_per_degree(LAT_DEG)[0],
        "error_major_m": 20.0, "error_minor_m": 20.0, "error_azimuth_deg": 0.0, "basis": "inspected",
        "source": "patrol", "exhibit": "0", "file": "h.csv", "line": 2, "digest": "0", "feed": "holdings",
    }  # fmt: skip
    known = {key: row[key] for key in schemas.HOLDINGS.names if key in row}
    holdings = pa.Table.from_pylist([known], schema=schemas.HOLDINGS)
    empty = {"acts": schemas.empty(schemas.ACTS), "incidents": schemas.empty(schemas.INCIDENTS)}
    return Subjects(**empty, holdings=holdings)


def broken(agreement, party, weapon, count, distance_m) -> set[str]:
    """Clauses whose own text such a stock breaks, without the prefix of the party."""
    found = find(agreement, held(party, weapon, count, distance_m), plugins.load("clauses"))
    return {
        row["clause_id"].removeprefix(f"{party.lower()}-")
        for row in found.to_pylist()
        if row["verdict"] == "violation" and row["party"] == party and not row["reading"]
    }


@pytest.mark.parametrize("party", SIDES)
@pytest.mark.parametrize(
    ("weapon", "count", "distance_m", "breaks"),
    [
        ("tank", 75, 9_900, set()),
        ("tank", 76, 9_900, {"tanks-0-10"}),
        ("tank", 76, 10_100, set()),
        ("howitzer 122 mm D-30", 36, 9_900, set()),
        ("howitzer 122 mm D-30", 37, 9_900, {"pieces-0-10"}),
        ("troops", 6_000, 9_900, set()),
        ("troops", 6_001, 9_900, {"men-0-10"}),
        ("brigade", 2, 9_900, set()),
        ("brigade", 3, 9_900, {"brigades-0-10"}),
        ("howitzer 122 mm D-30", 162, 15_000, set()),
        ("howitzer 122 mm D-30", 163, 15_000, {"pieces-10-20"}),
        ("howitzer 122 mm D-30", 163, 20_100, set()),
        ("BM-27 Uragan", 1, 19_900, {"long-range"}),
        ("BM-27 Uragan", 1, 20_100, set()),
        ("howitzer, range 20.0 km", 1, 15_000, set()),
        ("howitzer, range 20.1 km", 1, 15_000, {"long-range"}),
        ("S-300", 1, 24_900, {"air-defence-missiles"}),
        ("S-300", 1, 25_100, set()),
    ],
)
def test_the_limits_hold_to_the_piece_and_alike_for_both(
    undof, party, weapon, count, distance_m, breaks
):
    assert broken(undof, party, weapon, count, distance_m) == breaks


@pytest.mark.parametrize(
    ("words", "sort"),
    [
        ("troops", "troops"),
        ("240 servicemen", "troops"),
        ("mechanised brigade", "formation"),
        ("vehicle", "vehicle"),
        ("3 trucks", "vehicle"),
        ("military vehicle", "not_known"),
        ("armoured personnel carrier", "afv"),
    ],
)
def test_men_formations_and_lorries_are_counted_apart_from_weapons(words, sort):
    assert parse(words).weapon_class == sort
