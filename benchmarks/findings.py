"""Findings a second: half a million acts under six clauses, two parties; a share lie near the line.

python benchmarks/findings.py [acts]
"""

import resource
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from truceline.agreement.terms import (
    Agreement,
    Clause,
    Ladder,
    Line,
    Party,
    PartyPeriod,
    Thresholds,
    Zone,
)
from truceline.findings.contract import Subjects
from truceline.findings.find import find
from truceline.model.time import Interval, LegalCalendar
from truceline.model.vocabulary import LineKind
from truceline.pipeline import plugins
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR, TYPES

SEED = 20150215
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
FIRE = ["small_arms_fire", "mortar", "artillery", "mlrs", "tank_fire", "explosion_unidentified"]


def agreement() -> Agreement:
    """Clauses like those of the Minsk family, on a made-up line."""
    lat = np.linspace(47.0, 49.5, 400)
    lon = 37.8 + 0.3 * np.sin(lat * 7) + 0.05 * np.sin(lat * 61)
    valid = Interval(began=START)
    line = Line(
        line_id="line",
        kind=LineKind.CONTACT_LINE,
        valid=valid,
        paths=(tuple(zip(lon.tolist(), lat.tolist(), strict=True)),),
        left="b",
        right="a",
    )
    zone = Zone(
        zone_id="zone", name="zone", valid=valid, polygons=None, line_id="line", width_m=15_000.0
    )
    box = ((37.2, 47.8), (37.6, 47.8), (37.6, 48.2), (37.2, 48.2), (37.2, 47.8))
    town = Zone(zone_id="town", name="town", valid=valid, polygons=((box,),))
    periods = tuple(
        PartyPeriod(party_id=party, when=Interval(began=START, ended=END)) for party in "ab"
    )
    lines = {"a": "line", "b": "line"}
    guns = {"classes": ["gun", "howitzer"], "calibre_min_mm": 100}
    terms = [
        ("prohibit", {"acts": FIRE, "zone": "zone"}),
        ("prohibit", {"acts": ["mortar", "artillery", "mlrs"], "zone": "town"}),
        ("withdraw", {"weapons": guns, "distance_m": 25_000, "lines": lines}),
        ("withdraw", {"weapons": {"classes": ["mlrs"]}, "distance_m": 35_000, "lines": lines}),
        ("withdraw", {"weapons": {"classes": ["tank"]}, "distance_m": 15_000, "lines": lines}),
        ("exclude", {"weapons": {"classes": ["mortar"]}, "zone": "town", "distance_m": 500}),
    ]
    clauses = tuple(
        Clause(
            clause_id=f"c{n}",
            article=str(n),
            kind=kind,
            title=kind,
            text=kind,
            periods=periods,
            terms=given,
        )
        for n, (kind, given) in enumerate(terms, 1)
    )
    return Agreement(
        agreement_id="bench",
        version="1",
        title="A truce",
        is_hypothetical=True,
        calendar=LegalCalendar(zone="Europe/Kyiv"),
        parties=tuple(Party(party_id=party, names={"en": party}) for party in "ab"),
        lines=(line,),
        zones=(zone, town),
        clauses=clauses,
        ladder=Ladder(rungs=(), cap={}, limb_lists={}),
        thresholds=Thresholds(),
    )


def evidence(count: int) -> Subjects:
    """Acts near the line, with errors of 0.1 to 10 km, one in three with a second component."""
    rng = np.random.default_rng(SEED)
    number = np.arange(count)
    incident = pa.array([f"i-{n:016x}" for n in number])
    day_us = 86_400_000_000
    first = int(START.timestamp() * 1e6)
    began = first + rng.integers(0, 360, count) * day_us
    is_day = rng.random(count) < 0.5
    length = np.where(is_day, day_us, 0)
    began = np.where(is_day, began, began + rng.integers(0, day_us, count))
    kind = rng.integers(0, len(FIRE), count)
    at = [pa.array(v, pa.int64()).cast(schemas.INSTANT) for v in (began, began + length)]
    lat = rng.uniform(47.0, 49.5, count)
    lon = 37.8 + 0.3 * np.sin(lat * 7) + rng.normal(0, 0.25, count)
    words = pa.array(FIRE).take(pa.array(kind))
    acts = {
        "act_id": pa.array([f"a-{n:016x}-1" for n in number]), "incident_id": incident,
        "type": words,
        "direction": pa.array(["outgoing", "incoming", "undetermined"]).take(
            pa.array(rng.integers(0, 3, count))
        ),
    }  # fmt: skip
    incidents = {
        "incident_id": incident, "p_real": 0.9, "began": at[0], "ended": at[1], "type": words,
        "direction": "undetermined", "observations": 1, "independent_roots": 1,
        "is_date_only": is_day,
    }  # fmt: skip
    return Subjects(
        acts=schemas.from_columns(schemas.ACTS, acts, count),
        incidents=schemas.from_columns(schemas.INCIDENTS, incidents, count),
        posterior=_posterior(rng, incident, lat, lon, kind, at),
    )


def _posterior(
    rng: np.random.Generator,
    incident: pa.Array,
    lat: np.ndarray,
    lon: np.ndarray,
    kind: np.ndarray,
    at: list[pa.Array],
) -> pa.Table:
    count = len(lat)
    owner = np.sort(np.concatenate([np.arange(count), np.flatnonzero(rng.random(count) < 0.33)]))
    second = np.r_[False, owner[1:] == owner[:-1]]
    several = np.bincount(owner, minlength=count)[owner] > 1
    variance = np.exp(rng.uniform(np.log(50.0), np.log(4000.0), len(owner))) ** 2
    p = np.full((count, len(TYPES)), 1e-4)
    columns = [TYPES.index(name) for name in FIRE]
    p[:, columns] = 0.02
    p[np.arange(count), np.array(columns)[kind]] = 0.8
    p /= p.sum(axis=1, keepdims=True)
    log_p = pa.array(np.log(p[owner]).astype(np.float32).ravel())
    rows = pa.array(owner)
    posterior = {
        "incident_id": incident.take(rows), "component": second.astype(np.int8),
        "weight": np.where(several, np.where(second, 0.3, 0.7), 1.0),
        "lat": lat[owner] + second * rng.normal(0, 0.05, len(owner)),
        "lon": lon[owner] + second * rng.normal(0, 0.05, len(owner)),
        "var_east_m2": variance, "cov_en_m2": 0.0, "var_north_m2": variance,
        "began": at[0].take(rows), "ended": at[1].take(rows),
        "type_log_p": pa.FixedSizeListArray.from_arrays(log_p, len(TYPES)), "pruned_mass": 0.0,
    }  # fmt: skip
    return schemas.from_columns(POSTERIOR, posterior, len(owner))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    truce, kinds = agreement(), plugins.load("clauses")
    find(truce, evidence(2_000), kinds)  # compiled kernels are warmed before the clock starts
    subjects = evidence(count)
    began = time.perf_counter()
    found = find(truce, subjects, kinds)
    seconds = time.perf_counter() - began
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{count:,} acts, {len(truce.clauses)} clauses, 2 parties: {found.num_rows:,} findings")
    print(f"{seconds:.2f} s, {found.num_rows / seconds / 1e6:.2f} M rows/s, peak {peak_gb:.2f} GB")


if __name__ == "__main__":
    main()
