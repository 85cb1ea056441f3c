"""What a release calls things: digests keyed with the mission's secret, never the record's own ids.

An id of the line is a digest of evidence without a secret. Who knows most of a report could try
every place of a cell until the digest fits, and so find the place that the cell hides. A digest
keyed with 32 bytes that never leave the record (BLAKE2b, RFC 7693) can be tried by nobody else.
Within one record a thing keeps its name from release to release, for the public and both sides.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from truceline.model.errors import PublicationError
from truceline.reports.contract import Limb, Release
from truceline.reports.document import plain
from truceline.tables import schemas

KEY_BYTES = 32
DIGEST_BYTES = 8
SHORTEST = 10  # letters of an id in print: its kind and eight digits, one of four billion
_ID = re.compile(r"\b([iafrhco])-[0-9a-f]{16}(?:-\d+)?\b")
_KINDS = {
    "rows": {"act_id": "a", "incident_id": "i"},
    "previous_rows": {"act_id": "a", "incident_id": "i"},
    "accusations": {"finding_id": "f", "subject_id": ""},
    "duties": {"finding_id": "f", "subject_id": "o"},
    "kept_out": {"finding_id": "f", "subject_id": ""},
    "outcomes": {"act_id": "a"},
    "answers": {"act_id": "a"},
    "cases": {"case_id": "c", "release": "p"},
    "claims": {"claim_id": "c", "part_of": "c"},
    "remedies": {"remedy_id": "r"},
}
_TEXTS = {"outcomes": ("because",), "remedies": ("finding_ids", "why", "why_not_next", "ends_when")}
_ORDER = ("legal_day", "began", "ended", "act_id")
_BY_ID = ("act_id", "clause_id", "reading", "party", "answers_for")


def release_id(identifier: str, key: bytes, kind: str = "") -> str:
    """The name of a thing in a release.

    Parameters
    ----------
    identifier
        As the run's tables write it.
    key
        Secret of the mission, up to 64 bytes.
    kind
        Its first letter; taken from the id where empty, and `h` where that is no id of the line.

    Examples
    --------
    >>> release_id("i-0011223344556677", b"a secret of the mission")
    'i-7d1b86bef4b74638'
    """
    if not kind:
        kind = identifier[0] if _ID.fullmatch(identifier) else "h"
    told = hashlib.blake2b(identifier.encode(), key=key, digest_size=DIGEST_BYTES)
    return f"{kind}-{told.hexdigest()}"


def renamed(release: Release, key: bytes) -> Release:
    """The release with every id replaced; the commission's own copy as it is.

    Raises
    ------
    PublicationError
        There is no secret to name things by.
    """
    if not release.view.is_release:
        return release
    if not key:
        msg = (
            f"view {release.view}: the dossier has no release_key; give it {KEY_BYTES} random bytes "
            "that stay with the mission, or ids would tell what they are digests of"
        )
        raise PublicationError(msg)
    tables = {
        name: _table(getattr(release, name), kinds, _TEXTS.get(name, ()), key)
        for name, kinds in _KINDS.items()
    }
    for name in ("rows", "previous_rows"):  # the order of equal times told the order of true ids
        tables[name] = tables[name].sort_by([(column, "ascending") for column in _ORDER])
    tables["answers"] = tables["answers"].sort_by([(column, "ascending") for column in _BY_ID])
    limbs = tuple(_limb(limb, key) for limb in release.limbs)
    digest = keyed(release.evidence_digest, key)
    return replace(release, **tables, limbs=limbs, evidence_digest=digest)


def keyed(digest: str, key: bytes) -> str:
    """A digest of evidence as a release prints it.

    Bare, it could be tried: who knows all of the evidence but one place would find the place. Those
    who hold the mission's secret can work it out again.
    """
    return hashlib.blake2b(digest.encode(), key=key, digest_size=32).hexdigest()


def short(identifiers: Sequence[str]) -> dict[str, str]:
    """The first letters of each id: as few as tell it from the others, and ten at least.

    Examples
    --------
    >>> sorted(short(["a-0011223344556677", "a-0011223399999999"]).values())
    ['a-001122334', 'a-001122339']
    """
    found = {}
    order = sorted({plain(each) for each in identifiers})
    for number, own in enumerate(order):
        beside = (order[n] for n in (number - 1, number + 1) if 0 <= n < len(order))
        length = max([SHORTEST, *(_shared(own, other) + 1 for other in beside)])
        found[own] = own[:length]
    return found


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _table(table: pa.Table, kinds: dict[str, str], texts: tuple[str, ...], key: bytes) -> pa.Table:
    columns = {name: table[name] for name in table.column_names}
    for name, kind in kinds.items():
        columns[name] = [
            None if each is None else release_id(each, key, kind)
            for each in table[name].to_pylist()
        ]
    for name in texts:
        columns[name] = [_text(each, key) for each in table[name].to_pylist()]
    return schemas.from_columns(table.schema, columns, table.num_rows)


def _text(text: str | None, key: bytes) -> str | None:
    return None if text is None else _ID.sub(lambda found: release_id(found[0], key), text)


def _limb(limb: Limb, key: bytes) -> Limb:
    def said(sentences: Iterable[str]) -> tuple[str, ...]:
        return tuple(_text(each, key) or "" for each in sentences)

    return replace(
        limb,
        in_favour=said(limb.in_favour),
        against=said(limb.against),
        missing=said(limb.missing),
    )
