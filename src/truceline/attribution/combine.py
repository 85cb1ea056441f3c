"""Adding evidence: log-likelihood ratios add up, each family capped, dependent items counted once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from truceline.attribution.contract import EvidenceKind, Floats, Integers, Items, Mask, Matter
from truceline.model.errors import PluginError


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the evidence of each act amounts to, for acts that have any.

    Parameters
    ----------
    act
        `(m,)` rows of acts, ascending.
    nats
        `(m, hypotheses)` sum over families.
    families
        `(m, parties)` how many families favour the party over every other hypothesis of theirs.
    is_physical
        `(m, parties)` whether a family that favours the party holds physical evidence that does.
    pointed
        `(m, parties)` whether any single item points at the party more than at another party.
    """

    act: Integers
    nats: Floats
    families: Integers
    is_physical: Mask
    pointed: Mask


def combine(
    matter: Matter, kinds: Mapping[str, EvidenceKind], found: Mapping[str, Items]
) -> Weighed:
    """Everything that was found, added up by act.

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
    some = [each.act for each in found.values() if len(each.act)]
    act = np.unique(np.concatenate(some)) if some else np.empty(0, np.int64)
    parties = len(matter.parties)
    nats = np.zeros((len(act), len(matter.hypotheses)))
    families = np.zeros((len(act), parties), np.int64)
    physical = np.zeros((len(act), parties), np.bool_)
    pointed = np.zeros((len(act), parties), np.bool_)
    for family in sorted(caps):
        of = [found[name] for name in sorted(kinds) if kinds[name].family == family]
        of = [each for each in of if len(each.act)]
        if not of:
            continue
        merged = _merged(of)
        rows, total = family_nats(merged, caps[family])
        at = np.searchsorted(act, rows)
        nats[at] += total
        favoured = favours(total, parties)
        families[at] += favoured
        item_favours = favours(merged.nats, parties)
        place = np.searchsorted(act, merged.act)
        for party in range(parties):
            points = item_favours[:, party]
            pointed[place[points], party] = True
            shown = np.zeros(len(act), np.bool_)
            shown[place[points & merged.is_physical]] = True
            physical[at, party] |= shown[at] & favoured[:, party]
    return Weighed(act=act, nats=nats, families=families, is_physical=physical, pointed=pointed)


def family_nats(merged: Items, cap_nats: float) -> tuple[Integers, Floats]:
    """Rows of acts, and the capped sum over the groups of one family.

    Of one group only the strongest item for a hypothesis and the strongest against it count, so
    that what repeats adds nothing and what contradicts weakens.
    """
    codes = merged.group.dictionary_encode().indices
    group = np.asarray(codes).astype(np.int64)
    order = np.lexsort((group, merged.act))
    act, group, nats = merged.act[order], group[order], merged.nats[order]
    new = (np.diff(act, prepend=-1) != 0) | (np.diff(group, prepend=-1) != 0)
    start = np.flatnonzero(new)
    once = np.maximum.reduceat(np.maximum(nats, 0.0), start)
    once += np.minimum.reduceat(np.minimum(nats, 0.0), start)
    owner = act[start]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    total = np.add.reduceat(once, first)
    return owner[first], np.clip(total, -cap_nats, cap_nats)


def favours(nats: Floats, parties: int) -> Mask:
    """Whether each row speaks for a party, and for it more than for any other hypothesis.

    Examples
    --------
    >>> favours(np.array([[2.0, -1.0, 0.0], [0.5, 0.5, 0.0]]), 2).tolist()
    [[True, False], [False, False]]
    """
    top = nats.max(axis=1, initial=0.0, keepdims=True)
    is_top = nats >= top
    alone = is_top.sum(axis=1, keepdims=True) == 1
    return (is_top & alone & (nats > 0.0))[:, :parties]


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


def _merged(of: list[Items]) -> Items:
    sentences: list[str] = []
    sentence = []
    for each in of:
        sentence.append(each.sentence + len(sentences))
        sentences.extend(each.sentences)
    return Items(
        act=np.concatenate([each.act for each in of]),
        nats=np.concatenate([each.nats for each in of]),
        group=pa.concat_arrays([each.group for each in of]),
        is_physical=np.concatenate([each.is_physical for each in of]),
        sentence=np.concatenate(sentence),
        sentences=tuple(sentences),
    )
