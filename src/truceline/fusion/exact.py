"""Small components, exactly: every subset is scored once, every partition compared."""

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.fusion.columns import Record, Records
from truceline.fusion.group import COUNT, STATE, Labels, Members, begin, join
from truceline.fusion.kernels import FAST

FIXED_POINT = float(1 << 20)  # evidence is compared in whole millionths of a nat

Whole = npt.NDArray[np.int64]

_NATURE, _WORDS, _AGAINST = range(3)
_SAID = 3


@nb.njit(**FAST)
def score_subsets(parts: Records, constants: Record, members: Members, score: Whole) -> None:
    """Score of each subset of a component, from that of the subset without its loosest member."""
    size = members.rows.size
    states = np.zeros((score.size, STATE))
    said = np.empty((_SAID, max(score.size >> 1, 1)))  # what each subset says of its next member
    said[_NATURE, 0], said[_WORDS, 0], said[_AGAINST, 0] = 0.0, -np.inf, 0.0
    for last in range(size):
        bit = 1 << last
        begin(members.held, last, states[bit])
        top = 0
        for rest in range(1, bit):
            if rest == 2 << top:
                top += 1
            less = rest ^ (1 << top)  # said already: the subset without its last member
            nature = said[_NATURE, less] + members.nature[top, last]
            words = max(said[_WORDS, less], members.words[top, last])
            against = said[_AGAINST, less] + members.against[top, last]
            said[_NATURE, rest], said[_WORDS, rest], said[_AGAINST, rest] = nature, words, against
            for name in range(STATE):
                states[rest | bit, name] = states[rest, name]
            nats = join(members.held, parts, constants, states[rest | bit], last)
            nats += nature / states[rest, COUNT] + words + against
            score[rest | bit] = score[rest] + int(np.rint(nats * FIXED_POINT))


@nb.njit(**FAST)
def best_partition(score: Whole, labels: Labels) -> None:
    """Label each member with the first member of its group in the best of all partitions."""
    full = score.size - 1
    best = np.zeros(score.size, np.int64)
    chosen = np.zeros(score.size, np.int64)
    for mask in range(1, full + 1):
        low = mask & -mask
        rest = mask ^ low
        best[mask] = best[rest]
        chosen[mask] = low
        part = rest
        while part > 0:
            value = score[part | low] + best[rest ^ part]
            if value > best[mask]:
                best[mask] = value
                chosen[mask] = part | low
            part = (part - 1) & rest
    mask = full
    while mask:
        group = chosen[mask]
        lowest = -1
        for k in range(labels.size):
            if (group >> k) & 1:
                lowest = k if lowest < 0 else lowest
                labels[k] = lowest
        mask ^= group
