"""Fusion: observations and exposures become incidents, with what speaks against each kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from truceline.fusion.acts import acts
from truceline.fusion.attach import Groups, Shares, attach, fit, groups_of
from truceline.fusion.block import Edges, all_edges, classes, distinct, points_of, propose
from truceline.fusion.columns import (
    Flags,
    Floats,
    Ints,
    Reports,
    canonical_order,
    readings,
    reports,
)
from truceline.fusion.decisions import Decisions, pair_keys
from truceline.fusion.entries import Entries, gather, reorder
from truceline.fusion.estimate import Told, places, times
from truceline.fusion.group import DECIDED_NATS
from truceline.fusion.identity import UInts, group_digests, order_by, string_buffers
from truceline.fusion.intensity import log_intensity
from truceline.fusion.loose import Holders, holders, propose_by_words
from truceline.fusion.nature import directions, types
from truceline.fusion.parameters import DEFAULTS, FusionParameters
from truceline.fusion.partition import Partition, pairs_across, partition
from truceline.fusion.score import Terms, terms
from truceline.fusion.support import hear_silence, supported, watches
from truceline.fusion.tell import (
    alternatives_table,
    incidents_table,
    members_table,
    posterior_table,
)
from truceline.fusion.wording import lowered, rarity, read_words
from truceline.tables.chunks import flat, in_order, side_by_side
from truceline.tables.schemas import EXPOSURES, OBSERVATIONS, conform


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """What `fuse` hands on.

    Parameters
    ----------
    incidents, posterior, members, alternatives, acts
        Tables of those schemas, incidents in order of time, then of identifier.
    sizes
        Size of a component of linked reports, to how many components have it.
    cut
        Pairs that were cut because a component would have grown past the cap; groups on the two
        sides of one were compared once more.
    """

    incidents: pa.Table
    posterior: pa.Table
    members: pa.Table
    alternatives: pa.Table
    acts: pa.Table
    sizes: Mapping[int, int]
    cut: int = 0


Times = tuple[Ints, Ints, Flags]  # began, ended, and whether only dates are known


class _Sorted(NamedTuple):
    """Rows by how they take part."""

    core: Ints  # timed and placed: they make the partition
    near: Ints  # soft, placed: they look about themselves
    loose: Ints  # nobody placed them, or only in a wide area: words and time alone
    is_core: Flags


def _sort_rows(columns: Reports, linked: Ints, parameters: FusionParameters) -> _Sorted:
    held = columns.rows
    wide = held["place_sd_m"] > parameters.loose_place_m
    timed = (held["is_date_only"] == 0) & (held["time_var_s2"] <= parameters.soft_time_s**2)
    core = timed & ~wide
    rows = np.arange(core.size)
    for side in _sides(linked, core.size):
        core[side] = True  # what people say is one is one, however loose
    return _Sorted(rows[core & ~wide], rows[~core & ~wide], rows[wide], core)


def _sides(keys: Ints, rows: int) -> tuple[Ints, Ints]:
    return keys // max(rows, 1), keys % max(rows, 1)


def _link(
    columns: Reports, values: Terms, rows: _Sorted, parameters: FusionParameters
) -> tuple[Edges, Holders | None]:
    """Pairs among core rows, pairs among soft rows, never one of each."""
    gate, least = parameters.gate_sigmas, parameters.edge_nats
    loose = rows.loose[~rows.is_core[rows.loose]]
    tight, soft_groups = classes(columns, rows.core), classes(columns, rows.near)
    tasks: list[Callable[[], Any]] = [
        partial(points_of, columns, group) for group in (*tight, *soft_groups)
    ]
    if loose.size:
        tasks.append(partial(holders, columns, values, loose, parameters.word_block))
    made = list(side_by_side(tasks))
    held = made.pop() if loose.size else None
    groups = list(zip((*tight, *soft_groups), made, strict=True))
    core = all_edges(propose(columns, values, groups[: len(tight)], gate, least))
    found = propose(columns, values, groups[len(tight) :], gate, least)
    if held is not None:
        allowed = ~rows.is_core
        found.append(propose_by_words(columns, values, held, loose, allowed, (gate, least)))
    one, other = (side.astype(np.int32) for side in _sides(values.linked, columns.rows.size))
    forced = Edges(one, other, np.full(one.size, DECIDED_NATS))
    soft = distinct(all_edges(found))  # words may have found what place had found already
    edges = all_edges([forced, core, soft])
    return distinct(edges) if one.size else edges, held


class _Membership(NamedTuple):
    """One entry a report and incident; `nats` is each incident's evidence of belonging together."""

    incident: Ints
    row: Ints
    probability: Floats
    is_core: Flags
    is_home: Flags
    nats: Floats
    incidents: int


