"""Handing a case over: an RO-Crate in a bag that verifies far from here, logged before it leaves.

What the bundle holds beside proofs is written first; then an entry that commits to it is appended,
the log signed, and the proofs of every entry and row written. So the log vouches for all of it: for
what was computed and counted as for what was recorded.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from truceline.agreement.terms import Agreement
from truceline.cases.case import Case
from truceline.cases.replay import replay
from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.pipeline import mission as missions
from truceline.pipeline.bundled import Held, held
from truceline.pipeline.casework import moves_of, rules_of
from truceline.pipeline.line import agreement_of
from truceline.pipeline.mission import Mission
from truceline.pipeline.publishing import KIND as PUBLICATION
from truceline.pipeline.publishing import payload_of
from truceline.pipeline.reporting import Prepared
from truceline.pipeline.run import open_record
from truceline.pipeline.witnessing import ask, sign_head
from truceline.record import keys
from truceline.record.bagit import VERIFIER, Bag, pack
from truceline.record.batch import KIND as BATCH
from truceline.record.bundle import KIND, PROOFS, Found, entry_file, plain, rows_named, taken_out
from truceline.record.crate import PATH as CRATE
from truceline.record.crate import Described, metadata
from truceline.record.custody import Act, Handling, handled
from truceline.record.entry import Stored, committed, iso
from truceline.record.note import Kind
from truceline.record.panel import listed
from truceline.record.redaction import FORGOTTEN, Rule, chosen, of_exhibits, of_field, rules
from truceline.record.redaction import columns as hidden_columns
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.verifier.verify_bundle import FORM

ACTOR = "truceline bundle"
COMMISSION = "commission"
_TERMS = {
    "whole": "Internal to the mission, at full precision. Nothing in it may leave.",
    "redacted": "Internal to the mission; some of it was taken out by rule. It is no release.",
    "release": "Released: it may be passed on as it is.",
}
README = """# Case {case}

{terms}

To check it, with Python 3.11 and nothing else, without a network:

    python -I -S verify_bundle.py BUNDLE --key KEY

BUNDLE is this folder's parent, or the zip. Take `verify_bundle.py` and KEY, the public key of the log,
from elsewhere than this bundle: whoever changed one could have changed the other.

- `entries/`: what the log says, field by field; what was taken out, by which rule
- `rows/`: rows of tables, proven one by one; `exhibits/`: preserved bytes by their SHA-256
- `checkpoints/`: the signed heads of the log; `consistency/`: that one follows from another
- `computed/`, `numbers.json`: proposals, not rulings
- `agreement/`: the text as it stood; `software.json`: the program that computed
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A bundle that was made, and what it holds."""

    path: Path
    zipped: Path | None
    kind: str
    entries: int
    rows: int
    exhibits: int
    numbers: int
    entry: int
    checkpoint: int
    vkey: str
    verifier: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A bundle that is to be made: what it says of itself, and what it holds."""

    mission: Mission
    agreement: Agreement
    case_id: str
    view: str
    kind: str
    under: tuple[Rule, ...]
    holds: Held
    as_of: datetime
    made_at: datetime
    published: Prepared | None = None  # what a release was made of; internal bundles have none


def bundle(
    folder: Path,
    case_id: str,
    *,
    out: Path | None = None,
    redact: Sequence[str] = (),
    is_zipped: bool = False,
    announce: Callable[[str], None] = lambda _: None,
) -> Handed:
    """Write the bundle of a case for the commission: whole, or with something taken out by rule.

    Parameters
    ----------
    folder
        The mission.
    case_id
        Which case.
    out
        Where the bundle goes; `MISSION/bundles/CASE` where None. Nothing may stand there.
    redact
        Rules by which fields, columns and exhibits are taken out; whatever is left is internal still.
    is_zipped
        Pack it as one file as well.
    announce
        Called with the name of each step as it begins.

    Raises
    ------
    InputError
        There is no such case or rule, or no run whose findings it could hold.
    RecordError
        The record has no key to sign with, or something cannot be read or written.
    """
    mission = missions.load(folder)
    agreement = agreement_of(mission)
    under = chosen(redact)
    with open_record(mission) as record:
        moves = moves_of(record)
        docket = replay(moves, rules_of(mission, agreement))
        case = docket.cases.get(case_id)
        if case is None:
            raise InputError(no_case(folder, case_id, docket.cases))
        now = datetime.now(UTC)
        order = Order(
            mission=mission, agreement=agreement, case_id=case_id, view=COMMISSION,
            kind="redacted" if under else "whole", under=under, as_of=latest(record, now),
            holds=held(mission, agreement, docket, case, moves, hidden_columns(under)),
            made_at=now,
        )  # fmt: skip
        target = out or folder / "bundles" / case_id
        return hand_over(record, order, target, is_zipped=is_zipped, announce=announce)


