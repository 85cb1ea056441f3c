"""Scores of incidents: who belongs together, what was found, how surely, where and when."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from truceline.simulation.scoring.bounds import share
from truceline.simulation.scoring.calibration import (
    Reliability,
    brier_scores,
    log_scores,
    reliability,
)
from truceline.simulation.scoring.matching import match
from truceline.simulation.scoring.partition import Agreement, Shares, agreement, labelled
from truceline.simulation.scoring.regions import LEVELS, Regions, places, regions
from truceline.simulation.scoring.resample import (
    NOTHING,
    Banded,
    banded,
    blocks,
    mean_banded,
    with_own,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LIKELY = 0.5
"""A computed incident counts as stated from here on: below it the line lists it as unconfirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueIncidents:
    """What truly happened, and whose sighting each observation is.

    Parameters
    ----------
    of
        `(n,)` number of the happening of each observation; -1: clutter.
    is_copy
        `(n,)` whether it repeats another observation.
    campaign
        `(happenings,)` what is resampled together; -1: on its own.
    is_incident
        `(happenings,)` False: a quarry blast, thunder, a farm fire.
    lat, lon, began_s, ended_s
        `(happenings,)` where it took effect, degrees, and when, seconds since 1970; NaN: not known.
    fired_lat, fired_lon
        `(happenings,)` where it was fired from, degrees, or where it was if nothing was fired; NaN:
        not known; None: of none.
    """

    of: Ints
    is_copy: Flags
    campaign: Ints
    is_incident: Flags
    lat: Floats
    lon: Floats
    began_s: Floats
    ended_s: Floats
    fired_lat: Floats | None = None
    fired_lon: Floats | None = None

    def blocks(self) -> Ints:
        """What is resampled together, of each observation; clutter is each its own."""
        # A happening of no campaign is one block all the same, with all that was seen of it.
        return blocks(np.append(with_own(self.campaign), -1)[self.of])


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIncidents:
    """What was computed from the same observations.

    Parameters
    ----------
    shares
        In which incident each observation is.
    p_real
        `(incidents,)`; ones for a peer that states none.
    ids
        `(incidents,)` identifiers in the posterior; None with it.
    posterior
        Places and times in the schema of posteriors; None: none stated.
    is_outgoing
        `(incidents,)` whether the stated place is where the fire came from; None: of none.
    """

    shares: Shares
    p_real: Floats
    ids: pa.Array | None = None
    posterior: pa.Table | None = None
    is_outgoing: Flags | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which true incidents were found.

    Parameters
    ----------
    rate, rate_two
        Share found of the true incidents that were sighted at all, and of those that two
        observations sighted which are no copies.
    false_per_true
        Stated incidents that stand for no true one, for each true one that was sighted.
    of_nothing, fragments, others
        The same by what they are: mostly clutter; pieces or mixtures of happenings; happenings
        that are no incident.
    unseen
        True incidents that nobody sighted; nothing could find them.
    """

    rate: Banded
    rate_two: Banded
    false_per_true: Banded
    of_nothing: int
    fragments: int
    others: int
    stated: int
    sighted: int
    unseen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where and when against what was stated, over matched incidents.

    Fire told as outgoing is held against where it was fired from, all else against where it took effect.
    `coverage` and `area_km2` (median) are by level of region; `within_s` is the share whose true
    beginning lies in the stated interval, `interval_s` its median length, `late_s` the median
    distance of the true beginning from the interval; `miss_m` the median distance from the true place
    to the mean of the stated one.
    """

    coverage: dict[float, Banded]
    area_km2: dict[float, float]
    miss_m: float
    placed: int
    within_s: Banded
    interval_s: float
    late_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentScores:
    """All scores of incidents. `p_real` scores are None for who states no probability."""

    hard: Agreement
    soft: Agreement
    found: Found
    real: Reliability | None
    real_brier: Banded
    real_nats: Banded
    placed: Placed | None
    matched: Ints


