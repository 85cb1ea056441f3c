"""Proofs that stand alone: one entry, or one row of a batch, is in the log that was signed.

A proof is one JSON document. What it says of the entry is opened field by field, each with its salt;
what it says of a row is the row's own bytes. The log's part is the text of C2SP tlog-proof:

c2sp.org/tlog-proof@v1
index 4
(hashes from the leaf upwards, a line each)

(the signed checkpoint)

References
----------
C2SP tlog-proof v1 (c2sp.org); RFC 9162, 2.1.3.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record import batch, merkle
from truceline.record import note as notes
from truceline.record.checkpoint import Opened, opened
from truceline.record.entry import Stored, canonical, commitment, committed, parsed
from truceline.record.exhibits import Exhibits
from truceline.record.log import Log
from truceline.record.note import Verifier
from truceline.record.rowbytes import row_values
from truceline.record.rows import GROUPS, row_leaves
from truceline.record.salts import salt
from truceline.record.signing import Heads
from truceline.tables.row_form import encode
from truceline.tables.sha256 import DIGEST_BYTES

FORM = "truceline-proof/1"
_FIRST = "c2sp.org/tlog-proof@v1"
_SHOWN = 30  # of the fields of an entry, where one is asked for that is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a proof showed, every hash and signature of it checked.

    `fields` maps JSON pointers to values; `row` maps columns to values, of the groups that it opens.
    `unsigned_by` names witnesses whose keys were there and who did not cosign its checkpoint.
    """

    head: Opened
    index: int
    kind: str
    known_at: str
    recorded_at: str
    fields: Mapping[str, Any]
    table: str = ""
    row_number: int | None = None
    row: Mapping[str, Any] | None = None
    unsigned_by: tuple[str, ...] = ()


def prove(
    log: Log, heads: Heads, index: int, size: int, only: Collection[str] | None = None
) -> dict[str, Any]:
    """Proof of one entry.

    Parameters
    ----------
    log, heads
        The record: its entries, and its checkpoints and tiles.
    index, size
        Which entry, in the log as it was signed at which size.
    only
        Beginnings of the JSON pointers that are opened; every field where None.

    Raises
    ------
    InputError
        The signed log has no such entry, or the entry no field that begins so.
    IntegrityError
        The entry is not the one that was signed.
    """
    head = heads.opened(size)
    stored = _stored(log, index, size)
    hashes = heads.tree(heads.sizes()[-1]).inclusion(index, size)
    if merkle.root_from_inclusion(stored.leaf_hash, index, size, hashes) != head.checkpoint.root:
        msg = (
            f"entry {index}: it does not lead to the root that was signed at {size:,} entries: the "
            "entry was changed, or a tile is damaged; `truceline record verify MISSION` says which, "
            "`truceline record tiles MISSION --again` makes tiles anew"
        )
        raise IntegrityError(msg)
    return {
        "form": FORM,
        "leaf_input": stored.leaf_input.decode(),
        "opened": _opened(log, stored, only),
        "proof": tlog_proof(index, hashes, heads.note(size)),
    }


