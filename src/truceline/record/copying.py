"""A record copied entry by entry into another store, and the two held against one another.

Nothing is computed anew on the way: leaf inputs, hashes, payloads, salts and secrets arrive as they
stood. Exhibits come first, then who acquired them, then entries, so that a copy that is cut off
names nothing that it lacks; the same command goes on where it stopped.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from truceline.model.errors import IntegrityError, RecordError
from truceline.record import opening, setting, sqlite
from truceline.record.entry import Head, Written
from truceline.record.exhibits import READ_BYTES, Exhibits
from truceline.record.lock import NAME as LOCK
from truceline.record.log import Acquisition, Fault, Log
from truceline.record.store import Record
from truceline.record.verify import Verification

GROUP = 1000  # entries of one commit
KEYS = "keys"  # signing keys and keys of persons stay with who holds them
_OWN = (LOCK, setting.FILE_NAME, "exhibits", KEYS)  # of each store itself

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy holds, and what a check of every hash in it found.

    `has_keys_left` tells that keys stand beside the original, which no copy takes along.
    """

    head: Head
    entries: int
    exhibits: int
    acquisitions: int
    verification: Verification
    has_keys_left: bool


def copy(source: Path, target: Path, progress: Progress, fault: Fault = lambda _: None) -> Copied:
    """Copy a record into another folder, and whatever store that folder's setting names.

    Parameters
    ----------
    source, target
        Folders of records; in the target's, `store.toml` says where log and exhibits go. A target
        that holds the beginning of the same record is brought to its end.
    progress
        Called with one line of text now and then.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.

    Raises
    ------
    RecordError
        The source cannot be read, the target cannot be written, or it holds another record.
    IntegrityError
        The copy is not the same: what differs is named.
    """
    with Record.open(source, read_only=True) as original:
        _begin(original, target, fault)
        with Record.open(target, fault=fault) as made:
            _bring(original, made, progress)
            _beside(source, target)
            progress("holding the two against one another")
            differences = list(differences_of(original, made))
            if differences:
                msg = (
                    f"{target}: is not the same as {source}: {'; '.join(differences[:5])}; keep "
                    "the original, and copy it into an empty store"
                )
                raise IntegrityError(msg)
            progress("checking every hash of the copy")
            found = made.verify()
            return Copied(
                head=made.head(), entries=found.entries,
                exhibits=len(made.parts[1].digests()), acquisitions=len(made.acquisitions()),
                verification=found, has_keys_left=(source / KEYS).exists(),
            )  # fmt: skip


def bring(source: Path, target: Path, progress: Progress) -> tuple[str, ...]:
    """Copy a record into a folder as it stands, with whatever is damaged in it.

    What a copy to another store refuses is taken along here, for there may be no other chance: bytes
    that are not those of their digest stand in the copy under the digest that they have.

    Parameters
    ----------
    source, target
        Folders of records; the target's names no other store, and may hold the beginning of the same.
    progress
        Called with one line of text now and then.

    Returns
    -------
    notes
        What did not come as it should be.

    Raises
    ------
    RecordError
        The source cannot be read, the target cannot be written, or it holds another record.
    IntegrityError
        The log in the copy is not the same.
    """
    with Record.open(source, read_only=True) as original:
        _begin(original, target, lambda _: None)
        with Record.open(target) as made:
            notes = _bring(original, made, progress, is_strict=False)
            _beside(source, target)
            progress("holding the two logs against one another")
            if differences := list(_differences_of_logs(original.parts[0], made.parts[0])):
                msg = f"{target}: is not the same as {source}: {'; '.join(differences[:5])}"
                raise IntegrityError(msg)
    return tuple(notes)


def differences_of(original: Record, made: Record) -> Iterator[str]:
    """What is not the same in two records, field by field; exhibits are hashed anew.

    The copy may lack what was appended to the original since; nothing else may differ.
    """
    (log, exhibits), (log_made, exhibits_made) = original.parts, made.parts
    yield from _differences_of_logs(log, log_made)
    here, there = set(exhibits.digests()), exhibits_made.digests()
    yield from (
        f"exhibit {digest} is not in the original" for digest in there if digest not in here
    )
    yield from (f"exhibit {digest} is missing" for digest in sorted(here - set(there)))
    for digest in there:
        if exhibits_made.digest_of(digest)[0] != digest:
            yield f"exhibit {digest} is damaged"


