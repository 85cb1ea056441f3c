"""The contract folder: what `truceline run` writes, each file whole or not at all."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.fusion.lineage import lineage
from truceline.model.errors import RecordError
from truceline.model.vocabulary import Hypothesis
from truceline.pipeline.files import (
    instants,
    read_csv,
    write_csv,
    write_json,
    write_parquet,
    write_pieces,
    write_text,
)
from truceline.pipeline.line import Line
from truceline.pipeline.provenance import provenance, without_origin
from truceline.tables import schemas
from truceline.tables.chunks import in_order, side_by_side

_SLICE_ROWS = 1 << 14  # incidents whose text is held at once
INTERNAL = """This folder is internal to the mission: it carries full precision.
Nothing in it may leave the mission. What may leave is made by `truceline report`.
"""


def summary(line: Line) -> dict[str, Any]:
    """The run in one screen, as `summary.json` holds it."""
    # Each act has one row for each hypothesis; that nobody can be named is always among them.
    named = pc.equal(line.attributions["hypothesis"], Hypothesis.UNKNOWN.value)
    outcome = line.attributions["outcome"].filter(named)
    return {
        "as_of": line.known.as_of.isoformat(),
        "agreement": agreement_named(line),
        "evidence_digest": line.known.evidence_digest,
        "observations": {
            "upstream": line.known.upstream,
            "taken": line.known.taken,
            "refused": line.known.refused,
            "set_aside": line.set_aside.num_rows,
            "date_only": pc.sum(line.observations["is_date_only"]).as_py() or 0,
        },
        "edits": line.known.edits.plain(),
        "incidents": line.fusion.incidents.num_rows,
        "component_sizes": {str(size): n for size, n in sorted(line.fusion.sizes.items())},
        "acts": line.fusion.acts.num_rows,
        "findings": _tally(line.findings["verdict"]),
        "attributions": _tally(outcome),
        "remedies": line.remedies.num_rows,
        "claims": line.claims.num_rows,
    }


def manifest(line: Line) -> dict[str, Any]:
    """Which record, which software and which settings made the folder."""
    return {
        "record_head": line.known.record_head,
        "as_of": line.known.as_of.isoformat(),
        "evidence_digest": line.known.evidence_digest,
        "versions": {
            "truceline": version("truceline"),
            "tables": schemas.VERSION,
            "agreement": " ".join(agreement_named(line).values()),
            **{name: version(name) for name in ("numpy", "pyarrow", "numba", "shapely")},
        },
        "settings": {
            "fusion": plain(line.parameters),
            "thresholds": plain(line.agreement.thresholds),
        },
    }


def agreement_named(line: Line) -> dict[str, str]:
    """By which text a run judged: its id, and its version with the variant if there is one."""
    agreement = line.agreement
    variant = f"+{agreement.variant}" if agreement.variant else ""
    return {"id": agreement.agreement_id, "version": f"{agreement.version}{variant}"}


def plain(value: Any) -> Any:
    """Frozen settings as plain JSON values, keys as text."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [
            plain(item) for item in (sorted(value) if isinstance(value, frozenset | set) else value)
        ]
    return value


