"""Direction of fire: a bearing back from where it landed, out to the weapon's range, over a map.

A bearing gives a line and not a point. Several independent ones meet; one that runs along the line
of contact, or several that do not meet, say nothing. "Incoming" without a bearing is no item at all.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.weapon import parse
from truceline.attribution.contract import (
    ASSERTION_NATS,
    WEAK_NATS,
    EvidenceKind,
    Floats,
    Integers,
    Items,
    Mask,
    Matter,
    items,
    no_items,
)
from truceline.attribution.ground import Drawn, Sheet, around, by_author, holders, standing
from truceline.attribution.testimony import (
    Testimony,
    diluted,
    distinct,
    floats,
    is_sight,
    witnesses,
)
from truceline.geometry.offset import between
from truceline.model.place import SIGMAS_95

ANGLES = 9  # equal slices of a bearing's spread; odd, so that the bearing itself is one
RANGES = 16  # equal slices of the range
MEETING = np.exp(-0.5 * 3.0**2)  # bearings that nowhere agree to three deviations do not meet
_CHUNK = 20_000
_SHIFT = np.array([NormalDist().inv_cdf((i + 0.5) / 8) for i in range(8)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Bearings, those of one act together, the sharpest first."""

    act: Integers
    rank: Integers
    lat: Floats
    lon: Floats
    sigma_m: Floats  # of where it landed
    bearing_deg: Floats
    error_deg: Floats
    reach_m: Floats
    probability: Floats
    is_sight: Mask


def weigh(matter: Matter) -> Items:
    """One item for each author's map, from all bearings of an act together."""
    observations = matter.evidence.observations
    wanted = pc.fill_null(pc.equal(observations["bearing_role"], "to_origin"), False)
    if not pc.any(wanted).as_py() or not matter.evidence.controls.num_rows:
        return no_items(matter)
    lines = _lines(witnesses(matter, wanted))
    if not len(lines.act):
        return no_items(matter)
    first = np.flatnonzero(lines.rank == 0)
    acts = lines.act[first]
    found: list[tuple[Integers, Floats, str]] = []
    covered_by = by_author(matter, matter.began_us[acts], matter.ended_us[acts])
    for author, sheet, meta, covered in covered_by:
        for start in range(0, len(covered), _CHUNK):
            part = covered[start : start + _CHUNK]
            mass = _mass(lines, first[part], sheet, meta, len(matter.parties))
            found.append((part, standing(matter, mass, author), author))
    return _listed(matter, lines, first, found)


def _lines(spoken: Testimony) -> _Lines:
    """Usable bearings: with an error and a range, one of each root, sight before assertion."""
    said = spoken.said
    reach = floats(said["range_m"])
    by_weapon = [(parse(w).range_km or np.nan) * 1000 for w in distinct(said["weapon"])]
    codes = said["weapon"].combine_chunks().dictionary_encode().indices
    known = np.append(np.asarray(by_weapon, dtype=np.float64), np.nan)
    weapon = known[np.asarray(codes.fill_null(len(known) - 1)).astype(np.int64)]
    reach = np.where(np.isnan(reach), weapon, reach)
    columns = {n: floats(said[n]) for n in ("lat", "lon", "bearing_deg", "bearing_error_deg")}
    usable = (reach > 0) & np.logical_and.reduce([~np.isnan(c) for c in columns.values()])
    sight = is_sight(said)
    root = np.asarray(said["root"].combine_chunks().dictionary_encode().indices).astype(np.int64)
    chosen = _one_a_root(spoken.act, root, columns["bearing_error_deg"], sight, usable)
    act = spoken.act[chosen]
    rank = np.arange(len(act)) - np.repeat(
        np.flatnonzero(np.diff(act, prepend=-1)), np.unique(act, return_counts=True)[1]
    )
    landed = np.nan_to_num(floats(said["error_major_m"])) / SIGMAS_95
    return _Lines(
        act=act,
        rank=rank,
        lat=columns["lat"][chosen],
        lon=columns["lon"][chosen],
        sigma_m=landed[chosen],
        bearing_deg=columns["bearing_deg"][chosen],
        error_deg=columns["bearing_error_deg"][chosen],
        reach_m=reach[chosen],
        probability=spoken.probability[chosen],
        is_sight=sight[chosen],
    )


def _one_a_root(
    act: Integers, root: Integers, error: Floats, sight: Mask, usable: Mask
) -> Integers:
    """Rows kept, by act, the sharpest first; where an act has sight, its assertions are left out."""
    has_sight = np.zeros(int(act.max(initial=-1)) + 1, np.bool_)
    has_sight[act[usable & sight]] = True
    rows = np.flatnonzero(usable & (sight | ~has_sight[act]))
    rows = rows[np.lexsort((rows, error[rows], root[rows], act[rows]))]
    same = (np.diff(act[rows], prepend=-1) == 0) & (np.diff(root[rows], prepend=-1) == 0)
    rows = rows[~same]
    return rows[np.lexsort((rows, error[rows], act[rows]))]


