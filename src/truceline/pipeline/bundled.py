"""What a case rests on, as a bundle holds it: its moves, its rows, what was computed, its numbers."""

import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.agreement.load import find
from truceline.agreement.terms import Agreement
from truceline.cases.case import Case
from truceline.cases.contract import Move
from truceline.cases.docket import Docket
from truceline.findings.contract import Subjects
from truceline.findings.count import counted_of
from truceline.model.errors import InputError
from truceline.pipeline import plugins
from truceline.pipeline.casefile import followed
from truceline.pipeline.files import read_csv
from truceline.pipeline.mission import Mission
from truceline.record.bundle import plain
from truceline.tables import schemas

_COMPUTED: Mapping[str, tuple[pa.Schema, str]] = {
    "acts": (schemas.ACTS, "incident_id"),
    "members": (schemas.MEMBERS, "incident_id"),
    "findings": (schemas.FINDINGS, "subject_id"),
    "attributions": (schemas.ATTRIBUTIONS, "act_id"),
    "evidence": (schemas.EVIDENCE, "act_id"),
}
"""Tables of a run that a bundle holds: schema, and the column that says what a row is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one thing adds to a number, and the ids of the rows and entries that it rests on."""

    what: str
    adds: int
    ids: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the case and its parts."""

    number: str
    parts: tuple[Part, ...]

    def plain(self, refs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """As a bundle writes it, ids turned into rows."""
        parts = [
            {
                "what": part.what,
                "adds": part.adds,
                "rows": sorted({ref for each in part.ids for ref in refs.get(each, ())}),
                "entries": list(part.entries),
            }
            for part in self.parts
        ]
        return {"number": self.number, "value": sum(p.adds for p in self.parts), "parts": parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a bundle of a case holds beside proofs.

    Parameters
    ----------
    ids
        Of the rows of evidence.
    moves
        Entries of the case's moves, and of the appointments of those who made them.
    numbers
        What is counted, with its parts.
    files
        Path within the payload to bytes.
    names
        What a file was called before, by its path.
    """

    ids: frozenset[str]
    moves: tuple[int, ...]
    numbers: tuple[Number, ...]
    files: Mapping[str, bytes]
    names: Mapping[str, str] = field(default_factory=dict)


def held(
    mission: Mission,
    agreement: Agreement,
    docket: Docket,
    case: Case,
    moves: Sequence[Move],
    without: frozenset[str],
) -> Held:
    """What the internal bundle of a case holds.

    Parameters
    ----------
    mission, agreement
        Whose case it is, and under which text.
    docket, case, moves
        The docket, the case, and every move of the record.
    without
        Columns that no computed table keeps.

    Raises
    ------
    InputError
        There is no run whose findings it could hold.
    """
    out = mission.out_folder
    tables = about(mission.folder, docket, case, out)
    files = {f"data/computed/{name}.csv": as_csv(t, without) for name, t in tables.items()}
    for name in ("manifest", "summary"):
        files[f"data/computed/{name}.json"] = (out / f"{name}.json").read_bytes()
    text, names = agreement_files(mission)
    files |= text | {"data/software.json": plain(software())}
    entries = moves_of(case, moves)
    return Held(
        ids=frozenset({*case.observations, *tables["members"]["observation_id"].to_pylist()}),
        moves=entries,
        numbers=(
            *counted(tables, agreement.thresholds.p_real),
            rested(case.observations),
            made(case.moves),
        ),
        files=files,
        names=names,
    )


def about(folder: Path, docket: Docket, case: Case, out: Path) -> dict[str, pa.Table]:
    """What the latest run computed of the incidents that a case is about.

    Raises
    ------
    InputError
        There is no run.
    """
    became = followed(folder, docket)
    if became is None:
        msg = f"{out} holds no run; `truceline run {folder}` makes one, and a bundle holds its findings"
        raise InputError(msg)
    mine = became.filter(pc.equal(became["case_id"], case.case_id))
    found = {"about": mine}
    keys = {"incident_id": pc.drop_null(mine["incident_id"]).combine_chunks()}
    every = pq.read_table(out / "incidents.parquet")
    found["incidents"] = every.filter(pc.is_in(every["incident_id"], value_set=keys["incident_id"]))
    for name, (schema, column) in _COMPUTED.items():
        table = read_csv(out / f"{name}.csv", schema)
        found[name] = table.filter(pc.is_in(table[column], value_set=keys[column]))
        if name == "acts":
            keys["act_id"] = found[name]["act_id"].combine_chunks()
            cited = pa.array([*keys["act_id"].to_pylist(), *case.observations], pa.string())
            keys["subject_id"] = cited
    remedies = read_csv(out / "remedies.csv", schemas.REMEDIES)
    mine = frozenset(found["findings"]["finding_id"].to_pylist())
    rests = [not mine.isdisjoint(each.split(";")) for each in remedies["finding_ids"].to_pylist()]
    found["remedies"] = remedies.filter(pa.array(rests, pa.bool_()))
    return found


