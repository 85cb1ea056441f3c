"""Windows: local ceasefires, by whom guaranteed, and kept, broken or not judged.

A window is broken by an act of a banned type that is more likely than not real, in its area and in
its hours. It was kept only where somebody watched it: a blind hour is not a quiet hour. Mirror
patrols count only together; one alone saw half.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.terms import Agreement, Line
from truceline.findings.act import Acts, acts_of, floats
from truceline.findings.contract import Subjects, Where
from truceline.findings.event import Times, union
from truceline.findings.ground import Ground, ground_of, surfaces
from truceline.findings.placed import Components
from truceline.findings.where import locate
from truceline.geometry.distance import distance, index_line
from truceline.model.time import Interval, from_microseconds, to_microseconds
from truceline.model.vocabulary import LineKind
from truceline.tables import schemas
from truceline.tables.desk import WINDOW_STATES
from truceline.tables.posterior import TYPES

LIKELY = 0.5  # more likely than not
_GRANT = "find"
_DOT_DEG = 1e-9  # a point as the shortest line: a tenth of a millimetre
_GIVEN = ("written", "oral")
_WATCHED = ("watch", "zero_report")  # a patrol that reports nothing has been there all the same
Row = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    agreement: Agreement
    ground: Ground
    acts: Acts
    p_real: Floats  # of each act's incident
    exposures: Sequence[Row]


def window_states(agreement: Agreement, evidence: Subjects) -> pa.Table:
    """What became of each window, in the order of `window_id`.

    Parameters
    ----------
    agreement
        Its `prohibit` clauses say which acts are banned; without the grant `find` there is no row.
    evidence
        Windows, acts and where they were, exposures. Party ids as in the agreement.

    Returns
    -------
    table
        `WINDOW_STATES`.
    """
    if _GRANT not in agreement.grants or not evidence.windows.num_rows:
        return schemas.empty(WINDOW_STATES)
    acts = acts_of(evidence)
    scene = _Scene(
        agreement=agreement,
        ground=ground_of(agreement),
        acts=acts,
        p_real=floats(evidence.incidents["p_real"])[acts.incident],
        exposures=sorted(evidence.exposures.to_pylist(), key=lambda row: str(row["exposure_id"])),
    )
    rows = sorted(
        evidence.windows.to_pylist(), key=lambda row: (row["window_id"], row["guarantee_id"])
    )
    found = [
        _state(scene, name, list(guarantees))
        for name, guarantees in groupby(rows, key=lambda row: str(row["window_id"]))
    ]
    return pa.Table.from_pylist(found, schema=WINDOW_STATES)


def _state(scene: _Scene, name: str, guarantees: list[Row]) -> dict[str, Any]:
    given = {kind: _parties(guarantees, kind) for kind in _GIVEN}
    bound = [row for row in guarantees if row["guarantee"] in _GIVEN]
    began, ended = _hours(bound or guarantees)
    first = guarantees[0]
    promised = {*given["written"], *given["oral"]}
    told = {
        "window_id": name,
        "requester": first["requester"],
        "purpose": first["purpose"],
        "began": from_microseconds(began) if began < ended else None,
        "ended": from_microseconds(ended) if began < ended else None,
        "area_id": first["area_id"],
        "written_by": ";".join(given["written"]),
        "spoken_by": ";".join(p for p in given["oral"] if p not in given["written"]),
        "not_by": ";".join(sorted({*scene.agreement.party_ids()} - promised)),
        "act_ids": "",
        "p_broken": None,
    }
    mirror, ran = _mirror(scene, guarantees, began, ended)
    why = _unjudged(scene, bound, began, ended)
    if why:
        return told | {"mirror": mirror, "state": "not_judged", "because": why}
    return told | {"mirror": mirror} | _judged(scene, bound, (began, ended), ran)


def _unjudged(scene: _Scene, bound: list[Row], began: int, ended: int) -> str:
    """Why nothing can be said of the window; empty where something can."""
    if not bound:
        return "nobody guaranteed it"
    if began >= ended:
        return "its guarantees share no hour"
    if len({_area(row) for row in bound}) > 1:
        return "its guarantees are for different areas"
    if _where(scene, bound[0])[0] is None:
        return "its area is not known"
    if not _banned(scene.agreement, bound, began):
        return "the agreement prohibits nothing to those who guaranteed it"
    return ""


def _judged(
    scene: _Scene, bound: list[Row], hours: tuple[int, int], has_run: bool | None
) -> dict[str, Any]:
    p = _within(scene, bound, hours)
    likely = np.flatnonzero(p > LIKELY)
    # Summed in the order of acts, which is that of their ids: the same bytes in any order.
    p_broken = float(1.0 - np.exp(np.sum(np.log1p(-np.minimum(p, 1.0 - 1e-12)))))
    ids = scene.acts.table["act_id"].take(pa.array(likely)).to_pylist()
    is_watched = has_run if has_run is not None else _is_watched(scene, bound[0], hours)
    if ids:
        state, because = "broken", f"{len(ids)} acts more likely than not within its area and hours"
    elif p_broken > LIKELY:
        state, because = "not_judged", "several doubtful acts, none of them likely by itself"
    elif has_run is False:
        state, because = "not_judged", "its mirror patrols did not both run for all of its hours"
    elif not is_watched:
        state, because = "not_judged", "nobody watched it for all of its hours"
    else:
        state, because = "kept", "watched, and no act more likely than not within it"
    return {"state": state, "p_broken": p_broken, "act_ids": ";".join(ids), "because": because}


def _within(scene: _Scene, bound: list[Row], hours: tuple[int, int]) -> Floats:
    """How surely each act is real, of a banned type, in the area and in the hours."""
    acts, (began, ended) = scene.acts, hours
    lasts = acts.ended_us - acts.began_us
    shared = np.minimum(acts.ended_us, ended) - np.maximum(acts.began_us, began)
    at_once = (acts.began_us >= began) & (acts.began_us < ended)
    part = np.where(lasts > 0, np.clip(shared, 0, None) / np.maximum(lasts, 1), at_once)
    rows = np.flatnonzero(part > 0)
    p = np.zeros(acts.count)
    if not len(rows):
        return p
    types = [TYPES.index(each) for each in sorted(_banned(scene.agreement, bound, began))]
    p_type = acts.deeds.p_type[types][:, rows].sum(axis=0).astype(np.float64)
    p[rows] = scene.p_real[rows] * p_type * part[rows] * _inside(scene, bound[0], rows)
    return p


def _inside(scene: _Scene, row: Row, rows: npt.NDArray[np.intp]) -> Floats:
    where, ground = _where(scene, row)
    assert where is not None  # else the window is not judged
    incidents, of_act = np.unique(scene.acts.incident[rows], return_inverse=True)
    located = locate(
        _of(scene.acts.components, incidents), surfaces(ground, [where]), [frozenset({where})]
    )
    share: Floats = located.probability[frozenset({where})][of_act]
    return share


def _of(components: Components, incidents: npt.NDArray[np.int64]) -> Components:
    """The components of some incidents, numbered anew."""
    kept = components.take(np.flatnonzero(np.isin(components.owner, incidents)))
    owner = np.searchsorted(incidents, kept.owner).astype(np.int64)
    return replace(kept, subjects=len(incidents), owner=owner)


def _banned(agreement: Agreement, bound: list[Row], at_us: int) -> frozenset[str]:
    """Types that a ban in force as the window opens forbids to anybody who guaranteed it."""
    at = from_microseconds(at_us)
    parties = {row["party"] for row in bound}
    return frozenset(
        act
        for clause in agreement.clauses
        if clause.kind == "prohibit" and any(clause.binds(party, at) for party in parties)
        for act in clause.terms.get("acts") or ()
        if act in TYPES
    )


def _where(scene: _Scene, row: Row) -> tuple[Where | None, Ground]:
    """The window's area as a condition: its circle, else the zone that its area names."""
    ground = scene.ground
    if None not in (row["lat"], row["lon"], row["radius_m"]):
        name = f"window:{row['window_id']}"
        spot = _spot(name, float(row["lon"]), float(row["lat"]))
        ground = replace(ground, lines=ground.lines | {name: spot})
        return Where(line=name, to_m=float(row["radius_m"])), ground
    for zone in scene.agreement.zones:
        if row["area_id"] is not None and row["area_id"] in (zone.zone_id, *zone.area_ids):
            where, _ = ground.resolve(Where(zone=zone.zone_id), f"window {row['window_id']}")
            return where, ground
    return None, ground


