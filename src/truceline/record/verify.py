"""Compute every hash of a record again, compare, and say what does not match and what to do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from truceline.model.errors import InputError, RecordError
from truceline.model.wording import counted
from truceline.record import batch, forgetting
from truceline.record.closing import ClosedError
from truceline.record.entry import (
    NO_HASH,
    SALT_BYTES,
    Head,
    Stored,
    canonical,
    chain_hash,
    commitment,
    committed,
    leaf_input_of,
    parsed,
)
from truceline.record.exhibits import Exhibits
from truceline.record.log import Log
from truceline.record.merkle import leaf_hash, root
from truceline.record.personal import SEALED
from truceline.record.reading import Salts, entry_of, salted
from truceline.record.rows import GROUPS, ROW_BYTES, chunk_commitments, row_leaves
from truceline.tables.chunks import each_chunk

Bytes = npt.NDArray[np.uint8]
Progress = Callable[[str], None]

_ALTERED = (
    "it was changed after it was recorded: keep this copy as evidence, and compare it with another"
)
_STAMP = "stamp"  # whose answer is an exhibit that the entry names by its digest
_HEARD = ("custody", _STAMP, forgetting.KIND, forgetting.KEY_KIND)
_SEALED = f'"{SEALED}":'.encode()  # as canonical JSON writes it
_LOST = "bring it back from a copy of the record: any file with that SHA-256 will do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not match: where, what, and what to do about it."""

    where: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a check of a whole record found; `notices` are no faults."""

    entries: int
    exhibits: int
    rows: int
    head: Head
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every hash matched."""
        return not self.faults

    def text(self) -> str:
        """What was found, for people."""
        checked = (
            f"{counted(self.entries, 'entry', 'entries')}, "
            f"{counted(self.exhibits, 'exhibit', 'exhibits')} and "
            f"{counted(self.rows, 'row', 'rows')} checked; head {self.head.digest[:16]} at {self.head.size:,}"
        )
        lines = [checked, *(f"note: {notice}" for notice in self.notices)]
        if self.is_sound:
            return "\n".join([*lines, "every hash matches"])
        first = ":" if len(self.faults) == 1 else ", the first of them first:"
        lines.append(f"{counted(len(self.faults), 'fault', 'faults')}{first}")
        lines.extend(f"{fault.where}: {fault.what}; {fault.advice}" for fault in self.faults)
        return "\n".join(lines)


def verify(
    log: Log, exhibits: Exhibits, progress: Progress, known_heads: Mapping[int, str]
) -> Verification:
    """Check everything: the file, its triggers, entries, commitments, exhibits and rows.

    A record whose keeper computed every hash anew, or cut off its newest entries, is sound in
    itself. Only a head that somebody else kept shows it: give those in `known_heads`.

    Parameters
    ----------
    log, exhibits
        The record.
    progress
        Called with one line of text now and then.
    known_heads
        Size of the log to the digest of its head then, as others have noted it.
    """
    found: list[Fault] = []
    named: set[str] = set()
    size, rows, chain = 0, 0, NO_HASH
    heard = forgetting.Tally()
    custody = _Custody(log)
    try:
        found.extend(_form(log))
        for stored, salts in salted(log):
            found.extend(_entry(log, stored, salts, size, chain))
            found.extend(_head(known_heads, stored.sequence + 1, stored.chain_hash))
            if stored.kind == batch.KIND and stored.payload is not None:
                progress(f"entry {stored.sequence}: rows of a batch")
                checked, faults = _batch(log, exhibits, stored, named, custody)
                rows += checked
                found.extend(faults)
            found.extend(_heard(heard, stored, named, custody))
            size, chain = stored.sequence + 1, stored.chain_hash
        found.extend(
            Fault(where=log.where, what=f"{stray} has no such entry", advice=_ALTERED)
            for stray in log.strays()
        )
        acquired = log.acquisitions()
    except RecordError as exc:
        found.append(Fault(where=log.where, what=str(exc), advice=_LOST))
        acquired = []
    found.extend(_short(known_heads, size))
    named |= {row["sha256"] for row in acquired}
    files, faults, notices = _files(exhibits, named, progress)
    return Verification(
        entries=size,
        exhibits=files,
        rows=rows,
        head=Head(size=size, digest=chain.hex()),
        faults=tuple(found + faults),
        notices=(*heard.notices(), *custody.alone(acquired), *notices),
    )


def _form(log: Log) -> Iterator[Fault]:
    for what in log.faults_of_form():
        advice = "the log was opened by another hand or is damaged: compare it with a copy"
        yield Fault(where=log.where, what=what, advice=advice)


def _head(known_heads: Mapping[int, str], size: int, chain: bytes) -> Iterator[Fault]:
    if known_heads.get(size, chain.hex()) != chain.hex():
        what = (
            f"the head at {size} entries is {chain.hex()[:16]}, and was noted as "
            f"{known_heads[size][:16]}: the entries up to it are not those that were there then"
        )
        yield Fault(where=f"entry {size - 1}", what=what, advice=_ALTERED)


