"""What a bundle shows of a record: entries and rows with what proves them, as files of JSON.

data/entries/12.json                  leaf input, fields with their salts, and the proof of inclusion
data/rows/3-observations-17.json      groups of columns with their salts, and the proof within the batch

A field or a group that a rule takes out is named with the rule; its commitment stays, so that what
is left is proven as it was before.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.model.errors import RecordError
from truceline.record.batch import KIND as BATCH
from truceline.record.entry import Stored, committed, parsed
from truceline.record.exhibits import Exhibits
from truceline.record.log import Log
from truceline.record.redaction import FORGOTTEN, Rule, of_field, of_group
from truceline.record.rows import GROUPS, row_leaves
from truceline.record.salts import salt
from truceline.record.tiles import EMPTY, Tree, grown, open_tiles
from truceline.tables.row_form import encode
from truceline.tables.schemas import IDENTIFIERS

KIND = "bundle"
PROOFS = ("data/entries/", "data/checkpoints/", "data/consistency/")
"""What follows from the log itself; all else of a bundle is what its entry commits to."""


def entry_file(
    log: Log, stored: Stored, under: Sequence[Rule], proof: Sequence[bytes], size: int
) -> tuple[str, bytes]:
    """Path and bytes of the file on one entry.

    Parameters
    ----------
    log, stored
        The log, and the entry as it stands there.
    under
        Rules that take fields out.
    proof, size
        Proof of inclusion in the tree of that size, which a checkpoint names.
    """
    salts, told = log.salts(stored.sequence), _told(stored)
    removed = taken_out(log, stored, under)
    fields = {
        pointer: [salts[pointer].hex(), told[pointer].decode()]
        for pointer in parsed(stored.leaf_input)["commitments"]
        if pointer not in removed
    }
    said = {
        "leaf_input": stored.leaf_input.decode(),
        "fields": fields,
        "removed": removed,
        "checkpoint": str(size),
        "proof": [each.hex() for each in proof],
    }
    return f"data/entries/{stored.sequence}.json", plain(said)


def taken_out(log: Log, stored: Stored, under: Sequence[Rule]) -> dict[str, str]:
    """Pointer to rule of every field of an entry that these rules take out, or that nobody can open."""
    salts, told = log.salts(stored.sequence), _told(stored)
    found = {}
    for pointer in parsed(stored.leaf_input)["commitments"]:
        rule = of_field(under, stored.kind, pointer)
        if rule or pointer not in told or pointer not in salts:
            found[pointer] = rule or FORGOTTEN
    return found


def _told(stored: Stored) -> Mapping[str, bytes]:
    if stored.payload is None:
        return {}
    return dict(committed(stored.actor or "", stored.role or "", parsed(stored.payload)))


class Batch:
    """One table of a batch whose rows are proven one by one.

    Parameters
    ----------
    exhibits
        Of the record.
    sequence, name, said
        Which entry, which of its tables, and what its payload says of it.
    secret
        From which the salts are grown; None where it was destroyed.

    Raises
    ------
    RecordError
        Rows or commitments cannot be read.
    """

    def __init__(
        self,
        exhibits: Exhibits,
        sequence: int,
        name: str,
        said: Mapping[str, Any],
        secret: bytes | None,
    ) -> None:
        self._name, self._said, self._secret = name, said, secret
        self.sequence = sequence
        try:
            self.rows: pa.Table = pq.read_table(pa.BufferReader(exhibits.read(said["exhibit"])))
        except pa.ArrowException as exc:
            msg = f"rows of table {name} in entry {sequence} cannot be read: {exc}"
            raise RecordError(msg) from exc
        content = np.frombuffer(exhibits.read(said["commitments"]), np.uint8)
        self._digests = content.reshape(-1, len(GROUPS), 32)
        edge, full = grown(EMPTY, row_leaves(self._digests))
        tiles = {(each.level, each.index): each.hashes for each in [*full, *open_tiles(edge)]}
        self._tree = Tree(edge.size, lambda level, index, width: tiles[level, index][:width])

    def ref(self, index: int) -> str:
        """What a row is called within a bundle."""
        return f"{self.sequence}-{self._name}-{index}"

    def exhibits(self, rows: Sequence[int]) -> set[str]:
        """The exhibits that rows were read from, and those that rows and commitments lie in."""
        read_from = self.rows["exhibit"].take(pa.array(rows, pa.int64())).to_pylist()
        own = {self._said["exhibit"], self._said["commitments"]}
        return own | {each for each in read_from if each is not None}

    def row_file(self, index: int, under: Sequence[Rule]) -> tuple[str, bytes]:
        """Path and bytes of the file on one row, from 0."""
        one = self.rows.slice(index, 1)
        groups, removed = {}, {}
        for number, group in enumerate(GROUPS):
            rule = of_group(under, group) or ("" if self._secret else FORGOTTEN)
            if rule or self._secret is None:
                removed[group] = [rule, self._digests[index, number].tobytes().hex()]
                continue
            content = encode(one.select(list(self._said["groups"][group]))).content
            grain = salt(self._secret, index * len(GROUPS) + number)
            groups[group] = [grain.hex(), content.tobytes().hex()]
        said = {
            "entry": self.sequence,
            "table": self._name,
            "index": index,
            "groups": groups,
            "removed": removed,
            "proof": [each.hex() for each in self._tree.inclusion(index, self._tree.size)],
        }
        return f"data/rows/{self.ref(index)}.json", plain(said)


def plain(value: Any) -> bytes:
    """JSON for people and programs: keys in order, a line each."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row of the record that a bundle shows: where it is, and what it is called."""

    batch: Batch
    index: int
    identifier: str

    @property
    def ref(self) -> str:
        """What the row is called within a bundle."""
        return self.batch.ref(self.index)


def rows_named(
    log: Log, exhibits: Exhibits, wanted: Collection[str], as_of: int | None = None
) -> list[Found]:
    """Rows of evidence that bear one of these ids, of batches that no other supersedes.

    Parameters
    ----------
    log, exhibits
        The record.
    wanted
        Ids, of whatever table.
    as_of
        Only batches known by then, microseconds since 1970.

    Raises
    ------
    RecordError
        Rows of a batch cannot be read.
    """
    ids = pa.array(sorted(wanted), pa.string())
    gone = {stored.supersedes for stored in log.stored()}
    found = []
    for stored in log.stored(kind=BATCH):
        if stored.sequence in gone or stored.payload is None:
            continue
        if as_of is not None and stored.known_at > as_of:
            continue
        secrets = log.secrets(stored.sequence)
        for name, said in parsed(stored.payload)["tables"].items():
            if name in IDENTIFIERS:
                held = ids_of(exhibits, said["exhibit"], IDENTIFIERS[name])
                rows = np.flatnonzero(np.asarray(pc.is_in(held, value_set=ids)))
                if rows.size:
                    batch = Batch(exhibits, stored.sequence, name, said, secrets.get(name))
                    found += [
                        Found(batch=batch, index=int(row), identifier=held[int(row)].as_py())
                        for row in rows
                    ]
    return found


def ids_of(exhibits: Exhibits, sha256: str, column: str) -> pa.ChunkedArray:
    """The ids of the rows of an exhibit."""
    try:
        source = pa.BufferReader(exhibits.read(sha256))
        return pq.read_table(source, columns=[column])[column]
    except pa.ArrowException as exc:
        msg = f"rows of exhibit {sha256} cannot be read: {exc}; bring it back from a copy"
        raise RecordError(msg) from exc
