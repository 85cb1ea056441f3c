"""How probable it is that an incident is real: voices, silence where somebody listened, copies.

A report of kind k stands for nothing with chance `false_share`. Voices that found one another by
place and time cannot easily all be false; copies are no voices. How far to doubt a voice that stands
alone is learnt from the evidence: noise comes every day alike, and what happens comes in bursts. A
source that watched the place at the time with chance p of detecting, and reported nothing, takes
(1 - p) off the odds.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.columns import (
    KINDS,
    Floats,
    Ints,
    Records,
    Reports,
    UInts,
)
from truceline.fusion.entries import Entries
from truceline.fusion.estimate import EE, LAT, LON, NN, WEIGHT, Places
from truceline.fusion.exact import FIXED_POINT
from truceline.fusion.kernels import FAST, LEAF
from truceline.fusion.parameters import FusionParameters
from truceline.fusion.voices import voices
from truceline.geometry.plane import metres_per_degree
from truceline.model.vocabulary import SourceKind

_WATCHING = ("watch", "zero_report")
_DAY_US = 86_400_000_000
_KNOWN_REPORTS = 8.0  # how many reports what is assumed of a kind is worth: few; assumed
_EVEN = 2.0  # incidents of several that each day is taken to have beside its own count: assumed
_ROUNDS = 60  # of expectation and maximisation; later ones move nothing that is seen
_ATTACHED = 0.8  # how far a report that belongs only perhaps supports: assumed


class Watches(NamedTuple):
    """Stretches in which a source could have seen a circle of ground."""

    source: UInts
    began_us: Ints
    ended_us: Ints
    lat: Floats
    lon: Floats
    radius_m: Floats
    east_m: Floats
    north_m: Floats
    p_detect: Floats


@nb.njit(**FAST)
def _count_by_day(
    reports: Records, entries: Entries, day: Ints, alone: Ints, total: Ints, busy: Ints
) -> None:
    """Voices that stand alone by kind and day, all voices by kind, incidents of several by day."""
    for g in range(entries.start.size - 1):
        voices, kind = 0, 0
        for k in range(entries.start[g], entries.start[g + 1]):
            if entries.is_home[k] and entries.is_voice[k]:
                voices += 1
                kind = reports[entries.row[k]].kind
                total[kind] += 1
        if voices == 1:
            alone[kind, day[g]] += 1
        else:
            busy[day[g]] += 1


def _days(reports: Reports, entries: Entries) -> tuple[Ints, int]:
    """Day of each incident's first report, numbered over the days that have any; and how many."""
    first = entries.row[entries.start[:-1]]
    middle = reports.began_us[first] // 2 + reports.ended_us[first] // 2
    days, day = np.unique(middle // _DAY_US, return_inverse=True)
    return day.astype(np.int64), days.size


def false_when_alone(false: Floats, alone: Ints, total: Ints, busy: Ints) -> Floats:
    """P(false | nobody else reports it), by kind and day.

    A kind's false reports come at one rate a day; its true ones that stand alone in proportion to
    how busy the day was. Both are found by expectation and maximisation over the days. Where no day
    differs from another, the counts say little of which is which: the stated share of false ones
    decides, against the share of all reports, of whatever kind, that stands alone.

    Parameters
    ----------
    false
        `(kinds,)` stated share of false reports.
    alone
        `(kinds, days)` reports that nobody joins.
    total
        `(kinds,)` all reports.
    busy
        `(days,)` incidents that several report.

    Returns
    -------
    array
        `(kinds, days)`.

    Examples
    --------
    >>> counts = np.array([80]), np.array([0, 0, 0, 40])
    >>> false_when_alone(np.array([0.2]), np.full((1, 4), 10), *counts).round(2).tolist()
    [[0.61, 0.61, 0.61, 0.27]]
    >>> false_when_alone(np.array([0.2]), np.array([[0, 0, 0, 40]]), *counts)[:, 3].round(2).tolist()
    [0.08]
    """
    days = busy.size
    pace = busy + busy.mean() + _EVEN  # a day is as busy as itself and as all days, evenly
    known = np.maximum(total, 1).astype(np.float64)
    noise = false * known / days  # false reports a day
    often = max(alone.sum(), 1) / max(total.sum(), 1)
    echo = often * known / pace.sum()  # true ones that stand alone, for each busy incident
    most = _KNOWN_REPORTS / noise, _KNOWN_REPORTS / echo
    for _ in range(_ROUNDS):
        share = noise[:, None] / (noise[:, None] + echo[:, None] * pace)
        noise = ((alone * share).sum(axis=1) + _KNOWN_REPORTS) / (days + most[0])
        echo = ((alone * (1.0 - share)).sum(axis=1) + _KNOWN_REPORTS) / (pace.sum() + most[1])
    found: Floats = noise[:, None] / (noise[:, None] + echo[:, None] * pace)
    return found


@nb.njit(**LEAF)
def _odds(logs: Floats, count: int, together: float) -> float:
    """Odds that at least one voice tells the truth, against all being false."""
    odds = 0.0
    total = together
    for k in range(count):
        odds += math.exp(logs[k])
        total += logs[k]
    return odds + math.exp(min(total, 30.0))


@nb.njit(parallel=True, **FAST)
def _support(
    reports: Records,
    entries: Entries,
    nats: Floats,
    shares: tuple[Floats, Floats, Ints],
    cap: float,
    out: Floats,
) -> None:
    false, false_alone, day = shares
    true_nats = np.empty(false.size)
    for kind in range(false.size):
        true_nats[kind] = math.log((1.0 - false[kind]) / false[kind])
    for g in nb.prange(out.size):
        logs = np.empty(16)
        voices = 0
        core = 0
        first = -1
        doubt = 1.0
        for k in range(entries.start[g], entries.start[g + 1]):
            kind = reports[entries.row[k]].kind
            if not entries.is_core[k]:
                if entries.is_voice[k]:
                    doubt *= 1.0 - _ATTACHED * entries.probability[k] * (1.0 - false[kind])
                continue
            core += 1
            if entries.is_voice[k] and voices < 16:
                first = kind if voices == 0 else first
                logs[voices] = true_nats[kind]
                voices += 1
        if voices == 1:
            real = 1.0 - false_alone[first, day[g]]
        else:
            together = nats[g] * (voices - 1) / max(core - 1, 1)
            together = min(max(together, -2.0), cap * (voices - 1))
            odds = _odds(logs, voices, together)
            real = odds / (1.0 + odds)
        out[g] = 1.0 - (1.0 - real) * doubt


def supported(
    reports: Reports, entries: Entries, nats: Floats, parameters: FusionParameters
) -> Floats:
    """P(real) of every incident from its voices alone, silence not yet heard.

    Parameters
    ----------
    nats
        `(incidents,)` evidence that the core members belong together.
    """
    false = np.array([parameters.kinds[SourceKind(word)].false_share for word in KINDS])
    out = np.zeros(entries.start.size - 1)
    if out.size:
        day, days = _days(reports, entries)
        alone, total = np.zeros((len(KINDS), days), np.int64), np.zeros(len(KINDS), np.int64)
        busy = np.zeros(days, np.int64)
        _count_by_day(reports.rows, entries, day, alone, total, busy)
        shares = (false, false_when_alone(false, alone, total, busy), day)
        _support(reports.rows, entries, nats, shares, parameters.join_cap_nats, out)
    return out


def _without(began: int, ended: int, gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a stretch once the gaps are taken out."""
    left: list[tuple[int, int]] = []
    at = began
    for low, high in gaps:
        if low > at:
            left.append((at, min(low, ended)))
        at = max(at, high)
        if at >= ended:
            break
    if at < ended:
        left.append((at, ended))
    return [(low, high) for low, high in left if high > low]


def _gaps(exposures: pa.Table, source: UInts) -> dict[int, list[tuple[int, int]]]:
    blind = np.asarray(pc.is_in(exposures["kind"], pa.array(["outage", "access_denial"])))
    began = np.asarray(exposures["began"].cast(pa.int64()))
    ended = np.asarray(exposures["ended"].cast(pa.int64()))
    gaps: dict[int, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(blind):
        gaps.setdefault(int(source[row]), []).append((int(began[row]), int(ended[row])))
    return {key: sorted(stretches) for key, stretches in gaps.items()}


def watches(exposures: pa.Table, parameters: FusionParameters) -> Watches:
    """Where and when somebody would have seen; outages and denials of that source taken out.

    An exposure without a place or radius says nothing about any one place and is left out.
    """
    source = voices(exposures["source"])
    columns = {
        name: np.asarray(pc.fill_null(exposures[name], np.nan), dtype=np.float64)
        for name in ("lat", "lon", "radius_m", "p_detect")
    }
    listens = np.asarray(pc.is_in(exposures["kind"], pa.array(_WATCHING)))
    listens &= ~np.isnan(columns["lat"] + columns["lon"] + columns["radius_m"])
    rows = np.flatnonzero(listens)
    began = np.asarray(exposures["began"].cast(pa.int64()))
    ended = np.asarray(exposures["ended"].cast(pa.int64()))
    gaps = _gaps(exposures, source)
    left = [
        (int(row), low, high)
        for row in rows
        for low, high in _without(int(began[row]), int(ended[row]), gaps.get(int(source[row]), []))
    ]
    left.sort(key=lambda part: (part[1], part[2], int(source[part[0]]), part[0]))
    at = np.array([part[0] for part in left], np.int64)
    scales = np.array([metres_per_degree(float(columns["lat"][row])) for row in at]).reshape(-1, 2)
    chance = np.nan_to_num(columns["p_detect"][at], nan=parameters.silent_p_detect)
    return Watches(
        source[at],
        np.array([part[1] for part in left], np.int64),
        np.array([part[2] for part in left], np.int64),
        columns["lat"][at],
        columns["lon"][at],
        columns["radius_m"][at],
        scales[:, 0].copy(),
        scales[:, 1].copy(),
        np.clip(chance, 0.0, 0.99),
    )


@nb.njit(**FAST)
def _inside(parts: Floats, count: int, watch: Watches, w: int) -> float:
    """Share of an incident's place inside a watched circle, by distance over spread."""
    share = 0.0
    for k in range(count):
        de = (parts[k, LON] - watch.lon[w]) * watch.east_m[w]
        dn = (parts[k, LAT] - watch.lat[w]) * watch.north_m[w]
        spread = math.sqrt(0.5 * (parts[k, EE] + parts[k, NN]))
        margin = (watch.radius_m[w] - math.hypot(de, dn)) / spread
        share += parts[k, WEIGHT] * 0.5 * math.erfc(-margin / math.sqrt(2.0))
    return share


@nb.njit(**FAST)
def _within(began: int, ended: int, low: int, high: int) -> float:
    if ended <= began:
        return 1.0 if low <= began < high else 0.0
    return max(0.0, min(ended, high) - max(began, low)) / (ended - began)


@nb.njit(**FAST)
def _told(reports: Records, entries: Entries, g: int, source: np.uint64) -> bool:
    for k in range(entries.start[g], entries.start[g + 1]):
        if reports[entries.row[k]].source == source:
            return True
    return False


@nb.njit(**FAST)
def _silences(
    reports: Records,
    entries: Entries,
    placed: Places,
    when: tuple[Ints, Ints],
    watch: Watches,
    out: Ints,
) -> None:
    began, ended = when
    widest = np.int64(0)
    for g in range(out.size):
        widest = max(widest, ended[g] - began[g])
    for w in range(watch.source.size):
        g = np.searchsorted(began, watch.began_us[w] - widest)
        while g < out.size and began[g] < watch.ended_us[w]:
            share = _within(began[g], ended[g], watch.began_us[w], watch.ended_us[w])
            if share > 0.0 and placed.number[g] > 0:
                share *= _inside(placed.parts[placed.start[g] :], placed.number[g], watch, w)
                if share > 1.0e-6 and not _told(reports, entries, g, watch.source[w]):
                    nats = math.log1p(-min(share * watch.p_detect[w], 0.99))
                    out[g] += int(np.rint(nats * FIXED_POINT))
            g += 1


def hear_silence(
    p_real: Floats,
    reports: Reports,
    entries: Entries,
    placed: Places,
    when: tuple[Ints, Ints],
    watch: Watches,
) -> Floats:
    """P(real) once those who watched and reported nothing are heard.

    Parameters
    ----------
    p_real
        `(incidents,)` from the voices; incidents in order of `began`.
    when
        `began` and `ended` of incidents, microseconds.
    """
    nats = np.zeros(p_real.size, np.int64)
    if watch.source.size and p_real.size:
        _silences(reports.rows, entries, placed, when, watch, nats)
    odds = p_real / np.maximum(1.0 - p_real, 1e-12) * np.exp(nats / FIXED_POINT)
    return odds / (1.0 + odds)
