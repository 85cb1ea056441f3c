"""What a run told, beside the truth: one numbering of observations, incidents and acts for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.model.errors import InputError
from truceline.pipeline import sealed as seals
from truceline.pipeline.files import read_csv
from truceline.pipeline.sealed import Sealed
from truceline.simulation.errors.directions import FIRED
from truceline.simulation.scoring.attribution import TrueAuthors
from truceline.simulation.scoring.due import Known
from truceline.simulation.scoring.findings import TrueVerdicts
from truceline.simulation.scoring.incidents import TrueIncidents
from truceline.simulation.scoring.partition import Shares
from truceline.simulation.scoring.resample import with_own
from truceline.tables import schemas

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_CSV: Mapping[str, pa.Schema] = {
    "members": schemas.MEMBERS,
    "acts": schemas.ACTS,
    "findings": schemas.FINDINGS,
    "attributions": schemas.ATTRIBUTIONS,
    "remedies": schemas.REMEDIES,
}
_PARQUET = ("incidents", "posterior", "provenance", "holdings")
_HALF = 0.5


def read_run(out: Path) -> dict[str, pa.Table]:
    """The tables of a run that are scored.

    Raises
    ------
    InputError
        A file is missing or is of something else.
    """
    tables = {}
    try:
        for name in _PARQUET:
            tables[name] = pq.read_table(out / f"{name}.parquet")
        for name, schema in _CSV.items():
            tables[name] = read_csv(out / f"{name}.csv", schema)
    except (OSError, KeyError, pa.ArrowException) as exc:
        msg = f"{out}: holds no whole run: {exc}; run the mission again with --run"
        raise InputError(msg) from exc
    return tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The observations that have a label.

    Parameters
    ----------
    observation_id
        `(n,)` as the run writes it; null for a sighting that the run did not take.
    member
        `(n,)` row of `members.csv`; one row may be several observations.
    not_taken
        Rows of the truth that the run holds nowhere: refused on the way in.
    of_other_kind
        Rows that the run holds as something else, such as a call or a tally; they join nothing.
    unlabelled
        Observations of the run that the truth does not speak of; they are not scored.
    """

    observation_id: pa.Array
    member: Ints
    not_taken: int
    of_other_kind: int
    unlabelled: int


def labelled(sealed: Sealed, provenance: pa.Table, folder: Path) -> Labelled:
    """Which observation of the run each row of the truth is: by its id, else by its file and line.

    Raises
    ------
    InputError
        One observation has two labels, or more than half of the labels or of the observations find no
        other side: the truth is of another run.
    """
    members = sealed.members
    is_own = pc.equal(provenance["table"], "observations")
    own = provenance.filter(is_own)
    named = np.asarray(pc.not_equal(members["observation_id"], ""))
    by_id = pc.index_in(members["observation_id"], value_set=own["id"].combine_chunks())
    direct = np.flatnonzero(named & np.asarray(by_id.is_valid()))
    member, row = _by_line(members, np.flatnonzero(~named), own)
    elsewhere = _elsewhere(members, named, provenance.filter(pc.invert(is_own)))
    member = np.concatenate([direct, member])
    row = np.concatenate([np.asarray(pc.fill_null(by_id, -1))[direct], row])
    _refuse_two_labels(folder, member, row, own)
    lost = np.setdiff1d(np.arange(members.num_rows), np.concatenate([member, elsewhere]))
    unlabelled = own.num_rows - row.size
    of_other_kind = np.setdiff1d(elsewhere, member).size
    _refuse_mismatch(folder, lost, members.num_rows, unlabelled, own.num_rows)
    ids = pa.concat_arrays(
        [own["id"].combine_chunks().take(pa.array(row)), pa.nulls(lost.size, pa.string())]
    )
    return Labelled(
        observation_id=ids,
        member=np.concatenate([member, lost]).astype(np.int64),
        not_taken=lost.size,
        of_other_kind=of_other_kind,
        unlabelled=unlabelled,
    )


