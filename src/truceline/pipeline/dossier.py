"""Everything that a report may be made from: the line, and what the mission says beside it."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from truceline.agreement.mandate import not_computed
from truceline.attribution.attribute import Evidence, attribute
from truceline.findings.unmandated import told
from truceline.model.errors import SettingsError
from truceline.pipeline import plugins
from truceline.pipeline.enclosures import amounts, licences, settlements
from truceline.pipeline.line import Line
from truceline.pipeline.mission import Mission
from truceline.pipeline.outputs import manifest
from truceline.pipeline.releasing import judged_by_cell
from truceline.remedies.limbs import limbs
from truceline.reports.contract import Dossier, Intake, Limb, Period
from truceline.reports.settled import actionable
from truceline.reports.withholding import is_sealed


def dossier(mission: Mission, line: Line, key: bytes = b"", cell_m: float | None = None) -> Dossier:
    """Everything that a report of the mission may be made from.

    Nothing leaves without a key, nor without `cell_m`: what depends on places is then computed from
    cells of this least side, metres.
    """
    about = manifest(line)
    middle = line
    if cell_m is not None:
        line, middle = judged_by_cell(mission, line, cell_m)
    period, previous = _periods(mission, line)
    known = line.known
    return Dossier(
        mission_id=mission.mission_id,
        mission_title=mission.title,
        agreement=line.agreement,
        period=period,
        previous=previous,
        as_of=known.as_of,
        record_head=known.record_head,
        evidence_digest=known.evidence_digest,
        intake=_intake(line),
        **_tables(line),
        desk=line.desk,
        judged_cell_m=cell_m,
        attributions_without_sealed=_without_sealed(middle),
        limbs=_limbs(line),
        limits=_unshown(mission, line),
        credits=mission.attributions,
        versions=about["versions"],
        settings=about["settings"],
        is_hypothetical=mission.is_hypothetical or line.agreement.is_hypothetical,
        area_names={area: z.name for z in line.agreement.zones for area in z.area_ids},
        outlines=_outlines(mission),
        amounts=amounts(line),
        settlements=settlements(),
        licences=licences(mission),
        release_key=key,
    )


def _intake(line: Line) -> Intake:
    known = line.known
    return Intake(
        upstream=known.upstream,
        taken=known.taken,
        refused=known.refused,
        set_aside=line.set_aside.num_rows,
    )


def _tables(line: Line) -> dict[str, pa.Table]:
    own = (
        "observations exposures claims findings counts attributions evidence remedies holdings "
        "windows responsibility"
    )
    fused = "incidents posterior members acts"
    return {name: getattr(line, name) for name in own.split()} | {
        name: getattr(line.fusion, name) for name in fused.split()
    }


def _limbs(line: Line) -> tuple[Limb, ...]:
    fusion = line.fusion
    firm = actionable(line.findings, line.attributions)
    found = limbs(line.agreement, *firm, fusion.acts, fusion.incidents, line.exposures)
    return tuple(
        Limb(
            consequence=limb.consequence,
            limb=limb.limb,
            in_favour=limb.in_favour,
            against=limb.against,
            missing=limb.missing,
        )
        for limb in found
    )


def _unshown(mission: Mission, line: Line) -> tuple[str, ...]:
    """What the report cannot show: by the mission's words, the mandate, and edits that wait."""
    undone = (*not_computed(line.agreement), *told(line.allowed))
    return (*mission.limits, *undone, *line.known.stood.sentences, *line.known.edits.limits())


def _periods(mission: Mission, line: Line) -> tuple[Period, Period | None]:
    first, last = mission.first_day, mission.last_day
    if first is None or last is None:
        days = [row["legal_day"] for row in line.counts.to_pylist()]
        today = mission.calendar.day(line.known.as_of)
        first = first or min(days, default=today)
        last = last or max(days, default=today)
    if mission.previous_days == 0:
        return Period(first_day=first, last_day=last), None
    length = mission.previous_days or (last - first).days + 1
    before = first - timedelta(days=1)
    earliest = max(date.min.toordinal(), first.toordinal() - length)
    return (
        Period(first_day=first, last_day=last),
        Period(first_day=date.fromordinal(earliest), last_day=before),
    )


def _without_sealed(line: Line) -> pa.Table | None:
    """Attributions computed again without sealed material, where there is any."""
    marked = is_sealed(line.observations)
    if not marked.any():
        return None
    attributions, _ = attribute(
        line.agreement,
        Evidence(
            acts=line.fusion.acts,
            incidents=line.fusion.incidents,
            posterior=line.fusion.posterior,
            members=line.fusion.members,
            observations=line.observations.filter(pa.array(~marked)),
            controls=line.controls,
            claims=line.claims,
        ),
        plugins.load("evidence"),
    )
    return attributions


def _outlines(mission: Mission) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Lines of the backdrop, drawn as they are; none says anything about sovereignty."""
    if mission.backdrop is None:
        return ()
    path = mission.folder / mission.backdrop
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        lines = [line for feature in features for line in _lines(feature["geometry"])]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        msg = (
            f"{path}: not a GeoJSON FeatureCollection of lines or polygons: {exc}; mend `backdrop`"
        )
        raise SettingsError(msg) from exc
    return tuple(tuple((float(p[0]), float(p[1])) for p in line) for line in lines)


def _lines(geometry: Mapping[str, Any]) -> list[Any]:
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "LineString":
            return [coordinates]
        case "MultiLineString" | "Polygon":
            return list(coordinates)
        case "MultiPolygon":
            return [ring for polygon in coordinates for ring in polygon]
    return []
