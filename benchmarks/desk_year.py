"""A made-up year at a mission's desk, in the files that would reach it: everything from one seed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2030, 1, 1, tzinfo=UTC)
DAYS = 365
VIOLATIONS = 400_000
PATROLS_A_WEEK = 1_000
INSPECTIONS_A_MONTH = 300
BURSTS = 200
BURST_SIZE, BURST_MINUTES = 240, 35  # one afternoon of an observer mission's reports
TOWNS = {f"Town {n}": (48.0 + 0.12 * (n % 3 - 1), 36.5 + 0.1 * n) for n in range(30)}
KINDS = (
    ("Explosion", "Artillery"), ("Explosion", "N/K"), ("Explosion", "Mortar 120 mm"),
    ("Burst", "HMG"), ("Shot", "Small arms"), ("Projectile", "N/K"),
)  # fmt: skip
WAYS = ("Undetermined", "Outgoing", "Incoming", "Impact")
BEARINGS = ("N", "NNE", "NE", "E", "SE", "S", "SW", "W", "NW")
AGREEMENT = """\
agreement: desk-year
title: A made-up truce of a year
version: "2030-01-01"
hypothetical: true
calendar: {zone: Europe/Kyiv, cutoff: "19:30"}
in_force: {from: 2030-01-01T00:00:00+02:00}
sources: {made-up: {cite: Made up for the benchmark}}
parties:
  - {id: E, names: {en: Eastland}}
  - {id: W, names: {en: Westland}}
lines:
  - {id: front, kind: contact_line, file: front.geojson, sources: [made-up]}
zones:
  - {id: band, name: "Band of 10 km to each side", line: front, width_m: 10000, sources: [made-up]}
  - {id: core, name: "Band of 2 km to each side", line: front, width_m: 2000, sources: [made-up]}
clauses:
  - {id: fire, article: "1", kind: prohibit, title: No fire, text: No fire., binds: [E, W],
     terms: {acts: [small_arms_fire, mortar, artillery, mlrs, explosion_unidentified], zone: null}, sources: [made-up]}
  - {id: core-fire, article: "2", kind: prohibit, title: No heavy fire in the core, text: None., binds: [E, W],
     terms: {acts: [mortar, artillery], zone: core}, sources: [made-up]}
  - {id: tanks, article: "3", kind: cap, title: At most 75 tanks in the band, text: None more., binds: [E, W],
     terms: {weapons: {classes: [tank]}, zone: band, maximum: 75}, sources: [made-up]}
  - {id: inspect, article: "4", kind: inspect, title: Visits every 15 days, text: Every 15 days., binds: [E, W],
     terms: {every_days: 15, by: mission}, sources: [made-up]}
"""
MISSION = """\
mission: desk-year
title: A made-up year at a desk
agreement: agreement.yaml
zone: Europe/Kyiv
archive: true
hypothetical: true
feeds:
  - {feed: smm_table, files: [raw/violations.csv, raw/towns.csv]}
  - {feed: patrol_reports, files: [raw/patrols.csv]}
  - {feed: inspections, files: [raw/inspections.csv]}
"""
FRONT = """\
{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"front"},
"geometry":{"type":"LineString","coordinates":[[36.0,48.0],[38.0,48.02],[40.0,48.0]]}}]}
"""


def make(folder: Path) -> int:
    """Write the mission; how many rows its files hold."""
    rng = np.random.default_rng(2030)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    (folder / "mission.yaml").write_text(MISSION, encoding="utf-8")
    (folder / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    (folder / "front.geojson").write_text(FRONT, encoding="utf-8")
    towns = (f"{name},{lat},{lon}" for name, (lat, lon) in TOWNS.items())
    (raw / "towns.csv").write_text("\n".join(("town,lat,lon", *towns)) + "\n", encoding="utf-8")
    total = 0
    for name, rows in (
        ("violations", _violations(rng)), ("patrols", _patrols(rng)), ("inspections", _visits(rng))
    ):  # fmt: skip
        lines = list(rows)
        total += len(lines) - 1
        (raw / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return total


def _violations(rng: np.random.Generator) -> Iterator[str]:
    calm = VIOLATIONS - BURSTS * BURST_SIZE
    at = [rng.uniform(0, DAYS * 86_400, calm)]
    town = [rng.integers(0, len(TOWNS), calm)]
    for _ in range(BURSTS):
        began = rng.uniform(0, (DAYS - 1) * 86_400)
        at.append(began + rng.uniform(0, BURST_MINUTES * 60, BURST_SIZE))
        town.append(np.full(BURST_SIZE, rng.integers(0, len(TOWNS))))
    seconds, towns = np.concatenate(at), np.concatenate(town)
    order = np.argsort(seconds)
    kind = rng.integers(0, len(KINDS), VIOLATIONS)
    way, bearing = rng.integers(0, 4, VIOLATIONS), rng.integers(0, len(BEARINGS), VIOLATIONS)
    far, number = rng.integers(1, 9, VIOLATIONS), rng.integers(1, 6, VIOLATIONS)
    names = list(TOWNS)
    yield 'SMM position,Event location,Means,No.,Observation,Description,Weapon,"Date, time"'
    for k, row in enumerate(order):
        when = (START + timedelta(seconds=float(seconds[row]) + 7200)).strftime("%Y-%m-%d, %H:%M")
        what, weapon = KINDS[kind[k]]
        name = names[towns[row]]
        yield (
            f"{name},{far[k]}km {BEARINGS[bearing[k]]} of {name},Heard,{number[k]},{what},"
            f'{WAYS[way[k]]},{weapon},"{when}"'
        )


def _patrols(rng: np.random.Generator) -> Iterator[str]:
    yield "patrol,entry,began,ended,lat,lon,radius_m"
    places = list(TOWNS.values())
    for n in range(PATROLS_A_WEEK * DAYS // 7):
        began = START + timedelta(days=int(rng.integers(0, DAYS)), hours=float(rng.uniform(6, 10)))
        lat, lon = places[int(rng.integers(0, len(places)))]
        kind = "zero_report" if rng.random() < 0.4 else "patrol"
        ended = began + timedelta(hours=float(rng.uniform(3, 8)))
        yield f"patrol {n % 150},{kind},{_at(began)},{_at(ended)},{lat},{lon},2000"


def _visits(rng: np.random.Generator) -> Iterator[str]:
    yield (
        "inspection_id,site,party,body,began,ended,lat,lon,error_m,access,status,weapon,"
        "declared_serials,seen_serials,refused_serials"
    )
    for n in range(INSPECTIONS_A_MONTH * 12):
        site = n % 100
        party, north = ("E", 0.05) if site % 2 else ("W", -0.05)
        began = START + timedelta(days=float(rng.uniform(0, DAYS - 1)))
        ended = began + timedelta(hours=1)
        serials = [f"{site}-{k}" for k in range(4)]
        seen = serials[: int(rng.integers(0, 5))]
        is_let_in = rng.random() < 0.93
        tail = (
            f"granted,in_storage,tank,{';'.join(serials)},{';'.join(seen)},"
            if is_let_in
            else "denied,,,,,"
        )
        yield (
            f"v-{n},site {site},{party},mission,{_at(began)},{_at(ended)},"
            f"{48.0 + north * (1 + site % 3)},{36.3 + site * 0.035},100,{tail}"
        )


def _at(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
