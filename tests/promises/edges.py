"""A made-up truce whose edges run through the cells of its acts, and its acts put elsewhere in them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import yaml

from truceline.detection.text.reader import TextReading
from truceline.pipeline import mission as missions
from truceline.pipeline.line import agreement_of, compute, judge, known_at
from truceline.pipeline.run import open_record, take_in
from truceline.reports.coarsen import cell_steps, cells
from truceline.tables import schemas

CELL_M = 5_000.0
STRIPS_M = (300.0, 4_000.0)  # how far apart the edges lie
KEY = b"a secret of the mission"


def near_edges(source: Path, folder: Path) -> SimpleNamespace:
    """The known answers with strips of ground, and more withdrawals, laid through their cells."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("out", "record", "release"))
    _lay_strips(folder)
    _visit_strips(folder)
    take_in(folder)
    mission = missions.load(folder)
    with open_record(mission) as record:
        known = known_at(mission, record)
        line = compute(mission, known)
    return SimpleNamespace(mission=mission, line=line)


def _lay_strips(folder: Path) -> None:
    zones, clauses = [], []
    for n, lon in enumerate((-40.06, -40.05, -39.975, -39.6)):  # of four of its acts
        for width_m in STRIPS_M:
            half = width_m / 2 / 96_000  # metres of a degree east, 30.4 N
            name = f"strip-{n}-{width_m:.0f}"
            ring = [[lon - half, 30.0], [lon + half, 30.0], [lon + half, 31.0], [lon - half, 31.0]]
            zones.append((name, [*ring, ring[0]]))
            clauses.append(
                {
                    "kind": "prohibit",
                    "id": f"no-fire-{name}",
                    "terms": {"acts": "fire", "zone": name},
                }
            )
            if n < 2 and width_m == STRIPS_M[0]:
                clauses.append({"kind": "access", "id": f"free-{name}", "terms": {"zone": name}})
                visits = {"every_days": 9, "by": "mission", "zone": name}
                clauses.append({"kind": "inspect", "id": f"visits-{name}", "terms": visits})
            if width_m == STRIPS_M[1]:
                whose = {"kind": "answers_for", "id": f"from-{name}", "terms": {"zone": name}}
                clauses.append(whose | {"binds": ["WEST" if n % 2 else "EAST"]})
    for metres in (5_300, 5_600, 38_300):
        terms = {
            "weapons": {"classes": ["mlrs", "mortar", "howitzer"]},
            "distance_m": metres,
            "lines": {"WEST": "meridian", "EAST": "meridian"},
        }
        clauses.append({"kind": "withdraw", "id": f"back-{metres}", "terms": terms})
    path = folder / "agreement" / "zones.geojson"
    map_ = json.loads(path.read_text(encoding="utf-8"))
    for name, ring in zones:
        geometry = {"type": "Polygon", "coordinates": [ring]}
        map_["features"].append(
            {"type": "Feature", "properties": {"id": name}, "geometry": geometry}
        )
    path.write_text(json.dumps(map_), encoding="utf-8")
    path = folder / "agreement" / "agreement.yaml"
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    made = {"sources": ["made-up"]}
    text["zones"] += [
        {"id": name, "name": name, "file": "zones.geojson", **made} for name, _ in zones
    ]
    text["mandate"] = {"bodies": _bodies(), **made}
    clauses += _waiting()
    said = {"title": "A strip", "text": "Made up.", "binds": ["WEST", "EAST"], "uses": ["fire"]}
    text["clauses"] += [
        {"article": "made up", **said, **clause, **made}
        | ({} if clause["kind"] == "prohibit" else {"uses": []})
        for clause in clauses
    ]
    path.write_text(yaml.dump(text, Dumper=_Plain, sort_keys=False), encoding="utf-8")


def _bodies() -> list[dict[str, object]]:
    """One that may inspect everywhere, and two that may in a strip."""
    strips = {body: f"strip-{n}-{STRIPS_M[0]:.0f}" for body, n in (("watch", 0), ("fleet", 3))}
    may = {body: [{"act": "inspect", "zones": [strip]}] for body, strip in strips.items()}
    may["mission"] = ["observe", "find", "attribute", "propose", "inspect"]
    return [{"id": body, "name": body, "kind": "mission", "may": own} for body, own in may.items()]


def _waiting() -> list[dict[str, object]]:
    """Who answers for all of the area, and two clauses that wait: for quiet there, and in a strip."""
    clauses: list[dict[str, object]] = [
        {
            "kind": "answers_for",
            "id": "from-area",
            "terms": {"zone": "truce-area"},
            "binds": ["WEST"],
        }
    ]
    for zone in ("truce-area", f"strip-0-{STRIPS_M[1]:.0f}"):
        quiet = {
            "quiet_days": 2,
            "rule": "acts",
            "zone": zone,
            "watch_h": 1,
            "clauses": [f"after-{zone}"],
        }
        clauses.append({"kind": "precondition", "id": f"quiet-{zone}", "terms": quiet})
        waits = {"kind": "prohibit", "id": f"after-{zone}", "terms": {"acts": "fire"}}
        clauses.append(waits)
    return clauses


