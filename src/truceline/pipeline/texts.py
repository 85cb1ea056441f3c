"""The text of the agreement as the mission had it before it: every wording of it is kept in the record."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from truceline.agreement.load import find, versions
from truceline.model.errors import AgreementError
from truceline.pipeline.mission import Mission
from truceline.record.entry import iso
from truceline.record.store import Record

KIND = "agreement"
"""The kind of entry that a wording of the agreement is in the record."""

ACTOR = "truceline ingest"
_MAP = re.compile(r"[\w.-]+\.geojson")


def keep_text(
    mission: Mission, record: Record, *, now: datetime, entropy: Callable[[int], bytes]
) -> bool:
    """Enter the files of the agreement, and its versions, where the record does not hold them so.

    Each version has its valid time, from when it is the text, and the entry its known time: when
    this wording first lay before the mission. Whether an entry was made.

    Parameters
    ----------
    mission, record
        Which agreement, and where it goes.
    now
        The instant of receipt.
    entropy
        Gives that many random bytes, for the salts.
    """
    own = mission.folder / mission.agreement
    named = own if own.exists() else mission.agreement
    try:
        told = versions(named)
        files = _files(find(named))
    except AgreementError:
        return False  # material is received all the same; a run says what is wrong with the text
    digest = digest_of(files)
    known = [entry.payload["digest"] for entry in record.entries(kind=KIND)]
    if known[-1:] == [digest]:
        return False
    record.append(
        KIND,
        {
            "agreement": mission.agreement,
            "digest": digest,
            "files": files,
            "versions": [
                {"version": each.name, "title": each.title, "from": iso(each.began)}
                for each in told
            ],
        },
        known_at=now,
        recorded_at=now,
        actor=ACTOR,
        entropy=entropy,
    )
    return True


def digest_of(files: dict[str, str]) -> str:
    """SHA-256 over the names and texts of the files, in the order of names.

    Examples
    --------
    >>> digest_of({"agreement.yaml": "agreement: a"})[:12]
    '7fabc32c6417'
    """
    hasher = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.hexdigest()


def _files(path: Path) -> dict[str, str]:
    """The text, and every map beside it that it names."""
    text = path.read_text(encoding="utf-8-sig")
    maps = sorted(set(_MAP.findall(text)))
    beside = {name: path.with_name(name) for name in maps if path.with_name(name).is_file()}
    return {path.name: text} | {n: p.read_text(encoding="utf-8") for n, p in beside.items()}
