"""Which observations speak to which acts, and whether their word is sight or assertion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import folded
from truceline.agreement.terms import Agreement
from truceline.attribution.contract import (
    Evidence,
    Floats,
    Integers,
    Mask,
    Matter,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """Pairs of an act and an observation of its incident, in the order of act, then observation.

    Parameters
    ----------
    act
        `(n,)` row of the act.
    probability
        `(n,)` that the observation belongs to the incident.
    row
        `(n,)` number of the observation in the matter's table.
    link
        `(n,)` number of the membership in `Matter.links`.
    said
        `n` rows of OBSERVATIONS.
    """

    act: Integers
    probability: Floats
    row: Integers
    link: Integers
    said: pa.Table

    def take(self, keep: Mask | Integers) -> "Testimony":
        """Some of the pairs, by mask or by row."""
        rows = np.flatnonzero(keep) if keep.dtype == np.bool_ else keep
        return Testimony(
            act=self.act[rows],
            probability=self.probability[rows],
            row=self.row[rows],
            link=self.link[rows],
            said=self.said.take(pa.array(rows)),
        )


def matter_of(agreement: Agreement, evidence: Evidence) -> Matter:
    """The question about these acts, joined with their incidents' times."""
    acts = _sorted(evidence.acts, "act_id")
    incidents = evidence.incidents
    found = pc.index_in(acts["incident_id"], value_set=incidents["incident_id"].combine_chunks())
    incident = _integers(found.fill_null(-1))
    times = [_integers(incidents[name].cast(pa.int64())) for name in ("began", "ended")]
    began, ended = (_looked_up(column, incident) for column in times)
    return Matter(
        agreement=agreement,
        evidence=Evidence(
            acts=acts,
            incidents=incidents,
            posterior=evidence.posterior,
            members=evidence.members,
            observations=evidence.observations,
            controls=evidence.controls,
            claims=evidence.claims,
        ),
        parties=agreement.party_ids(),
        incident=incident,
        began_us=began,
        ended_us=ended,
    )


def witnesses(
    matter: Matter, wanted: Mask | pa.ChunkedArray, acts: Mask | None = None
) -> Testimony:
    """The observations that speak to acts.

    Parameters
    ----------
    matter
        The question.
    wanted
        `(observations,)` which of them matter to the caller.
    acts
        `(acts,)` which acts do; all where None.
    """
    row, incident, probability = matter.links
    keep = np.asarray(wanted)[row]
    if acts is not None:
        asked = np.zeros(matter.evidence.incidents.num_rows, np.bool_)
        asked[matter.incident[acts & (matter.incident >= 0)]] = True
        keep &= asked[incident]
    link = np.flatnonzero(keep)
    row, incident, probability = row[keep], incident[keep], probability[keep]
    pair, act = _acts_of(matter, incident, acts)
    rows = np.unique(row)
    said = matter.evidence.observations.take(pa.array(rows))
    # By name and not by row: which report came first must not matter.
    by_name = np.asarray(pc.sort_indices(said["observation_id"]))
    place = np.empty(len(rows), np.int64)
    place[by_name] = np.arange(len(rows))
    order = np.lexsort((place[np.searchsorted(rows, row[pair])], act))
    pair, act = pair[order], act[order]
    spoken = pa.array(np.searchsorted(rows, row[pair]))
    return Testimony(
        act=act,
        probability=probability[pair],
        row=row[pair],
        link=link[pair],
        said=said.take(spoken),
    )


def is_sight(matter: Matter, spoken: Testimony) -> Mask:
    """Whether each is what a source that observes, and is no party, saw itself, unsealed; `(n,)`."""
    return matter.is_sight[spoken.row]


def roots_of(matter: Matter, spoken: Testimony) -> pa.Array:
    """Words for the root of each: the party whose channel it is, or the voice that it repeats."""
    return matter.roots.take(pa.array(spoken.link))


def once_a_root(matter: Matter, spoken: Testimony) -> Testimony:
    """Of each act and root one observation: sight before what was told, then what belongs most surely."""
    roots = roots_of(matter, spoken).dictionary_encode()
    code = np.asarray(roots.indices).astype(np.int64)
    told = ~is_sight(matter, spoken)
    order = np.lexsort((np.arange(len(code)), -spoken.probability, told, code, spoken.act))
    act, code = spoken.act[order], code[order]
    new = (np.diff(act, prepend=-1) != 0) | (np.diff(code, prepend=-1) != 0)
    return spoken.take(np.sort(order[new]))


def coded(column: pa.ChunkedArray, words: Mapping[str, int]) -> Integers:
    """The number that `words` gives each cell as it is folded, -1 for none; `(n,)`."""
    return mapped(column, [words.get(folded(w), -1) for w in distinct(column)], -1)


def distinct(column: pa.ChunkedArray) -> list[str]:
    """The different words of a column, in the order in which `mapped` numbers them."""
    return list(column.combine_chunks().dictionary_encode().dictionary.to_pylist())


def mapped(column: pa.ChunkedArray, values: Iterable[int], absent: int) -> Integers:
    """For each cell the value of its word, `absent` for null; `values` follow `distinct`."""
    codes = column.combine_chunks().dictionary_encode().indices
    table = np.append(np.asarray(list(values), dtype=np.int64), absent)
    return table[_integers(codes.fill_null(len(table) - 1))]


def floats(column: Any) -> Floats:
    """A column of numbers; null is not a number."""
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan), dtype=np.float64)


def diluted(nats: Floats, probability: Floats) -> Floats:
    """Nats of an item that belongs to the act only with a probability.

    Examples
    --------
    >>> diluted(np.log([[9.0]]), np.array([0.5])).round(3).tolist()   # ln 5
    [[1.609]]
    """
    share = probability[:, None]
    return np.log(share * np.exp(nats) + (1.0 - share))


def _acts_of(matter: Matter, incident: Integers, acts: Mask | None) -> tuple[Integers, Integers]:
    """Each pair of a member row and an act of its incident."""
    rows = np.flatnonzero(matter.incident >= 0 if acts is None else acts & (matter.incident >= 0))
    rows = rows[np.argsort(matter.incident[rows], kind="stable")]
    held = matter.incident[rows]
    first = np.searchsorted(held, incident, side="left")
    count = np.searchsorted(held, incident, side="right") - first
    pair = np.repeat(np.arange(len(incident)), count)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return pair, rows[first[pair] + offset]


def _sorted(table: pa.Table, name: str) -> pa.Table:
    column = table[name].combine_chunks()
    if len(column) > 1 and pc.any(pc.greater(column[:-1], column[1:])).as_py():
        return table.take(pc.sort_indices(column))
    return table


def _integers(column: Any) -> Integers:
    return np.asarray(column).astype(np.int64)


def _looked_up(values: Integers, row: Integers) -> Integers:
    if not len(values):
        return np.zeros(len(row), np.int64)
    return np.where(row >= 0, values[np.maximum(row, 0)], 0)
