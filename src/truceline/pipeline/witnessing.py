"""The log's side of witnessing: sign the head, ask witnesses to cosign it, take in what they say.

A witness that does not answer, or refuses, never stops the log: what it said is told, and the log
goes on. Only a record that contradicts its own last checkpoint is not signed.
"""

import http.client
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from truceline.model.errors import InputError, RecordError
from truceline.pipeline import mission as missions
from truceline.pipeline.answers import State as State
from truceline.pipeline.answers import Told, heard
from truceline.record import keys
from truceline.record import note as notes
from truceline.record.checkpoint import Opened
from truceline.record.note import Kind, Signer, Verifier
from truceline.record.panel import Listed, enlist, listed
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.whole import read_whole, write_whole
from truceline.record.witness import (
    CONFLICT,
    OK,
    TWO_HISTORIES,
    Answer,
    Request,
    answered,
    parsed,
)

PATIENCE_S = 3.0  # a witness that says nothing for so long is absent this time
_LONGEST_S = 10.0  # and so is one that has not answered by then
_MOST_BYTES = 1 << 16
_REQUEST, _ANSWER = ".request", ".answer"
REASON = "Truceline-Reason"  # header of an answer that is a number: the same in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A checkpoint of the record and what its witnesses said of it."""

    opened: Opened
    told: tuple[Told, ...]
    vkey: str

    @property
    def is_contradicted(self) -> bool:
        """Whether a witness holds another history of this log."""
        return any(each.is_another_history for each in self.told)

    def notes(self) -> tuple[str, ...]:
        """For people: every witness that did not cosign."""
        size = self.opened.checkpoint.size
        return tuple(
            f"checkpoint at {size:,}: witness {each.who} {each.state.value}: {each.why}"
            for each in self.told
            if each.state is not State.COSIGNED
        )


def make_key(folder: Path, name: str | None = None) -> Signer:
    """Make the key that signs the log of a mission.

    Raises
    ------
    InputError
        The name cannot name a key.
    RecordError
        There is no record, or a key stands there already.
    """
    mission = missions.load(folder)
    if not Record.exists(mission.record_folder):
        msg = f"{mission.record_folder}: there is no record here; `truceline ingest {folder}` begins one"
        raise RecordError(msg)
    origin = name or "truceline/" + "-".join(mission.mission_id.replace("+", "-").split())
    return keys.make(mission.record_folder, origin, Kind.LOG, secrets.token_bytes)


def list_witnesses(folder: Path, vkeys: Mapping[str, str], urls: Mapping[str, str]) -> None:
    """List witnesses of a mission's record by name: their public keys, and where they are asked.

    Raises
    ------
    InputError
        A key or an address cannot be used, or an address is of a witness that is not listed.
    """
    record_folder = missions.load(folder).record_folder
    known = {each.who: each for each in listed(record_folder)}
    for who, vkey in vkeys.items():
        url = known[who].url if who in known else None
        known[who] = Listed(who=who, key=Verifier.parsed(vkey), url=url)
    for who, url in urls.items():
        if who not in known:
            msg = f"no witness {who} is listed; list it with `--witness {who} PUBLIC_KEY`"
            raise InputError(msg)
        known[who] = replace(known[who], url=url)
    enlist(record_folder, list(known.values()))


def checkpoint(folder: Path, requests: Path | None = None) -> Signed:
    """Sign the record of a mission as it is, and ask its witnesses.

    Parameters
    ----------
    folder
        The mission.
    requests
        Where a file goes for each witness that has no address; None writes none.

    Raises
    ------
    RecordError
        There is no key, or the checkpoint cannot be written.
    IntegrityError
        The entries are not those of the last checkpoint with others added.
    """
    mission = missions.load(folder)
    with Record.open(mission.record_folder) as record:
        head = sign_head(record)
    if head is None:
        msg = (
            f"{mission.record_folder}: this log has no key to sign with; `truceline record "
            f"checkpoint {folder} --new-key` makes one. Where checkpoints were signed before, bring "
            "their key back instead: readers know no other"
        )
        raise RecordError(msg)
    asked = () if requests is None else _write_requests(mission.record_folder, head, requests)
    signed = ask(mission.record_folder, head)
    return replace(signed, told=(*signed.told, *asked))