def _differences_of_logs(log: Log, log_made: Log) -> Iterator[str]:
    size, *_ = log_made.last()
    at = -1
    for at, (one, other) in enumerate(zip(log.whole(), log_made.whole(), strict=False)):
        for part, ours, theirs in zip(Written._fields, one, other, strict=True):
            if ours != theirs:
                yield f"entry {at}: its {part} differ"
    if at + 1 != size:
        yield f"it has {size} entries, of which {at + 1} stand in the original"
    if log_made.acquisitions() != log.acquisitions()[: len(log_made.acquisitions())]:
        yield "its acquisitions differ"


def _begin(original: Record, target: Path, fault: Fault) -> None:
    kept = setting.read(target)
    try:
        (target / "exhibits").mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        msg = f"{target}: no record can be made here: {exc.strerror}; choose a folder that can be written"
        raise RecordError(msg) from exc
    if not opening.exists(target, kept):
        first = next(original.parts[0].whole())
        opening.begin(target, kept, first, fault)


def _bring(
    original: Record, made: Record, progress: Progress, *, is_strict: bool = True
) -> list[str]:
    """What did not come as it should be; where `is_strict`, the first of it is an error."""
    (log, exhibits), (log_made, exhibits_made) = original.parts, made.parts
    size, _, _ = log.last()
    _check_beginning(log, log_made, original.folder, made.folder)
    acquired = [Acquisition(**row) for row in log.acquisitions()]
    has = set(exhibits_made.digests())
    wanted = [digest for digest in exhibits.digests() if digest not in has]
    notes: list[str] = []
    for number, digest in enumerate(wanted):
        if number % 100 == 0:
            progress(f"exhibit {number:,} of {len(wanted):,}")
        try:
            found = _bring_exhibit(exhibits, exhibits_made, digest, is_strict)
        except RecordError as exc:
            if is_strict:
                raise
            notes.append(f"exhibit {digest} did not come: {exc}")
            continue
        if found != digest:
            notes.append(f"exhibit {digest} is damaged, and came as exhibit {found}")
    if rest := acquired[len(log_made.acquisitions()) :]:
        log_made.acquire(rest)
    start, _, _ = log_made.last()
    entries = islice(log.whole(from_sequence=start), size - start)
    while group := list(islice(entries, GROUP)):
        progress(f"entry {group[0].stored.sequence:,} of {size:,}")
        log_made.append(group)
    return notes


def _bring_exhibit(source: Exhibits, target: Exhibits, digest: str, is_strict: bool) -> str:
    """The digest under which its bytes stand in the target; another one only where not `is_strict`."""
    with source.opened(digest) as file, target.receive() as sink:
        while piece := file.read(READ_BYTES):
            sink.write(piece)
        if is_strict and sink.sha256 != digest:
            msg = (
                f"{source.where(digest)}: its bytes hash to {sink.sha256}, not to its name; bring "
                "it back from another copy of the record first"
            )
            raise IntegrityError(msg)
    return sink.sha256


def _check_beginning(log: Log, log_made: Log, source: Path, target: Path) -> None:
    """What stands in the target must be how the source begins."""
    size, chain, _ = log_made.last()
    at_size = next(log.stored(from_sequence=size - 1), None)
    if at_size is None or at_size.chain_hash != chain:
        msg = (
            f"{target}: holds another record than {source}: they part before entry {size}; name an "
            "empty folder, or another schema and prefix in its store.toml"
        )
        raise RecordError(msg)


def _beside(source: Path, target: Path) -> None:
    """Checkpoints and whatever else stands in the folder, but no key and nothing of a store."""
    for path in sorted(source.iterdir()):
        if path.name in _OWN or path.name.startswith(sqlite.NAME):
            continue
        if path.is_dir():
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
        else:
            shutil.copy2(path, target / path.name)
