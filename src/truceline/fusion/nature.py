"""What an incident's reports tell together of its type, and of the way of the fire."""

import math
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import (
    DIRECTIONS,
    NO_TYPE,
    Floats,
    Ints,
    Records,
    Reports,
    Small,
)
from truceline.fusion.entries import Entries
from truceline.fusion.kernels import FAST, LEAF
from truceline.fusion.likeness import told_given_true, type_prior

_UNDETERMINED = DIRECTIONS.index("undetermined")


class _Telling(NamedTuple):
    """What telling a type says of the true one.

    A told type raises the true types of one level alike, so that a lone voice, of which there are
    most, needs a logarithm a level and not one a type.
    """

    prior: Floats  # (types,)
    log_prior: Floats
    likelihood: Floats  # (types told, true types): how much likelier the telling is
    level: npt.NDArray[np.uint8]  # the same shape: which of the values of its row
    value: Floats  # (types told, levels)
    mass: Floats  # the same shape: prior of the true types of a level


def _telling(told: Small) -> _Telling:
    prior = type_prior(told)
    table = told_given_true()
    likelihood = np.ascontiguousarray((table / (prior @ table)).T)
    level = np.zeros(likelihood.shape, np.uint8)
    value, mass = np.ones(likelihood.shape), np.zeros(likelihood.shape)
    for row, chances in enumerate(likelihood):
        values, level[row] = np.unique(chances, return_inverse=True)
        value[row, : values.size] = values
        mass[row, : values.size] = np.bincount(level[row], weights=prior)
    return _Telling(prior, np.log(prior), likelihood, level, value, mass)


@nb.njit(**LEAF)
def _type_of_one(
    telling: _Telling, told: int, sure: float, raised: Floats, out: npt.NDArray[np.float32]
) -> int:
    """Types of an incident of which one voice says the type; the likeliest."""
    total = 0.0
    for at in range(raised.size):
        factor = sure * telling.value[told, at] + (1.0 - sure)
        total += telling.mass[told, at] * factor
        raised[at] = factor
        if telling.mass[told, at] == 0.0:  # levels that the row does not have stand behind
            break
    for at in range(raised.size):
        if telling.mass[told, at] == 0.0:
            break
        raised[at] = math.log(raised[at] / total)
    best, most = 0, -np.inf
    for t in range(out.size):
        value = telling.log_prior[t] + raised[telling.level[told, t]]
        out[t] = np.float32(value)
        if value > most:
            best, most = t, value
    return best


@nb.njit(**FAST)
def _type_of_several(
    telling: _Telling, said: tuple[Ints, Floats], count: int, chance: Floats,
    out: npt.NDArray[np.float32],
) -> int:  # fmt: skip
    chance[:] = telling.prior
    for v in range(count):
        told, sure = said[0][v], said[1][v]
        for t in range(chance.size):
            chance[t] *= sure * telling.likelihood[told, t] + (1.0 - sure)
        if v % 16 == 15:
            chance /= chance.max()  # many voices must not shrink everything to nothing
    total = chance.sum()
    for t in range(chance.size):
        out[t] = np.float32(math.log(max(chance[t] / total, 1.0e-30)))
    return int(np.argmax(chance))


@nb.njit(parallel=True, **FAST)
def _types(
    reports: Records,
    entries: Entries,
    telling: _Telling,
    most: int,
    out: npt.NDArray[np.float32],
    best: Ints,
) -> None:
    incidents = best.size
    chunks = min(incidents, 128)
    for chunk in nb.prange(chunks):
        said = (np.empty(most, np.int64), np.empty(most))
        chance = np.empty(telling.prior.size)
        for g in range(chunk * incidents // chunks, (chunk + 1) * incidents // chunks):
            count = 0
            for k in range(entries.start[g], entries.start[g + 1]):
                row = reports[entries.row[k]]
                if row.type != NO_TYPE and entries.is_voice[k]:
                    said[0][count] = row.type
                    said[1][count] = row.type_confidence * entries.probability[k]
                    count += 1
            if count == 0:
                best[g] = -1
                for t in range(chance.size):
                    out[g, t] = np.float32(telling.log_prior[t])
            elif count == 1:
                best[g] = _type_of_one(telling, said[0][0], said[1][0], chance, out[g])
            else:
                best[g] = _type_of_several(telling, said, count, chance, out[g])


def types(reports: Reports, entries: Entries) -> tuple[npt.NDArray[np.float32], Ints]:
    """Log-probability of every type, and the likeliest one; -1 where nobody stated any."""
    incidents = entries.start.size - 1
    out, best = np.empty((incidents, NO_TYPE), np.float32), np.empty(incidents, np.int64)
    if incidents:
        most = int(np.diff(entries.start).max())
        _types(reports.rows, entries, _telling(reports.rows["type"]), most, out, best)
    return out, best


@nb.njit(**LEAF)
def most_voted(votes: Ints, undecided: int) -> int:
    """The one with most votes; where two have as many, the undecided one, which has no vote."""
    best = 0 if undecided else 1
    is_tied = False
    for at in range(best + 1, votes.size):
        if at == undecided:
            continue
        is_tied = votes[at] == votes[best] or (is_tied and votes[at] < votes[best])
        if votes[at] > votes[best]:
            best = at
    return undecided if is_tied or votes[best] == 0 else best


@nb.njit(parallel=True, **FAST)
def _directions(reports: Records, entries: Entries, out: Ints) -> None:
    chunks = min(out.size, 128)
    for chunk in nb.prange(chunks):
        count = np.empty(len(DIRECTIONS), np.int64)
        for g in range(chunk * out.size // chunks, (chunk + 1) * out.size // chunks):
            if entries.start[g + 1] == entries.start[g] + 1:
                out[g] = reports[entries.row[entries.start[g]]].direction
                continue
            count[:] = 0
            for k in range(entries.start[g], entries.start[g + 1]):
                if entries.is_home[k] and entries.is_voice[k]:
                    count[reports[entries.row[k]].direction] += 1
            out[g] = most_voted(count, _UNDETERMINED)


def directions(reports: Reports, entries: Entries) -> Ints:
    """Direction that most voices state; a tie is undetermined."""
    out = np.full(entries.start.size - 1, _UNDETERMINED, np.int64)
    if out.size:
        _directions(reports.rows, entries, out)
    return out
