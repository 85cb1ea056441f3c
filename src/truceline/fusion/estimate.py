"""What an incident's reports tell together: where, when, of what type, which way.

Place is the product of the voices' distributions, each of which may be grossly wrong: a component
in which a voice is wrong is carried along with its weight, so two voices that contradict one
another leave two components and not a place between them.
"""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import (
    Flags,
    Floats,
    Ints,
    Reports,
)
from truceline.fusion.entries import Entries
from truceline.fusion.kernels import FAST, LEAF
from truceline.fusion.parameters import FusionParameters
from truceline.model.place import COMPONENTS

WEIGHT, LAT, LON, EE, EN, NN = range(6)


class Places(NamedTuple):
    """Gaussian components of each incident, heaviest first: `number[g]` from `start[g]`.

    `number` is zero where nobody said where; not all of the room between two starts need be used.
    """

    parts: Floats  # (components, 6)
    start: Ints
    number: Ints
    pruned: Floats


class Told(NamedTuple):
    """What the reports of each incident tell together."""

    placed: Places
    began_us: Ints
    ended_us: Ints
    is_date_only: Flags
    log_types: npt.NDArray[np.float32]  # (incidents, types)
    best_type: Ints  # -1: nobody stated any
    direction: Ints


@nb.njit(**LEAF)
def _multiply(old: Floats, part: Floats, scales: tuple[float, float], out: Floats) -> None:
    """Product of two weighted Gaussians; `scales` are metres of a degree east and north."""
    east_m, north_m = scales
    de = (part[LON] - old[LON]) * east_m
    dn = (part[LAT] - old[LAT]) * north_m
    ee, en, nn = old[EE], old[EN], old[NN]
    s_ee, s_en, s_nn = ee + part[EE], en + part[EN], nn + part[NN]
    determinant = s_ee * s_nn - s_en * s_en
    square = (s_nn * de * de - 2.0 * s_en * de * dn + s_ee * dn * dn) / determinant
    k_ee = (ee * s_nn - en * s_en) / determinant
    k_en = (en * s_ee - ee * s_en) / determinant
    k_ne = (en * s_nn - nn * s_en) / determinant
    k_nn = (nn * s_ee - en * s_en) / determinant
    out[WEIGHT] = old[WEIGHT] * part[WEIGHT] * math.exp(-0.5 * square) / math.sqrt(determinant)
    out[LON] = old[LON] + (k_ee * de + k_en * dn) / east_m
    out[LAT] = old[LAT] + (k_ne * de + k_nn * dn) / north_m
    out[EE] = ee - (k_ee * ee + k_en * en)
    out[EN] = en - (k_ee * en + k_en * nn)
    out[NN] = nn - (k_ne * en + k_nn * nn)


@nb.njit(**LEAF)
def _load(reports: Reports, row: int, gross: tuple[float, float], out: Floats) -> int:
    """A report's components, each as stated and, by `gross`, grossly wrong; how many."""
    share, scale = gross
    count = 0
    first = reports.rows[row].first
    for at in range(first, first + min(reports.rows[row].parts, COMPONENTS)):
        part = reports.parts[at]
        for wrong in range(2 if share > 0 else 1):
            wider = scale * scale if wrong else 1.0
            out[count, WEIGHT] = math.exp(part.log_weight)
            out[count, WEIGHT] *= share if wrong else 1.0 - share
            out[count, LAT], out[count, LON] = part.lat, part.lon
            out[count, EE] = part.ee * wider
            out[count, EN] = part.en * wider
            out[count, NN] = part.nn * wider
            count += 1
    return count


@nb.njit(**LEAF)
def _gross(share: float, belongs: float) -> float:
    """How likely a report says nothing of this place: a gross error, or it is of another incident."""
    return 1.0 - (1.0 - share) * belongs


@nb.njit(**LEAF)
def _copy(part: Floats, out: Floats) -> None:
    for name in range(out.size):  # an assignment would first ask whether the two overlap
        out[name] = part[name]


@nb.njit(**LEAF)
def _heaviest(work: Floats, count: int, least: float, out: Floats) -> tuple[int, float]:
    """The heaviest components, normalised, and the share that was pruned."""
    total = 0.0
    for k in range(count):
        total += work[k, WEIGHT]
    if total <= 0.0:
        return 0, 0.0
    kept = 0
    mass = 0.0
    while kept < out.shape[0]:
        best = -1
        for k in range(count):
            if work[k, WEIGHT] > least * total and (
                best < 0 or work[k, WEIGHT] > work[best, WEIGHT]
            ):
                best = k
        if best < 0:
            break
        _copy(work[best], out[kept])
        mass += work[best, WEIGHT]
        work[best, WEIGHT] = 0.0
        kept += 1
    for k in range(kept):
        out[k, WEIGHT] /= mass
    return kept, 1.0 - mass / total


