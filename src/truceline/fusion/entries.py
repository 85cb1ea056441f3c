"""Who belongs to what: one entry for each report and incident that it may belong to."""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Flags, Floats, Ints, Records, Reports
from truceline.fusion.kernels import PLAIN_LEAF
from truceline.fusion.wording import shared_words


class Entries(NamedTuple):
    """Members of incidents, incident by incident: home members first, best placed first.

    `is_core` members shape place and time; the others are loose reports attached in shares.
    `is_home` marks the one incident that a report is counted under. `is_voice` marks the first
    member of each independent root: a copy joins, but adds no voice.
    """

    start: Ints
    row: Ints
    probability: Floats
    is_core: Flags
    is_home: Flags
    is_voice: Flags


@nb.njit(cache=True)
def _count(incident: Ints, start: Ints) -> None:
    for at in incident:
        start[at + 1] += 1
    for k in range(1, start.size):
        start[k] += start[k - 1]


@nb.njit(cache=True)
def _place(incident: Ints, start: Ints, out: Ints) -> None:
    cursor = start.copy()
    for entry in range(incident.size):
        out[cursor[incident[entry]]] = entry
        cursor[incident[entry]] += 1


@nb.njit(**PLAIN_LEAF)
def _before(reports: Records, row: Ints, core: Flags, a: int, b: int) -> bool:
    if core[a] != core[b]:
        return bool(core[a])
    loose_a, loose_b = reports[row[a]].place_sd_m, reports[row[b]].place_sd_m
    if loose_a != loose_b:
        return bool(loose_a < loose_b)
    return bool(row[a] < row[b])


@nb.njit(cache=True, parallel=True)
def _sort_within(reports: Records, row: Ints, core: Flags, start: Ints, order: Ints) -> None:
    for g in nb.prange(start.size - 1):
        for k in range(start[g] + 1, start[g + 1]):
            entry = order[k]
            at = k
            while at > start[g] and _before(reports, row, core, entry, order[at - 1]):
                order[at] = order[at - 1]
                at -= 1
            order[at] = entry


@nb.njit(**PLAIN_LEAF)
def is_copy(reports: Reports, similarity: float, i: int, j: int) -> bool:
    """Whether two reports share a root, or their texts are one text."""
    if reports.root[i] == reports.root[j]:
        return True
    one, other = reports.rows[i], reports.rows[j]
    if one.words == 0 or other.words == 0:
        return False
    shared, union = shared_words(
        reports.words, (one.word_first, one.words), (other.word_first, other.words)
    )
    return bool(shared >= 3 and shared >= similarity * union)


@nb.njit(cache=True, parallel=True)
def _voices(reports: Reports, similarity: float, start: Ints, row: Ints) -> Flags:
    out = np.ones(row.size, np.bool_)
    for g in nb.prange(start.size - 1):
        for k in range(start[g] + 1, start[g + 1]):
            for m in range(start[g], k):
                if out[m] and is_copy(reports, similarity, row[m], row[k]):
                    out[k] = False
                    break
    return out


def gather(
    reports: Reports,
    similarity: float,
    incident: Ints,
    incidents: int,
    members: tuple[Ints, Floats, Flags, Flags],
) -> Entries:
    """Sort entries by incident and mark the voices.

    Parameters
    ----------
    similarity
        Shared words over all words from which two texts are one.
    incident
        Incident number of each entry.
    incidents
        How many.
    members
        Row, probability, `is_core` and `is_home` of each entry.
    """
    row, probability, core, home = members
    start = np.zeros(incidents + 1, np.int64)
    _count(incident, start)
    order = np.empty(incident.size, np.int64)
    _place(incident, start, order)
    _sort_within(reports.rows, row, core, start, order)
    rows = row[order]
    voices = _voices(reports, similarity, start, rows)
    return Entries(start, rows, probability[order], core[order], home[order], voices)


def reorder(entries: Entries, order: npt.NDArray[np.int64]) -> Entries:
    """The same entries with incidents in another order."""
    sizes = np.diff(entries.start)[order]
    start = np.zeros(order.size + 1, np.int64)
    np.cumsum(sizes, out=start[1:])
    at = np.repeat(entries.start[:-1][order] - start[:-1], sizes) + np.arange(start[-1])
    return Entries(
        start,
        entries.row[at],
        entries.probability[at],
        entries.is_core[at],
        entries.is_home[at],
        entries.is_voice[at],
    )
