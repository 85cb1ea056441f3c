"""Small made-up evidence: one dictionary a report, everything else as a feed would leave it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from truceline.fusion.fuse import Fusion, fuse
from truceline.model.place import SIGMAS_95
from truceline.tables.schemas import EXPOSURES, OBSERVATIONS, empty, from_columns

NOON = datetime(2025, 4, 19, 12, 0, tzinfo=UTC)
Row = Mapping[str, Any]
Observe = Callable[[list[dict[str, Any]]], pa.Table]


def _filled(number: int, row: Row) -> dict[str, Any]:
    at = row.get("at", NOON)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    date_only = row.get("is_date_only", False)
    error = row.get("error_m")
    full = {
        "observation_id": f"o{number:05d}",
        "feed": "observations",
        "source": f"source-{number}",
        "source_kind": "patrol",
        "began": day if date_only else at,
        "ended": day + timedelta(days=1) if date_only else at,
        "is_date_only": date_only,
        "direction": "undetermined",
        "stance": "none",
        "error_major_m": error,
        "error_minor_m": error,
        "type_confidence": 0.9,
        **{key: value for key, value in row.items() if key not in ("at", "error_m")},
    }
    full.setdefault("root", full["source"])
    return full


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    filled = [_filled(number, row) for number, row in enumerate(rows)]
    columns = {
        name: pa.array([row.get(name) for row in filled], OBSERVATIONS.field(name).type)
        for name in OBSERVATIONS.names
        if any(name in row for row in filled)
    }
    return from_columns(OBSERVATIONS, columns, len(filled))


@pytest.fixture
def observe() -> Observe:
    return table_of


@pytest.fixture
def watch() -> Callable[..., pa.Table]:
    def made(rows: list[dict[str, Any]]) -> pa.Table:
        base = {
            "kind": "watch",
            "source": "camera-1",
            "began": NOON - timedelta(hours=6),
            "ended": NOON + timedelta(hours=6),
            "p_detect": 0.9,
        }
        full = [{"exposure_id": f"e{k}", **base, **row} for k, row in enumerate(rows)]
        names = {name for row in full for name in row}
        columns = {
            name: pa.array([row.get(name) for row in full], EXPOSURES.field(name).type)
            for name in EXPOSURES.names
            if name in names
        }
        return from_columns(EXPOSURES, columns, len(full))

    return made


@pytest.fixture
def fused() -> Callable[..., Fusion]:
    def run(observations: pa.Table, exposures: pa.Table | None = None, **options: Any) -> Fusion:
        return fuse(observations, empty(EXPOSURES) if exposures is None else exposures, **options)

    return run


@pytest.fixture
def homes() -> Callable[[Fusion], dict[str, str]]:
    """The likeliest incident of each observation."""

    def of(fusion: Fusion) -> dict[str, str]:
        best: dict[str, tuple[float, str]] = {}
        for row in fusion.members.to_pylist():
            held = best.get(row["observation_id"])
            if held is None or row["probability"] > held[0]:
                best[row["observation_id"]] = (row["probability"], row["incident_id"])
        return {name: incident for name, (_, incident) in best.items()}

    return of


@pytest.fixture
def campaign() -> Callable[..., tuple[pa.Table, np.ndarray, np.ndarray, np.ndarray]]:
    """Sensors, patrols and press over two quiet weeks, with the incident of each row (-1: nothing)."""

    def made(seed: int, incidents: int = 120, false: int = 30) -> Any:
        # False reports come from the kinds as often as the defaults assume, scaled to `false`.
        rng = np.random.default_rng(seed)
        lat, lon = rng.uniform(47.5, 48.5, incidents), rng.uniform(37.0, 38.5, incidents)
        at = rng.uniform(0, 14 * 86_400, incidents)
        kinds = (("seismic", 2000, 7, 0.6), ("patrol", 1200, 240, 0.5), ("media", 4000, 7200, 0.6))
        rows: list[dict[str, Any]] = []
        owner: list[int] = []

        def put(
            k: int, name: str, error: float, timing: float, where: tuple[float, float, float]
        ) -> None:
            when = where[2] + rng.normal(0, timing)
            rows.append(
                {
                    "source": f"{name}-{rng.integers(0, 6)}",
                    "source_kind": name,
                    "lat": where[0] + rng.normal(0, error) / 111_200,
                    "lon": where[1] + rng.normal(0, error) / 74_600,
                    "error_m": error * SIGMAS_95,
                    "at": NOON + timedelta(seconds=float(when)),
                    "is_date_only": bool(name == "media" and rng.random() < 0.5),
                    "type": "explosion_unidentified" if name == "seismic" else "artillery",
                }
            )
            owner.append(k)

        for k in range(incidents):
            for name, error, timing, sees in kinds:
                if rng.random() < sees:
                    put(k, name, error, timing, (lat[k], lon[k], at[k]))
        for _ in range(false):
            name, error, timing, _ = kinds[rng.choice(3, p=(0.45, 0.1, 0.45))]
            place = (rng.uniform(47.5, 48.5), rng.uniform(37.0, 38.5), rng.uniform(0, 14 * 86_400))
            put(-1, name, error, timing, place)
        return table_of(rows), np.array(owner), lat, lon

    return made