@nb.njit(**LEAF)
def _place_one(
    reports: Reports,
    rows: Ints,
    belongs: Floats,
    settings: tuple[float, float, float],
    work: tuple[Floats, Floats],
    out: Floats,
) -> tuple[int, float]:
    share, scale, least = settings
    loaded, crossed = work
    if rows.size == 0:
        return 0, 0.0
    gross = (_gross(share, belongs[0]) if rows.size > 1 else 0.0, scale)
    count = _load(reports, rows[0], gross, loaded)
    for k in range(count):
        _copy(loaded[k], crossed[k])
    kept, lost = _heaviest(crossed, count, 0.0, out)
    stay = 1.0 - lost
    for at in range(1, rows.size):
        row = rows[at]
        count = _load(reports, row, (_gross(share, belongs[at]), scale), loaded)
        made = 0
        for a in range(kept):
            for b in range(count):
                scales = (reports.rows[row].east_m, reports.rows[row].north_m)
                _multiply(out[a], loaded[b], scales, crossed[made])
                made += 1
        fresh, lost = _heaviest(crossed, made, least, out)
        if fresh == 0:
            return kept, 1.0 - stay
        kept = fresh
        stay *= 1.0 - lost
    for k in range(kept):
        out[k, WEIGHT] *= stay
    return kept, 1.0 - stay


@nb.njit(**LEAF)
def _placed_voices(reports: Reports, entries: Entries, g: int, out: Ints, belongs: Floats) -> int:
    """Core voices that say where, each place once: who names the same village errs alike."""
    count = 0
    for k in range(entries.start[g], entries.start[g + 1]):
        row = entries.row[k]
        says = entries.is_core[k] and entries.is_voice[k] and reports.rows[row].parts > 0
        if says and count < out.size and not _is_named(reports, row, out, count):
            out[count] = row
            belongs[count] = entries.probability[k]
            count += 1
    return count


@nb.njit(**LEAF)
def _is_named(reports: Reports, row: int, others: Ints, count: int) -> bool:
    """Whether one of the others says exactly the same place."""
    own = reports.parts[reports.rows[row].first]
    for k in range(count):
        other = reports.parts[reports.rows[others[k]].first]
        if other.lat == own.lat and other.lon == own.lon:
            return True
    return False


@nb.njit(parallel=True, **FAST)
def _room(reports: Reports, entries: Entries, room: Ints) -> None:
    """Room for the components of each incident: a lone voice has no more than it stated."""
    chunks = min(room.size, 128)
    for chunk in nb.prange(chunks):
        voices, belongs = np.empty(2, np.int64), np.empty(2)
        for g in range(chunk * room.size // chunks, (chunk + 1) * room.size // chunks):
            count = _placed_voices(reports, entries, g, voices, belongs)
            room[g] = COMPONENTS if count > 1 else 0
            if count == 1:
                room[g] = min(reports.rows[voices[0]].parts, COMPONENTS)


@nb.njit(parallel=True, **FAST)
def _places(
    reports: Reports,
    entries: Entries,
    settings: tuple[float, float, float],
    parts: Floats,
    start: Ints,
    number: Ints,
    pruned: Floats,
) -> None:
    # Arrays come one by one: numba drops stores into a tuple's arrays inside a parallel loop.
    incidents = start.size - 1
    chunks = min(incidents, 128)
    for chunk in nb.prange(chunks):
        work = (np.empty((16, 6)), np.empty((128, 6)))
        voices, belongs = np.empty(64, np.int64), np.empty(64)
        for g in range(chunk * incidents // chunks, (chunk + 1) * incidents // chunks):
            count = _placed_voices(reports, entries, g, voices, belongs)
            out = parts[start[g] : start[g + 1]]
            kept, lost = _place_one(reports, voices[:count], belongs, settings, work, out)
            out[kept:] = 0.0
            number[g] = kept
            pruned[g] = lost


def places(reports: Reports, entries: Entries, parameters: FusionParameters) -> Places:
    """Posterior place of every incident."""
    incidents = entries.start.size - 1
    start = np.zeros(incidents + 1, np.int64)
    if incidents:
        _room(reports, entries, start[1:])
    np.cumsum(start, out=start)
    parts = np.empty((int(start[-1]), 6))
    out = Places(parts, start, np.zeros(incidents, np.int64), np.zeros(incidents))
    settings = (parameters.gross_share, parameters.gross_scale, parameters.prune_mass)
    if incidents:
        _places(reports, entries, settings, out.parts, start, out.number, out.pruned)
    return out


@nb.njit(parallel=True, **FAST)
def _times(reports: Reports, entries: Entries, began: Ints, ended: Ints, dated: Flags) -> None:
    for g in nb.prange(began.size):
        sharpest = np.inf
        only_dates = True
        for k in range(entries.start[g], entries.start[g + 1]):
            row = entries.row[k]
            if entries.is_core[k]:
                sharpest = min(sharpest, reports.rows[row].time_var_s2)
            if entries.is_home[k]:
                only_dates = only_dates and reports.rows[row].is_date_only > 0
        dated[g] = only_dates
        low, high = np.int64(1 << 62), np.int64(-(1 << 62))
        for k in range(entries.start[g], entries.start[g + 1]):
            row = entries.row[k]
            if entries.is_core[k] and reports.rows[row].time_var_s2 <= 4.0 * sharpest:
                low = min(low, reports.began_us[row])
                high = max(high, reports.ended_us[row])
        began[g], ended[g] = low, high


def times(reports: Reports, entries: Entries) -> tuple[Ints, Ints, Flags]:
    """Interval of every incident, as its sharpest clocks state it, and whether only dates are known.

    The interval spans the stated intervals of core members whose clock is at most twice as loose
    as the sharpest: a seismic pick is not widened to the hours of a newspaper.
    """
    incidents = entries.start.size - 1
    began, ended = np.zeros(incidents, np.int64), np.zeros(incidents, np.int64)
    dated = np.zeros(incidents, np.bool_)
    if incidents:
        _times(reports, entries, began, ended, dated)
    return began, ended, dated
