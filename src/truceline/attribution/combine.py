"""Adding evidence: log-likelihood ratios add up, each family capped, dependent items counted once.

Dependent are items of one group, and items of one root whatever their group. What is firm is added
up a second time alone: assertions move the numbers, but no outcome may rest on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.attribution.contract import (
    OTHERS,
    EvidenceKind,
    Floats,
    Integers,
    Items,
    Mask,
    Matter,
)
from truceline.attribution.matching import ASSERTED, COUNTS, FIRM, PHYSICAL, TWICE, Edges, match
from truceline.model.errors import PluginError
from truceline.model.vocabulary import Hypothesis

States = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the evidence of each act amounts to, for acts that have any.

    Parameters
    ----------
    act
        `(m,)` rows of acts, ascending.
    nats, firm_nats
        `(m, hypotheses)` sum over families: of all that counts, and of what is firm in it.
    families
        `(m, parties)` how many families of firm evidence favour the party over every other
        hypothesis of theirs.
    is_physical
        `(m, parties)` whether a family that favours the party holds physical evidence that does.
    roots
        `(m, hypotheses)` how many roots of firm evidence favour each hypothesis.
    roots_of_parties
        `(m,)` how many favour any party, or several together.
    pointed
        `(m, parties)` whether any single item points at the party more than at another party.
    """

    act: Integers
    nats: Floats
    firm_nats: Floats
    families: Integers
    is_physical: Mask
    roots: Integers
    roots_of_parties: Integers
    pointed: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The items of all kinds in the order of acts, then kinds; numbers stand for words.

    Numbers of groups and roots sort as their words do, so that no order of arrival decides.
    """

    act: Integers
    nats: Floats
    group: Integers
    root: Integers
    rank: Integers  # ASSERTED, FIRM or PHYSICAL
    family: Integers
    cap_nats: Floats  # (families,)
    kind: Integers  # in the order of names
    place: Integers  # row within its kind
    state: States  # (items, hypotheses) why each counts or does not


def pool(matter: Matter, kinds: Mapping[str, EvidenceKind], found: Mapping[str, Items]) -> Pool:
    """All that was found, and which of it counts.

    Parameters
    ----------
    matter
        The question.
    kinds, found
        By name of the kind of evidence.

    Raises
    ------
    PluginError
        Two kinds of one family state different caps.
    """
    caps = _caps(kinds)
    families = sorted(caps)
    parts = [found[name] for name in sorted(kinds)]
    size = [len(part.act) for part in parts]
    kind = np.repeat(np.arange(len(parts)), size)
    family = np.array([families.index(kinds[n].family) for n in sorted(kinds)], np.int64)[kind]
    act = _joined([part.act for part in parts]).astype(np.int64)
    nats = np.concatenate([np.empty((0, len(matter.hypotheses))), *(p.nats for p in parts)])
    words = pa.chunked_array([p.root for p in parts], pa.string())
    root, beside = _numbers(words, [p.beside for p in parts])
    group = _numbers(pa.chunked_array([p.group for p in parts], pa.string()), [])[0]
    rank = np.where(_joined([p.is_firm for p in parts]), FIRM, ASSERTED)
    rank = np.where(_joined([p.is_physical for p in parts]), PHYSICAL, rank)
    place = _joined([np.arange(n) for n in size]).astype(np.int64)
    group = group * len(families) + family
    twice = _counted_elsewhere(act, root, group, rank >= FIRM, beside)
    order = np.lexsort((place, kind, act))
    state = np.where(twice, TWICE, COUNTS)[order].astype(np.int8)
    made = Pool(
        act=act[order],
        nats=nats[order],
        group=group[order],
        root=root[order],
        rank=rank[order].astype(np.int64),
        family=family[order],
        cap_nats=np.array([caps[name] for name in families]),
        kind=kind[order],
        place=place[order],
        state=np.repeat(state[:, None], len(matter.hypotheses), axis=1),
    )
    _match(made)
    return made


def combine(matter: Matter, of: Pool) -> Weighed:
    """What counts, added up by act."""
    parties = len(matter.parties)
    act, at = np.unique(of.act, return_inverse=True)
    counted = np.where(of.state == COUNTS, of.nats, 0.0)
    firm = np.where((of.rank >= FIRM)[:, None], counted, 0.0)
    shape = (len(act), len(matter.hypotheses))
    nats, sure = np.zeros(shape), np.zeros(shape)
    families = np.zeros((len(act), parties), np.int64)
    physical = np.zeros((len(act), parties), np.bool_)
    shown = favours(of.nats, parties) & (of.rank == PHYSICAL)[:, None]
    shown &= (of.state == COUNTS)[:, :parties]
    for family, cap_nats in enumerate(of.cap_nats.tolist()):
        rows = np.flatnonzero(of.family == family)
        nats += capped(counted[rows], at[rows], len(act), cap_nats)
        own = capped(firm[rows], at[rows], len(act), cap_nats)
        sure += own
        favoured = favours(own, parties)
        families += favoured
        physical |= favoured & (_sums(shown[rows].astype(np.float64), at[rows], len(act)) > 0)
    roots, of_parties = _roots(of, firm, at, len(act), parties)
    return Weighed(
        act=act,
        nats=nats,
        firm_nats=sure,
        families=families,
        is_physical=physical,
        roots=roots,
        roots_of_parties=of_parties,
        pointed=_sums(favours(of.nats, parties).astype(np.float64), at, len(act)) > 0,
    )


def capped(nats: Floats, at: Integers, acts: int, cap_nats: float) -> Floats:
    """Sum `(acts, hypotheses)` over the items of one family, and no more than its cap."""
    return np.clip(_sums(nats, at, acts), -cap_nats, cap_nats)


def favours(nats: Floats, columns: int) -> Mask:
    """Whether each row speaks for a hypothesis, and for it more than for any other.

    Examples
    --------
    >>> favours(np.array([[2.0, -1.0, 0.0], [0.5, 0.5, 0.0]]), 2).tolist()
    [[True, False], [False, False]]
    """
    top = nats.max(axis=1, initial=0.0, keepdims=True)
    is_top = nats >= top
    alone = is_top.sum(axis=1, keepdims=True) == 1
    return (is_top & alone & (nats > 0.0))[:, :columns]


def _sums(values: Floats, at: Integers, acts: int) -> Floats:
    """Sums by act, items in their own order, which no arrival changes."""
    columns = [np.bincount(at, values[:, k], minlength=acts) for k in range(values.shape[1])]
    return np.stack(columns, axis=1)


def _roots(
    of: Pool, firm: Floats, at: Integers, acts: int, parties: int
) -> tuple[Integers, Integers]:
    """How many roots favour each hypothesis, and how many any party, by act."""
    rows = np.flatnonzero(firm.any(axis=1))
    width = int(of.root.max(initial=0)) + 1
    pairs, code = np.unique(at[rows] * width + of.root[rows], return_inverse=True)
    said = favours(_sums(firm[rows], code, len(pairs)), firm.shape[1])
    whose = pairs // width
    blames = said[:, : parties + 1 + OTHERS.index(Hypothesis.JOINT.value)].any(axis=1)
    return (
        _sums(said.astype(np.float64), whose, acts).astype(np.int64),
        np.bincount(whose, blames, minlength=acts).astype(np.int64),
    )


def _match(made: Pool) -> None:
    """Match roots to groups among the items that stand; the others keep their state."""
    rows = np.flatnonzero(made.state[:, 0] == COUNTS) if len(made.state) else made.act
    if not len(rows):
        return
    start = np.flatnonzero(np.diff(made.act[rows], prepend=-1))
    state = made.state[rows]
    edges = Edges(
        start=np.append(start, len(rows)),
        group=made.group[rows],
        root=made.root[rows],
        rank=made.rank[rows],
        nats=made.nats[rows],
    )
    match(edges, state)
    made.state[rows] = state


def _counted_elsewhere(
    act: Integers, root: Integers, group: Integers, firm: Mask, beside: tuple[Integers, Integers]
) -> Mask:
    """Whether an item rests also on a root that gives firm evidence of another group of its act."""
    item, other = beside
    key = act * (int(max(root.max(initial=0), other.max(initial=0))) + 1)
    of_root = (key + root)[firm]
    order = np.argsort(of_root, kind="stable")
    held, start = np.unique(of_root[order], return_index=True)
    found = np.zeros(len(act), np.bool_)
    if not len(held):
        return found
    groups = group[firm][order]
    low, high = np.minimum.reduceat(groups, start), np.maximum.reduceat(groups, start)
    asked = key[item] + other
    at = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    differs = (low[at] != group[item]) | (high[at] != group[item])
    found[item[(held[at] == asked) & differs]] = True
    return found


def _numbers(
    words: pa.ChunkedArray, lists: list[pa.ListArray]
) -> tuple[Integers, tuple[Integers, Integers]]:
    """Numbers of words in their order; and of each word in the lists the item, and its number."""
    flat = pa.chunked_array([each.flatten() for each in lists], pa.string())
    distinct = pc.unique(pa.chunked_array([*words.chunks, *flat.chunks], pa.string()))
    distinct = distinct.take(pc.sort_indices(distinct))
    lengths = _joined([np.asarray(pc.list_value_length(each)) for each in lists])
    item = np.repeat(np.arange(len(lengths)), lengths.astype(np.int64))
    number = [np.asarray(pc.index_in(w, value_set=distinct)) for w in (words, flat)]
    return number[0].astype(np.int64), (item, number[1].astype(np.int64))


def _joined(parts: list[npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _caps(kinds: Mapping[str, EvidenceKind]) -> dict[str, float]:
    caps: dict[str, float] = {}
    for name, kind in sorted(kinds.items()):
        if caps.setdefault(kind.family, kind.cap_nats) != kind.cap_nats:
            msg = (
                f"evidence {name}: family {kind.family} is capped at {caps[kind.family]:.3f} nats "
                f"elsewhere and at {kind.cap_nats:.3f} here; give both the same cap"
            )
            raise PluginError(msg)
    return caps