def _short(known_heads: Mapping[int, str], size: int) -> Iterator[Fault]:
    for noted in sorted(known_heads):
        if noted > size:
            what = f"a head at {noted} entries was noted, and the log has {size}: the rest is gone"
            yield Fault(where=f"entry {size}", what=what, advice=_ALTERED)


def _entry(
    log: Log, stored: Stored, salts: Salts | None, expected: int, chain: bytes
) -> Iterator[Fault]:
    where = f"entry {stored.sequence}"
    if stored.sequence != expected:
        missing = f"entries {expected} to {stored.sequence - 1} are missing before it"
        yield Fault(where=where, what=missing, advice=_ALTERED)
    if stored.previous_hash != chain:
        what = "its previous hash is not the chain's hash before it"
        yield Fault(where=where, what=what, advice=_ALTERED)
    if leaf_hash(stored.leaf_input) != stored.leaf_hash:
        what = "its leaf hash is not that of its leaf input"
        yield Fault(where=where, what=what, advice=_ALTERED)
    if chain_hash(stored.previous_hash, stored.leaf_hash) != stored.chain_hash:
        what = "its chain hash does not follow from the previous one and its leaf"
        yield Fault(where=where, what=what, advice=_ALTERED)
    try:
        yield from (
            Fault(where=where, what=what, advice=_ALTERED)
            for what in _content(stored, log.salts(stored.sequence) if salts is None else salts)
        )
    except (ValueError, RecordError, InputError, TypeError, KeyError, OverflowError) as exc:
        yield Fault(where=where, what=f"it cannot be read: {exc}", advice=_ALTERED)


def _content(stored: Stored, salts: Salts) -> Iterator[str]:
    """What an entry says, against what its leaf commits to."""
    entry = entry_of(stored)
    commitments = parsed(stored.leaf_input)["commitments"]
    head = leaf_input_of(entry, entry.sequence, entry.clock_went_back, commitments)
    if head != stored.leaf_input:
        yield "its kind, times, number or what it supersedes are not those of its leaf input"
    if entry.supersedes is not None and not 0 <= entry.supersedes < entry.sequence:
        yield f"it supersedes entry {entry.supersedes}, which does not stand before it"
    if canonical(entry.payload) != stored.payload:
        yield "its payload is not canonical JSON"
    said = dict(committed(entry.actor, entry.role, entry.payload))
    for pointer in sorted(said.keys() | commitments.keys() | salts.keys()):
        if pointer not in commitments:
            yield f"field {pointer} was never committed to"
        elif pointer not in said:
            yield f"field {pointer} is gone"
        elif pointer not in salts:
            yield f"the salt of field {pointer} is gone"
        elif len(salts[pointer]) != SALT_BYTES:
            yield f"the salt of field {pointer} has {len(salts[pointer])} bytes: it was made to fit another value"
        elif commitment(salts[pointer], said[pointer]) != commitments[pointer]:
            yield f"field {pointer} or its salt is not what was committed to"


def _batch(
    log: Log, exhibits: Exhibits, stored: Stored, named: set[str], custody: "_Custody"
) -> tuple[int, list[Fault]]:
    """Rows checked, and faults, of the tables of one batch; notes which exhibits it names."""
    found: list[Fault] = []
    rows = 0
    try:
        payload = parsed(stored.payload or b"{}")
        secrets = log.secrets(stored.sequence)
        named |= {source["sha256"] for source in payload["sources"]}
        found.extend(custody.faults(stored, payload["sources"]))
        for name, said in payload["tables"].items():
            named |= {said["exhibit"], said["commitments"]}
            where = f"entry {stored.sequence}, table {name}"
            if name not in secrets:
                what = "the secret of its salts is gone"
                found.append(Fault(where=where, what=what, advice=_ALTERED))
                continue
            for what in _table(exhibits, said, secrets[name]):
                found.append(Fault(where=where, what=what, advice=_ALTERED))
            rows += int(said["rows"])
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        what = f"its payload does not describe a batch: {exc!r}"
        found.append(Fault(where=f"entry {stored.sequence}", what=what, advice=_ALTERED))
    return rows, found


