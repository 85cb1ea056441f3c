"""Verify a bundle of a Truceline record. This one file, Python 3.11 and nothing else: no network.

    python -I -S verify_bundle.py BUNDLE [--key VKEY]... [--witnesses N]

BUNDLE is a folder or a zip as `truceline bundle --zip` packs it; nothing is ever unpacked or run.
Use a copy of this file that you had before, or had from somebody else than the bundle. The file
reads from the top down as the argument that it checks:

 1. The bag (RFC 8493): every file has its digest in a manifest, and nothing else lies there. Where
    a digest differs, the first 64 KiB block that differs is named.
 2. The checkpoints (C2SP signed notes): each is signed by the log, and by witnesses (Ed25519), and
    each follows from the one before it: all are of one history (RFC 9162).
 3. The entries: each is in the tree that a checkpoint names (RFC 9162); each of its fields is what
    the entry committed to (SHA-256 of salt and value), or is said to be removed, by which rule.
 4. The rows of tables: each is in the tree of its batch, group of columns by group of columns.
 5. The exhibits: each is what an entry names; what rows were read from is here, or withheld by rule.
 6. The contents: all else (what was computed, the agreement, the numbers) is what one entry, made
    when the bundle was, commits to. Each number is the sum of its parts, and its parts are here.

Exit codes: 0 it verifies; 1 it does not; 2 the command cannot be used as it is.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

FORM = 2  # of bundles; 1 did not say which fields of which entries a bundle shows
BLOCK = 1 << 16
THREADS = 4  # that hash side by side
MOST_FILES = 1_000_000
MOST_LIST_BYTES = 1 << 28  # of a manifest
MOST_JSON_BYTES = 1 << 25
TAGS, MANIFEST, BLOCKS = "tagmanifest-sha256.txt", "manifest-sha256.txt", "blocks-sha256.txt"
TAG_FILES = {"bag-info.txt", "bagit.txt", BLOCKS, MANIFEST, "verify_bundle.py"}
GROUPS = ("row", "place", "text", "person")  # of columns, in the order of a row's commitments
PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
LINE = re.compile(rb"([0-9a-f]{64})  ([!-~]+)\n")


# What a file that has not its form makes Python trip over.
TRIPPED = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    struct.error,
)


class RefusedError(Exception):
    """Something in the bundle does not hold: where, and what."""


def refuse(where: str, what: str) -> NoReturn:
    """Say that something does not hold, and go no further."""
    said = f"{shown(where)}: {shown(what)}"
    raise RefusedError(said)


def shown(text: object) -> str:
    """Words of the bundle for the screen: whatever could move the cursor is written out."""
    return str(text) if re.fullmatch(r"[ -~]*", str(text)) else ascii(text)


def first_difference(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Where two sequences begin to differ, or where the shorter one ends."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


# 1. The bag. A folder or a zip is a mapping of plain paths to bytes; nothing else is let in.


class Folder:
    """A bundle as a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        waiting = [""]
        while waiting:
            under = waiting.pop()
            for each in sorted(os.scandir(root / under), key=lambda found: found.name):
                name = under + each.name
                if each.is_symlink() or not (each.is_file() or each.is_dir()):
                    refuse(name, "is a link or a device; a bundle holds files alone")
                if each.is_dir():
                    waiting.append(f"{name}/")
                else:
                    self.sizes[name] = each.stat().st_size
                if len(self.sizes) > MOST_FILES:
                    refuse(name, f"is beyond {MOST_FILES:,} files: no bundle is so large")

    def open(self, name: str) -> BinaryIO:
        """A file, at its beginning."""
        return (self.root / name).open("rb")


