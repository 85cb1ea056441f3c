"""Scores of fusion on any labelled set of the plain template: real truth, where people have it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.fuse import Fusion
from truceline.model.errors import InputError
from truceline.pipeline import sealed as seals
from truceline.pipeline.fusing import fused
from truceline.pipeline.scored import incident_figures
from truceline.pipeline.scoring import BAND_SEED
from truceline.simulation.scoring.incidents import (
    IncidentScores,
    ToldIncidents,
    TrueIncidents,
    score_incidents,
)
from truceline.simulation.scoring.partition import Shares

COLUMNS = ("observation_id", "incident_id")


def score_labels(
    files: Sequence[Path],
    labels: Path,
    *,
    zone: str = "UTC",
    announce: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Fuse files of the plain template and score who belongs with whom.

    Parameters
    ----------
    files
        Observations, each with an identifier of its own.
    labels
        CSV of observation_id and incident_id; an empty incident_id belongs with nothing.
    zone
        Of times that state none.
    announce
        Called with the name of each stage as it begins.

    Raises
    ------
    InputError
        The labels cannot be read, one stands twice, or labels and observations differ.
    """
    table = seals.read_texts(labels, COLUMNS)
    if not table.num_rows:
        msg = (
            f"{labels}: holds no label, so there is nothing to score; write one row an observation"
        )
        raise InputError(msg)
    seals.refuse_twice(labels, table, "observation_id")
    done = fused(files, zone=zone, announce=announce)
    _refuse_difference(labels, table, done.received)
    announce("scoring")
    scores = score_fusion(done.fusion, table)
    return {
        "observations": {
            "scored": table.num_rows,
            "clutter": int(pc.sum(pc.equal(table["incident_id"], "")).as_py()),
            "refused": len(done.refused),
            "set_aside": done.received.num_rows - done.observations.num_rows,
        },
        "line": {"incidents": incident_figures(scores)},
    }


def score_fusion(fusion: Fusion, labels: pa.Table) -> IncidentScores:
    """Scores of a fusion against labels: observation_id, and incident_id or an empty text."""
    ids = fusion.incidents["incident_id"].combine_chunks()
    owner = labels["observation_id"].combine_chunks()
    of = seals.classes(labels["incident_id"])
    count = int(of.max(initial=-1)) + 1
    unknown = np.full(count, np.nan)
    members = fusion.members
    return score_incidents(
        TrueIncidents(
            of=of,
            is_copy=np.zeros(of.size, bool),
            campaign=np.full(count, -1, np.int64),
            is_incident=np.ones(count, bool),
            lat=unknown, lon=unknown, began_s=unknown, ended_s=unknown,
        ),
        ToldIncidents(
            shares=Shares(
                rows=of.size,
                row=np.asarray(pc.index_in(members["observation_id"], value_set=owner)).astype(np.int64),
                incident=np.asarray(pc.index_in(members["incident_id"], value_set=ids)).astype(np.int64),
                probability=np.asarray(members["probability"], dtype=np.float64),
            ),
            p_real=np.asarray(fusion.incidents["p_real"], dtype=np.float64),
        ),
        np.random.default_rng(BAND_SEED),
    )  # fmt: skip


def _refuse_difference(path: Path, labels: pa.Table, observations: pa.Table) -> None:
    """Labels must be of these observations, and of all of them."""
    told, own = labels["observation_id"], observations["observation_id"]
    lost = np.flatnonzero(~np.asarray(pc.is_in(told, value_set=own.combine_chunks())))
    if lost.size:
        row = int(lost[0])
        msg = (
            f"{path}:{row + 2}: {told[row].as_py()!r} is no observation that was taken "
            f"({lost.size:,} such labels); `truceline fuse` prints what was refused"
        )
        raise InputError(msg)
    bare = np.flatnonzero(~np.asarray(pc.is_in(own, value_set=told.combine_chunks())))
    if bare.size:
        msg = (
            f"{path}: observation {own[int(bare[0])].as_py()!r} has no label ({bare.size:,} such); "
            "leave incident_id empty where it belongs with nothing"
        )
        raise InputError(msg)
