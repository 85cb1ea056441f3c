"""Proofs of a mission's record: made from the record, checked without it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.model.errors import InputError, RecordError
from truceline.pipeline import mission as missions
from truceline.pipeline.keeping import enter_reading
from truceline.record import batch, keys, panel, proofs
from truceline.record.note import Kind, Verifier
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.whole import given


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be proven.

    `row` and `table` name one row of a batch; `hidden` groups of its columns and fields outside
    `only` are left closed; `size` is that of a checkpoint, the newest where None.
    """

    entry: int
    table: str | None = None
    row: int | None = None
    hidden: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    size: int | None = None


def prove(folder: Path, wanted: Wanted) -> bytes:
    """Proof of an entry or a row of a mission's record, as its file.

    Raises
    ------
    InputError
        There is no such entry, row or field.
    RecordError
        Nothing was signed yet, something cannot be read, or the reading of a row cannot be entered.
    IntegrityError
        What was asked for is not what was signed.
    """
    mission = missions.load(folder)
    heads = Heads(folder=mission.record_folder)
    sizes = heads.sizes()
    if not sizes:
        msg = (
            f"{mission.record_folder}: nothing was signed yet, so nothing can be proven to others; "
            f"`truceline record checkpoint {folder} --new-key` begins"
        )
        raise RecordError(msg)
    size = sizes[-1] if wanted.size is None else wanted.size
    with Record.open(mission.record_folder, read_only=True) as record:
        if wanted.row is None:
            made = proofs.prove(record.parts[0], heads, wanted.entry, size, wanted.only or None)
            return proofs.written(made)
        place = (wanted.entry, wanted.table or "observations", wanted.row)
        made = proofs.prove_row(record.parts, heads, place, size, wanted.hidden)
        read = {
            each.payload["tables"][place[1]]["exhibit"]
            for each in record.entries(kind=batch.KIND)
            if each.sequence == wanted.entry
        }
    _enter(mission, read, place)
    return proofs.written(made)


def _enter(mission: missions.Mission, read: Collection[str], place: tuple[int, str, int]) -> None:
    """Enter that somebody is about to be shown a row of an exhibit."""
    entry, table, row = place
    if why_not := enter_reading(mission, read, f"record prove {entry} --table {table} --row {row}"):
        msg = f"{mission.record_folder}: the proof is not handed out: {why_not.strip('()')}"
        raise RecordError(msg)


def check(path: Path, vkeys: Sequence[str], folder: Path | None = None) -> proofs.Proven:
    """Check a proof with the public keys that one was given, or with those that a mission lists.

    Parameters
    ----------
    path
        The proof's file.
    vkeys
        Public keys of the log and of witnesses.
    folder
        A mission whose record lists such keys; None where one has no record.

    Raises
    ------
    InputError
        There is no such file, it is no proof, or no key of a log was given.
    IntegrityError
        Something in it does not match.
    """
    content = given(path)
    known = [Verifier.parsed(each) for each in vkeys]
    if folder is not None:
        record_folder = missions.load(folder).record_folder
        known += keys.public(record_folder)
        known += [each.key for each in panel.listed(record_folder)]
    logs = _of(known, Kind.LOG)
    if not logs:
        msg = (
            "a proof is checked with the log's public key: give it with --key, as you had it from "
            "its keeper by another way than the proof came"
        )
        raise InputError(msg)
    witnesses = _of(known, Kind.WITNESS)
    try:
        found = proofs.checked(content, logs, witnesses)
    except InputError as exc:
        msg = f"{path}: {exc}"
        raise InputError(msg) from exc
    signed = {each.vkey for each in found.head.cosigners}
    silent = dict.fromkeys(key.name for key in witnesses if key.vkey not in signed)
    return replace(found, unsigned_by=tuple(silent))


def _of(known: Collection[Verifier], kind: Kind) -> list[Verifier]:
    return [each for each in known if each.kind is kind]