class Zip:
    """A bundle as a zip in the one form that `truceline bundle --zip` writes, byte for byte.

    Files are stored, not compressed, one after another with nothing between: none can swell, overlap
    another or be hidden, and the size of the zip is the size of what is in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sizes: dict[str, int] = {}
        self.starts: dict[str, int] = {}
        directory = []
        with path.open("rb") as file:
            while (head := file.read(30))[:4] == b"PK\x03\x04":
                at = file.tell() - len(head)
                head += file.read(int.from_bytes(head[26:28], "little"))
                name = head[30:].decode("ascii", "replace")
                crc, size = struct.unpack("<I4xI", head[14:26])
                if not PLAIN.fullmatch(name):
                    refuse(path.name, f"{shown(name)} is no plain path within the bundle")
                if head[8:10] != b"\0\0":
                    refuse(name, "is compressed; a bundle's files are stored as they are")
                if head != zip_header(name, crc, size) or name in self.sizes:
                    where = f"{path.name}: block {at // BLOCK}"
                    refuse(where, f"{shown(name)} is not packed as a bundle is")
                if file.tell() + size > path.stat().st_size:
                    refuse(path.name, f"{name} is longer than the zip that it is in")
                self.sizes[name], self.starts[name] = size, file.tell()
                directory.append((name, crc, size, at))
                file.seek(size, os.SEEK_CUR)
            at = file.tell() - len(head)
            end = zip_directory(directory, at)
            rest = head + file.read(len(end) + 1)
        if rest != end:
            where = f"{path.name}: block {(at + first_difference(rest, end)) // BLOCK}"
            refuse(where, "its directory does not follow from its files")

    def open(self, name: str) -> BinaryIO:
        """A file, at its beginning; what follows it is not cut off."""
        file = self.path.open("rb")
        file.seek(self.starts[name])
        return file


def zip_header(name: str, crc: int, size: int) -> bytes:
    """What stands before a stored file in a zip."""
    code = name.encode("ascii", "replace")
    numbers = (20, 0, 0, 0, 33, crc, size, size, len(code), 0)  # 33: the first of January 1980
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", *numbers) + code


def zip_directory(files: list[tuple[str, int, int, int]], at: int) -> bytes:
    """What stands after the files in a zip; of each its name, CRC-32, size and place."""
    lines = b""
    for name, crc, size, start in files:
        header = zip_header(name, crc, size)
        place = bytes(10) + start.to_bytes(4, "little")
        lines += b"PK\x01\x02\x14\0" + header[4:30] + place + header[30:]
    count = len(files) & 0xFFFF
    return lines + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(lines), at, 0)


Bundle = Folder | Zip


def pieces(bundle: Bundle, name: str, length: int) -> Iterator[bytes]:
    """The bytes of a file, so many at a time."""
    left = bundle.sizes[name]
    with bundle.open(name) as file:
        while left > 0 and (piece := file.read(min(length, left))):
            left -= len(piece)
            yield piece


def digest(bundle: Bundle, name: str) -> str:
    """SHA-256 of a file."""
    total = hashlib.sha256()
    for piece in pieces(bundle, name, 1 << 18):
        total.update(piece)
    return total.hexdigest()


def block_lines(bundle: Bundle, name: str) -> list[str]:
    """The lines of the list of blocks that are about a file."""
    return [
        f"{hashlib.sha256(piece).hexdigest()} {number} {name}\n"
        for number, piece in enumerate(pieces(bundle, name, BLOCK))
    ]


def listed(bundle: Bundle, name: str) -> dict[str, tuple[str, int]]:
    """Path to digest, and to where its line begins, of a manifest in the one form that it may have."""
    if name not in bundle.sizes:
        refuse(name, "is missing")
    if bundle.sizes[name] > MOST_LIST_BYTES:
        refuse(name, f"has {bundle.sizes[name]:,} bytes: no bundle has such a list")
    found: dict[str, tuple[str, int]] = {}
    at, last = 0, ""
    for line in b"".join(pieces(bundle, name, BLOCK)).splitlines(keepends=True):
        parts = LINE.fullmatch(line)
        path = parts[2].decode() if parts else ""
        where = f"{name}: block {at // BLOCK}"
        if not parts:
            refuse(where, "a line is not `digest, two spaces, path`")
        if not PLAIN.fullmatch(path):
            refuse(where, f"{shown(path)} is no plain path within the bundle")
        if path <= last:
            refuse(where, f"{shown(path)} is named twice or out of order")
        found[path] = (parts[1].decode(), at)
        at, last = at + len(line), path
    return found


def check_bag(bundle: Bundle) -> dict[str, str]:
    """Path to digest of every payload file, all of it compared with what is there."""
    tags = listed(bundle, TAGS)
    if set(tags) != TAG_FILES:
        refuse(f"{TAGS}: block 0", f"it names other files than {', '.join(sorted(TAG_FILES))}")
    compare(bundle, TAGS, tags)
    payload = listed(bundle, MANIFEST)
    if stray := [path for path in payload if not path.startswith("data/")]:
        refuse(f"{MANIFEST}: block 0", f"{stray[0]} is not under data/")
    if added := sorted(set(bundle.sizes) - set(tags) - set(payload) - {TAGS}):
        refuse(added[0], "is in no manifest: it was added, or renamed")
    if len({path.lower() for path in payload}) != len(payload):
        refuse(MANIFEST, "two paths differ in large and small letters alone")
    compare(bundle, MANIFEST, payload)
    return {path: told for path, (told, _) in payload.items()}


def compare(bundle: Bundle, source: str, names: dict[str, tuple[str, int]]) -> None:
    """Compare every file with its digest in a manifest."""
    if missing := [path for path in names if path not in bundle.sizes]:
        more = f" ({len(missing):,} files are missing)" if len(missing) > 1 else ""
        refuse(missing[0], f"is missing: {source} names it{more}")

    def part(first: int) -> list[tuple[str, str]]:
        return [(path, digest(bundle, path)) for path in list(names)[first::THREADS]]

    with ThreadPoolExecutor(THREADS) as pool:
        found = dict(pair for pairs in pool.map(part, range(THREADS)) for pair in pairs)
    wrong = [path for path in names if found[path] != names[path][0]]
    if wrong:
        more = f" ({len(wrong):,} files are damaged)" if len(wrong) > 1 else ""
        where, what = blame(bundle, source, wrong[0], names[wrong[0]][1])
        refuse(where, what + more)


def blame(bundle: Bundle, source: str, path: str, line_at: int) -> tuple[str, str]:
    """Which file is damaged, and where: the one that differs, or the manifest that lists it."""
    stated = b"".join(pieces(bundle, BLOCKS, BLOCK)).decode("ascii", "replace").splitlines(True)
    if path == BLOCKS:
        others = sorted(set(bundle.sizes) - {BLOCKS, TAGS})
        again = [line for name in others for line in block_lines(bundle, name)]
    else:
        stated = [line for line in stated if line.endswith(f" {path}\n")]
        again = block_lines(bundle, path)
    number = first_difference(again, stated)
    if again == stated:
        where = f"{source}: block {line_at // BLOCK}"
        return where, f"the digest of {path} is not what it was; the file itself is"
    if path == BLOCKS:
        number = first_difference("".join(again), "".join(stated)) // BLOCK
    where = f"{path}: block {number}"
    return where, f"its bytes are not what they were, from {number * BLOCK:,} on at the earliest"


def read(bundle: Bundle, digests: dict[str, str], path: str) -> bytes:
    """The bytes of a small payload file, as they were when their digest was compared."""
    if path not in digests:
        refuse(path, "is missing")
    if bundle.sizes[path] > MOST_JSON_BYTES:
        refuse(path, f"has {bundle.sizes[path]:,} bytes: no such file is so large")
    content = b"".join(pieces(bundle, path, BLOCK))
    if hashlib.sha256(content).hexdigest() != digests[path]:
        refuse(path, "changed while it was being verified")
    return content


def parsed(content: bytes | str, where: str) -> Any:
    """A JSON value. No name may stand twice in an object: two readers would read two things."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            refuse(where, "says one thing twice")
        return dict(pairs)

    try:
        return json.loads(content, object_pairs_hook=once)
    except RecursionError:
        refuse(where, "is nested too deep")
    except ValueError as exc:
        refuse(where, f"is no JSON: {exc}")