def counted(tables: Mapping[str, pa.Table], p_real: float) -> Iterable[Number]:
    """How many the acts of a case count by each counting rule, as counts are made."""
    incidents, members = tables["incidents"], tables["members"]
    real = incidents.filter(pc.greater_equal(incidents["p_real"], p_real))
    ids = real["incident_id"].combine_chunks()
    acts = tables["acts"].filter(pc.is_in(tables["acts"]["incident_id"], value_set=ids))
    of = counted_of(Subjects(acts=acts, incidents=real))
    rests: dict[str, list[str]] = {}
    for row in members.to_pylist():
        rests.setdefault(row["incident_id"], []).append(row["observation_id"])
    rows = of.acts.to_pylist()
    for name, rule in sorted(plugins.load("counting").items()):
        amounts = [int(each) for each in rule.amount(of)]
        parts = tuple(
            Part(what=row["act_id"], adds=adds, ids=tuple(rests.get(row["incident_id"], ())))
            for row, adds in zip(rows, amounts, strict=True)
            if adds
        )
        yield Number(number=f"counted by rule {name}", parts=parts)


def rested(observations: Sequence[str]) -> Number:
    """How many observations a case names."""
    parts = tuple(Part(what=each, adds=1, ids=(each,)) for each in observations)
    return Number(number="observations that the case names", parts=parts)


def made(moves: Sequence[int]) -> Number:
    """How many moves a case has."""
    parts = tuple(Part(what=f"entry {each}", adds=1, entries=(each,)) for each in moves)
    return Number(number="moves of the case", parts=parts)


def moves_of(case: Case, moves: Sequence[Move]) -> tuple[int, ...]:
    """Entries of a case's moves, and of what appointed the offices that made them."""
    own = {move.sequence: move for move in moves if move.sequence in case.moves}
    offices = {move.office for move in own.values()}
    seats = {
        move.sequence for move in moves if move.kind == "appoint" and move.word("office") in offices
    }
    return tuple(sorted({*own, *seats}))


def agreement_files(mission: Mission) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of the agreement's folder under plain paths, and what each was called."""
    own = mission.folder / mission.agreement
    source = find(own if own.exists() else mission.agreement)
    beside = source.parent if source.parent != mission.folder else None
    paths = [source] if beside is None else sorted(p for p in beside.rglob("*") if p.is_file())
    found, names = {}, {}
    for number, path in enumerate(paths):
        name = path.name if beside is None else path.relative_to(beside).as_posix()
        safe = re.sub(r"[^A-Za-z0-9._/-]|(?<![^/])\.", "_", name)
        target = f"data/agreement/{safe}"
        if target in found:
            target = f"data/agreement/{number}-{safe}"
        found[target], names[target] = path.read_bytes(), name
    return found, names


def software() -> dict[str, Any]:
    """Which program made the bundle: version, and a digest over its own source files."""
    root = files("truceline")
    total = sha256()
    for name, content in sorted(_sources(root, "")):
        total.update(f"{sha256(content).hexdigest()}  {name}\n".encode())
    return {
        "name": "truceline",
        "version": version("truceline"),
        "source_sha256": total.hexdigest(),
        "python": platform.python_version(),
    }


def _sources(folder: Any, under: str) -> Iterable[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _sources(each, f"{under}{each.name}/")
        elif each.name.endswith((".py", ".toml", ".yaml")):
            yield under + each.name, each.read_bytes()


def as_csv(table: pa.Table, without: frozenset[str]) -> bytes:
    """A computed table as CSV, but for some columns; cells as JSON where they are no plain words."""
    kept = [name for name in table.column_names if name not in without]
    lines = [",".join(kept)]
    lines += [
        ",".join(_cell(value) for value in row.values()) for row in table.select(kept).to_pylist()
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):  # a datetime is one
        value = value.isoformat()
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if isinstance(value, str) or any(mark in text for mark in ',"\n\r'):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
