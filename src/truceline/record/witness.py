"""A witness: it cosigns checkpoints of logs that it was told to watch, and never two histories.

keys/witness.key   its own key
logs.vkey          public keys of the logs that it watches, a line each
seen/...           for each log the newest checkpoint that it cosigned
refused/...        checkpoints that a log's key signed and that were not shown to follow: evidence

What it has seen is on disk before it signs: killed at any point, it knows at least what it signed.

References
----------
C2SP tlog-witness v1.0.0 and tlog-cosignature v1.0.0 (c2sp.org): request, answers and their numbers.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.record import merkle
from truceline.record import note as notes
from truceline.record.checkpoint import Opened, cosigned, opened, read
from truceline.record.note import Kind, Signer, Verifier
from truceline.record.whole import Fault, read_whole, write_whole
from truceline.tables.sha256 import DIGEST_BYTES

LOGS, SEEN, REFUSED = "logs.vkey", "seen", "refused"
OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, UNPROVEN = 200, 400, 403, 404, 409, 422
MOST_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"
TWO_HISTORIES = "two histories"  # with these words a refusal begins that needs no proof to be seen
_NUMBERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checkpoint to be cosigned, and the proof that it follows from one of `old_size` entries."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def content(self) -> bytes:
        """The request as it is sent or handed over.

        Examples
        --------
        >>> Request(old_size=0, proof=(), note=b"a note").content()
        b'old 0\\n\\na note'
        """
        lines = [f"old {self.old_size}", *(notes.encoded(each) for each in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness says: its signature's line, or a number and why it does not sign.

    `size` is that of the newest checkpoint that it cosigned, where the number is 409.
    """

    status: int
    why: str
    line: str = ""
    size: int | None = None

    @property
    def body(self) -> str:
        """The body of the answer over HTTP."""
        if self.status == OK:
            return self.line
        return f"{self.why}\n" if self.size is None else f"{self.size}\n"

    def content(self) -> bytes:
        """The answer as a file: its number, the size where it names one, why, and the signature.

        Examples
        --------
        >>> Answer(status=409, why="seen more", size=7).content()
        b'409 7\\nseen more\\n'
        """
        size = "" if self.size is None else f" {self.size}"
        return f"{self.status}{size}\n{self.why}\n{self.line}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness in its folder.

    Parameters
    ----------
    folder
        Where its key and state are; one process at a time may use it.
    signer
        Its key.
    logs
        Keys of the logs that it watches.
    fault
        Called with the name of each point at which a write may be cut off; tests die there.
    """

    folder: Path
    signer: Signer
    logs: tuple[Verifier, ...]
    fault: Fault = lambda _: None

    def seen(self, origin: str) -> Opened | None:
        """The newest checkpoint of a log that it cosigned; None before the first.

        Raises
        ------
        RecordError
            Its state cannot be read: it signs nothing for that log any more.
        """
        path = self._seen(origin)
        content = read_whole(path)
        if content is None:
            return None
        try:
            return opened(content, self._keys(origin))
        except (InputError, IntegrityError) as exc:
            msg = (
                f"{path}: what this witness has seen of {origin} cannot be read: {exc}. It cosigns "
                "nothing for that log until the file is brought back; never delete it"
            )
            raise RecordError(msg) from exc

    def answer(self, content: bytes, now_s: int) -> Answer:
        """Cosign what a request holds, or say why not.

        Parameters
        ----------
        content
            The request.
        now_s
            Seconds since 1970.

        Raises
        ------
        RecordError
            The state cannot be read or written: nothing was signed.
        """
        try:
            request = parsed(content)
            text = notes.read(request.note).text
            origin = read(text).origin
        except InputError as exc:
            return Answer(status=BAD, why=str(exc))
        mine = self._keys(origin)
        if not mine:
            return Answer(
                status=UNKNOWN,
                why=f"this witness does not watch {origin}; its keeper adds the log's public key first",
            )
        try:
            found = opened(request.note, mine)
        except IntegrityError as exc:
            return Answer(status=FORBIDDEN, why=str(exc))
        refusal = self._refusal(request, found)
        if refusal is not None:
            return refusal
        return self._sign(found, now_s)

    def _refusal(self, request: Request, found: Opened) -> Answer | None:
        """Why a checkpoint that its log did sign is not cosigned; None where it follows."""
        size, root = found.checkpoint.size, found.checkpoint.root
        seen = self.seen(found.checkpoint.origin)
        known = (seen.checkpoint.size, seen.checkpoint.root) if seen else (0, merkle.EMPTY_ROOT)
        if size < known[0]:
            why = (
                f"this witness has cosigned {found.checkpoint.origin} at {known[0]:,} entries, and "
                f"this checkpoint has {size:,}: the log was rolled back, or this is an older copy"
            )
            if request.old_size > size:
                return Answer(status=BAD, why=why)
            return Answer(status=CONFLICT, why=why, size=known[0])
        if request.old_size > size:
            why = f"the request says {request.old_size:,} entries before and {size:,} now"
            return Answer(status=BAD, why=why)
        if size == known[0] and root != known[1]:
            self._keep(found)
            return Answer(status=CONFLICT, why=_two(found, known[0]), size=known[0])
        if request.old_size != known[0]:
            why = f"this witness last cosigned {known[0]:,} entries, not {request.old_size:,}"
            return Answer(status=CONFLICT, why=why, size=known[0])
        if not merkle.is_consistent(known, (size, root), request.proof):
            self._keep(found)
            why = (
                f"no proof that {found.checkpoint.origin} at {size:,} entries is what this witness "
                f"cosigned at {known[0]:,} with entries added: an entry was edited, dropped, moved "
                "or back-dated, or the proof is broken"
            )
            return Answer(status=UNPROVEN, why=why)
        return None

    def _sign(self, found: Opened, now_s: int) -> Answer:
        path = self._seen(found.checkpoint.origin)
        write_whole(path, self._own(found), what="state", fault=self.fault)
        line = cosigned(found, self.signer, now_s).line
        self.fault("signed")
        return Answer(status=OK, why=f"cosigned at {found.checkpoint.size:,}", line=line)

    def _keep(self, found: Opened) -> None:
        """Keep a checkpoint that a log's key signed and that was not shown to follow, once."""
        name = hashlib.sha256(found.note.text.encode()).hexdigest()[:32]
        write_whole(self.folder / REFUSED / name, self._own(found), what="refused")

    def _own(self, found: Opened) -> bytes:
        """A checkpoint under its log's own signatures alone: whoever asks may add lines as it likes."""
        log = notes.known(found.note, self._keys(found.checkpoint.origin))
        return replace(found.note, signatures=tuple(each for _, each in log)).content()

    def _keys(self, origin: str) -> list[Verifier]:
        return [each for each in self.logs if each.name == origin]

    def _seen(self, origin: str) -> Path:
        return self.folder / SEEN / hashlib.sha256(origin.encode()).hexdigest()[:32]