# 2. Checkpoints: Ed25519 (RFC 8032, section 5.1), and the notes that are signed with it.

P = 2**255 - 19  # the field
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
ZERO: Point = (0, 1, 1, 0)


def added(p: Point, q: Point) -> Point:
    """The sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, p: Point) -> Point:
    """A point added to itself so many times."""
    total = ZERO
    for bit in bin(factor)[2:]:
        total = added(total, total)
        if bit == "1":
            total = added(total, p)
    return total


def encoded(p: Point) -> bytes:
    """A point as 32 bytes."""
    scale = pow(p[2], -1, P)
    x, y = p[0] * scale % P, p[1] * scale % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decoded(code: bytes) -> Point | None:
    """The point that 32 bytes stand for; None where they stand for none, or are not its one form."""
    number = int.from_bytes(code, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if len(code) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or ZERO


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is by a key, over a message. Keys of small order sign nothing."""
    point = decoded(key)
    factor = int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or factor >= ORDER:
        return False
    if encoded(times(8, point)) == encoded(ZERO):
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    negative = (P - point[0], point[1], point[2], P - point[3])
    found = added(times(factor, BASE), times(int.from_bytes(hashed, "little") % ORDER, negative))
    return encoded(found) == signature[:32]


LOG, WITNESS = 1, 4  # kinds of keys: a log signs the text; a witness the time and the text
Key = tuple[str, int, bytes]  # name, kind, public key


