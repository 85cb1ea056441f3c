"""What a report needs beside the line: amounts by rule, names for the map, licences, and a secret."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from truceline.detection.text import gazetteer
from truceline.findings.contract import Subjects
from truceline.findings.count import counted_of
from truceline.geometry.plane import metres_per_degree
from truceline.pipeline import plugins
from truceline.pipeline.line import Line
from truceline.pipeline.mission import Mission
from truceline.record.store import Record
from truceline.reports.columns import AMOUNTS, SETTLEMENTS
from truceline.reports.naming import KEY_BYTES
from truceline.tables import schemas

LEAST_POPULATION = 30_000  # assumed: names that people know without a map
APART_M = 15_000.0  # assumed: nearer than this a smaller place is a part or a suburb
KEY_ENTRY = "release_key"
ACTOR = "truceline report"
# A part of Mariupol, which GeoNames gives more people than the city itself.
_PARTS = frozenset({"Pravyi Bereh"})


def amounts(line: Line) -> pa.Table:
    """How many each act counts by each counting rule, as rows of AMOUNTS."""
    counted = counted_of(Subjects(acts=line.fusion.acts, incidents=line.fusion.incidents))
    acts = counted.acts
    tables = [
        schemas.from_columns(
            AMOUNTS,
            {"act_id": acts["act_id"], "rule": name, "amount": rule.amount(counted)},
            acts.num_rows,
        )
        for name, rule in sorted(plugins.load("counting").items())
    ]
    return pa.concat_tables(tables) if tables else AMOUNTS.empty_table()


def settlements() -> pa.Table:
    """Larger places by name, most people first, as rows of SETTLEMENTS; from GeoNames, CC BY 4.0."""
    known = [
        each
        for each in gazetteer.load().settlements
        if each.population >= LEAST_POPULATION and each.name not in _PARTS
    ]
    known.sort(key=lambda each: (-each.population, each.name, each.lat))
    lat, lon = np.array([each.lat for each in known]), np.array([each.lon for each in known])
    east_m, north_m = metres_per_degree(float(lat.mean()))
    kept: list[int] = []
    for number in range(len(known)):
        away_m = np.hypot((lat[kept] - lat[number]) * north_m, (lon[kept] - lon[number]) * east_m)
        if not len(kept) or float(away_m.min()) > APART_M:
            kept.append(number)
    columns = {
        name: [getattr(known[number], name) for number in kept] for name in SETTLEMENTS.names
    }
    return schemas.from_columns(SETTLEMENTS, columns, len(kept))


def licences(mission: Mission) -> Mapping[str, str]:
    """Licence of each file that a feed of the mission may read, by the file's name."""
    feeds = plugins.load("feeds")
    found: dict[str, str] = {}
    for spec in mission.feeds:
        for pattern in spec.files:
            base = Path(pattern)
            paths = [base] if base.is_absolute() else sorted(mission.folder.glob(pattern))
            for path in paths:  # named as the feed's files are
                is_own = path.is_relative_to(mission.folder)
                name = path.relative_to(mission.folder).as_posix() if is_own else path.name
                found[name] = feeds[spec.feed].licence
    return found


def release_key(record: Record) -> bytes:
    """The secret by which releases name things; made and entered once, when first asked for."""
    if key := known_key(record):
        return key
    now, key = datetime.now(UTC), secrets.token_bytes(KEY_BYTES)
    record.append(
        KEY_ENTRY,
        {"key": key.hex()},
        known_at=now,
        recorded_at=now,
        actor=ACTOR,
        entropy=secrets.token_bytes,
    )
    return key


def known_key(record: Record) -> bytes:
    """The secret of the record; empty where nothing was released yet."""
    entry = next(record.entries(kind=KEY_ENTRY), None)
    return b"" if entry is None else bytes.fromhex(entry.payload["key"])
