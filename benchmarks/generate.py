"""A truce with known truth: mixed observations along a front, as many as one asks for.

Not what fusion assumes: noise is a mixture of narrow and gross errors, delays of text are skewed,
texts are copied, some reports stand for nothing, half of the text reports know only the date.
Everything follows from the seed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.model.place import SIGMAS_95
from truceline.tables.schemas import INSTANT, OBSERVATIONS, from_columns

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

START = int(datetime(2025, 3, 1, tzinfo=UTC).timestamp())
DAY_S = 86_400
FRONT_KM = 1000.0
CLUTTER = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a made-up source kind sees: chance, place and time noise, delay, whether it writes."""

    name: str
    sees: float
    error_m: float  # one standard deviation
    timing_s: float
    delay_s: float
    is_text: bool
    sources: int
    window_s: float = 0.0


KINDS = (
    Kind(name="seismic", sees=0.35, error_m=2000, timing_s=7, delay_s=0, is_text=False, sources=2),
    Kind(
        name="acoustic", sees=0.20, error_m=1500, timing_s=10, delay_s=0, is_text=False, sources=8
    ),
    Kind(name="camera", sees=0.12, error_m=900, timing_s=20, delay_s=0, is_text=False, sources=40),
    Kind(
        name="patrol", sees=0.25, error_m=1200, timing_s=240, delay_s=0, is_text=False, sources=60
    ),
    Kind(name="uav", sees=0.10, error_m=250, timing_s=90, delay_s=0, is_text=False, sources=20),
    Kind(
        name="satellite",
        sees=0.12,
        error_m=500,
        timing_s=900,
        delay_s=9000,
        is_text=False,
        sources=3,
    ),
    Kind(
        name="media", sees=0.45, error_m=4000, timing_s=1800, delay_s=9000, is_text=True, sources=30
    ),
    Kind(
        name="social",
        sees=0.60,
        error_m=3000,
        timing_s=900,
        delay_s=5400,
        is_text=True,
        sources=200,
    ),
    Kind(
        name="agency",
        sees=0.25,
        error_m=4000,
        timing_s=1800,
        delay_s=12_000,
        is_text=True,
        sources=6,
    ),
)
TYPES = (
    "artillery",
    "mortar",
    "uav_attack",
    "small_arms_fire",
    "mlrs",
    "air_strike",
    "uav_overflight",
)
TYPE_SHARES = (0.34, 0.18, 0.2, 0.12, 0.06, 0.05, 0.05)
HEARD = {"artillery": "mortar", "mortar": "artillery", "mlrs": "artillery", "air_strike": "missile"}
WORDS = {
    "artillery": "artillery shelling", "mortar": "mortar rounds", "uav_attack": "drone attack",
    "small_arms_fire": "rifle fire", "mlrs": "rocket salvo", "air_strike": "air strike",
    "uav_overflight": "drone overhead",
}  # fmt: skip
DETAIL = [
    "house",
    "school",
    "shop",
    "depot",
    "bridge",
    "warehouse",
    "farm",
    "barn",
    "church",
    "clinic",
    "market",
    "garage",
    "orchard",
    "substation",
    "pump",
    "mill",
    "station",
    "kindergarten",
    "road",
    "crossing",
    "tower",
    "factory",
    "silo",
    "field",
    "garden",
    "ambulance",
    "tractor",
    "bus",
    "library",
    "hotel",
    "cafe",
    "pharmacy",
    "workshop",
    "quarry",
    "dam",
    "pond",
    "cemetery",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Observations with their incidents: `incident` is -1 - row for clutter."""

    observations: pa.Table
    incident: Ints
    lat: Floats  # of every incident
    lon: Floats
    at_s: Floats
    is_copy: npt.NDArray[np.bool_]


def _front(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Places along a bent front, busier about a dozen hot spots, a few kilometres either side."""
    spots = rng.uniform(0, FRONT_KM, 12)
    along = np.where(
        rng.random(count) < 0.5, rng.uniform(0, FRONT_KM, count),
        spots[rng.integers(0, 12, count)] + rng.normal(0, 20, count),
    )  # fmt: skip
    along = np.clip(along, 0, FRONT_KM)
    across = rng.normal(0, 6, count)
    lat = 46.6 + along / FRONT_KM * 4.0 + across * 0.35 / 111.2
    lon = 33.0 + along / FRONT_KM * 7.0 + 1.2 * np.sin(along / 160.0) - across * 0.9 / 74.0
    return lat, lon


def _noise(rng: np.random.Generator, count: int) -> Floats:
    """Unit noise with one gross error in twenty, five times as wide."""
    return rng.standard_normal(count) * np.where(rng.random(count) < 0.05, 5.0, 1.0)


def _texts(rng: np.random.Generator, kind: Ints, town: Ints, detail: Ints) -> list[str]:
    phrase = list(WORDS.values())
    opening = ("reported near", "heard in", "hit", "struck the outskirts of", "shook")
    choice = rng.integers(0, len(opening), kind.size)
    second = rng.integers(0, len(DETAIL), kind.size)
    return [
        f"{phrase[k]} {opening[c]} Selo{t}, {DETAIL[d]} damaged, {DETAIL[s]} burning"
        for k, c, t, d, s in zip(kind, choice, town, detail, second, strict=True)
    ]


def _rows(rng: np.random.Generator, incidents: int) -> tuple[Ints, Ints]:
    """Incident and kind of every true report; each incident has its own loudness."""
    loud = rng.gamma(2.0, 0.5, incidents)
    sees = np.array([kind.sees for kind in KINDS])
    seen = rng.random((incidents, len(KINDS))) < 1 - np.exp(-sees[None, :] * loud[:, None])
    incident, kind = np.nonzero(seen)
    return incident, kind


def _clutter(
    rng: np.random.Generator, count: int, days: float
) -> tuple[Floats, Floats, Floats, Ints, Ints]:
    lat, lon = _front(rng, count)
    return (
        lat, lon, rng.uniform(0, days * DAY_S, count),
        rng.choice(len(TYPES), count, p=TYPE_SHARES), rng.integers(0, len(KINDS), count),
    )  # fmt: skip


def generate(observations: int, *, per_day: float, seed: int = 1, date_only: float = 0.5) -> Truth:
    """About so many observations of a truce broken `per_day` times a day.

    Parameters
    ----------
    observations
        Exactly this many rows come out.
    per_day
        Incidents a day along the whole front: 40 is a quiet truce, 400 is war.
    date_only
        Share of text reports that know only the day.
    """
    rng = np.random.default_rng(seed)
    incidents = int(observations / 1.6) + 10
    lat, lon = _front(rng, incidents)
    days = incidents / per_day
    at = np.sort(rng.uniform(0, days * DAY_S, incidents))
    kind_of = rng.choice(len(TYPES), incidents, p=TYPE_SHARES)
    detail = rng.integers(0, len(DETAIL), incidents)
    incident, kind = _rows(rng, incidents)
    order = np.argsort(incident, kind="stable")
    incident, kind = incident[order], kind[order]
    wanted = int(observations * (1 - CLUTTER) / 1.12)
    incident, kind = incident[:wanted], kind[:wanted]
    seen_days = at[incident[-1]] / DAY_S
    copies = _copies(rng, kind, observations - wanted)
    false = observations - wanted - copies.size
    c_lat, c_lon, c_at, c_type, c_kind = _clutter(rng, false, seen_days)
    table = _Table(
        np.concatenate([lat[incident], c_lat]), np.concatenate([lon[incident], c_lon]),
        np.concatenate([at[incident], c_at]), np.concatenate([kind_of[incident], c_type]),
        np.concatenate([kind, c_kind]),
        np.concatenate([detail[incident], rng.integers(0, len(DETAIL), false)]),
    )  # fmt: skip
    owner = np.concatenate([incident, -1 - np.arange(false)])
    return _observe(rng, table, owner, copies, (lat, lon, at), date_only)


@dataclass(frozen=True, slots=True)
class _Table:
    lat: Floats
    lon: Floats
    at_s: Floats
    type: Ints
    kind: Ints
    detail: Ints


def _copies(rng: np.random.Generator, kind: Ints, most: int) -> Ints:
    """Rows of social and media reports that others repeat, one to three times."""
    texts = np.flatnonzero([KINDS[k].name in ("media", "social") for k in kind])
    chosen = texts[rng.random(texts.size) < 0.18]
    return np.repeat(chosen, rng.integers(1, 4, chosen.size))[: int(most * 0.45)]


def _observe(
    rng: np.random.Generator,
    true: _Table,
    owner: Ints,
    copies: Ints,
    incidents: tuple[Floats, Floats, Floats],
    date_only: float,
) -> Truth:
    count = owner.size
    spec = {
        name: np.array([getattr(kind, name) for kind in KINDS], float)[true.kind]
        for name in ("error_m", "timing_s", "delay_s", "is_text", "sources")
    }
    lat = true.lat + _noise(rng, count) * spec["error_m"] / 111_200
    lon = true.lon + _noise(rng, count) * spec["error_m"] / 74_600
    began = true.at_s + _noise(rng, count) * spec["timing_s"]
    began += rng.exponential(1.0, count) * spec["delay_s"]
    heard = np.array([TYPES.index(HEARD.get(name, name)) if HEARD.get(name, name) in TYPES else k
                      for k, name in enumerate(TYPES)])  # fmt: skip
    told = np.where(rng.random(count) < 0.12, heard[true.type], true.type)
    source = rng.integers(0, spec["sources"].astype(int))
    town = (np.floor(true.lat * 12) * 1000 + np.floor(true.lon * 9)).astype(int)
    lines = _texts(rng, told, town, true.detail)
    at = np.concatenate([np.arange(count), copies])
    is_copy = np.arange(at.size) >= count
    began = began[at] + np.where(is_copy, rng.exponential(3600, at.size), 0.0)
    text = spec["is_text"][at] > 0
    dated = text & (rng.random(at.size) < date_only)
    unplaced = text & (rng.random(at.size) < 0.08)
    kind = true.kind[at]
    source = np.where(is_copy, 1000 + rng.integers(0, 300, at.size), source[at])
    type_names = np.array(TYPES, object)[told[at]]
    blast = np.isin(kind, [0, 1]) & (type_names != "uav_overflight")
    type_names[blast] = "explosion_unidentified"
    type_names[rng.random(at.size) < 0.1] = None
    table = _table(at, kind, source, began, dated, unplaced, (lat[at], lon[at]),
                   spec["error_m"][at] * SIGMAS_95, type_names, lines, text)  # fmt: skip
    shuffled = rng.permutation(at.size)
    return Truth(
        observations=table.take(pa.array(shuffled)).combine_chunks(), incident=owner[at][shuffled],
        lat=incidents[0], lon=incidents[1], at_s=incidents[2] + START, is_copy=is_copy[shuffled],
    )  # fmt: skip


def _table(at, kind, source, began, dated, unplaced, where, error_m, types, lines, text):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    count = at.size
    names = np.array([k.name for k in KINDS], object)[kind]
    began_us = ((began + START) * 1e6).astype(np.int64)
    day_us = np.int64(DAY_S * 1_000_000)
    began_us = np.where(dated, began_us // day_us * day_us, began_us // 1_000_000 * 1_000_000)
    ended_us = np.where(dated, began_us + day_us, began_us)
    source_names = [f"{name}-{number}" for name, number in zip(names, source, strict=True)]
    columns = {
        "observation_id": [f"o{i:08d}" for i in range(count)],
        "feed": "generated",
        "source": source_names,
        "source_kind": names.tolist(),
        "root": [f"t{row}" if t else s for row, t, s in zip(at, text, source_names, strict=True)],
        "began": pa.array(began_us).cast(INSTANT),
        "ended": pa.array(ended_us).cast(INSTANT),
        "known_at": pa.array(ended_us).cast(INSTANT),
        "is_date_only": dated,
        "lat": pa.array(where[0], mask=unplaced),
        "lon": pa.array(where[1], mask=unplaced),
        "error_major_m": pa.array(error_m, mask=unplaced),
        "error_minor_m": pa.array(error_m, mask=unplaced),
        "error_azimuth_deg": 0.0,
        "place_kind": pa.array(["ellipse"] * count, mask=unplaced),
        "type": types.tolist(),
        "type_confidence": 0.85,
        "direction": "undetermined",
        "stance": "none",
        "text": [lines[row] if t else None for row, t in zip(at, text, strict=True)],
    }
    return from_columns(OBSERVATIONS, columns, count)


def pair_scores(truth: Ints, found: Ints) -> tuple[float, float]:
    """Pair F1 and B-cubed F1 of a partition against the truth; clutter stands alone."""
    _, truth = np.unique(truth, return_inverse=True)
    _, found = np.unique(found, return_inverse=True)
    both = np.unique(truth.astype(np.int64) * (found.max() + 1) + found, return_inverse=True)[1]
    n_true, n_found, n_both = np.bincount(truth), np.bincount(found), np.bincount(both)
    pairs = [float((n * (n - 1.0) / 2).sum()) for n in (n_true, n_found, n_both)]
    f1 = 2 * pairs[2] / max(pairs[0] + pairs[1], 1.0)
    share = n_both[both]
    precision, recall = (share / n_found[found]).mean(), (share / n_true[truth]).mean()
    return f1, float(2 * precision * recall / (precision + recall))