def key_id(key: Key) -> bytes:
    """Four bytes by which a signature says which key made it."""
    return hashlib.sha256(key[0].encode() + b"\n" + bytes([key[1]]) + key[2]).digest()[:4]


def key_of(vkey: str) -> Key:
    """A key from its string, `name+id+key`."""
    name, _, rest = vkey.strip().partition("+")
    code = base64.b64decode(rest[9:], validate=True)
    key = (name, code[0] if code else 0, code[1:])
    if len(code) != 33 or key[1] not in (LOG, WITNESS) or rest[:9] != f"{key_id(key).hex()}+":
        raise ValueError
    return key


class Checkpoint:
    """A log at a size, its signatures checked."""

    def __init__(self, content: bytes, where: str, keys: list[Key]) -> None:
        text, blank, lines = content.decode("utf-8", "replace").rpartition("\n\n")
        text += "\n"
        said = text.split("\n")
        if not blank or len(said) < 4 or not re.fullmatch("[1-9][0-9]{0,17}", said[1]):
            refuse(where, "is no checkpoint")
        self.origin, self.size = said[0], int(said[1])
        self.root = base64.b64decode(said[2], validate=True)
        self.is_signed, self.signers = False, list[str]()
        self.witnesses: set[str] = set()
        known = {(key[0], key_id(key)): key for key in keys}
        for line in lines.removesuffix("\n").split("\n"):
            if not (parts := re.fullmatch("— (\\S+) ([A-Za-z0-9+/]+=*)", line)):
                refuse(where, f"{shown(line[:80])} is no signature")
            code = base64.b64decode(parts[2], validate=True)
            key = known.get((parts[1], code[:4]))
            if key is not None:
                self.check(where, key, text, code[4:])
        if not self.is_signed:
            refuse(where, f"no key that is known signed it for the log {shown(self.origin)}")

    def check(self, where: str, key: Key, text: str, signature: bytes) -> None:
        """Check the signature of a key that is known."""
        said, at_s = f"{key[0]}+{key_id(key).hex()}", 0
        if key[1] == WITNESS:
            at_s, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            text = f"cosignature/v1\ntime {at_s}\n{text}"
        if not is_signed(key[2], text.encode(), signature) or at_s >> 40:
            refuse(where, f"the signature of {shown(key[0])} is not by that key")
        if key[1] == WITNESS:
            self.witnesses.add(said)
            said += time.strftime(" (witness, %Y-%m-%d %H:%M:%S UTC)", time.gmtime(at_s))
        else:
            self.is_signed |= key[0] == self.origin
        self.signers.append(said)