def _elsewhere(members: pa.Table, named: npt.NDArray[np.bool_], others: pa.Table) -> Ints:
    """Members that are rows of another table than observations, by id or by file and line."""
    ids = others["id"].combine_chunks()
    direct = named & np.asarray(pc.is_in(members["observation_id"], value_set=ids))
    by_line = _by_line(members, np.flatnonzero(~named), others)[0]
    return np.concatenate([np.flatnonzero(direct), by_line])


def _by_line(members: pa.Table, rows: Ints, own: pa.Table) -> tuple[Ints, Ints]:
    """Members and rows of provenance that share a file and a line."""
    lines = pc.cast(own["line"], pa.string())
    there = pc.binary_join_element_wise(own["file"], lines, "\n").combine_chunks()
    some = members.take(pa.array(rows))
    here = pc.binary_join_element_wise(some["file"], some["line"], "\n").combine_chunks()
    at = np.asarray(pc.fill_null(pc.index_in(there, value_set=here), -1)).astype(np.int64)
    found = np.flatnonzero(at >= 0)
    return rows[at[found]], found.astype(np.int64)


def _refuse_two_labels(folder: Path, member: Ints, row: Ints, own: pa.Table) -> None:
    order = np.argsort(row, kind="stable")
    again = order[1:][np.diff(row[order]) == 0]
    if again.size:
        line, which = int(member[again[0]]) + 2, own["id"][int(row[again[0]])].as_py()
        msg = (
            f"{folder / seals.FOLDER / 'members.csv'}:{line}: observation {which!r} has a second label; "
            "each may have one"
        )
        raise InputError(msg)


def _refuse_mismatch(folder: Path, lost: Ints, rows: int, unlabelled: int, taken: int) -> None:
    path = folder / seals.FOLDER / "members.csv"
    if lost.size > _HALF * rows:
        msg = (
            f"{path}:{int(lost[0]) + 2}: {lost.size:,} of {rows:,} rows name no observation of the "
            "run; score with --run, or put back the truth that belongs to this mission"
        )
        raise InputError(msg)
    if unlabelled > _HALF * taken:
        msg = (
            f"{path}: {unlabelled:,} of {taken:,} observations of the run have no row; put back the "
            "truth that belongs to this mission"
        )
        raise InputError(msg)


def shares(of: Labelled, members: pa.Table, incidents: pa.Array) -> Shares:
    """In which computed incident each labelled observation is, in their order.

    Parameters
    ----------
    of
        The labelled observations.
    members
        observation_id, incident_id, probability.
    incidents
        Identifiers by number.
    """
    row = pc.index_in(members["observation_id"], value_set=of.observation_id)
    row = np.asarray(pc.fill_null(row, -1)).astype(np.int64)
    number = np.asarray(
        pc.fill_null(pc.index_in(members["incident_id"], value_set=incidents), -1)
    ).astype(np.int64)
    kept = np.flatnonzero((row >= 0) & (number >= 0))
    return Shares(
        rows=of.member.size,
        row=row[kept],
        incident=number[kept],
        probability=np.asarray(members["probability"], dtype=np.float64)[kept],
    )


def are_outgoing(acts: pa.Table | None, incidents: pa.Array) -> Flags | None:
    """Which computed incidents are placed where they were fired from: all their acts are outgoing.

    Parameters
    ----------
    acts
        incident_id, and a direction; None without either.
    incidents
        Identifiers by number.
    """
    if acts is None or "direction" not in acts.column_names:
        return None
    of = np.asarray(pc.fill_null(pc.index_in(acts["incident_id"], value_set=incidents), -1))
    goes_out = np.asarray(pc.fill_null(pc.equal(acts["direction"], "outgoing"), False))
    every, out = (
        np.bincount(rows[rows >= 0], minlength=len(incidents)) for rows in (of, of[goes_out])
    )
    found: Flags = (every > 0) & (every == out)
    return found


def true_incidents(sealed: Sealed, of: Labelled) -> TrueIncidents:
    """The true incidents, and whose sighting each labelled observation is."""
    incidents, members = sealed.incidents, sealed.members
    owner = seals.codes(members["incident_id"], incidents["incident_id"])
    fired_lat, fired_lon = _fired_from(sealed)
    return TrueIncidents(
        of=owner[of.member],
        is_copy=np.asarray(pc.not_equal(members["copied_from"], ""))[of.member],
        campaign=seals.classes(incidents["campaign"]),
        is_incident=seals.flags(incidents["is_incident"]),
        lat=seals.numbers(incidents["lat"]),
        lon=seals.numbers(incidents["lon"]),
        began_s=seals.seconds(incidents["began"]),
        ended_s=seals.seconds(incidents["ended"]),
        fired_lat=fired_lat,
        fired_lon=fired_lon,
    )


