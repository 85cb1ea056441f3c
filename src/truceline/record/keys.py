"""Private keys on disk: one file each, for its owner's eyes, made once and never written over.

keys/log.key       signs checkpoints; in the folder of a record
keys/witness.key   cosigns checkpoints of others; in the folder of a witness
log.vkey           public keys of the log, a line each, the newest last
"""

from collections.abc import Sequence
from pathlib import Path

from truceline.model.errors import InputError, RecordError
from truceline.record.entry import Entropy
from truceline.record.note import SEED_BYTES, Kind, Signer, Verifier
from truceline.record.whole import Fault, read_whole, write_whole

FOLDER = "keys"
PUBLIC = "log.vkey"
_FILES = {Kind.LOG: "log.key", Kind.WITNESS: "witness.key"}
_OTHERS = 0o077


def path_of(folder: Path, kind: Kind) -> Path:
    """Where the private key of a kind lies."""
    return folder / FOLDER / _FILES[kind]


def make(
    folder: Path, name: str, kind: Kind, entropy: Entropy, fault: Fault = lambda _: None
) -> Signer:
    """Make a private key and keep it.

    Parameters
    ----------
    folder
        Of the record, or of the witness.
    name, kind
        As others shall know it, and what it signs.
    entropy
        Gives that many random bytes.

    Raises
    ------
    InputError
        The name cannot name a key.
    RecordError
        A key stands there already, or it cannot be written.
    """
    signer = Signer(name=name, kind=kind, seed=entropy(SEED_BYTES))
    path = path_of(folder, kind)
    if path.exists():
        msg = f"{path}: a key stands here already; move it to a safe place before another is made"
        raise RecordError(msg)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    if kind is Kind.LOG:
        # First, so that no log ever signs with a key that it does not tell of.
        write_public(folder, [*public(folder), signer.verifier()], fault)
    write_whole(path, f"{signer.skey}\n".encode(), mode=0o600, what="key", fault=fault)
    return signer


def load(folder: Path, kind: Kind) -> Signer | None:
    """The private key that is kept there; None where there is none.

    Raises
    ------
    RecordError
        It cannot be read, or others than its owner can read it.
    InputError
        The file holds no key.
    """
    path = path_of(folder, kind)
    content = read_whole(path)
    if content is None:
        return None
    if path.stat().st_mode & _OTHERS:
        msg = (
            f"{path}: others than its owner may read this private key; `chmod 600 {path}`, and make "
            "another key if somebody may have read it"
        )
        raise RecordError(msg)
    try:
        signer = Signer.parsed(content.decode(errors="replace"))
    except InputError as exc:
        msg = f"{path}: {exc}"
        raise InputError(msg) from exc
    if signer.kind is not kind:
        msg = (
            f"{path}: this is a key of another kind ({signer.kind.name.lower()}); keep it elsewhere"
        )
        raise InputError(msg)
    return signer


def public(folder: Path) -> list[Verifier]:
    """Public keys of the log, as its own folder tells them; who edits that folder edits these.

    Raises
    ------
    InputError
        A line of them is no key.
    RecordError
        They cannot be read.
    """
    content = read_whole(folder / PUBLIC) or b""
    lines = content.decode(errors="replace").splitlines()
    try:
        return [Verifier.parsed(line) for line in lines if line.strip()]
    except InputError as exc:
        msg = f"{folder / PUBLIC}: {exc}"
        raise InputError(msg) from exc


def write_public(folder: Path, known: Sequence[Verifier], fault: Fault = lambda _: None) -> None:
    """Keep public keys of the log, the newest last."""
    content = "".join(f"{each.vkey}\n" for each in known).encode()
    write_whole(folder / PUBLIC, content, what="public keys", fault=fault)