def take_answers(folder: Path, answers: Path) -> Signed:
    """Take in what witnesses answered by files, as far as it is of this record.

    A witness that has cosigned another size than the request said is asked again, by a new file.

    Raises
    ------
    InputError
        There is no such folder, or a file is no answer.
    RecordError
        There is no checkpoint, or it cannot be written.
    """
    if not answers.is_dir():
        msg = f"{answers}: there is no such folder; name the one in which the answers lie"
        raise InputError(msg)
    heads = Heads(folder=missions.load(folder).record_folder)
    told = []
    for witness in listed(heads.folder):
        for path in sorted(answers.glob(f"{witness.who}-*{_REQUEST}{_ANSWER}")):
            told.append(_taken(heads, witness, path))
    newest = heads.newest()
    if newest is None:
        msg = (
            f"{heads.folder}: no checkpoint was signed yet; `truceline record checkpoint {folder}`"
        )
        raise RecordError(msg)
    return _signed(heads.folder, newest, told)


def sign_head(record: Record) -> Opened | None:
    """Sign a record that is open for writing, as it is; None where it has no key.

    Raises
    ------
    IntegrityError
        Its entries are not those of its last checkpoint with others added.
    RecordError
        The checkpoint cannot be written.
    """
    signer = keys.load(record.folder, Kind.LOG)
    if signer is None:
        return None
    log, _ = record.parts
    size = record.head().size
    return Heads(folder=record.folder).sign(
        size, lambda first: log.leaf_hashes(from_sequence=first), signer
    )


def ask(folder: Path, head: Opened) -> Signed:
    """Ask each witness that has an address to cosign a head; its signatures go under the note.

    Parameters
    ----------
    folder
        The record's; it needs no longer be open.
    head
        As `sign_head` gives it.
    """
    heads = Heads(folder=folder)
    told: list[Told] = []
    lines: list[notes.Signature] = []
    waiting = [
        each
        for each in listed(folder)
        if each.url is not None and not _has_cosigned(heads, head, each)
    ]
    for witness, answer in zip(waiting, _asked_at_once(heads, head, waiting), strict=True):
        said, line = heard(heads, head, witness, answer, datetime.now(UTC))
        told.append(said)
        lines += [line] if line is not None else []
    if lines:
        heads.add_signatures(head.checkpoint.size, lines)
    return _signed(folder, head, told)


def keep_signed(record: Record) -> Callable[[], tuple[str, ...]]:
    """Sign a record after something was appended, where it has a key; then ask its witnesses.

    Returns
    -------
    function
        To be called when the record is closed, so that no witness holds up another writer: asks,
        and gives notes for people.

    Raises
    ------
    IntegrityError
        The entries are not those of the last checkpoint with others added.
    """
    head = sign_head(record)
    if head is None:
        return tuple
    return lambda: ask(record.folder, head).notes()


def request_of(heads: Heads, head: Opened, witness: Listed, old_size: int | None = None) -> Request:
    """What a witness is asked: the checkpoint, and the proof from the last one that it cosigned."""
    size = head.checkpoint.size
    old = last_cosigned(heads, witness, size) if old_size is None else old_size
    proof = heads.tree(size).consistency(old, size)
    return Request(old_size=old, proof=tuple(proof), note=heads.note(size))


def last_cosigned(heads: Heads, witness: Listed, up_to: int) -> int:
    """The largest size that a witness is known to have cosigned; 0 before the first."""
    key = (witness.key.name, witness.key.key_id)
    for size in reversed(heads.sizes()):
        under = notes.read(heads.note(size)).signatures if size <= up_to else ()
        if any((each.name, each.key_id) == key for each in under) and (
            heads.opened(size, [witness.key]).cosigners
        ):
            return size
    return 0


def _signed(folder: Path, head: Opened, told: Sequence[Told]) -> Signed:
    names = [key for key in keys.public(folder) if key.name == head.checkpoint.origin]
    return Signed(opened=head, told=tuple(told), vkey=names[-1].vkey)