# 3. Entries. A leaf commits to fields; a proof of inclusion leads from the leaf to a checkpoint.


def walked(start: bytes, at: int, last: int, proof: list[str]) -> tuple[bytes, bytes] | None:
    """Where a proof leads from a node: by every sibling, and by those on its left; None if not to a root."""
    value = left = start
    for sibling in map(hash_of, proof):
        if last == 0:
            return None
        if at & 1 or at == last:
            value = hashlib.sha256(b"\1" + sibling + value).digest()
            left = hashlib.sha256(b"\1" + sibling + left).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\1" + value + sibling).digest()
        at, last = at >> 1, last >> 1
    return (value, left) if last == 0 else None


def root_of(leaf: bytes, index: int, size: int, proof: list[str]) -> bytes | None:
    """The root that a proof leads to from a leaf's hash (RFC 9162, 2.1.3.2); None if it does not fit."""
    found = walked(leaf, index, size - 1, proof) if 0 <= index < size else None
    return found and found[0]


def follows(new: Checkpoint, old: Checkpoint, proof: list[str]) -> bool:
    """Whether a log is the older one with entries added (RFC 9162, 2.1.4.2)."""
    at, last, start = old.size - 1, new.size - 1, old.root
    while at & 1:
        at, last = at >> 1, last >> 1
    if at:  # the older tree is no whole one: the proof begins with the last whole part of it
        start, proof = hash_of(proof[0]), proof[1:]
    return walked(start, at, last, proof) == (new.root, old.root)


def committed(salt: str, value: bytes) -> str:
    """The commitment to a value under a salt of 32 bytes: of another length it could eat the value."""
    return hashlib.sha256(hash_of(salt) + value).hexdigest()


def hash_of(code: str) -> bytes:
    """The 32 bytes that 64 digits stand for."""
    content = bytes.fromhex(code)
    if len(code) != 64 or len(content) != 32:
        raise ValueError
    return content


class Entry:
    """One entry of the log: proven, and each of its fields shown or removed by rule."""

    def __init__(self, said: dict[str, Any], where: str, checkpoint: Checkpoint) -> None:
        head = parsed(said["leaf_input"], where)
        self.where, self.sequence, self.kind = where, head["sequence"], head["kind"]
        self.removed: dict[str, str] = said["removed"]
        self.lists: dict[str, list[Any]] = {}
        leaf = hashlib.sha256(b"\0" + said["leaf_input"].encode()).digest()
        if head["form"] != 1 or where != f"data/entries/{self.sequence}.json":
            refuse(where, "is another entry than its name says, or of a later form")
        if root_of(leaf, self.sequence, checkpoint.size, said["proof"]) != checkpoint.root:
            refuse(where, f"is not in the log that the checkpoint at {checkpoint.size} names")
        commitments = head["commitments"]
        for name in sorted({*commitments, *said["fields"], *self.removed}):
            if name not in commitments:
                refuse(where, f"field {shown(name)} was never committed to")
            if (name in said["fields"]) == (name in self.removed):
                refuse(where, f"field {shown(name)} is neither shown nor removed by rule")
        self.fields: dict[str, Any] = {}
        for name, (salt, value) in said["fields"].items():
            if committed(salt, value.encode()) != commitments[name]:
                refuse(where, f"field {shown(name)} or its salt is not what was committed to")
            self.fields[name] = parsed(value, where)

    def listed(self, name: str) -> list[Any]:
        """The values of a list of the payload."""
        found = self.lists.setdefault(name, [])
        while (pointer := f"/payload/{name}/{len(found)}") in self.fields:
            found.append(self.fields[pointer])
        return found


# 4. Rows. A row commits to four groups of columns; its leaf is in the tree of its table.


def values(content: bytes) -> list[Any]:
    """The values of a group of columns from their bytes (row form 1)."""
    found, at = [], 0
    while at < len(content):
        value, at = value_at(content, at)
        found.append(value)
    return found


