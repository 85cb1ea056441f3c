"""Fusion alone, on plain observation files."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from truceline.detection.text.reader import read as read_text
from truceline.fusion.fuse import Fusion, fuse
from truceline.fusion.parameters import FusionParameters
from truceline.model.errors import InputError, RecordError, SourceError
from truceline.pipeline import plugins
from truceline.pipeline.compiled import wait_for
from truceline.pipeline.files import write_csv
from truceline.sources.contract import RawFile, ReadContext, Refusal
from truceline.tables import schemas

# Receipt plays no part in fusion; a fixed instant keeps the bytes the same.
_NO_RECEIPT = datetime(1970, 1, 1, tzinfo=UTC)


def fuse_files(
    files: Sequence[Path],
    out: Path,
    *,
    zone: str = "UTC",
    announce: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Fuse files of the plain template, and write `observation_id, incident_id, probability`.

    Raises
    ------
    InputError
        `out` is one of the files.
    SourceError
        A file cannot be opened, or two files give one observation_id to different rows.
    """
    if out.resolve() in {path.resolve() for path in files}:
        msg = f"{out}: is one of the files to fuse; choose another file for --out"
        raise InputError(msg)
    done = fused(files, zone=zone, announce=announce)
    _write(done.fusion.members, out)
    return {
        "observations": done.observations.num_rows,
        "incidents": done.fusion.incidents.num_rows,
        "refused": len(done.refused),
        "component_sizes": {str(size): n for size, n in sorted(done.fusion.sizes.items())},
        "refusals": [f"refused {r.file}:{r.line}: {r.reason}; {r.advice}" for r in done.refused],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """What fusion made of some files.

    `received` are all reports taken in; `observations` those that were fused, as they were read:
    tallies and what tells of no happening are set aside.
    """

    received: pa.Table
    observations: pa.Table
    fusion: Fusion
    refused: Sequence[Refusal]


def fused(
    files: Sequence[Path], *, zone: str = "UTC", announce: Callable[[str], None] = lambda _: None
) -> Fused:
    """Read and fuse files of the plain template.

    Raises
    ------
    SourceError
        A file cannot be opened, or two files give one observation_id to different rows.
    """
    announce("reading files")
    feed = plugins.load("feeds")["observations"]
    reading = feed.read(_raw(files), ReadContext(zone=zone, received_at=_NO_RECEIPT, options={}))
    announce("reading text")
    read = read_text(
        reading.tables["observations"],
        party_aliases={},
        screened_feeds=frozenset(),
        calendar_zone=zone,
    )
    announce(f"fusing{wait_for()}")
    fusion = fuse(read.observations, schemas.empty(schemas.EXPOSURES), FusionParameters())
    return Fused(
        received=reading.tables["observations"],
        observations=read.observations,
        fusion=fusion,
        refused=reading.refused,
    )


def _raw(files: Sequence[Path]) -> tuple[RawFile, ...]:
    raw = []
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as exc:
            msg = f"{path}: cannot be read: {exc.strerror}; check the name and its permissions"
            raise SourceError(msg) from exc
        raw.append(
            RawFile(name=str(path), content=content, sha256=hashlib.sha256(content).hexdigest())
        )
    return tuple(raw)


def _write(members: pa.Table, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_csv(out, members)
    except OSError as exc:
        msg = f"{out}: could not be written: {exc.strerror or exc}; free some space or choose another file"
        raise RecordError(msg) from exc
