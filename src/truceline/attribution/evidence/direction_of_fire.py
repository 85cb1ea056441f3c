"""Direction of fire: a bearing back from where it landed, out to the weapon's range, over a map.

A bearing gives a line and not a point. Several independent ones meet; one that runs along the line
of contact, or several that do not meet, say nothing. "Incoming" without a bearing is no item at all.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

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
    Rests,
    items,
    no_items,
)
from truceline.attribution.ground import (
    Drawn,
    Sheet,
    around,
    author_root,
    by_author,
    holders,
    partisan,
    standing,
)
from truceline.attribution.testimony import (
    Testimony,
    diluted,
    distinct,
    floats,
    is_sight,
    roots_of,
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
    root: pa.Array


class _Found(NamedTuple):
    """Answers of one map: rows of the bearings (of several, the sharpest), and their nats."""

    rows: Integers
    nats: Floats
    author: str
    is_alone: bool


def weigh(matter: Matter) -> Items:
    """For each author's map one item from all bearings of an act together, and one from each alone.

    What a bearing says alone is what its root gives where another of them is counted elsewhere; it
    never says more than all together.
    """
    observations = matter.evidence.observations
    wanted = pc.fill_null(pc.equal(observations["bearing_role"], "to_origin"), False)
    if not pc.any(wanted).as_py() or not matter.evidence.controls.num_rows:
        return no_items(matter)
    lines = _lines(matter, witnesses(matter, wanted))
    if not len(lines.act):
        return no_items(matter)
    first = np.flatnonzero(lines.rank == 0)
    acts = lines.act[first]
    found: list[_Found] = []
    covered_by = by_author(matter, matter.began_us[acts], matter.ended_us[acts])
    for author, sheet, meta, covered in covered_by:
        for start in range(0, len(covered), _CHUNK):
            rows = first[covered[start : start + _CHUNK]]
            together = _nats(matter, lines, rows, (sheet, meta, author), is_alone=False)
            found.append(_Found(rows, together, author, is_alone=False))
            owner, each = _each(lines, rows)
            alone = _nats(matter, lines, each, (sheet, meta, author), is_alone=True)
            most, least = np.maximum(together[owner], 0), np.minimum(together[owner], 0)
            alone = np.clip(alone, least, most)
            says = np.flatnonzero(alone.any(axis=1))
            found.append(_Found(each[says], alone[says], author, is_alone=True))
    return _listed(matter, lines, found)


def _each(lines: _Lines, first: Integers) -> tuple[Integers, Integers]:
    """Number in `first`, and row, of every bearing of the acts that have several."""
    count = _counts(lines, first)
    many = np.flatnonzero(count > 1)
    owner = np.repeat(many, count[many])
    start = np.cumsum(count[many]) - count[many]
    return owner, first[owner] + np.arange(len(owner)) - np.repeat(start, count[many])


def _nats(
    matter: Matter,
    lines: _Lines,
    rows: Integers,
    of: tuple[Drawn, Sheet, str],
    *,
    is_alone: bool,
) -> Floats:
    """Nats `(n, hypotheses)` on one map, from all bearings of the act or from this one alone."""
    sheet, meta, author = of
    mass = _mass(lines, rows, sheet, meta, len(matter.parties), is_alone=is_alone)
    nats = standing(matter, mass, author)
    weak = np.clip(nats, -ASSERTION_NATS, ASSERTION_NATS)
    nats = np.where(lines.is_sight[rows][:, None], nats, weak)
    return np.clip(nats, -WEAK_NATS, WEAK_NATS)


def _lines(matter: Matter, spoken: Testimony) -> _Lines:
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
    sight, roots = is_sight(matter, spoken), roots_of(matter, spoken)
    root = np.asarray(roots.dictionary_encode().indices).astype(np.int64)
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
        root=roots.take(pa.array(chosen)),
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


def _mass(
    lines: _Lines, first: Integers, sheet: Drawn, meta: Sheet, parties: int, *, is_alone: bool
) -> Floats:
    """Probability `(acts, parties)` that it was launched from ground of each party."""
    lat, lon = _launches(lines, first, meta.edge_sigma_m)
    share = np.full(lat.shape, 1.0 / lat.shape[1])
    count = np.ones(len(first), np.int64) if is_alone else _counts(lines, first)
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


def _listed(matter: Matter, lines: _Lines, found: list[_Found]) -> Items:
    if not found:
        return no_items(matter)
    rows = np.concatenate([part.rows for part in found])
    alone = np.concatenate([np.full(len(part.rows), part.is_alone) for part in found])
    weighed = [partisan(matter, part.nats, part.author) for part in found]
    nats = np.concatenate([of for of, _ in weighed])
    count = np.where(alone, 1, _counts(lines, rows))
    last = rows + count
    starts = np.stack([rows, last], axis=1).ravel()
    least = np.minimum.reduceat(np.append(lines.probability, np.inf), starts)[::2]
    authors = sorted({part.author for part in found})
    author = np.concatenate([np.full(len(p.rows), authors.index(p.author)) for p in found])
    top = nats[:, : len(matter.parties)].argmax(axis=1)
    top[~nats.any(axis=1)] = -1
    sentences = [
        _sentence(matter, party, is_several, name)
        for name in authors
        for is_several in (False, True)
        for party in range(-1, len(matter.parties))
    ]
    return items(
        matter,
        act=lines.act[rows],
        nats=diluted(nats, least),
        group="ground",
        rests=Rests(
            root=lines.root.take(pa.array(rows)),
            beside=_beside(lines, rows, count, [author_root(matter, a) for a in authors], author),
        ),
        is_physical=lines.is_sight[rows] & ~np.concatenate([claim for _, claim in weighed]),
        sentence=(author * 2 + (count > 1)) * (len(matter.parties) + 1) + top + 1,
        sentences=sentences,
    )


def _beside(
    lines: _Lines, rows: Integers, count: Integers, roots: list[str], author: Integers
) -> pa.ListArray:
    """The author of the map, and of several bearings the roots of all but the sharpest."""
    words = pa.concat_arrays([pa.array(roots), lines.root])
    end = np.cumsum(count)
    number = np.repeat(len(roots) + rows, count)
    number += np.arange(len(number)) - np.repeat(end - count, count)
    number[end - count] = author  # in place of the sharpest, which is the item's own root
    offsets = np.concatenate([[0], end]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(number)))


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