def value_at(content: bytes, at: int) -> tuple[Any, int]:
    """One value, and where the next one begins."""
    tag, at = content[at], at + 1
    if tag == 0:
        return None, at
    if tag == 1:
        return bool(content[at]), at + 1
    if tag in (2, 3):  # 3: microseconds since 1970, UTC
        return struct.unpack_from(">q", content, at)[0], at + 8
    if tag == 4:
        return struct.unpack_from(">d", content, at)[0], at + 8
    length, at = int.from_bytes(content[at : at + 4], "big"), at + 4
    if tag == 7:
        found = []
        for _ in range(length):
            value, at = value_at(content, at)
            found.append(value)
        return found, at
    if at + length > len(content) or tag not in (5, 6):
        raise ValueError  # no row group holds a struct
    return content[at : at + length].decode("utf-8", "replace"), at + length


class Row:
    """One row of a table: proven, and each group of its columns shown or removed by rule."""

    def __init__(self, said: dict[str, Any], where: str, entries: dict[int, Entry]) -> None:
        table = f"tables/{said['table']}"
        if where != f"data/rows/{said['entry']}-{said['table']}-{said['index']}.json":
            refuse(where, "is another row than its name says")
        batch = entries.get(said["entry"])
        if batch is None or batch.kind != "batch":
            refuse(where, "its batch is not among the entries")
        self.removed: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        digests = b"\0"
        for group in GROUPS:
            if (group in said["groups"]) == (group in said["removed"]):
                refuse(where, f"its {group} columns are neither shown nor removed by rule")
            if group in said["removed"]:
                self.removed[group], code = said["removed"][group]
            else:
                salt, content = said["groups"][group]
                code = committed(salt, bytes.fromhex(content))
                if group == "row":
                    columns = batch.listed(f"{table}/groups/{group}")
                    self.values = dict(zip(columns, values(bytes.fromhex(content)), strict=True))
            digests += hash_of(code)
        size = batch.fields[f"/payload/{table}/rows"]
        found = root_of(hashlib.sha256(digests).digest(), said["index"], size, said["proof"])
        if found != hash_of(batch.fields[f"/payload/{table}/row_root"]):
            refuse(where, "is not among the rows that its batch committed to")


# 5 and 6. Exhibits, contents and numbers: what all of it is for.


