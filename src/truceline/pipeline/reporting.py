"""Releasing a report: dossier, the one publication function, formats, and an entry that says so."""

import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from truceline.agreement.mandate import not_computed, withheld
from truceline.attribution.attribute import Evidence, attribute
from truceline.model.errors import InputError, PublicationError, RecordError, SettingsError
from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.daily import check_known, of_day, told_at
from truceline.pipeline.enclosures import (
    ACTOR,
    amounts,
    licences,
    release_key,
    settlements,
)
from truceline.pipeline.files import write_bytes
from truceline.pipeline.line import Line, agreement_of, compute, known_at
from truceline.pipeline.mission import Mission
from truceline.pipeline.outputs import manifest
from truceline.pipeline.releasing import judged_by_cell, past
from truceline.pipeline.run import open_record, take_in_with
from truceline.record.store import Record
from truceline.remedies.limbs import limbs
from truceline.reports.contract import (
    Dossier,
    Intake,
    Limb,
    Period,
    PublicationRules,
    Release,
    View,
)
from truceline.reports.publication import publish
from truceline.reports.scan import scan
from truceline.reports.settled import actionable
from truceline.reports.withholding import is_sealed


def release(
    folder: Path,
    *,
    view: str,
    formats: Sequence[str] = (),
    to: Path | None = None,
    as_of: datetime | None = None,
    day: date | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Release a report of a mission for one view, and log that it was released.

    Parameters
    ----------
    folder
        The mission.
    view
        `public`, `party:ID`, or `commission`, which is internal.
    formats
        Names of formats; every one where empty.
    to
        Where the documents go; `MISSION/release/VIEW` where None, and with a day a folder of it.
    as_of
        Only what was known at that instant.
    day
        The report of that legal day: as it stood at its close or, for a release, as it may be told
        once the publication delay has passed since; beside it the day before.

    Raises
    ------
    InputError
        The day is not over, or nothing was known of it.
    PublicationError
        A red line would be broken, or the mandate withholds publication; nothing is written.
    """
    mission = missions.load(folder)
    chosen = _formats(formats)
    looking = View.parse(view)
    _refuse_withheld(mission, looking)
    rules = _rules(mission)
    # A made-up truce may lie in the future; for a real one the clock bounds `--as-of`.
    clock = None if is_hypothetical(mission) else datetime.now(UTC)
    if day is not None:
        mission = of_day(mission, day)
        as_of = as_of or told_at(mission, day, rules.delay_h if looking.is_release else 0.0, clock)
    with open_record(mission) as record:
        take_in_with(mission, record, announce)
        known = known_at(mission, record, as_of)
        if day is not None:
            check_known(mission, day, known)
        key = b""
        if looking.is_release:
            if as_of is None:
                known = replace(known, as_of=_closed(mission, known.as_of))
            now = min(known.as_of, clock) if clock else known.as_of
            known = past(mission, record, known, now - timedelta(hours=rules.delay_h))
            key = release_key(record)
        cell_m = rules.cell_m if looking.is_release else None
        line = compute(mission, known, cell_m=cell_m, announce=announce)
        announce("publishing")
        whole = dossier(mission, line, key, cell_m)
        made = publish(whole, looking, rules, at=clock)
        target = to or folder / "release" / str(looking).replace(":", "-") / (
            str(day) if day else ""
        )
        written = {
            target / f"report{chosen[name].suffix}": chosen[name].render(made) for name in chosen
        }
        if looking.is_release:
            _check_for_leaks(whole, written)
        _write(written)
        if looking.is_release:
            _log(record, made, whole.evidence_digest, written)
    return tuple(written)


def _rules(mission: Mission) -> PublicationRules:
    rules, delay_h = PublicationRules(), mission.publication_delay_h
    return rules if delay_h is None else replace(rules, delay_h=delay_h)


def _closed(mission: Mission, at: datetime) -> datetime:
    """The close of the legal day of an instant: when the newest report came in stays inside."""
    day = mission.calendar.day(at - timedelta(microseconds=1))
    return mission.calendar.bounds(day).ended or at


def _unshown(mission: Mission, line: Line) -> tuple[str, ...]:
    """What the report cannot show: by the mission's words, the mandate, and edits that wait."""
    undone = (*not_computed(line.agreement), *line.withheld)
    return (*mission.limits, *undone, *line.known.edits.limits())


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
        intake=Intake(
            upstream=known.upstream,
            taken=known.taken,
            refused=known.refused,
            set_aside=line.set_aside.num_rows,
        ),
        **_tables(line),
        holdings=line.holdings,
        desk=line.desk,
        windows=line.windows,
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


def _tables(line: Line) -> dict[str, pa.Table]:
    own = "observations exposures claims findings counts attributions evidence remedies"
    fused = "incidents posterior members acts"
    return {name: getattr(line, name) for name in own.split()} | {
        name: getattr(line.fusion, name) for name in fused.split()
    }


def _limbs(line: Line) -> tuple[Limb, ...]:
    fusion = line.fusion
    told = actionable(line.findings, line.attributions)
    found = limbs(line.agreement, *told, fusion.acts, fusion.incidents, line.exposures)
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


def _refuse_withheld(mission: Mission, looking: View) -> None:
    why = withheld(agreement_of(mission), "publish")
    if why and str(looking) == "public":
        msg = (
            f"publication is {why}; release to `party:ID`, or read `commission`, which is internal"
        )
        raise PublicationError(msg)


def is_hypothetical(mission: Mission) -> bool:
    """Whether the mission, or the agreement that it names, is made up."""
    return mission.is_hypothetical or agreement_of(mission).is_hypothetical


def _formats(names: Sequence[str]) -> Mapping[str, Any]:
    known = plugins.load("formats")
    for name in names:
        if name not in known:
            msg = f"no format is called {name!r}; there are {', '.join(known)}"
            raise InputError(msg)
    return {name: known[name] for name in (names or known)}


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


def _check_for_leaks(whole: Dossier, documents: Mapping[Path, bytes]) -> None:
    """The second lock: nothing is written where a true place stands in the bytes.

    A PDF's drawings are compressed; it is made from the same document as the page, which is read.
    """
    for path, content in documents.items():
        parts = [content]
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                parts = [packed.read(name) for name in packed.namelist()]
        for part in parts:
            if leaks := scan(part, whole):
                msg = (
                    f"{path.name}: {len(leaks)} places finer than a release may hold (first as "
                    f"{leaks[0].how}); nothing was written: this is a fault of the format, report it"
                )
                raise PublicationError(msg)


def _write(documents: Mapping[Path, bytes]) -> None:
    for path, content in documents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, content)
        except OSError as exc:
            msg = f"{path}: could not be written: {exc.strerror or exc}; free some space, release again"
            raise RecordError(msg) from exc


def _log(record: Record, made: Release, digest: str, written: Mapping[Path, bytes]) -> None:
    """Publication is always logged: which view, which record, which bytes, which counts."""
    now = datetime.now(UTC)
    whole = [row for row in made.counts.to_pylist() if row["legal_day"] is not None]
    record.append(
        "publication",
        {
            "view": str(made.view),
            "as_of": made.as_of.isoformat(),
            "released_through": made.released_through.isoformat(),
            "counted_at": made.record_head,
            "evidence_digest": digest,
            "documents": {
                path.name: hashlib.sha256(content).hexdigest() for path, content in written.items()
            },
            "counts": [
                [
                    row["legal_day"].isoformat(),
                    row["area"],
                    row["rule"],
                    row["party"],
                    row["as_now_known"],
                ]
                for row in whole
            ],
        },
        known_at=now,
        recorded_at=now,
        actor=ACTOR,
        entropy=secrets.token_bytes,
    )