def score_incidents(true: TrueIncidents, told: ToldIncidents, rng: Generator) -> IncidentScores:
    """Scores of a fusion, or of any labelling, against the truth.

    Parameters
    ----------
    true, told
        Over the same observations, in one order.
    rng
        For bands; seeded by the caller.
    """
    block = true.blocks()
    home = told.shares.homes()
    is_stated = told.p_real >= LIKELY
    matched = match(true.of, home, true.is_incident.size, is_stated)
    has_p = bool(np.any(told.p_real < 1.0))
    nature = _nature(true, told.shares, told.p_real.size)
    real, brier, nats = _real(nature, told.p_real, rng) if has_p else (None, NOTHING, NOTHING)
    return IncidentScores(
        hard=agreement(true.of, labelled(home), block, rng),
        soft=agreement(true.of, told.shares, block, rng),
        found=_found(true, home, matched, is_stated, nature, rng),
        real=real,
        real_brier=brier,
        real_nats=nats,
        placed=_placed(true, told, matched),
        matched=matched,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nature:
    """Of each computed incident: mostly of something that happened, and what is resampled with it."""

    is_real: Flags
    campaign: Ints
    is_empty: Flags


def _nature(true: TrueIncidents, shares: Shares, count: int) -> _Nature:
    """By the weight of members; the block is that of the heaviest happening, clutter is alone."""
    p = shares.probability
    of = true.of[shares.row]
    whole = np.bincount(shares.incident, weights=p, minlength=count)
    real = np.bincount(shares.incident, weights=p * (of >= 0), minlength=count)
    campaign = np.full(count, -1, np.int64)
    order = np.argsort(p, kind="stable")
    campaign[shares.incident[order]] = np.append(true.campaign, -1)[of[order]]  # heaviest is last
    return _Nature(is_real=2 * real >= whole, campaign=campaign, is_empty=whole == 0)


def real_or_not(true: TrueIncidents, told: ToldIncidents) -> tuple[Floats, Flags, Ints]:
    """Of each computed incident with a member: `p_real`, whether it is real, what is resampled with it."""
    return _kept(_nature(true, told.shares, told.p_real.size), told.p_real)


def _kept(nature: _Nature, p_real: Floats) -> tuple[Floats, Flags, Ints]:
    kept = ~nature.is_empty
    return p_real[kept], nature.is_real[kept], blocks(nature.campaign[kept])


def _real(nature: _Nature, p_real: Floats, rng: Generator) -> tuple[Reliability, Banded, Banded]:
    p, real, block = _kept(nature, p_real)
    both = np.stack([1 - p, p], axis=1)
    truth = real.astype(np.int64)
    of_truth = both[np.arange(p.size), truth]
    return (
        reliability(p, real, block, rng),
        mean_banded(brier_scores(both, truth), block, rng),
        mean_banded(log_scores(of_truth), block, rng),
    )


def _found(
    true: TrueIncidents,
    home: Ints,
    matched: Ints,
    is_stated: Flags,
    nature: _Nature,
    rng: Generator,
) -> Found:
    count = true.is_incident.size
    seen = np.bincount(true.of[true.of >= 0], minlength=count)
    own = np.bincount(true.of[(true.of >= 0) & ~true.is_copy], minlength=count)
    sighted = true.is_incident & (seen > 0)
    block = blocks(true.campaign)
    hit = matched >= 0
    twice = sighted & (own > 1)
    stands = np.zeros(is_stated.size, np.int8)  # 1: for a true incident, 2: for another happening
    stands[matched[matched >= 0]] = np.where(true.is_incident[matched >= 0], 1, 2)
    held = np.bincount(home[home >= 0], minlength=is_stated.size) > 0
    false = is_stated & held & (stands != 1)
    nothing = false & ~nature.is_real
    return Found(
        rate=share(hit[sighted], block[sighted]),
        rate_two=share(hit[twice], block[twice]),
        false_per_true=_per_true(false, nature.campaign, true.campaign[sighted], rng),
        of_nothing=int(np.count_nonzero(nothing)),
        fragments=int(np.count_nonzero(false & nature.is_real & (stands == 0))),
        others=int(np.count_nonzero(false & (stands == 2))),
        stated=int(np.count_nonzero(is_stated & held)),
        sighted=int(np.count_nonzero(sighted)),
        unseen=int(np.count_nonzero(true.is_incident & (seen == 0))),
    )


def _per_true(false: Flags, of_false: Ints, of_true: Ints, rng: Generator) -> Banded:
    """False ones for each true one; both sides of a campaign are drawn together."""
    columns = np.zeros((of_false.size + of_true.size, 2))
    columns[: of_false.size, 0] = false
    columns[of_false.size :, 1] = 1.0
    block = blocks(np.concatenate([of_false, of_true]))
    found = banded(block, columns, lambda s: s[:, 0] / s[:, 1], rng)
    if found.value > 0 or not of_true.size:
        return found
    none = share(np.zeros(of_true.size, bool), block[of_false.size :])
    return replace(
        found, high=none.high
    )  # resampling nothing gives nothing, however little was seen


def _placed(true: TrueIncidents, told: ToldIncidents, matched: Ints) -> Placed | None:
    if told.posterior is None or told.ids is None:
        return None
    lat, lon = _at_told_end(true, told, matched)
    at = np.flatnonzero((matched >= 0) & np.isfinite(lat) & true.is_incident)
    ids = told.ids.take(pa.array(matched[at]))
    where = regions(places(told.posterior, ids, lat[at], lon[at]), at.size)
    block = blocks(true.campaign)[at]
    began, ended = _interval(told.posterior, ids)
    late = np.maximum(np.maximum(began - true.began_s[at], true.began_s[at] - ended), 0.0)
    timed = np.isfinite(late)
    return Placed(
        coverage=_coverage(where, block),
        area_km2={level: _median(where.area_km2[:, i]) for i, level in enumerate(LEVELS)},
        miss_m=_median(where.miss_m),
        placed=int(np.count_nonzero(np.isfinite(where.mass))),
        within_s=share(late[timed] == 0, block[timed]),
        interval_s=_median(ended - began),
        late_s=_median(late),
    )


def _at_told_end(true: TrueIncidents, told: ToldIncidents, matched: Ints) -> tuple[Floats, Floats]:
    """The true place of that end of fire at which each happening is told; NaN where it is not known."""
    if told.is_outgoing is None:
        return true.lat, true.lon
    goes_out = np.append(told.is_outgoing, False)[matched]
    fired_lat = np.nan if true.fired_lat is None else true.fired_lat
    fired_lon = np.nan if true.fired_lon is None else true.fired_lon
    return np.where(goes_out, fired_lat, true.lat), np.where(goes_out, fired_lon, true.lon)


def _coverage(where: Regions, block: Ints) -> dict[float, Banded]:
    stated = np.isfinite(where.mass)
    return {level: share(where.mass[stated] <= level, block[stated]) for level in LEVELS}


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _interval(posterior: pa.Table, ids: pa.Array) -> tuple[Floats, Floats]:
    """Stated beginning and end of incidents, seconds since 1970."""
    row = np.asarray(pc.fill_null(pc.index_in(ids, posterior["incident_id"].combine_chunks()), -1))
    began, ended = (
        np.append(np.asarray(posterior[name].cast(pa.int64())) / 1e6, np.nan)[row]
        for name in ("began", "ended")
    )
    return began, ended