def _spot(name: str, lon: float, lat: float) -> Line:
    """A point as a line; it is measured from and stands in no agreement."""
    return Line(
        line_id=name,
        kind=LineKind.AGREEMENT_LINE,
        valid=Interval(began=from_microseconds(0), ended=None),
        paths=(((lon, lat), (lon + _DOT_DEG, lat)),),
    )


def _mirror(
    scene: _Scene, guarantees: list[Row], began: int, ended: int
) -> tuple[str, bool | None]:
    """Whether mirror patrols were asked for, and both ran for all of the hours."""
    pairs = {
        (row["patrol_a"], row["patrol_b"])
        for row in guarantees
        if row["patrol_a"] is not None or row["patrol_b"] is not None
    }
    if not pairs:
        return "none", None
    named = {each for pair in pairs for each in pair}
    is_two = len(pairs) == 1 and len(named) == 2 and None not in named
    have_run = is_two and all(
        _covers(
            _watches(row for row in scene.exposures if row["exposure_id"] == name), began, ended
        )
        for name in named
    )
    return ("both_ran" if have_run else "not_both"), have_run


def _is_watched(scene: _Scene, window: Row, hours: tuple[int, int]) -> bool:
    """Whether watches of the window's own area, or whose circle holds it, cover all of its hours."""
    return _covers(_watches(row for row in scene.exposures if _sees(row, window)), *hours)


def _watches(exposures: Iterable[Row]) -> Times:
    return union(
        (to_microseconds(row["began"]), to_microseconds(row["ended"]))
        for row in exposures
        if row["kind"] in _WATCHED
    )


def _covers(times: Times, began: int, ended: int) -> bool:
    return any(first <= began and ended <= last for first, last in times)


def _sees(watch: Row, window: Row) -> bool:
    if window["area_id"] is not None and watch["area_id"] == window["area_id"]:
        return True
    if None in (watch["lat"], watch["lon"], watch["radius_m"], window["lat"], window["lon"]):
        return False
    middle = _spot("", float(watch["lon"]), float(watch["lat"])).paths
    place = (np.array([float(window[name])]) for name in ("lat", "lon"))
    away_m = float(distance(index_line(middle or ()), *place)[0])
    return away_m + float(window["radius_m"] or 0.0) <= float(watch["radius_m"])


def _hours(guarantees: list[Row]) -> tuple[int, int]:
    """The hours that every guarantee covers."""
    began = max(to_microseconds(row["began"]) for row in guarantees)
    return began, min(to_microseconds(row["ended"]) for row in guarantees)


def _area(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("area_id", "lat", "lon", "radius_m"))


def _parties(guarantees: list[Row], kind: str) -> list[str]:
    return sorted({str(row["party"]) for row in guarantees if row["guarantee"] == kind})