VISITS = """\
inspection_id,site,party,body,began,ended,lat,lon,error_m,access,status,weapon
v-1,shed 1,WEST,mission,2031-05-03T09:00Z,2031-05-03T10:00Z,30.4,-40.0601,20,granted,in_storage,mortar
v-2,shed 2,EAST,mission,2031-05-03T09:00Z,2031-05-03T10:00Z,30.4,-39.976,20,granted,in_storage,mortar
v-3,shed 3,WEST,mission,2031-05-08T09:00Z,2031-05-08T10:00Z,30.4,-40.049,20,denied,,
v-4,shed 1,WEST,mission,2031-05-09T09:00Z,2031-05-09T10:00Z,30.4,-40.0601,9000,denied,,
v-5,shed 1,WEST,watch,2031-05-09T09:00Z,2031-05-09T10:00Z,30.4,-40.0601,20,granted,in_storage,mortar
v-6,shed 6,EAST,fleet,2031-05-09T09:00Z,2031-05-09T10:00Z,30.2,-40.4,20,granted,in_storage,mortar
"""
DENIALS = """\
exposure_id,source,kind,began,ended,lat,lon,radius_m,obstructed_by,controller,status,minutes_lost,reason
d-1,patrol 1,access_denial,2031-05-04T09:00Z,2031-05-04T10:00Z,30.4,-40.0598,40,WEST,WEST,denied,60,orders
d-2,patrol 1,access_denial,2031-05-05T09:00Z,2031-05-05T10:00Z,30.4,-39.9752,40,EAST,EAST,obstructed,60,orders
d-3,patrol 1,access_denial,2031-05-06T09:00Z,2031-05-06T10:00Z,30.2,-40.4,40,WEST,WEST,denied,60,orders
d-4,patrol 1,access_denial,2031-05-07T09:00Z,2031-05-07T10:00Z,30.4,-40.0502,90000,,EAST,delayed,60,orders
"""


def _visit_strips(folder: Path) -> None:
    """Visits, and monitors kept out, at places that the strips part."""
    files = {"inspections": VISITS, "exposures": DENIALS}
    path = folder / "mission.yaml"
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    for feed, rows in files.items():
        (folder / "raw" / f"{feed}.csv").write_text(rows, encoding="utf-8")
        text["feeds"].append({"feed": feed, "files": [f"raw/{feed}.csv"]})
    path.write_text(yaml.dump(text, Dumper=_Plain, sort_keys=False), encoding="utf-8")


class _Plain(yaml.SafeDumper):
    """YAML in which nothing stands for something written elsewhere."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def elsewhere(line, seed: int):
    """The line with every place (and centre of an error) somewhere else in its own cell."""
    rng = np.random.default_rng(seed)
    fusion = line.fusion
    return replace(
        line,
        observations=_moved(line.observations, rng),
        exposures=_moved(line.exposures, rng),
        holdings=_moved(line.holdings, rng),
        desk={**line.desk, "inspections": _moved(line.desk["inspections"], rng)},
        fusion=replace(
            fusion,
            incidents=_moved(fusion.incidents, rng),
            posterior=_moved(fusion.posterior, rng),
        ),
    )


def _moved(table: pa.Table, rng) -> pa.Table:
    lat, lon = (np.array(table[name].to_pylist(), np.float64) for name in ("lat", "lon"))
    has = ~np.isnan(lat)
    middle_lat, middle_lon = cells(lat, lon, CELL_M)
    height, width = cell_steps(np.nan_to_num(middle_lat), CELL_M)
    new_lat = middle_lat + height * (rng.random(len(lat)) - 0.5) * 0.999
    new_lon = middle_lon + width * (rng.random(len(lat)) - 0.5) * 0.999
    for name, values in (("lat", new_lat), ("lon", new_lon)):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(at), pa.array(values, mask=~has))
    return table


def judged_in_place(mission, line):
    """The line judged again at the places that it has, as the commission reads it."""
    tables = {**line.known.tables, "claims": line.claims, "holdings": line.holdings}
    reading = TextReading(
        observations=line.observations,
        claims=schemas.empty(schemas.CLAIMS),
        set_aside=line.set_aside,
        bases=pa.table({}),
    )
    tables |= {"exposures": line.exposures, "inspections": line.desk["inspections"]}
    known = replace(line.known, tables=tables)
    agreement = agreement_of(mission)
    return judge(mission, known, agreement, reading, line.fusion, line.parameters, lambda _: None)
