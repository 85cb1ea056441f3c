"""What the oracle says, in the tables that a line is scored by."""

import numpy as np
import pyarrow as pa

from truceline.geometry.ellipse import axes
from truceline.geometry.plane import to_degrees
from truceline.simulation.columns import Bools, Ground, Ints
from truceline.simulation.judge import VERDICTS
from truceline.simulation.mission.truth import AUTHORS
from truceline.simulation.oracle.places import Placed
from truceline.simulation.oracle.telling import Told
from truceline.simulation.parties import PARTY_IDS
from truceline.tables.posterior import TYPES
from truceline.tables.schemas import INSTANT


def tables_of(
    told: Told,
    account: Ints,
    asked: Bools,
    observation_id: pa.Array,
    ground: Ground,
    name: str = "oracle",
) -> dict[str, pa.Table]:
    """Members, incidents, acts, findings, attributions and places.

    Parameters
    ----------
    told
        What the oracle says.
    account
        `(n,)` account of each sighting.
    asked
        `(accounts,)` which are asked about; of incidents mostly of others nothing is said but their
        members.
    observation_id
        `(n,)` as the run has it; null where the run has none.
    ground
        For degrees.
    name
        Of these incidents, apart from others'.
    """
    count = len(told.p_real)
    names = pa.array([f"{name}-{number:07d}" for number in range(count)])
    at = told.home[account]
    is_ours = pa.array(asked[account])
    members = pa.table(
        {
            "observation_id": observation_id,
            "incident_id": names.take(pa.array(at)),
            "probability": np.ones(len(at)),
        }
    )
    members = members.filter(is_ours).filter(observation_id.filter(is_ours).is_valid())
    mostly = 2 * np.bincount(told.home, weights=asked, minlength=count) > np.bincount(
        told.home, minlength=count
    )
    acts = np.flatnonzero(mostly)
    type_names = pa.array(TYPES).take(pa.array(told.types[acts]))
    own = names.take(pa.array(acts))
    return {
        "members": members,
        "incidents": _incidents(told, names, ground),
        "acts": pa.table({"act_id": own, "incident_id": own, "type": type_names}),
        "findings": _findings(told, names, mostly),
        "attributions": _attributions(told, names, mostly),
        "posterior": _posterior(told.placed, names, ground),
    }


def _incidents(told: Told, names: pa.Array, ground: Ground) -> pa.Table:
    at = told.placed
    lat, lon = to_degrees(*at.mean(), ground.origin_lat, ground.origin_lon)
    major, minor, azimuth = axes(*at.covariance())
    return pa.table(
        {
            "incident_id": names,
            "p_real": told.p_real,
            "lat": lat,
            "lon": lon,
            "error_major_m": major,
            "error_minor_m": minor,
            "error_azimuth_deg": azimuth,
        }
    )


def _posterior(at: Placed, names: pa.Array, ground: Ground) -> pa.Table:
    """A row for each Gaussian of each incident that has a place."""
    known = np.flatnonzero(np.isfinite(at.from_s))
    of = np.repeat(known, at.weight.shape[1])
    x_m, y_m = at.x_m[known].ravel(), at.y_m[known].ravel()
    lat, lon = to_degrees(x_m, y_m, ground.origin_lat, ground.origin_lon)
    began, ended = (
        pa.array((1e6 * at_s[of]).astype(np.int64)).cast(INSTANT) for at_s in (at.from_s, at.to_s)
    )
    return pa.table(
        {
            "incident_id": names.take(pa.array(of)),
            "weight": at.weight[known].ravel(),
            "lat": lat,
            "lon": lon,
            "var_east_m2": at.var_x_m2[known].ravel(),
            "cov_en_m2": at.cov_m2[known].ravel(),
            "var_north_m2": at.var_y_m2[known].ravel(),
            "began": began,
            "ended": ended,
        }
    )


def _findings(told: Told, names: pa.Array, mostly: Bools) -> pa.Table:
    at = np.flatnonzero((told.authors.sum(axis=1) > 0) & mostly)
    parts = []
    for (party, clause), p in told.verdicts.items():
        columns = {
            "subject_id": names.take(pa.array(at)),
            "party": pa.repeat(pa.scalar(PARTY_IDS[party]), len(at)),
            "clause_id": pa.repeat(pa.scalar(clause), len(at)),
        }
        columns |= {f"p_{verdict}": pa.array(p[at, n]) for n, verdict in enumerate(VERDICTS)}
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)


def _attributions(told: Told, names: pa.Array, mostly: Bools) -> pa.Table:
    at = np.flatnonzero((told.authors.sum(axis=1) > 0) & mostly)
    who = told.authors.shape[1]
    return pa.table(
        {
            "act_id": names.take(pa.array(np.repeat(at, who))),
            "hypothesis": pa.array(list(AUTHORS[:who]) * len(at), pa.string()),
            "p": told.authors[at].ravel(),
        }
    )