class Verified:
    """A bundle, checked from the bag to the numbers."""

    def __init__(self, bundle: Bundle, keys: list[Key], witnesses: int) -> None:
        self.bundle, self.digests = bundle, check_bag(bundle)
        self.about = self.json("data/bundle.json")
        if self.about["form"] != FORM:
            refuse("data/bundle.json", f"is not of form {FORM}: use the verifier of its time")
        known = keys or [key_of(line) for line in self.text("data/keys.txt").splitlines()]
        self.checkpoints: dict[str, Checkpoint] = {}
        for path in self.under("data/checkpoints/"):
            self.within(path, self.checkpoint, known)
        if not self.checkpoints:
            refuse("data/checkpoints/", "holds no checkpoint: nothing could be proven")
        self.within("data/consistency/", self.one_history)
        if any(len(each.witnesses) < witnesses for each in self.checkpoints.values()):
            refuse("data/checkpoints/", f"fewer than {witnesses} known witnesses cosigned one")
        self.entries: dict[int, Entry] = {}
        for path in self.under("data/entries/"):
            self.within(path, self.entry)
        self.rows: dict[str, Row] = {}
        for path in self.under("data/rows/"):
            self.within(path, self.row)
        self.within("data/bundle.json", self.exhibits)
        self.within("data/bundle.json", self.contents)
        self.within("data/numbers.json", self.numbers)
        self.lines = list(self.told())

    def within(self, path: str, check: Any, *more: Any) -> None:
        """Run a check on a file; whatever it trips over is a fault of that file."""
        try:
            check(path, *more)
        except TRIPPED as exc:
            refuse(path, f"has not the form that it should have ({exc!r:.80})")

    def under(self, folder: str) -> list[str]:
        """Payload files in a folder, in order."""
        return [path for path in self.digests if path.startswith(folder)]

    def text(self, path: str) -> str:
        """A payload file as text."""
        return read(self.bundle, self.digests, path).decode("utf-8", "replace")

    def json(self, path: str) -> Any:
        """A payload file as JSON."""
        return parsed(read(self.bundle, self.digests, path), path)

    def checkpoint(self, path: str, keys: list[Key]) -> None:
        """Check a signed checkpoint."""
        found = Checkpoint(read(self.bundle, self.digests, path), path, keys)
        self.checkpoints[path.rpartition("/")[2]] = found
        if len({each.origin for each in self.checkpoints.values()}) > 1:
            refuse(path, "is of another log than the checkpoint before it")

    def one_history(self, folder: str) -> None:
        """Each checkpoint is the one before it with entries added."""
        ordered = sorted(self.checkpoints.values(), key=lambda each: each.size)
        for old, new in pairwise(ordered):
            path = f"{folder}{old.size}-{new.size}.json"
            if old.size == new.size or not follows(new, old, self.json(path)):
                refuse(path, f"two histories: at {new.size} is signed what does not follow from the "
                       f"root signed at {old.size}; keep both checkpoints as evidence")  # fmt: skip

    def entry(self, path: str) -> None:
        """Check an entry."""
        said = self.json(path)
        found = Entry(said, path, self.checkpoints[said["checkpoint"]])
        self.check_rules(path, found.removed)
        self.entries[found.sequence] = found

    def row(self, path: str) -> None:
        """Check a row."""
        found = Row(self.json(path), path, self.entries)
        self.check_rules(path, found.removed)
        self.rows[path[len("data/rows/") : -len(".json")]] = found

    def check_rules(self, path: str, removed: dict[str, str]) -> None:
        """What was removed was removed by a rule that is told."""
        if unknown := sorted(set(removed.values()) - set(self.about["rules"])):
            refuse(path, f"something was removed by {shown(unknown[0])}, which is no rule here")

    def exhibits(self, where: str) -> None:
        """Exhibits are what entries name; what rows were read from is here, or withheld by rule."""
        withheld = self.about["withheld"]
        self.check_rules(where, withheld)
        named = {str(value) for entry in self.entries.values() for value in entry.fields.values()}
        for path in self.under("data/exhibits/"):
            name = path.rpartition("/")[2]
            if self.digests[path] != name:
                refuse(path, "its bytes are not those of the exhibit that it is named for")
            if name not in named:
                refuse(path, "no entry names this exhibit")
        here = {path.rpartition("/")[2] for path in self.under("data/exhibits/")}
        if lies := sorted(set(withheld) & here | set(withheld) - named):
            refuse(where, f"exhibit {shown(lies[0])} is not withheld: it is here, or is none")
        for ref, row in self.rows.items():
            source = row.values.get("exhibit")
            if source and f"data/exhibits/{source}" not in self.digests and source not in withheld:
                refuse(f"data/rows/{ref}.json", f"the exhibit {source} that it is from is not here")

    def contents(self, where: str) -> None:
        """All that is no proof is what the entry of this bundle commits to."""
        proofs = ("data/entries/", "data/checkpoints/", "data/consistency/")
        told = {path: one for path, one in self.digests.items() if not path.startswith(proofs)}
        lines = "".join(f"{one}  {path}\n" for path, one in told.items())
        found = hashlib.sha256(lines.encode()).hexdigest()
        entry = self.entries.get(self.about["entry"])
        if entry is None or entry.kind != "bundle":
            refuse(where, "no entry of the log says that this bundle was made")
        if entry.fields["/payload/contents"] != found:
            refuse(entry.where, "it commits to other contents: some were changed, added or removed")
        for sequence, each in self.entries.items():
            if each.removed != self.about["entries"].get(str(sequence)):
                refuse(each.where, "shows or removes other fields than when the bundle was made")
        if gone := set(self.about["entries"]) - set(map(str, self.entries)):
            refuse(
                f"data/entries/{min(gone)}.json", "is missing: it was here when the bundle was made"
            )
        if entry.fields["/payload/verifier"] != digest(self.bundle, "verify_bundle.py"):
            refuse("verify_bundle.py", "is not the verifier that this bundle was made with")

    def numbers(self, where: str) -> None:
        """Each number is the sum of its parts, and each part rests on a row or entry that is here."""
        for number in self.json(where):
            name = shown(number["number"])
            if sum(part["adds"] for part in number["parts"]) != number["value"]:
                refuse(where, f"{name}: {number['value']} is not the sum of its parts")
            for part in number["parts"]:
                for each in [each for each in part["rows"] if each not in self.rows]:
                    refuse(where, f"{name}: row {shown(each)}, a part of it, is not here")
                for each in [each for each in part["entries"] if each not in self.entries]:
                    refuse(where, f"{name}: entry {each}, a part of it, is not here")
                if not part["rows"] and not part["entries"]:
                    refuse(where, f"{name}: {shown(part['what'])} rests on nothing")

    def told(self) -> Iterator[str]:
        """What was verified, for people."""
        about = self.about
        yield f"bundle of case {about['case']}, mission {about['mission']}: {about['kind']}, view {about['view']}"
        yield f"{len(self.bundle.sizes):,} files, {sum(self.bundle.sizes.values()):,} bytes: every digest matches the manifests"
        for each in self.checkpoints.values():
            yield f"checkpoint of {each.origin} at {each.size:,} entries, root {each.root.hex()}"
            yield from (f"  signed by {signer}" for signer in each.signers)
        numbers = self.json("data/numbers.json")
        moves = [each["value"] for each in numbers if each["number"] == "moves of the case"]
        if not moves:
            refuse("data/numbers.json", "does not say how many moves the case has")
        yield f"{len(self.entries):,} entries, {len(self.rows):,} rows and {len(self.under('data/exhibits/')):,} exhibits are what was committed to"
        yield f"{len(numbers):,} numbers have their parts here"
        yield f"{moves[0]:,} moves of the case when the log had {about['entry']:,} entries"
        for name, rule in about["rules"].items():
            fields = sum(list(each.removed.values()).count(name) for each in self.entries.values())
            groups = sum(list(each.removed.values()).count(name) for each in self.rows.values())
            files = list(about["withheld"].values()).count(name)
            if fields or groups or files:
                yield f"removed by rule {name}: {fields:,} fields, {groups:,} groups of columns, {files:,} exhibits"
                yield f"  because: {rule['why']}"


