"""Signed heads against the log: the record's own checkpoints, and those that others were given.

A record whose keeper computed every hash anew is sound in itself. A checkpoint that somebody else
kept shows it: the entries that it was signed over are no longer these, or are not all here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.model.wording import counted
from truceline.record import keys
from truceline.record.checkpoint import Opened, opened
from truceline.record.log import Log
from truceline.record.note import Kind, Verifier
from truceline.record.panel import Listed, listed
from truceline.record.refusals import Refused, kept
from truceline.record.signing import Heads, root_of
from truceline.record.tiles import EMPTY, Tile, chunked, grown, open_tiles
from truceline.record.verify import Fault

_TWO = (
    "keep this copy and that checkpoint: together they prove what was done; bring the record back "
    "from a copy that leads to it"
)
_ASK = "ask it for the checkpoint that it keeps, and compare that with --checkpoint"
_NO_NOTE = (
    "compare a checkpoint as it was signed: the keeper's lie under `checkpoints/` of the record, a "
    "witness's under its `seen/`"
)
_UNKNOWN = "ask the log's keeper for its public key and give it with --key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """That a witness cosigned the record's own checkpoint at a size."""

    size: int
    who: str
    key: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What became of every signed head: `compared` of them, whose witnesses, and what is wrong.

    `unheard` are witnesses that are listed and cosigned nothing; `refused` tells who holds another history.
    """

    compared: int
    keys: tuple[str, ...]
    cosigned: tuple[Cosigned, ...]
    unheard: tuple[str, ...]
    refused: tuple[Refused, ...]
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]

    def lines(self) -> list[str]:
        """What was found, for people."""
        if not (self.compared or self.faults):
            return ["no checkpoint was signed yet: a keeper could still rewrite all of it unseen"]
        heads = counted(self.compared, "checkpoint", "checkpoints")
        lines = [f"{heads} compared, signed by {', '.join(self.keys) or 'nobody'}"]
        for who in dict.fromkeys(each.who for each in self.cosigned):
            mine = [each for each in self.cosigned if each.who == who]
            sizes = ", ".join(f"{each.size:,}" for each in mine[-5:])
            more = f"{len(mine) - 5:,} smaller ones and " if len(mine) > 5 else ""
            lines.append(f"witness {who} cosigned at {more}{sizes} entries, last on {mine[-1].at}")
        lines += [f"witness {who} has cosigned nothing yet" for who in self.unheard]
        lines += [self._refusal(each) for each in self.refused]
        lines += [f"note: {notice}" for notice in self.notices]
        if self.faults:
            lines.append(f"{counted(len(self.faults), 'fault', 'faults')} in signed heads:")
        return lines + [f"{each.where}: {each.what}; {each.advice}" for each in self.faults]

    def _refusal(self, refused: Refused) -> str:
        since = [c.size for c in self.cosigned if c.who == refused.who and c.size > refused.size]
        later = f"; it has cosigned at {max(since):,} since" if since else ""
        return (
            f"witness {refused.who} refused the checkpoint at {refused.size:,} entries on "
            f"{refused.at}{later}: {refused.why}; {_ASK}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    where: str
    found: Opened
    is_own: bool


def audit(
    log: Log,
    folder: Path,
    others: Mapping[str, bytes] | None = None,
    trusted: Collection[Verifier] = (),
) -> Audit:
    """Compare every signed head with the entries.

    Parameters
    ----------
    log, folder
        The record: its entries, and where its checkpoints and tiles are.
    others
        Checkpoints that others were given: a name for messages, and the note.
    trusted
        Public keys that the reader had by another way. Those of logs take the place of what the
        record says of itself.
    """
    given = [key for key in trusted if key.kind is Kind.LOG]
    logs = given or keys.public(folder)
    panel = _panel(listed(folder), trusted)
    heads = Heads(folder=folder)
    faults: list[Fault] = []
    found = [
        *_opened(
            {str(size): heads.note(size) for size in heads.sizes()}, logs, panel, faults, folder
        ),
        *_opened(others or {}, logs, panel, faults, None),
    ]
    size = log.last()[0]
    faults += [fault for head in found for fault in _gone(head, size)]
    notices = [] if given or not logs else [_UNSURE]
    whole = sorted({head.found.checkpoint.size for head in found} & set(range(size + 1)))
    roots = dict(_roots(log, heads, whole, notices))
    faults += [fault for head in found for fault in _other(head, roots)]
    cosigned = _cosigned(found, panel)
    return Audit(
        compared=len(found),
        keys=tuple(sorted({key.vkey for key in logs})),
        cosigned=cosigned,
        unheard=tuple(each.who for each in panel if each.who not in {c.who for c in cosigned}),
        refused=tuple(kept(folder, notices)),
        faults=tuple(faults),
        notices=tuple(notices),
    )


_UNSURE = (
    "the log's public key is the one that this record tells of itself; compare it with the one that "
    "you were given, or give that with --key"
)


def _panel(known: Sequence[Listed], trusted: Collection[Verifier]) -> list[Listed]:
    keys_known = {each.key for each in known}
    more = [key for key in trusted if key.kind is Kind.WITNESS and key not in keys_known]
    return [*known, *(Listed(who=key.name, key=key) for key in more)]


def _opened(
    held: Mapping[str, bytes],
    logs: Sequence[Verifier],
    panel: Sequence[Listed],
    faults: list[Fault],
    folder: Path | None,
) -> Iterator[_Head]:
    """Checkpoints whose signatures hold; those of the record itself are named by their size."""
    for name, content in held.items():
        where = name if folder is None else f"checkpoint {name}"
        try:
            found = opened(content, logs, [each.key for each in panel])
            if folder is not None and found.checkpoint.size != int(name):
                msg = f"it is of {found.checkpoint.size:,} entries: it was moved or swapped"
                raise IntegrityError(msg)
        except InputError as exc:
            faults.append(Fault(where=where, what=str(exc), advice=_NO_NOTE))
        except (IntegrityError, RecordError) as exc:
            faults.append(Fault(where=where, what=str(exc), advice=_UNKNOWN))
        else:
            yield _Head(where=where, found=found, is_own=folder is not None)


def _gone(head: _Head, size: int) -> Iterator[Fault]:
    signed = head.found.checkpoint.size
    if signed > size:
        what = (
            f"the log had {signed:,} entries when this was signed, and has {size:,} here: entries are "
            "gone, or are kept from this reader"
        )
        yield Fault(where=head.where, what=what, advice=_TWO)


def _other(head: _Head, roots: Mapping[int, bytes]) -> Iterator[Fault]:
    checkpoint = head.found.checkpoint
    here = roots.get(checkpoint.size, checkpoint.root)
    if here != checkpoint.root:
        whose = "this record signed" if head.is_own else "the same key signed for somebody else"
        what = (
            f"two histories: {whose} root {checkpoint.root.hex()[:16]} at {checkpoint.size:,} "
            f"entries, and the entries here lead to {here.hex()[:16]}: one of them was edited, "
            "dropped, moved, added or back-dated"
        )
        yield Fault(where=head.where, what=what, advice=_TWO)


def _roots(
    log: Log, heads: Heads, sizes: Sequence[int], notices: list[str]
) -> Iterator[tuple[int, bytes]]:
    """Root of the log at each size, from its entries; tiles that say something else are noted."""
    leaves = log.leaf_hashes()
    edge = EMPTY
    kept = heads.sizes()
    for size in sizes:
        for chunk in chunked(islice(leaves, size - edge.size)):
            edge, full = grown(edge, chunk)
            if kept and edge.size <= kept[-1]:
                notices.extend(_damaged(heads, full))
        if kept and size == kept[-1]:
            notices.extend(_damaged(heads, open_tiles(edge)))
        yield size, root_of(edge)


def _damaged(heads: Heads, tiles: Sequence[Tile]) -> Iterator[str]:
    for tile in tiles:
        width = tile.hashes.shape[0]
        try:
            held = heads.read(tile.level, tile.index, width).tobytes()
        except RecordError:
            held = b""
        if held != tile.hashes.tobytes():
            yield (
                f"tile {tile.index} of level {tile.level} is missing or damaged, and no proof over it "
                "can be made; `truceline record tiles MISSION --again` makes it anew"
            )


def _cosigned(found: Sequence[_Head], panel: Sequence[Listed]) -> tuple[Cosigned, ...]:
    names = {each.key.vkey: each.who for each in panel}
    return tuple(
        Cosigned(
            size=head.found.checkpoint.size,
            who=names[each.vkey],
            key=each.vkey,
            at=each.at,
        )
        for head in found
        if head.is_own
        for each in head.found.cosigners
    )