def _staying(split: Partition) -> Floats:
    """P(a report is in its group | all the others are where they are)."""
    odds = (split.leave, split.move)
    leave, move = in_order(odds, lambda nats: np.exp(np.minimum(nats, 50.0)))
    return 1.0 / (1.0 + (leave + move))


def _membership(
    split: Partition, core: Groups, units: Groups, shares: Shares, parameters: FusionParameters
) -> _Membership:
    stay = _staying(split)
    best = shares.probability.max(axis=1, initial=0.0)
    founds = best < parameters.found_below
    number = core.start.size - 1
    own = np.full(units.start.size - 1, -1, np.int64)
    own[founds] = number + np.arange(np.count_nonzero(founds))
    core_sizes, unit_sizes = np.diff(core.start), np.diff(units.start)
    unit_of = np.repeat(np.arange(unit_sizes.size), unit_sizes)
    founded = founds[unit_of]
    incident = [np.repeat(np.arange(number), core_sizes), own[unit_of][founded]]
    row = [core.rows, units.rows[founded]]
    probability = [stay[core.rows], (stay[units.rows] * shares.own[unit_of])[founded]]
    is_core = [np.ones(core.rows.size + row[1].size, np.bool_)]
    is_home = [np.ones(is_core[0].size, np.bool_)]
    likeliest = np.where(founds, -1, np.argmax(shares.probability, axis=1))[unit_of]
    for slot in range(shares.group.shape[1]):
        share, group = shares.probability[unit_of, slot], shares.group[unit_of, slot]
        home = likeliest == slot
        kept = (group >= 0) & (home | (share >= parameters.keep_row))
        incident.append(group[kept].astype(np.int64))
        row.append(units.rows[kept])
        probability.append(share[kept] * stay[units.rows[kept]])
        is_core.append(np.zeros(row[-1].size, np.bool_))
        is_home.append(home[kept])
    nats = np.append(
        split.nats[split.group[core.rows[core.start[:-1]]]],
        split.nats[split.group[units.rows[units.start[:-1]]]][founds],
    )
    return _Membership(
        np.concatenate(incident),
        np.concatenate(row),
        np.concatenate(probability),
        np.concatenate(is_core),
        np.concatenate(is_home),
        nats,
        number + int(np.count_nonzero(founds)),
    )


def _entries(
    columns: Reports, members: _Membership, ids: pa.Array, order: Ints, similarity: float
) -> tuple[Entries, UInts, Ints, Times]:
    """Entries in the order of incidents: by time, then by identifier."""
    group = (members.row, members.probability, members.is_core, members.is_home)
    entries = gather(columns, similarity, members.incident, members.incidents, group)
    start = np.zeros(members.incidents + 1, np.int64)
    np.cumsum(
        np.bincount(members.incident[members.is_home], minlength=members.incidents), out=start[1:]
    )
    homes = order[entries.row[entries.is_home]]
    digests = group_digests(*string_buffers(ids), start, homes)
    began, ended, dated = times(columns, entries)
    at = order_by(began, digests)
    return reorder(entries, at), digests[at], at, (began[at], ended[at], dated[at])


def _sizes(start: Ints, rows: int) -> Mapping[int, int]:
    size, count = np.unique(np.diff(start), return_counts=True)
    sizes = dict(zip(size.tolist(), count.tolist(), strict=True))
    alone = rows - int(start[-1])
    return {1: alone, **sizes} if alone else sizes


