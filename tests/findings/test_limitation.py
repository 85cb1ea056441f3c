"""Areas of limitation along a line: the last that is allowed, and one more; just inside, and just out.

The figures are those of the United States proposal of 31 May 1974; the line is a straight one, drawn
for the test.
"""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from truces import clause, evidence, line, truce

from truceline.findings.find import find
from truceline.geometry.offset import moved
from truceline.pipeline import plugins
from truceline.tables import schemas

KINDS = plugins.load("clauses")
PIECES = ["gun", "howitzer", "mlrs"]
INNER = {"line": "line", "from_m": 0, "to_m": 10_000}
OUTER = {"line": "line", "from_m": 10_000, "to_m": 20_000}
MEN = {"weapons": {"classes": ["troops"]}, "maximum": 6_000, "band": INNER}
TANKS = {"weapons": {"classes": ["tank"]}, "maximum": 75, "band": INNER}
SHORT = {"weapons": {"classes": PIECES}, "maximum": 36, "band": INNER}
MEDIUM = {"weapons": {"classes": PIECES, "range_max_km": 20}, "maximum": 162, "band": OUTER}
LONG = {
    "weapons": {"classes": PIECES, "range_min_km": 20, "range_min_exclusive": True},
    "maximum": 0,
    "band": OUTER,
}
SAM = {"weapons": {"classes": ["sam"]}, "distance_m": 25_000, "lines": {"a": "line", "b": "line"}}


def stock(weapon: str, count: int, away_km: float, party: str) -> dict[str, Any]:
    lat, lon = moved(*(np.array([v]) for v in (48.0, 38.0, 0.0, away_km * 1_000)))
    return {
        "holding_id": f"h-{party}", "site": "camp", "party": party, "weapon": weapon,
        "count_low": count, "count_best": count, "count_high": count,
        "began": datetime(2026, 6, 1, tzinfo=UTC), "ended": datetime(2026, 7, 1, tzinfo=UTC),
        "lat": float(lat[0]), "lon": float(lon[0]), "error_major_m": 1.0, "error_minor_m": 1.0,
        "error_azimuth_deg": 0.0, "basis": "inspected",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "terms", "weapon", "count", "away_km", "verdict"),
    [
        ("cap", TANKS, "tank", 75, 5.0, "compliant"),
        ("cap", TANKS, "tank", 76, 5.0, "violation"),
        ("cap", SHORT, "howitzer 122 mm", 36, 9.9, "compliant"),
        ("cap", SHORT, "howitzer 122 mm", 37, 9.9, "violation"),
        ("cap", SHORT, "howitzer 122 mm", 37, 10.1, "compliant"),
        ("cap", MEN, "troops", 6_000, 5.0, "compliant"),
        ("cap", MEN, "troops", 6_001, 5.0, "violation"),
        ("cap", MEDIUM, "D-30", 162, 15.0, "compliant"),
        ("cap", MEDIUM, "D-30", 163, 15.0, "violation"),
        ("cap", MEDIUM, "D-30", 163, 9.9, "compliant"),
        ("cap", MEDIUM, "D-30", 163, 20.1, "compliant"),
        ("cap", LONG, "howitzer, range 20.0 km", 1, 15.0, None),
        ("cap", LONG, "howitzer, range 20.1 km", 1, 15.0, "violation"),
        ("cap", LONG, "howitzer, range 20.1 km", 1, 20.1, "compliant"),
        ("cap", LONG, "howitzer", 1, 15.0, "insufficient_evidence"),
        ("withdraw", SAM, "SAM", 1, 24.9, "violation"),
        ("withdraw", SAM, "SAM", 1, 25.0, "compliant"),
    ],
)
def test_the_last_that_a_band_allows_is_compliant_and_one_more_is_not_for_either_side(
    kind: str, terms: dict[str, Any], weapon: str, count: int, away_km: float, verdict: str | None
) -> None:
    agreement = truce(clause(kind, terms), lines=[line(path=((36.0, 48.0), (40.0, 48.0)))])
    rows = [stock(weapon, count, away_km, party) for party in ("a", "b")]
    if away_km == 25.0:  # a metre of error would lie across the edge
        rows = [row | {"error_major_m": 0.0, "error_minor_m": 0.0} for row in rows]
    table = pa.Table.from_pylist(rows, schema=schemas.HOLDINGS)
    found = find(agreement, evidence([], holdings=table), KINDS).to_pylist()
    wanted = [] if verdict is None else [("a", verdict), ("b", verdict)]
    assert [(row["party"], row["verdict"]) for row in found] == wanted
