"""Sealing bytes to one recipient: the age format, version 1, so that other tools open what we seal.

X25519 and HKDF-SHA-256 wrap a file key; ChaCha20-Poly1305 seals the bytes in blocks of 64 KiB, each
bound to its place, the last one marked as the last. A block that was changed, moved or cut off does
not open, and is named.

References
----------
C2SP age v1 (c2sp.org/age); BIP 173, Bech32; RFC 7748, RFC 5869, RFC 8439; Hoang, Reyhanitabar,
Rogaway, Vizar, Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015 (STREAM).
"""

import base64
import binascii
import hashlib
import hmac
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from truceline.model.errors import InputError, IntegrityError
from truceline.record.entry import Entropy

BLOCK_BYTES = 64 << 10
SECRET_BYTES, FILE_KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 16, 16
_VERSION = b"age-encryption.org/v1"
_WRAP = b"age-encryption.org/v1/X25519"
_PUBLIC, _PRIVATE = "age", "age-secret-key-"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # BIP 173
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)  # BIP 173
_CHECK_LETTERS = 6
_MOST_HEADER_BYTES = 4096


def recipient_of(secret: bytes) -> str:
    """The public key that belongs to a secret one, as it is handed to others.

    Examples
    --------
    >>> recipient_of(bytes(range(32)))
    'age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh'
    """
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    return _bech32(_PUBLIC, public)


def identity(secret: bytes) -> str:
    """A secret key as its owner keeps it: one line."""
    return _bech32(_PRIVATE, secret).upper()


def public_key(recipient: str) -> bytes:
    """The 32 bytes of a public key.

    Raises
    ------
    InputError
        It is no such key, or a letter of it was lost.

    Examples
    --------
    >>> public_key("age1wrong")
    Traceback (most recent call last):
    truceline.model.errors.InputError: 'age1wrong' is no public key: it begins with `age1` and ends in ...
    """
    content = _read_bech32(recipient.strip(), _PUBLIC)
    if content is None or len(content) != SECRET_BYTES:
        msg = (
            f"{recipient[:70]!r} is no public key: it begins with `age1` and ends in letters that "
            "check the others; copy the whole line that the successor gave"
        )
        raise InputError(msg)
    return content


def secret_key(text: str) -> bytes:
    """The 32 bytes of a secret key, from the lines of a key file; lines with # are remarks.

    Raises
    ------
    InputError
        There is none; the message does not repeat what is there.
    """
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            content = _read_bech32(line.strip().lower(), _PRIVATE)
            if content is not None and len(content) == SECRET_BYTES:
                return content
    msg = "no secret key stands in this file: a line that begins with AGE-SECRET-KEY-1 is needed"
    raise InputError(msg)


class Sealer:
    """A file that seals what is written to it; only the key that it holds, or the recipient, opens it.

    Parameters
    ----------
    file
        Where the sealed bytes go.
    recipient
        The public key, as `recipient_of` gives it.
    entropy
        Gives that many random bytes.
    """

    def __init__(self, file: BinaryIO, recipient: str, entropy: Entropy) -> None:
        self._file = file
        self.file_key = entropy(FILE_KEY_BYTES)
        self._waiting = bytearray()
        self._blocks = 0
        self.size_bytes = 0
        self._hash = hashlib.sha256()
        self._put(_header(self.file_key, public_key(recipient), entropy(SECRET_BYTES)))
        nonce = entropy(NONCE_BYTES)
        self._put(nonce)
        self._cipher = _payload_cipher(self.file_key, nonce)

    def write(self, content: bytes) -> int:
        """Take the next bytes."""
        self._waiting += content
        while len(self._waiting) > BLOCK_BYTES:  # the last block waits, for it is marked
            self._seal(bytes(self._waiting[:BLOCK_BYTES]), is_last=False)
            del self._waiting[:BLOCK_BYTES]
        return len(content)

    def finish(self) -> str:
        """Seal the last block; SHA-256 of all that was written to the file, in hexadecimal."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()
        return self._hash.hexdigest()

    def _seal(self, block: bytes, *, is_last: bool) -> None:
        nonce = _block_nonce(self._blocks, is_last=is_last)
        self._put(self._cipher.encrypt(nonce, block, None))
        self._blocks += 1

    def _put(self, content: bytes) -> None:
        self._file.write(content)
        self._hash.update(content)
        self.size_bytes += len(content)


class Opener:
    """Reads what was sealed; every block is checked before a byte of it is given.

    Parameters
    ----------
    file
        The sealed file, at its beginning.
    secret
        The recipient's secret key, or None where `file_key` is given.
    file_key
        The key of this file, which its sealer holds until it ends.

    Raises
    ------
    InputError
        It is no sealed file.
    IntegrityError
        It was sealed to another key, or its head was changed.
    """

    def __init__(
        self, file: BinaryIO, *, secret: bytes | None = None, file_key: bytes | None = None
    ) -> None:
        self._file = file
        wrapped, share, said, tag = _read_header(file)
        key = file_key if file_key is not None else _unwrapped(wrapped, share, secret or b"")
        if not hmac.compare_digest(_header_tag(key, said), tag):
            msg = "the head of the sealed file was changed: fetch it again from where it came"
            raise IntegrityError(msg)
        self._cipher = _payload_cipher(key, _exactly(file, NONCE_BYTES))
        self._next = file.read(BLOCK_BYTES + TAG_BYTES)
        self._blocks = 0
        self._waiting = bytearray()
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer only at the end.

        Raises
        ------
        IntegrityError
            A block was changed, moved or cut off; which one.
        """
        while not self._is_over and (size < 0 or len(self._waiting) < size):
            self._waiting += self._open()
        end = len(self._waiting) if size < 0 else size
        made = bytes(self._waiting[:end])
        del self._waiting[:end]
        return made

    def _open(self) -> bytes:
        sealed, self._next = self._next, self._file.read(BLOCK_BYTES + TAG_BYTES)
        self._is_over = not self._next
        nonce = _block_nonce(self._blocks, is_last=self._is_over)
        try:
            block = self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag as exc:
            msg = (
                f"block {self._blocks:,} (64 KiB each, from 0) of the sealed file was changed, moved "
                "or cut off: fetch the file again from where it came; nothing was taken from it"
            )
            raise IntegrityError(msg) from exc
        self._blocks += 1
        return block