def parsed(content: bytes) -> Request:
    """A request from its bytes.

    Raises
    ------
    InputError
        It has not the form of one.

    Examples
    --------
    >>> parsed(b"old 0\\n\\na note").note
    b'a note'
    """
    head, blank, note = content.partition(b"\n\n")
    first, *rest = head.decode(errors="replace").split("\n")
    old_size = notes.decimal(first.removeprefix("old "))
    proof = tuple(notes.decoded(each) or b"" for each in rest)
    if (
        not blank
        or not first.startswith("old ")
        or old_size is None
        or len(proof) > MOST_HASHES
        or any(len(each) != DIGEST_BYTES for each in proof)
    ):
        msg = (
            "this is no request to a witness: it begins with a line `old SIZE`, then at most "
            f"{MOST_HASHES} hashes in base64, a blank line, and the signed checkpoint"
        )
        raise InputError(msg)
    return Request(old_size=old_size, proof=proof, note=note)


def answered(content: bytes) -> Answer:
    """An answer from its file.

    Raises
    ------
    InputError
        It has not the form of one.
    """
    head, _, rest = content.decode(errors="replace").partition("\n")
    why, _, line = rest.partition("\n")
    numbers = [notes.decimal(each) for each in head.split(" ")]
    status, size = numbers[0], numbers[1] if len(numbers) == _NUMBERS else None
    if status is None or len(numbers) > _NUMBERS or None in numbers or not why:
        msg = "this is no answer of a witness; `truceline record witness FOLDER --request FILE` makes one"
        raise InputError(msg)
    return Answer(status=status, why=notes.printable(why), line=line, size=size)


def watched(folder: Path) -> tuple[Verifier, ...]:
    """Keys of the logs that a witness was told to watch.

    Raises
    ------
    InputError
        A line is no public key of a log.
    """
    lines = (read_whole(folder / LOGS) or b"").decode(errors="replace").splitlines()
    try:
        return tuple(_log_key(line) for line in lines if line.strip())
    except InputError as exc:
        msg = f"{folder / LOGS}: {exc}"
        raise InputError(msg) from exc


def watch(folder: Path, vkeys: Sequence[str]) -> tuple[Verifier, ...]:
    """Watch further logs; every key that is watched now."""
    known = {each.vkey: each for each in watched(folder)}
    known |= {each.vkey: each for each in map(_log_key, vkeys)}
    content = "".join(f"{vkey}\n" for vkey in known).encode()
    write_whole(folder / LOGS, content, what="watched logs")
    return tuple(known.values())


def _log_key(vkey: str) -> Verifier:
    key = Verifier.parsed(vkey)
    if key.kind is not Kind.LOG:
        msg = f"{key.vkey} is a witness's key; a witness watches logs: ask for the key of the log"
        raise InputError(msg)
    return key


def _two(found: Opened, size: int) -> str:
    return (
        f"{TWO_HISTORIES}: the key of {found.checkpoint.origin} signed another root at {size:,} "
        "entries than the one that this witness cosigned; both checkpoints together prove it"
    )