def _mass(lines: _Lines, first: Integers, sheet: Drawn, meta: Sheet, parties: int) -> Floats:
    """Probability `(acts, parties)` that it was launched from ground of each party."""
    lat, lon = _launches(lines, first, meta.edge_sigma_m)
    share = np.full(lat.shape, 1.0 / lat.shape[1])
    count = _counts(lines, first)
    for rank in range(1, int(count.max(initial=1))):
        rows = np.flatnonzero(count > rank)
        share[rows] *= _agreement(lines, first[rows] + rank, lat[rows], lon[rows])
    total = share.sum(axis=1)
    meets = share.max(axis=1) * lat.shape[1] >= MEETING ** (count - 1)
    share = np.where((meets & (total > 0))[:, None], share / np.maximum(total, 1e-300)[:, None], 0)
    held = holders(sheet, lon.ravel(), lat.ravel()).reshape(lat.shape)
    return np.stack([(share * (held == party)).sum(axis=1) for party in range(parties)], axis=1)


def _launches(lines: _Lines, first: Integers, edge_sigma_m: float) -> tuple[Floats, Floats]:
    """Points `(acts, ANGLES * RANGES)` back along the sharpest bearing, evenly in angle and range."""
    z = np.array([NormalDist().inv_cdf((i + 0.5) / ANGLES) for i in range(ANGLES)])
    steps = (np.arange(RANGES) + 0.5) / RANGES
    reach = lines.reach_m[first, None, None] * steps[None, None, :]
    # The drawn edge errs along the range as well; mirrored angles get the same shift.
    turn = np.minimum(np.arange(ANGLES), ANGLES - 1 - np.arange(ANGLES))
    shift = _SHIFT[(turn[:, None] * 5 + np.arange(RANGES)[None, :] * 3) % len(_SHIFT)]
    reach = np.abs(reach + edge_sigma_m * shift[None, :, :])
    aside = np.hypot(lines.sigma_m[first], edge_sigma_m)[:, None, None]
    spread = np.hypot(np.deg2rad(lines.error_deg[first])[:, None, None], np.arctan2(aside, reach))
    angle = np.deg2rad(lines.bearing_deg[first])[:, None, None] + spread * z[None, :, None]
    east, north = reach * np.sin(angle), reach * np.cos(angle)
    shape = (len(first), ANGLES * RANGES)
    return around(lines.lat[first], lines.lon[first], east.reshape(shape), north.reshape(shape))


def _agreement(lines: _Lines, rows: Integers, lat: Floats, lon: Floats) -> Floats:
    """How well launches from each point agree with another bearing, 1 at best; `(acts, points)`."""
    east, north = between(lines.lat[rows, None], lines.lon[rows, None], lat, lon)
    metres = np.hypot(east, north)
    turn = np.arctan2(east, north) - np.deg2rad(lines.bearing_deg[rows, None])
    turn = (turn + np.pi) % (2 * np.pi) - np.pi
    blur = np.arctan2(lines.sigma_m[rows, None], metres)
    spread = np.hypot(np.deg2rad(lines.error_deg[rows, None]), blur)
    return np.exp(-0.5 * (turn / spread) ** 2) * (metres <= lines.reach_m[rows, None])


def _counts(lines: _Lines, first: Integers) -> Integers:
    total = np.bincount(lines.act, minlength=int(lines.act.max(initial=0)) + 1)
    return total[lines.act[first]]


def _listed(
    matter: Matter, lines: _Lines, first: Integers, found: list[tuple[Integers, Floats, str]]
) -> Items:
    if not found:
        return no_items(matter)
    part = np.concatenate([rows for rows, _, _ in found])
    nats = np.concatenate([of for _, of, _ in found])
    sight = lines.is_sight[first[part]]
    belongs = np.minimum.reduceat(lines.probability, first)[part]
    nats = np.where(sight[:, None], nats, np.clip(nats, -ASSERTION_NATS, ASSERTION_NATS))
    nats = diluted(np.clip(nats, -WEAK_NATS, WEAK_NATS), belongs)
    several = (_counts(lines, first)[part] > 1).astype(np.int64)
    top = nats[:, : len(matter.parties)].argmax(axis=1)
    top[~nats.any(axis=1)] = -1
    authors = sorted({author for _, _, author in found})
    author = np.concatenate([np.full(len(rows), authors.index(a)) for rows, _, a in found])
    width = len(matter.parties) + 1
    sentences = [
        _sentence(matter, party, is_several, name)
        for name in authors
        for is_several in (False, True)
        for party in range(-1, len(matter.parties))
    ]
    return items(
        matter,
        act=lines.act[first[part]],
        nats=nats,
        group=pa.repeat(pa.scalar("ground"), len(part)),
        is_physical=sight,
        sentence=(author * 2 + several) * width + top + 1,
        sentences=sentences,
    )


def _sentence(matter: Matter, party: int, is_several: bool, author: str) -> str:
    lines = "independent bearings" if is_several else "one bearing"
    verb = "meet on" if is_several else "reaches"
    if party >= 0:
        return (
            f"{lines} back from where it landed {verb} ground that the map of {author} gives to "
            f"{matter.name(party)}"
        )
    if is_several:
        return (
            f"{lines} back from where it landed do not meet, or meet where the map of {author} does "
            "not tell the parties' ground apart"
        )
    return (
        f"{lines} back from where it landed runs where the map of {author} does not tell the "
        "parties' ground apart"
    )


EVIDENCE = EvidenceKind(
    name="direction_of_fire",
    summary="Bearings back from where it landed, out to the weapon's range, over maps of control",
    family="ground",
    cap_nats=WEAK_NATS,
    cap_source="weak support (ENFSI 2015): it rests on who held the ground, as control of territory",
    limitation=(
        "A bearing is a line; without a range or a map it says nothing, and the word `incoming` "
        "alone is no bearing."
    ),
    weigh=weigh,
)