def _header(file_key: bytes, recipient: bytes, ephemeral: bytes) -> bytes:
    secret = X25519PrivateKey.from_private_bytes(ephemeral)
    share = secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(recipient))
    key = _derived(shared, share + recipient, _WRAP)
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    said = b"%s\n-> X25519 %s\n%s\n---" % (_VERSION, _encoded(share), _encoded(body))
    return said + b" " + _encoded(_header_tag(file_key, said)) + b"\n"


def _read_header(file: BinaryIO) -> tuple[bytes, bytes, bytes, bytes]:
    """Wrapped key, ephemeral share, what the tag is over, and the tag."""
    lines = [file.readline(_MOST_HEADER_BYTES).rstrip(b"\n") for _ in range(4)]
    prefix, share_text = lines[1][:10], lines[1][10:]
    parts = [_decoded(text) for text in (lines[2], share_text, lines[3][4:])]
    if lines[0] != _VERSION or prefix != b"-> X25519 " or lines[3][:4] != b"--- " or None in parts:
        msg = "this is no file that was sealed to one key; name the file that `evacuate` wrote"
        raise InputError(msg)
    wrapped, share, tag = (part or b"" for part in parts)
    return wrapped, share, b"\n".join([*lines[:3], b"---"]), tag


def _unwrapped(wrapped: bytes, share: bytes, secret: bytes) -> bytes:
    mine = X25519PrivateKey.from_private_bytes(secret)
    try:
        shared = mine.exchange(X25519PublicKey.from_public_bytes(share))
        salt = share + mine.public_key().public_bytes_raw()
        return ChaCha20Poly1305(_derived(shared, salt, _WRAP)).decrypt(bytes(12), wrapped, None)
    except (InvalidTag, ValueError) as exc:
        msg = "this file was sealed to another key: use the secret key of the named successor"
        raise IntegrityError(msg) from exc


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))


def _block_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11) + bytes([is_last])


def _header_tag(file_key: bytes, said: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), said, "sha256")


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        msg = "the sealed file ends within its head: fetch it again from where it came"
        raise IntegrityError(msg)
    return content


def _encoded(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _decoded(text: bytes) -> bytes | None:
    try:
        content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _encoded(content) == text else None


def _bech32(prefix: str, content: bytes) -> str:
    words = _regrouped(content, 8, 5)
    check = _polymod([*_expanded(prefix), *words, *[0] * _CHECK_LETTERS]) ^ 1
    words += [(check >> 5 * (_CHECK_LETTERS - 1 - at)) & 31 for at in range(_CHECK_LETTERS)]
    return f"{prefix}1{''.join(_LETTERS[word] for word in words)}"


def _read_bech32(text: str, prefix: str) -> bytes | None:
    found, one, data = text.rpartition("1")
    if found != prefix or not one or any(letter not in _LETTERS for letter in data):
        return None
    words = [_LETTERS.index(letter) for letter in data]
    if len(words) <= _CHECK_LETTERS or _polymod([*_expanded(prefix), *words]) != 1:
        return None
    content = bytes(_regrouped(words[:-_CHECK_LETTERS], 5, 8, is_padded=False))
    return content if _bech32(prefix, content) == text else None


def _regrouped(
    words: bytes | list[int], width: int, into: int, *, is_padded: bool = True
) -> list[int]:
    held, bits, made = 0, 0, []
    for word in words:
        held, bits = held << width | word, bits + width
        while bits >= into:
            bits -= into
            made.append(held >> bits & (1 << into) - 1)
    if is_padded and bits:
        made.append(held << into - bits & (1 << into) - 1)
    return made


def _expanded(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(words: list[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for at, part in enumerate(_GENERATOR):
            check ^= part if top >> at & 1 else 0
    return check
