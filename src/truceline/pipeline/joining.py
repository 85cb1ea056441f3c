"""Observations that people said are one happening: what casework decides, fusion follows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

import pyarrow as pa

from truceline.cases.docket import Docket
from truceline.cases.replay import replay
from truceline.fusion.decisions import Decisions
from truceline.pipeline.agreements import agreement_of, rules_of
from truceline.pipeline.mission import Mission
from truceline.pipeline.moves import moves_of
from truceline.record.store import Record

_JOINS = "duplicate"
_COLUMNS = pa.schema([("observation_id", pa.string()), ("one_with", pa.string())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Groups of observations that are one, and the moves by which people said so.

    A decision that was taken back is not among them: what is computed without it is what was
    computed before it, byte for byte.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    sequences: frozenset[int] = frozenset()

    def among(self, observation_ids: pa.ChunkedArray) -> Decisions | None:
        """The pairs to link, of observations that are there; None where there is none.

        Examples
        --------
        >>> Joined(groups=(("a", "b", "c"),)).among(pa.chunked_array([["b", "c"]])).linked
        (('b', 'c'),)
        """
        if not self.groups:
            return None
        here = set(observation_ids.to_pylist())
        return Decisions(linked=tuple(_pairs(_here(group, here) for group in self.groups)))

    def table(self) -> pa.Table:
        """The pairs as rows, for the digest of the evidence."""
        pairs = _pairs(self.groups)
        columns = [[pair[at] for pair in pairs] for at in (0, 1)]
        return pa.table([pa.array(each, pa.string()) for each in columns], schema=_COLUMNS)


def joined(mission: Mission, record: Record, as_of: datetime | None = None) -> Joined:
    """What people joined, by all that is entered, or by what was known at an instant.

    Moves stand under the text of their own hour, whichever version a run judges by: so what
    happened is the same under every text.
    """
    moves = moves_of(record, as_of)
    if not any(move.kind == _JOINS and move.accounts for move in moves):
        return Joined()
    whole = replace(mission, agreement_version=None)
    return joined_by(replay(moves, rules_of(whole, agreement_of(whole))))


def joined_by(docket: Docket) -> Joined:
    """The groups that stand in a docket, in the order of their observations."""
    closed = [case for case in docket.cases.values() if case.one]
    groups = {tuple(sorted(set(case.one))) for case in closed}
    return Joined(groups=tuple(sorted(groups)), sequences=frozenset(case.one_by for case in closed))


def _here(group: Iterable[str], here: set[str]) -> tuple[str, ...]:
    return tuple(name for name in group if name in here)


def _pairs(groups: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each group as a chain, every pair once."""
    return sorted({pair for group in groups for pair in pairwise(group)})