def prove_row(
    parts: tuple[Log, Exhibits],
    heads: Heads,
    place: tuple[int, str, int],
    size: int,
    hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Proof of one row of a batch.

    Parameters
    ----------
    parts
        The record's log and exhibits.
    heads
        Its checkpoints and tiles.
    place
        Which entry, which table, and which row of it, from 0.
    size
        In the log as it was signed at which size.
    hidden
        Groups of columns (`row`, `place`, `text`, `person`) that are not opened.

    Raises
    ------
    InputError
        There is no such row or group.
    IntegrityError
        The row is not the one that was signed.
    """
    (log, exhibits), (index, name, number) = parts, place
    stored = _stored(log, index, size)
    said = _said(stored, name)
    if not 0 <= number < said["rows"]:
        msg = f"entry {index}, table {name}: row {number} is not among its {said['rows']:,}; rows count from 0"
        raise InputError(msg)
    if unknown := set(hidden) - set(GROUPS):
        msg = f"{', '.join(sorted(unknown))}: no group of columns; they are {', '.join(GROUPS)}"
        raise InputError(msg)
    digests = np.frombuffer(exhibits.read(said["commitments"]), np.uint8)
    by_row = digests.reshape(-1, len(GROUPS), DIGEST_BYTES)
    leaves = row_leaves(by_row)
    proof = merkle.inclusion_proof(leaves, number)
    own = dict(zip(GROUPS, (each.tobytes().hex() for each in by_row[number]), strict=True))
    secret = log.secrets(index).get(name)
    if secret is None:
        msg = f"entry {index}, table {name}: the secret of its salts is gone, and no row can be opened"
        raise RecordError(msg)
    row = _row(exhibits, said, number)
    shown = [
        {
            "group": group,
            "salt": salt(secret, number * len(GROUPS) + at).hex(),
            "bytes": notes.encoded(encode(row.select(said["groups"][group])).content.tobytes()),
        }
        for at, group in enumerate(GROUPS)
        if group not in hidden
    ]
    made = prove(log, heads, index, size, [f"/payload/tables/{name}/"])
    made["row"] = {
        "table": name,
        "number": number,
        "commitments": own,
        "opened": shown,
        "proof": [notes.encoded(each) for each in proof],
    }
    return made


def written(proof: Mapping[str, Any]) -> bytes:
    """A proof as the bytes of its file."""
    return json.dumps(proof, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def checked(content: bytes, logs: Sequence[Verifier], witnesses: Sequence[Verifier] = ()) -> Proven:
    """Check a proof, with nothing but the public keys that one trusts.

    Parameters
    ----------
    content
        The proof's file.
    logs, witnesses
        Public keys of the log, and of witnesses whose signatures are told.

    Raises
    ------
    InputError
        It is no such proof.
    IntegrityError
        Something in it does not match; the message says what.
    """
    try:
        proof = parsed(content)
        return _checked(proof, logs, witnesses)
    except (KeyError, TypeError, AttributeError, ValueError, UnicodeError) as exc:
        if isinstance(exc, InputError):
            raise
        why = f"it lacks {exc}" if isinstance(exc, KeyError) else str(exc)
        msg = f"this is no proof of the form {FORM} ({why}); use the file as it was handed over"
        raise InputError(msg) from exc


def tlog_proof(index: int, hashes: Sequence[bytes], note: bytes) -> str:
    """The log's part of a proof, as C2SP tlog-proof writes it.

    Examples
    --------
    >>> print(tlog_proof(4, [], b"the note\\n"), end="")
    c2sp.org/tlog-proof@v1
    index 4
    <BLANKLINE>
    the note
    """
    lines = [_FIRST, f"index {index}", *(notes.encoded(each) for each in hashes), ""]
    return "".join(f"{line}\n" for line in lines) + note.decode()


def read_tlog_proof(text: str) -> tuple[int, list[bytes], bytes]:
    """Index, hashes and note of the log's part.

    Raises
    ------
    InputError
        It has not that form.
    """
    head, _, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    if rest and rest[0].startswith("extra "):
        rest = rest[1:]  # nothing in it is authenticated
    index = notes.decimal(rest[0].removeprefix("index ")) if rest else None
    hashes = [notes.decoded(each) or b"" for each in rest[1:]]
    if first != _FIRST or index is None or any(len(h) != DIGEST_BYTES for h in hashes):
        msg = f"the log's part of this proof is not as {_FIRST} writes it"
        raise InputError(msg)
    return index, hashes, note.encode()


def _checked(
    proof: Mapping[str, Any], logs: Sequence[Verifier], witnesses: Sequence[Verifier]
) -> Proven:
    if proof["form"] != FORM:
        msg = f"this proof is of the form {proof['form']!r}, and {FORM} is read here"
        raise InputError(msg)
    index, hashes, note = read_tlog_proof(proof["proof"])
    head = opened(note, logs, witnesses)
    leaf = merkle.leaf_hash(proof["leaf_input"].encode())
    size = head.checkpoint.size
    if merkle.root_from_inclusion(leaf, index, size, hashes) != head.checkpoint.root:
        msg = f"entry {index} of this proof does not lead to the root that was signed at {size:,} entries"
        raise IntegrityError(msg)
    entry = parsed(proof["leaf_input"].encode())
    if entry["sequence"] != index:
        msg = f"the entry says that it is number {entry['sequence']}, and the proof is of {index}"
        raise IntegrityError(msg)
    fields = {each["field"]: each["value"] for each in proof["opened"]}
    for each in proof["opened"]:
        made = commitment(bytes.fromhex(each["salt"]), canonical(each["value"]))
        if made != entry["commitments"].get(each["field"]):
            msg = f"field {each['field']} or its salt is not what the entry commits to"
            raise IntegrityError(msg)
    found = Proven(
        head=head, index=index, kind=entry["kind"], known_at=entry["known_at"],
        recorded_at=entry["recorded_at"], fields=fields,
    )  # fmt: skip
    return _with_row(found, proof["row"]) if "row" in proof else found


def _with_row(found: Proven, row: Mapping[str, Any]) -> Proven:
    """What a proof shows of a row, checked against the fields that it opened."""
    name, number = row["table"], row["number"]
    below = f"/payload/tables/{name}/"
    own = {group: bytes.fromhex(row["commitments"][group]) for group in GROUPS}
    if any(len(each) != DIGEST_BYTES for each in own.values()):
        msg = f"row {number} of table {name}: a commitment is no SHA-256"
        raise IntegrityError(msg)
    hashes = [notes.decoded(each) or b"" for each in row["proof"]]
    leaf = merkle.leaf_hash(b"".join(own.values()))
    led = merkle.root_from_inclusion(leaf, number, found.fields[f"{below}rows"], hashes)
    if led is None or led.hex() != found.fields[f"{below}row_root"]:
        msg = f"row {number} of table {name} does not lead to the root of its batch"
        raise IntegrityError(msg)
    types = dict(_list(found.fields, f"{below}columns", 2))
    values: dict[str, Any] = {}
    for each in row["opened"]:
        content = notes.decoded(each["bytes"]) or b""
        if commitment(bytes.fromhex(each["salt"]), content) != own[each["group"]].hex():
            msg = f"row {number} of table {name}: its {each['group']} bytes or their salt are not those that were committed to"
            raise IntegrityError(msg)
        names = [name for (name,) in _list(found.fields, f"{below}groups/{each['group']}", 1)]
        values |= row_values(content, [(column, types[column]) for column in names])
    return Proven(
        head=found.head, index=found.index, kind=found.kind, known_at=found.known_at,
        recorded_at=found.recorded_at, fields=found.fields, table=name, row_number=number, row=values,
    )  # fmt: skip


def _list(fields: Mapping[str, Any], pointer: str, width: int) -> list[tuple[Any, ...]]:
    """A list of the entry from its opened fields: of scalars, or of lists of `width` scalars."""
    found: list[tuple[Any, ...]] = []
    while True:
        at = f"{pointer}/{len(found)}"
        names = [at] if width == 1 else [f"{at}/{n}" for n in range(width)]
        if names[0] not in fields:
            return found
        found.append(tuple(fields[each] for each in names))


def _stored(log: Log, index: int, size: int) -> Stored:
    if not 0 <= index < size:
        msg = (
            f"entry {index} is not in the log of {size:,} entries that was signed; entries count from "
            "0. `truceline record checkpoint MISSION` signs what came since"
        )
        raise InputError(msg)
    return next(iter(log.stored(from_sequence=index)))


def _said(stored: Stored, name: str) -> Mapping[str, Any]:
    tables = parsed(stored.payload or b"{}").get("tables", {}) if stored.kind == batch.KIND else {}
    if name not in tables:
        have = ", ".join(sorted(tables)) or "none"
        msg = f"entry {stored.sequence} holds no rows of a table {name!r}; its tables are: {have}"
        raise InputError(msg)
    said: Mapping[str, Any] = tables[name]
    return said


def _opened(log: Log, stored: Stored, only: Collection[str] | None) -> list[dict[str, Any]]:
    """Fields whose value and salt are both still there, in order.

    Raises
    ------
    InputError
        One of `only` begins no such field.
    """
    salts = {} if stored.payload is None else log.salts(stored.sequence)
    payload = parsed(stored.payload or b"{}")
    said = committed(stored.actor or "", stored.role or "", payload) if salts else ()
    there = {pointer: value for pointer, value in said if pointer in salts}
    for start in only or ():
        if not any(pointer.startswith(start) for pointer in there):
            have = ", ".join([*list(there)[:_SHOWN], *(["..."] if len(there) > _SHOWN else [])])
            msg = (
                f"entry {stored.sequence} has no field that begins with {start!r} and could be opened; "
                f"its fields are: {have or 'none'}"
            )
            raise InputError(msg)
    wanted = None if only is None else tuple(only)
    return [
        {"field": pointer, "salt": salts[pointer].hex(), "value": parsed(value)}
        for pointer, value in there.items()
        if wanted is None or pointer.startswith(wanted)
    ]


def _row(exhibits: Exhibits, said: Mapping[str, Any], number: int) -> pa.Table:
    """One row, read from the row group that holds it."""
    with exhibits.opened(said["exhibit"]) as source, pq.ParquetFile(source) as file:
        first = 0
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            if number < first + count:
                return file.read_row_group(group).slice(number - first, 1)
            first += count
    msg = f"exhibit {said['exhibit']} has {first:,} rows, and row {number} was asked for"
    raise IntegrityError(msg)