def hand_over(
    record: Record,
    order: Order,
    target: Path,
    *,
    is_zipped: bool,
    announce: Callable[[str], None],
) -> Handed:
    """Write a bundle as ordered, from a record that is open for writing.

    Raises
    ------
    RecordError
        The record has no key to sign with, or something cannot be read or written.
    """
    _check_key(record, order)
    announce("finding the rows")
    log, exhibits = record.parts
    found = rows_named(log, exhibits, order.holds.ids)
    with Bag(target) as bag:
        announce("writing what the bundle holds")
        for path, content in order.holds.files.items():
            bag.add(path, content)
        withheld = _exhibits(record, order, bag, found)
        _say(record, order, bag, found, withheld)
        announce("signing")
        _publish(record, order, bag)
        entry = _enter(record, order, bag)
        head = sign_head(record)
        asked = None if head is None else ask(record.folder, head)
        announce("writing proofs")
        sequences = _sequences(record, order, found)
        size = _prove(record, order, bag, sequences, entry)
        info = {
            "Bag-Software-Agent": "truceline",
            "Bagging-Date": order.made_at.date().isoformat(),
            "External-Description": _TERMS[order.kind],
        }
        bag.finish(info, verifier())
    zipped = None
    if is_zipped:
        zipped = target.with_name(f"{target.name}.zip")
        pack(target, zipped)
    return Handed(
        path=target, zipped=zipped, kind=order.kind, entries=len(sequences) + 1,
        rows=len(found), exhibits=sum(path.startswith("data/exhibits/") for path in bag.sizes),
        numbers=len(order.holds.numbers), entry=entry, checkpoint=size,
        vkey=keys.public(record.folder)[-1].vkey, verifier=sha256(verifier()).hexdigest(),
        notes=asked.notes() if asked else (),
    )  # fmt: skip


def verifier() -> bytes:
    """The program that checks a bundle."""
    return (files("truceline.record.verifier") / VERIFIER).read_bytes()


def latest(record: Record, now: datetime) -> datetime:
    """When any evidence last became known, or now."""
    return max((each.known_until for each in record.entries(kind=BATCH)), default=now)


def no_case(folder: Path, case_id: str, cases: Mapping[str, Case]) -> str:
    """What to say where there is no such case."""
    known = ", ".join(sorted(cases)) or "none"
    return f"there is no case {case_id!r} in {folder}; cases are: {known}"


def _check_key(record: Record, order: Order) -> None:
    if keys.load(record.folder, Kind.LOG) is None:
        where = order.mission.folder
        msg = (
            f"{record.folder}: this record has no key, so nobody could check what leaves it; "
            f"`truceline record checkpoint {where} --new-key` makes one"
        )
        raise RecordError(msg)


def _exhibits(record: Record, order: Order, bag: Bag, found: Sequence[Found]) -> dict[str, str]:
    """Write the exhibits that rows were read from and lie in, entered as exported; or withhold them."""
    digests = set()
    for batch in {id(each.batch): each.batch for each in found}.values():
        rows = [each.index for each in found if each.batch is batch]
        digests |= batch.exhibits(rows)
    rule = of_exhibits(order.under)
    if rule:
        return {} if order.kind == "release" else dict.fromkeys(sorted(digests), rule)
    if digests:
        going = Handling(
            act=Act.EXPORTED, exhibits=tuple(sorted(digests)), by=ACTOR, how="bundle",
            to=bag.folder.name, why=f"case {order.case_id}",
        )  # fmt: skip
        handled(record, going, now=order.made_at, entropy=secrets.token_bytes)
    _, exhibits = record.parts
    for digest in sorted(digests):
        with exhibits.opened(digest) as source:
            if bag.add(f"data/exhibits/{digest}", source) != digest:
                msg = (
                    f"{exhibits.where(digest)}: its bytes are not those that were recorded, and no bundle "
                    "was made; bring it back from a copy: any file with that SHA-256 will do"
                )
                raise IntegrityError(msg)
    return {}