class _Custody:
    """Who acquired an exhibit stands in its entry as well: both must say the same."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known: set[tuple[Any, ...]] = set()
        self._told: set[tuple[Any, ...]] = set()
        self.stamped: set[tuple[str, str]] = set()  # SHA-256, and who asked

    def faults(self, stored: Stored, said: list[dict[str, Any]]) -> Iterator[Fault]:
        """What an entry says of acquisitions that the table of them does not."""
        for source in said:
            self._told.add(tuple(sorted(source.items())))
            if not self._has(source):
                what = f"no acquisition of exhibit {source['sha256']} is as this entry tells it"
                yield Fault(where=f"entry {stored.sequence}", what=what, advice=_ALTERED)

    def alone(self, acquired: list[dict[str, Any]]) -> Iterator[str]:
        """Acquisitions that no entry tells: what a writer left that died, or what somebody put there."""
        for row in acquired:
            is_stamp = (row["sha256"], row["acquired_by"]) in self.stamped
            if not is_stamp and tuple(sorted(row.items())) not in self._told:
                whose = f"{row['sha256'][:16]} ({row['name']}) is said to be acquired by {row['acquired_by']}"
                yield f"exhibit {whose}, and no entry tells of it: nothing vouches for that"

    def _has(self, source: dict[str, Any]) -> bool:
        row = tuple(sorted(source.items()))
        if row not in self._known:  # asked for again: a writer may have acquired it meanwhile
            self._known = {tuple(sorted(each.items())) for each in self._log.acquisitions()}
        return row in self._known


def _heard(
    heard: forgetting.Tally, stored: Stored, named: set[str], custody: "_Custody"
) -> Iterator[Fault]:
    """What an entry says of exhibits and persons, against what else the record says of them."""
    payload = stored.payload or b""
    if stored.sequence and stored.kind not in _HEARD and _SEALED not in payload:
        return
    where = f"entry {stored.sequence}"
    try:
        entry = entry_of(stored)
        for what in heard.hear(entry):
            yield Fault(where=where, what=what, advice=_ALTERED)
        if stored.kind == "custody":
            acquired = entry.payload.get("acquired", [])
            named |= {each["sha256"] for each in acquired}
            yield from custody.faults(stored, acquired)
        if stored.kind == _STAMP:
            custody.stamped.add((entry.payload["response"], entry.actor))
    except (ValueError, KeyError, TypeError, AttributeError, RecordError) as exc:
        yield Fault(
            where=where, what=f"its payload is not what its kind says: {exc!r}", advice=_ALTERED
        )


def _table(exhibits: Exhibits, said: Mapping[str, Any], secret: bytes) -> list[str]:
    """What does not match between rows, their commitments, and the root of the tree."""
    try:
        with exhibits.opened(said["commitments"]) as file:
            digests = np.frombuffer(file.read(), np.uint8)
    except (OSError, RecordError) as exc:
        return [f"its commitments {said['commitments']} cannot be read: {exc}"]
    if digests.size != said["rows"] * ROW_BYTES:
        return [f"it has {digests.size:,} bytes of commitments, not {ROW_BYTES} for each row"]
    by_row = digests.reshape(-1, len(GROUPS), 32)
    found = []
    if root(row_leaves(by_row)).hex() != said["row_root"]:
        found.append("its rows' commitments do not lead to the root of its tree")
    try:
        found.extend(_rows(exhibits, said, secret, by_row))
    except ClosedError:
        pass  # told among the exhibits: nobody can read them any more
    except (OSError, pa.ArrowException, InputError, RecordError) as exc:
        found.append(f"its rows in exhibit {said['exhibit']} cannot be read: {exc}")
    return found


def _rows(
    exhibits: Exhibits, said: Mapping[str, Any], secret: bytes, by_row: Bytes
) -> Iterator[str]:
    with exhibits.opened(said["exhibit"]) as content, pq.ParquetFile(content) as file:
        columns = [[field.name, str(field.type)] for field in file.schema_arrow]
        if file.metadata.num_rows != said["rows"] or columns != said["columns"]:
            yield "its exhibit has other rows or columns than its entry says"
            return
        start = 0
        for group in range(file.num_row_groups):
            part = file.read_row_group(group)
            again = [np.zeros((0, len(GROUPS), 32), np.uint8), *_again(part, said, secret, start)]
            differs = np.any(np.concatenate(again) != by_row[start : start + part.num_rows], axis=2)
            for row, index in np.argwhere(differs)[:1]:
                what = f"row {start + row} (from 0): its {GROUPS[index]!r} columns"
                yield f"{what} are not what was committed to"
                return
            start += part.num_rows


def _again(part: pa.Table, said: Mapping[str, Any], secret: bytes, start: int) -> Iterator[Bytes]:
    return each_chunk(
        part, lambda chunk, at: chunk_commitments(chunk, said["groups"], secret, start + at)
    )


def _files(
    exhibits: Exhibits, named: set[str], progress: Progress
) -> tuple[int, list[Fault], list[str]]:
    """Every exhibit hashed again: how many, what is wrong, and what is merely odd."""
    found, notices = [], []
    here = set(exhibits.digests())
    for number, digest in enumerate(sorted(named | here)):
        if number % 100 == 0:
            progress(f"exhibit {number:,} of {len(named | here):,}")
        where = exhibits.where(digest)
        if digest not in here:
            found.append(Fault(where=where, what=f"exhibit {digest} is missing", advice=_LOST))
            continue
        try:
            again, size = exhibits.digest_of(digest)
        except ClosedError as exc:
            notices.append(str(exc))
            continue
        except RecordError as exc:
            found.append(Fault(where=where, what=str(exc), advice=_LOST))
            continue
        if again != digest:
            what = (
                f"exhibit {digest} has {size:,} bytes that hash to {again[:16]}: changed or cut off"
            )
            found.append(Fault(where=where, what=what, advice=_LOST))
        elif digest not in named:
            notices.append(f"exhibit {digest[:16]} is whole, and no entry names it")
    notices.extend(f"{part} was left half written" for part in exhibits.leftovers())
    return len(named & here), found, notices
