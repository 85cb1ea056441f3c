"""What rivals of attribution read: who holds the ground of an act, and who is said to have done it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from benchmarks.rivals.contract import Floats, Given, Ints

NOBODY = -1


def incident_of(given: Given) -> Ints:
    """`(acts,)` row of each act's incident."""
    found = pc.index_in(
        given.acts["incident_id"], value_set=given.incidents["incident_id"].combine_chunks()
    )
    return np.asarray(found.fill_null(NOBODY)).astype(np.int64)


def holder(given: Given) -> Ints:
    """`(acts,)` party that holds the place of each act, by most maps.

    Every map that speaks for the instant has a vote: the party whose polygon holds the place or
    lies nearest to it. No map or no place: `NOBODY`.
    """
    row = incident_of(given)
    lon, lat, began = (
        np.where(row >= 0, _numbers(given.incidents, name)[row], np.nan)
        for name in ("lon", "lat", "began")
    )
    places = shapely.points(np.nan_to_num(lon), np.nan_to_num(lat))
    votes = np.zeros((row.size, len(given.parties)))
    controls = given.controls
    if not controls.num_rows:
        return np.full(row.size, NOBODY)
    keys = zip(*(controls[n].to_pylist() for n in ("author", "version")), strict=True)
    sheets: dict[tuple[str, str], list[int]] = {}
    for number, key in enumerate(keys):
        sheets.setdefault(key, []).append(number)
    for rows in sheets.values():
        sheet = controls.take(pa.array(rows))
        party = _party(given, sheet["controller"])
        tree = shapely.STRtree(shapely.from_wkb(np.asarray(sheet["geometry_wkb"], object)))
        from_us, to_us = (_numbers(sheet, n)[0] for n in ("began", "ended"))
        asked = np.flatnonzero((began >= from_us) & (began < to_us) & np.isfinite(lon))
        if not asked.size:
            continue
        at, polygon = tree.query_nearest(places[asked], all_matches=False)
        known = party[polygon] >= 0
        np.add.at(votes, (asked[at[known]], party[polygon[known]]), 1.0)
    return np.where(votes.max(1) > 0, votes.argmax(1), NOBODY)


def claims(given: Given, *, by_source: bool) -> Floats:
    """`(acts, parties)` how often each party is said to have done it, denials left out.

    With `by_source` a source counts once for an incident, else every report does, copies too.
    """
    said, members = given.observations, given.members
    observation = pc.index_in(
        members["observation_id"], value_set=said["observation_id"].combine_chunks()
    )
    incident = pc.index_in(
        members["incident_id"], value_set=given.incidents["incident_id"].combine_chunks()
    )
    rows, homes = (
        np.asarray(each.fill_null(NOBODY)).astype(np.int64) for each in (observation, incident)
    )
    party = _party(given, said["claimed_actor"])
    party[np.asarray(pc.equal(said["stance"], "denies"))] = NOBODY
    kept = (rows >= 0) & (homes >= 0) & (np.asarray(members["probability"]) >= 0.5)
    rows, homes = rows[kept], homes[kept]
    accused = party[rows]
    counted = np.column_stack([homes, accused, rows])[accused >= 0]
    if by_source:
        source = np.asarray(said["source"].combine_chunks().dictionary_encode().indices, np.int64)
        counted[:, 2] = source[counted[:, 2]]
        counted = np.unique(counted, axis=0)
    votes = np.zeros((given.incidents.num_rows + 1, len(given.parties)))
    np.add.at(votes, (counted[:, 0], counted[:, 1]), 1.0)
    return votes[incident_of(given)]  # an act of no incident takes the last row: no votes


def base_rates(given: Given, authors: Ints, **_setting: object) -> Floats:
    """`(hypotheses,)` how often each author is on the tuning seed, one added to each.

    What a rule of thumb says of acts that it cannot judge; the line is never told it.
    """
    known = authors[authors >= 0]
    count = np.bincount(known, minlength=len(given.hypotheses)) + 1.0
    rates: Floats = count / count.sum()
    return rates


def spread_over(chosen: Ints, trust: float, rates: Floats) -> Floats:
    """`(acts, hypotheses)` `trust` on the chosen party, the rest by the base rates.

    Examples
    --------
    >>> spread_over(np.array([0, -1]), 0.5, np.array([0.5, 0.3, 0.2])).tolist()
    [[0.75, 0.15, 0.1], [0.5, 0.3, 0.2]]
    """
    p = np.tile(rates, (chosen.size, 1))
    named = np.flatnonzero(chosen >= 0)
    p[named] *= 1.0 - trust
    p[named, chosen[named]] += trust
    return p


def _party(given: Given, column: pa.ChunkedArray) -> Ints:
    """Place of the party in `given.parties`, however it is written; `NOBODY` where it is none."""
    bare = pc.replace_substring_regex(column, "^party:", "")
    found = pc.index_in(bare, value_set=pa.array(given.parties, pa.string()))
    return np.array(found.fill_null(NOBODY), np.int64)


def _numbers(table: pa.Table, name: str) -> Floats:
    column = table[name]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan), np.float64)