def fuse(
    observations: pa.Table,
    exposures: pa.Table,
    parameters: FusionParameters = DEFAULTS,
    *,
    decisions: Decisions | None = None,
    located: pa.Table | None = None,
) -> Fusion:
    """Incidents from observations: which belong together, how surely real, where, when, what.

    Parameters
    ----------
    observations
        Table `OBSERVATIONS`, in any order; each identifier once.
    exposures
        Table `EXPOSURES`; may be empty. Silence is evidence only inside one.
    parameters
        Every number that is assumed.
    decisions
        Pairs of observations that people linked or parted.
    located
        The same rows in the same order, with the places at which incidents are put; None: those of
        `observations`, by which reports are joined in either case.

    Raises
    ------
    InputError
        An identifier stands twice, an observation ends before it begins, or a decision names an
        observation that is not there or contradicts another.

    Examples
    --------
    >>> from truceline.tables.schemas import empty
    >>> fuse(empty(OBSERVATIONS), empty(EXPOSURES)).incidents.num_rows
    0
    """
    table, order, columns, values = _prepare(observations, parameters, decisions)
    split, members, sizes, cut = _belonging(columns, values, parameters)
    del values  # its tables of words are large, and nothing is compared any more
    ids = flat(table["observation_id"])
    entries, digests, at, when = _entries(columns, members, ids, order, parameters.copy_similarity)
    settled = (members.nats[at], when)
    del members, at  # entries hold the same, in the order of incidents
    at_places = columns if located is None else _placed(located, order, columns, parameters)
    told, p_real = _judge((columns, at_places), entries, settled, exposures, parameters)
    given = (table, order, entries)
    posterior, alternatives, incidents, deeds, homes = side_by_side(
        [
            partial(posterior_table, *given, told, digests),
            partial(alternatives_table, *given, split, digests),
            partial(incidents_table, *given, told, p_real, digests),
            partial(acts, table, order, columns, entries, told.best_type, digests),
            partial(members_table, *given, digests),
        ]
    )
    return Fusion(
        incidents=incidents,
        posterior=posterior,
        members=homes,
        alternatives=alternatives,
        acts=deeds,
        sizes=sizes,
        cut=cut,
    )


def _belonging(
    columns: Reports, values: Terms, parameters: FusionParameters
) -> tuple[Partition, _Membership, Mapping[int, int], int]:
    """Which reports belong to what; sizes of the components, and how many pairs were cut."""
    rows = _sort_rows(columns, values.linked, parameters)
    edges, held = _link(columns, values, rows, parameters)
    split, found = partition(columns, values, edges, parameters.component_cap)
    tasks: list[Callable[[], Any]] = [
        partial(groups_of, columns, split.group, np.flatnonzero(rows.is_core)),
        partial(groups_of, columns, split.group, np.flatnonzero(~rows.is_core)),
        partial(pairs_across, split, *edges),
    ]
    core, units, _ = side_by_side(tasks)
    for groups in (core, units):
        fit(columns, values, groups)
    wide = columns.rows["place_sd_m"] > parameters.loose_place_m
    limits = (parameters.gate_sigmas, parameters.date_lag)
    shares = attach(columns, values, units, core, (wide, held), limits)
    members = _membership(split, core, units, shares, parameters)
    return split, members, _sizes(found.start, columns.rows.size), found.cut.one.size


def _prepare(
    observations: pa.Table, parameters: FusionParameters, decisions: Decisions | None
) -> tuple[pa.Table, Ints, Reports, Terms]:
    """Everything that is known before any two reports are compared.

    The table stays as it arrived; `order` says which of its rows each report is.
    """
    table = conform(observations, OBSERVATIONS)
    tasks: list[Callable[[], Any]] = [
        partial(canonical_order, table),
        partial(lowered, table["text"]),
        *readings(table),
    ]
    order, texts, *read = side_by_side(tasks)
    wording = read_words(texts, order)
    columns = reports(table, order, parameters, wording, read)
    decided = pair_keys(table["observation_id"], order, decisions)
    intensity = log_intensity(columns, parameters)
    values = terms(columns, intensity, rarity(wording, parameters), parameters, decided)
    return table, order, columns, values


def _placed(
    located: pa.Table, order: Ints, columns: Reports, parameters: FusionParameters
) -> Reports:
    """The same reports at other places."""
    table = conform(located, OBSERVATIONS)
    held = columns.rows
    first, counts = (held[name].astype(np.int64) for name in ("word_first", "words"))
    read = side_by_side(readings(table))
    return reports(table, order, parameters, (first, counts, columns.words), read)


def _judge(
    given: tuple[Reports, Reports],
    entries: Entries,
    settled: tuple[Floats, Times],
    exposures: pa.Table,
    parameters: FusionParameters,
) -> tuple[Told, Floats]:
    """Place, time, type, direction and P(real) of every incident."""
    columns, at_places = given
    placed = places(at_places, entries, parameters)
    nats, (began, ended, dated) = settled
    log_types, best_type = types(columns, entries)
    told = Told(placed, began, ended, dated, log_types, best_type, directions(columns, entries))
    p_real = supported(columns, entries, nats, parameters)
    watch = watches(conform(exposures, EXPOSURES), parameters)
    p_real = hear_silence(p_real, columns, entries, placed, (began, ended), watch)
    low, high = parameters.p_bounds
    return told, np.clip(p_real, low, high)