def _say(
    record: Record, order: Order, bag: Bag, found: Sequence[Found], withheld: Mapping[str, str]
) -> None:
    """Write what the bundle says of itself, its numbers, and its description."""
    refs: dict[str, list[str]] = {}
    for each in found:
        refs.setdefault(each.identifier, []).append(each.ref)
    bag.add("data/numbers.json", plain([one.plain(refs) for one in order.holds.numbers]))
    known = keys.public(record.folder) + [each.key for each in listed(record.folder)]
    bag.add("data/keys.txt", "".join(f"{key.vkey}\n" for key in known).encode())
    bag.add("data/README.md", README.format(case=order.case_id, terms=_TERMS[order.kind]).encode())
    for each in found:
        bag.add(*each.batch.row_file(each.index, order.under))
    told = {
        "form": FORM,
        "kind": order.kind,
        "view": order.view,
        "mission": order.mission.mission_id,
        "case": order.case_id,
        "as_of": iso(order.as_of),
        "made_at": iso(order.made_at),
        "agreement": [order.agreement.agreement_id, order.agreement.version],
        "entry": _own(record, order),
        "entries": _shown(record, order, found),
        "rules": {rule.name: {"why": rule.why} for rule in (*order.under, rules()[FORGOTTEN])},
        "withheld": withheld,
    }
    bag.add("data/bundle.json", plain(told))
    described = Described(
        name=f"Case {order.case_id} of mission {order.mission.mission_id}",
        description=f"Evidence, entries, proofs and findings. {_TERMS[order.kind]}",
        made_at=order.made_at,
        terms=_TERMS[order.kind],
        agreement=(order.agreement.agreement_id, order.agreement.version),
        software=("truceline", version("truceline")),
    )
    sequences = {*_sequences(record, order, found), _own(record, order)}
    entries = [f"data/entries/{each}.json" for each in sorted(sequences)]
    bag.add(CRATE, metadata([*bag.sizes, *entries], order.holds.names, described))


def _sequences(record: Record, order: Order, found: Sequence[Found]) -> set[int]:
    """Entries that a bundle holds, but the one that is about itself: the text in force among them."""
    texts = [each.sequence for each in record.entries(kind="agreement")][-1:]
    return {0, *texts, *order.holds.moves, *(each.batch.sequence for each in found)}


def _own(record: Record, order: Order) -> int:
    """The number that the entry of the bundle itself will have: a release is published before it."""
    return record.head().size + (order.published is not None)


def _shown(record: Record, order: Order, found: Sequence[Found]) -> dict[str, dict[str, str]]:
    """Of each entry that the bundle holds, its fields that are taken out, and by which rule.

    The log vouches for it: whoever passes the bundle on takes out no more, and leaves out no entry.
    """
    log, _ = record.parts
    own = committed(ACTOR, "", _payload(order, ""))
    hidden = {pointer: of_field(order.under, KIND, pointer) for pointer, _ in own}
    entries = {
        str(each): taken_out(log, _stored(record, each), order.under)
        for each in sorted(_sequences(record, order, found))
    }
    return {**entries, str(_own(record, order)): {k: v for k, v in hidden.items() if v}}


def _publish(record: Record, order: Order, bag: Bag) -> None:
    """Log that a release leaves, before it does: for whom, under which rules, with which contents."""
    if order.published is None:
        return
    ready = order.published
    what = {"kind": "case", "case": order.case_id}
    said = {
        **payload_of(ready.made, ready.known, what, {}),
        "documents": {order.case_id: bag.contents(PROOFS)},
        "counts": [],
        "office": ready.by.office,
        "body": ready.by.body,
    }
    record.append(
        PUBLICATION, said, known_at=order.made_at, recorded_at=order.made_at,
        actor=ready.by.office or ACTOR, entropy=secrets.token_bytes,
    )  # fmt: skip


def _enter(record: Record, order: Order, bag: Bag) -> int:
    """Append the entry that commits to all that was written so far."""
    entry = record.append(
        KIND, _payload(order, bag.contents(PROOFS)), known_at=order.made_at, recorded_at=order.made_at, actor=ACTOR,
        entropy=secrets.token_bytes,
    )  # fmt: skip
    return entry.sequence


def _payload(order: Order, contents: str) -> dict[str, Any]:
    return {
        "case": order.case_id,
        "contents": contents,
        "kind": order.kind,
        "rules": [rule.name for rule in order.under],
        "verifier": sha256(verifier()).hexdigest(),
        "view": order.view,
    }


def _prove(record: Record, order: Order, bag: Bag, sequences: set[int], entry: int) -> int:
    """Write every entry with its proof, and the checkpoints; the size of the newest of them."""
    heads = Heads(folder=record.folder)
    newest = heads.sizes()[-1]
    tree = heads.tree(newest)
    witnesses = [each.key for each in listed(record.folder)]
    settled = heads.most_cosigned(max(sequences), witnesses) or newest
    log, _ = record.parts
    for sequence in sorted({*sequences, entry}):
        size = newest if sequence == entry else settled
        proof = tree.inclusion(sequence, size)
        bag.add(*entry_file(log, _stored(record, sequence), order.under, proof, size))
    for size in sorted({newest, settled}):
        bag.add(f"data/checkpoints/{size}", heads.note(size))
    if settled != newest:
        path = f"data/consistency/{settled}-{newest}.json"
        bag.add(path, plain([each.hex() for each in tree.consistency(settled, newest)]))
    return newest


def _stored(record: Record, sequence: int) -> Stored:
    log, _ = record.parts
    return next(islice(log.stored(from_sequence=sequence), 1))
