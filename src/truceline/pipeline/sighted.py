"""What the oracle may know, in the sealed folder: everything told, and the world's parameters.

`sightings.parquet` holds what observers told, with the row of the feed file that tells it, and nothing
of the truth. `world.json` says from what the world was made; with its seed, ground, posts and
conditions can be made again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from truceline import simulation
from truceline.model.errors import InputError
from truceline.simulation.columns import Sightings
from truceline.simulation.contract import Scenario
from truceline.simulation.writing.contract import Written

_HIDDEN = ("deed", "copied_from")  # the truth
_TOLD = tuple(f.name for f in fields(Sightings) if f.name not in _HIDDEN)
_LATER = ("oracle", "scoring")
_GROUP_ROWS = 1 << 15
_REPEATED = ["observer", "file", "direction", "stance", "speaker", "claimed", "language", "type"]
"""Columns of few values, which are written as a dictionary."""


class SightingsFile:
    """A part of what was told, written in groups of rows as they lie in memory.

    Parameters
    ----------
    path
        Where it is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._held: list[pa.Table] = []
        self._rows = 0

    def add(self, observer: str, said: Sightings, rows: Written) -> None:
        """Sightings of an observer, and the rows that tell them, in the same order."""
        columns: dict[str, Any] = {
            "observer": pa.repeat(observer, len(said)),
            "observation_id": pa.array(rows.observation_id, pa.string()),
            "file": pa.array(rows.file, pa.string()),
            "line": pa.array(rows.line),
        }
        columns |= {name: pa.array(np.asarray(getattr(said, name))) for name in _TOLD}
        self._held.append(pa.table(columns))
        self._rows += len(said)
        if self._rows >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        table = pa.concat_tables(self._held)
        if self._writer is None:
            self._writer = pa.ipc.new_file(self._path, table.schema)
        self._writer.write_table(table.combine_chunks())
        self._held, self._rows = [], 0

    def close(self) -> None:
        """Write what is held; without a row there is no file."""
        self._flush()
        if self._writer is not None:
            self._writer.close()


def join(parts: Iterable[Path], path: Path) -> None:
    """One Parquet file of all parts that there are, in their order; without a part there is none."""
    writer = None
    for part in parts:
        if not part.exists():
            continue
        # Read and not mapped: pages of a mapped file would stay in memory, and grow with the year.
        with pa.OSFile(str(part)) as source, pa.ipc.open_file(source) as batches:
            for number in range(batches.num_record_batches):
                if writer is None:
                    # Hardly a number comes twice: a dictionary of them costs more than it saves.
                    writer = pq.ParquetWriter(
                        path, batches.schema, compression="lz4", use_dictionary=_REPEATED
                    )
                writer.write_batch(batches.get_batch(number))
    if writer is not None:
        writer.close()


def read_sightings(path: Path) -> tuple[pa.Table, Mapping[str, Sightings]]:
    """What was told: the whole table, and by observer the sightings with the truth left out.

    Parameters
    ----------
    path
        `truth/sightings.parquet`.
    """
    table = pq.read_table(path)
    of = np.asarray(table["observer"].to_pylist(), dtype=np.str_)
    found = {}
    for observer in sorted(set(of.tolist())):
        rows = np.flatnonzero(of == observer)
        told: dict[str, Any] = {name: table[name].to_numpy()[rows] for name in _TOLD}
        told |= {name: np.full(len(rows), -1, dtype=np.int64) for name in _HIDDEN}
        found[observer] = Sightings(**told)
    return table, found


def world_json(scenario: Scenario, *, seed: int, scale: float) -> str:
    """From what the world was made."""
    stated = {
        "scenario": asdict(scenario), "seed": seed, "scale": scale, "source": source_digest(),
    }  # fmt: skip
    return json.dumps(stated, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_world(path: Path) -> tuple[Scenario, int, float]:
    """The scenario, the seed and the scale of a simulated mission, from `truth/world.json`."""
    stated = json.loads(path.read_text(encoding="utf-8"))
    scenario = {**stated["scenario"], "misfit": tuple(stated["scenario"]["misfit"])}
    return Scenario(**scenario), int(stated["seed"]), float(stated["scale"])


def source_digest() -> str:
    """Digest of the simulator: another source draws another world from the same seed."""
    whole = hashlib.blake2b(digest_size=20)
    folder = Path(simulation.__path__[0])
    for path in sorted(folder.rglob("*")):
        # Who scores or knows does not change what is drawn.
        if path.suffix in {".py", ".yaml"} and path.relative_to(folder).parts[0] not in _LATER:
            content = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def refuse_other_source(path: Path) -> None:
    """Refuse a world that another simulator drew.

    Raises
    ------
    InputError
        `world.json` names another source, or none.
    """
    stated = json.loads(path.read_text(encoding="utf-8")).get("source", "no source")
    if stated != source_digest():
        msg = (
            f"{path}: drawn by another simulator ({stated[:12]}; this one is {source_digest()[:12]}), whose "
            "world cannot be made again here; simulate the mission again to ask the oracle of it"
        )
        raise InputError(msg)