def verified(path: Path, keys: list[Key], witnesses: int) -> Verified:
    """A bundle from its folder or zip."""
    try:
        return Verified(Folder(path) if path.is_dir() else Zip(path), keys, witnesses)
    except TRIPPED as exc:
        refuse(path.name, f"has not the form that a bundle should have ({exc!r:.80})")


def main(words: list[str] | None = None) -> int:
    """Verify, say what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description="Verify a bundle of a Truceline record.")
    parser.add_argument("bundle", type=Path)
    told = "a public key, NAME+ID+KEY, that you had from elsewhere; repeat for more"
    parser.add_argument("--key", action="append", default=[], help=told)
    told = "how many known witnesses must have cosigned each checkpoint"
    parser.add_argument("--witnesses", type=int, default=0, help=told)
    chosen = parser.parse_args(words)
    try:
        keys = [key_of(vkey) for vkey in chosen.key]
    except ValueError:
        parser.error("a --key is not NAME+ID+KEY of a log or a witness: copy the whole line")
    say = sys.stdout.write
    try:
        lines = verified(chosen.bundle, keys, chosen.witnesses).lines
    except RefusedError as exc:
        say(f"{exc}\nIT DOES NOT VERIFY: keep it as it is, and ask its sender for another copy\n")
        return 1
    except OSError as exc:
        sys.stderr.write(f"{shown(chosen.bundle)}: cannot be read: {exc.strerror}\n")
        return 2
    say("".join(f"{shown(line)}\n" for line in lines))
    if not keys:
        say(
            "note: the bundle itself names these keys; give those you have from elsewhere by --key\n"
        )
    say("it verifies\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