def _fired_from(sealed: Sealed) -> tuple[Floats, Floats]:
    """Where each true incident's leading act was fired from: the act that is when and where it is.

    What was not fired has one end alone: a flight that somebody calls outgoing is still where it was seen.
    """
    acts, incidents = sealed.acts, sealed.incidents
    of = seals.codes(acts["incident_id"], incidents["incident_id"])
    late_s = np.abs(seals.seconds(acts["began"]) - seals.seconds(incidents["began"])[of])
    lat, lon = (
        seals.numbers(acts[name]) - seals.numbers(incidents[name])[of] for name in ("lat", "lon")
    )
    order = np.lexsort((np.hypot(lat, lon), late_s, of))
    leads = order[np.diff(of[order], prepend=-1) != 0]  # of no incident: -1, which come first
    was_fired = np.asarray(pc.is_in(acts["type"], value_set=pa.array([t.value for t in FIRED])))
    found = np.full((2, incidents.num_rows), np.nan)
    for row, name in zip(found, ("lat", "lon"), strict=True):
        own = seals.numbers(incidents[name])[of]
        origin = seals.numbers(acts[f"origin_{name}"])
        row[of[leads]] = np.where(was_fired, origin, own)[leads]
    return found[0], found[1]


def true_acts(sealed: Sealed, of: Labelled) -> Ints:
    """Number of the true act of each labelled observation; -1: none."""
    return seals.codes(sealed.members["act_id"], sealed.acts["act_id"])[of.member]


def _campaigns(sealed: Sealed) -> Ints:
    """Campaign of each true act; an act without one goes with its incident."""
    incident = seals.codes(sealed.acts["incident_id"], sealed.incidents["incident_id"])
    campaign = with_own(seals.classes(sealed.incidents["campaign"]))
    found: Ints = np.append(campaign, -1)[incident]
    return found


def true_verdicts(sealed: Sealed) -> TrueVerdicts:
    """The true verdict of each act, party and clause."""
    table = sealed.verdicts
    return TrueVerdicts(
        act=seals.codes(table["act_id"], sealed.acts["act_id"]),
        party=table["party"].combine_chunks(),
        clause=table["clause_id"].combine_chunks(),
        verdict=table["verdict"].combine_chunks(),
        campaign=_campaigns(sealed),
    )


def _authors(sealed: Sealed) -> pa.Array:
    """Author of each true act; unknown where the truth names none."""
    at = pc.index_in(
        sealed.acts["act_id"], value_set=sealed.responsibility["act_id"].combine_chunks()
    )
    author = sealed.responsibility["author"].combine_chunks().take(at.combine_chunks())
    return pc.fill_null(author, "unknown")


def true_authors(sealed: Sealed, parties: tuple[str, ...]) -> TrueAuthors:
    """The true author of each act."""
    return TrueAuthors(author=_authors(sealed), campaign=_campaigns(sealed), parties=parties)


def known(sealed: Sealed) -> Known:
    """Everything true of acts, in one piece."""
    acts, verdicts = sealed.acts, sealed.verdicts
    rounds = seals.numbers(acts["rounds"])
    return Known(
        act_id=acts["act_id"].combine_chunks(),
        type=acts["type"].combine_chunks(),
        weapon=acts["weapon"].combine_chunks(),
        rounds=np.where(np.isfinite(rounds), rounds, -1).astype(np.int64),
        began=seals.instants(acts["began"]).combine_chunks(),
        ended=seals.instants(acts["ended"]).combine_chunks(),
        author=_authors(sealed),
        verdict_act=seals.codes(verdicts["act_id"], acts["act_id"]),
        party=verdicts["party"].combine_chunks(),
        clause=verdicts["clause_id"].combine_chunks(),
        verdict=verdicts["verdict"].combine_chunks(),
    )