def _write_requests(folder: Path, head: Opened, requests: Path) -> list[Told]:
    heads = Heads(folder=folder)
    told = []
    for witness in listed(folder):
        if witness.url is None and not _has_cosigned(heads, head, witness):
            path = requests / f"{witness.who}-{head.checkpoint.size}{_REQUEST}"
            write_whole(path, request_of(heads, head, witness).content(), what="request")
            why = f"hand it {path}, and take its answer in with --answers"
            told.append(Told(who=witness.who, state=State.ABSENT, why=why))
    return told


def _taken(heads: Heads, witness: Listed, path: Path) -> Told:
    digits = path.name.removeprefix(f"{witness.who}-").removesuffix(f"{_REQUEST}{_ANSWER}")
    try:
        answer = answered(read_whole(path) or b"")
        head = heads.opened(int(digits))
    except (InputError, ValueError) as exc:
        msg = f"{path}: {exc}; take in answers under the names that their requests had"
        raise InputError(msg) from exc
    again = path.with_name(path.name.removesuffix(_ANSWER))
    if _asks_again(answer, int(digits), again):
        write_whole(again, request_of(heads, head, witness, answer.size).content(), what="request")
        path.unlink()
        why = f"it knows {answer.size:,} entries; hand it {again} once more"
        return Told(who=witness.who, state=State.ABSENT, why=why)
    said, line = heard(heads, head, witness, answer, datetime.now(UTC))
    if line is not None:
        heads.add_signatures(head.checkpoint.size, [line])
    return said


def _asks_again(answer: Answer, size: int, request: Path) -> bool:
    """Whether a witness knows another beginning than the request said, so that it saw no proof."""
    if answer.status != CONFLICT or answer.size is None or answer.size > size:
        return False
    if answer.size == size and answer.why.startswith(TWO_HISTORIES):
        return False
    try:
        return parsed(read_whole(request) or b"").old_size != answer.size
    except InputError:  # the request is not here, or broken on its way
        return True


def _has_cosigned(heads: Heads, head: Opened, witness: Listed) -> bool:
    return bool(heads.opened(head.checkpoint.size, [witness.key]).cosigners)


def _asked_at_once(heads: Heads, head: Opened, waiting: Sequence[Listed]) -> list[Answer | None]:
    """What each witness answers within the time that all of them have; None where it does not.

    One that sends a byte now and then would hold a plain reader for days: here it is left behind.
    """
    answers: dict[int, Answer | None] = {}
    broken: list[RecordError] = []

    def one(at: int, witness: Listed) -> None:
        try:
            answers[at] = _asked(heads, head, witness)
        except RecordError as exc:  # ours, not the witness's: a tile that cannot be read
            broken.append(exc)

    threads = [
        threading.Thread(target=one, args=(at, witness), daemon=True)
        for at, witness in enumerate(waiting)
    ]
    until_s = time.monotonic() + _LONGEST_S
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until_s - time.monotonic()))
    if broken:
        raise broken[0]
    return [answers.get(at) for at in range(len(waiting))]


def _asked(heads: Heads, head: Opened, witness: Listed) -> Answer | None:
    request = request_of(heads, head, witness)
    answer = _post(str(witness.url), request)
    if answer is None or answer.status != CONFLICT or answer.size is None:
        return answer
    if answer.size == request.old_size or answer.size > head.checkpoint.size:
        return answer
    return _post(str(witness.url), request_of(heads, head, witness, answer.size))


def _post(url: str, request: Request) -> Answer | None:
    """One question over HTTP; None where nobody answers as a witness does."""
    asked = urllib.request.Request(
        f"{url.rstrip('/')}/add-checkpoint", data=request.content(), method="POST"
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Straight())
    try:
        with direct.open(asked, timeout=PATIENCE_S) as response:
            return Answer(status=OK, why="", line=response.read(_MOST_BYTES).decode())
    except urllib.error.HTTPError as exc:
        with exc:
            body = exc.read(_MOST_BYTES).decode(errors="replace").strip()
            size = notes.decimal(body) if exc.code == CONFLICT else None
            why = notes.printable(exc.headers.get(REASON) or body) or f"answer {exc.code}"
            return Answer(status=exc.code, why=why, size=size)
    except (OSError, http.client.HTTPException, UnicodeError):
        return None


class _Straight(urllib.request.HTTPRedirectHandler):
    """A witness is asked where it was listed, and nowhere that somebody sends on to."""

    def redirect_request(self, *_: object) -> None:
        """Never go on."""
