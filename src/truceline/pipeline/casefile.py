"""What casework reads of a run's tables: proposals to open, what cases are about, counts to sign."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.cases.docket import Docket
from truceline.cases.following import follow
from truceline.cases.proposing import Matter, Proposal
from truceline.cases.shelf import proposals
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline.files import read_csv
from truceline.pipeline.line import known_at
from truceline.record.store import Record
from truceline.tables import schemas


def proposed(folder: Path, docket: Docket) -> tuple[Proposal, ...]:
    """Cases that might be opened on what the latest run found.

    Raises
    ------
    InputError
        There is no run yet.
    """
    mission = missions.load(folder)
    out = mission.out_folder
    _check_run(out)
    with Record.open(mission.record_folder, read_only=True) as record:
        tables = known_at(mission, record).tables
    matter = Matter(
        observations=tables["observations"],
        casualties=tables["casualties"],
        members=read_csv(out / "members.csv", schemas.MEMBERS),
        incidents=pq.read_table(out / "incidents.parquet"),
        acts=read_csv(out / "acts.csv", schemas.ACTS),
        findings=read_csv(out / "findings.csv", schemas.FINDINGS),
        calendar=mission.calendar,
    )
    cited = (each for case in docket.cases.values() for each in case.observations)
    return proposals(matter, frozenset(cited))


def followed(folder: Path, docket: Docket) -> pa.Table | None:
    """What each case is about now, by the latest run; None where there is no run."""
    out = missions.load(folder).out_folder
    if not (out / "members.csv").is_file():
        return None
    named = {case.case_id: case.observations for case in docket.cases.values()}
    file = out / "lineage.csv"
    became = read_csv(file, schemas.LINEAGE) if file.is_file() else schemas.empty(schemas.LINEAGE)
    return follow(named, read_csv(out / "members.csv", schemas.MEMBERS), became)


def counts_digest(out: Path, says: Mapping[str, tuple[str, ...]]) -> str:
    """Digest of the counts of one legal day, rule and area, for every party, as they stand in a run.

    Raises
    ------
    InputError
        There is no run, or it counts nothing there.
    """
    _check_run(out)
    day, rule, area = (next(iter(says.get(name, ())), "") for name in ("day", "rule", "area"))
    table = read_csv(out / "counts.csv", schemas.COUNTS)
    days = pc.cast(table["legal_day"], pa.string())
    here = pc.and_(pc.equal(days, day), pc.equal(table["rule"], rule))
    rows = table.filter(pc.and_(here, pc.equal(table["area"], area)))
    if not rows.num_rows:
        areas = ", ".join(sorted(set(table.filter(here)["area"].to_pylist()))) or "none"
        msg = (
            f"{out / 'counts.csv'}: no count of {day} by rule {rule!r} in area {area!r}; areas of "
            f"that day and rule are: {areas}"
        )
        raise InputError(msg)
    said = sorted((row["party"], row["as_now_known"]) for row in rows.to_pylist())
    return hashlib.sha256(json.dumps([day, rule, area, said]).encode()).hexdigest()


def _check_run(out: Path) -> None:
    if not (out / "summary.json").is_file():
        msg = f"{out} holds no run; `truceline run {out.parent}` makes one"
        raise InputError(msg)