def write(line: Line, out: Path) -> None:
    """Write the contract folder; a file is replaced only by a whole one.

    Raises
    ------
    RecordError
        The disk is full or may not be written; files already there are left as they were.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_text(out / "INTERNAL.txt", INTERNAL)
        write_csv(out / "lineage.csv", _lineage(line, out))
        for _ in side_by_side(_tables(line, out)):
            pass
        write_json(out / "summary.json", summary(line))
        write_json(out / "manifest.json", manifest(line))
    except OSError as exc:
        msg = (
            f"{exc.filename or out}: could not be written: {exc.strerror or exc}; free some space or "
            "choose another folder with --out, and run again. The record is untouched"
        )
        raise RecordError(msg) from exc


def _tables(line: Line, out: Path) -> Iterator[Callable[[], None]]:
    """What writes each table, the longest to write first; two are written at once."""
    fusion = line.fusion
    received = {**line.known.tables, "claims": line.claims}
    yield partial(write_csv, out / "findings.csv", line.findings)
    yield partial(write_pieces, out / "incidents.geojson", geojson(fusion.incidents))
    yield partial(write_csv, out / "attributions.csv", line.attributions)
    for name, table in {
        "posterior": fusion.posterior,
        "observations": without_origin(line.observations),
        "provenance": provenance(received),
        "incidents": fusion.incidents,
        "holdings": without_origin(line.holdings),
    }.items():
        yield partial(write_parquet, out / f"{name}.parquet", table)
    for name, table in {
        "members": fusion.members,
        "alternatives": fusion.alternatives,
        "acts": fusion.acts,
        "remedies": line.remedies,
        "evidence": line.evidence,
        "counts": line.counts,
        "windows": line.windows,
        "states": line.states,
        "responsibility": line.responsibility,
        "set_aside": line.set_aside,
        "claims": without_origin(line.claims),
        "access": access(line.known.tables["exposures"]),
    }.items():
        yield partial(write_csv, out / f"{name}.csv", table)


def access(exposures: pa.Table) -> pa.Table:
    """Obstructions of access: one row each, with whose ground it was and the minutes lost."""
    obstructed = exposures.filter(pc.equal(exposures["kind"], "access_denial"))
    return schemas.conform(obstructed, schemas.ACCESS)


def geojson(incidents: pa.Table) -> Iterator[bytes]:
    """Incidents as a GeoJSON FeatureCollection, piece by piece; without a place: null geometry."""
    yield b'{"type":"FeatureCollection","features":[\n'
    starts = range(0, incidents.num_rows, _SLICE_ROWS)
    yield from in_order(starts, lambda start: _feature_text(incidents, start))
    yield b"\n]}\n"


def _feature_text(incidents: pa.Table, start: int) -> bytes:
    """Features of a slice, with a comma before each but the first of all."""
    rows = _features(incidents.slice(start, _SLICE_ROWS))
    text = pc.binary_join_element_wise(",\n", rows, "").combine_chunks()
    _, offsets, content = text.buffers()
    ends = np.frombuffer(offsets, np.int32)
    begin = ends[text.offset] + (0 if start else len(",\n"))
    return bytes(memoryview(content)[begin : ends[text.offset + len(text)]])


def _features(incidents: pa.Table) -> pa.ChunkedArray:
    properties = [name for name in incidents.column_names if name not in {"known_at"}]
    parts = [_member(name, incidents[name], last=name == properties[-1]) for name in properties]
    point = pc.if_else(
        pc.is_valid(incidents["lat"]),
        pc.binary_join_element_wise(
            '{"type":"Point","coordinates":[',
            pc.coalesce(pc.cast(incidents["lon"], pa.string()), ""),
            ",",
            pc.coalesce(pc.cast(incidents["lat"], pa.string()), ""),
            "]}",
            "",
        ),
        "null",
    )
    return pc.binary_join_element_wise(
        '{"type":"Feature","geometry":', point, ',"properties":{', *parts, "}}", ""
    )


def _member(name: str, column: pa.ChunkedArray, *, last: bool) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        column = instants(column)
    if pa.types.is_string(column.type):
        escaped = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
        column = pc.binary_join_element_wise('"', escaped, '"', "")
    text = pc.coalesce(pc.cast(column, pa.string()), "null")
    return pc.binary_join_element_wise(f'"{name}":', text, "" if last else ",", "")


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    counts = pc.value_counts(column.combine_chunks())
    pairs: Counter[str] = Counter()
    for row in counts.to_pylist():
        pairs[row["values"]] += row["counts"]
    return dict(sorted(pairs.items()))


def _lineage(line: Line, out: Path) -> pa.Table:
    """Against the run that stood here before; the same evidence again leaves it as it was."""
    manifest_file, members_file = out / "manifest.json", out / "members.csv"
    if not manifest_file.is_file() or not members_file.is_file():
        return schemas.empty(schemas.LINEAGE)
    before = json.loads(manifest_file.read_text(encoding="utf-8"))
    now = manifest(line)
    same = all(before.get(key) == now[key] for key in ("evidence_digest", "versions", "settings"))
    if same and (out / "lineage.csv").is_file():
        return read_csv(out / "lineage.csv", schemas.LINEAGE)
    return lineage(read_csv(members_file, schemas.MEMBERS), line.fusion.members)
