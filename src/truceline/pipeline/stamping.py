"""Asking an authority for a time stamp; where it does not answer, the log goes on without."""

import http.client
import secrets
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from truceline.model.errors import SettingsError, SourceError
from truceline.pipeline import mission as missions
from truceline.pipeline.keeping import writing
from truceline.pipeline.mission import Mission
from truceline.record import note, stamps
from truceline.record.store import Record

LONGEST_S = 20.0  # an authority that takes longer is taken as absent
MOST_BYTES = 1 << 20  # of an answer; a real one has some thousand


def stamp(folder: Path) -> stamps.Stamp:
    """Have the latest checkpoint, or the head where there is none, stamped by the authority.

    The record is locked only while the answer is entered, never while the authority is waited for.

    Parameters
    ----------
    folder
        The mission; its `keeping` names `stamp_authority` and `stamp_roots`.

    Raises
    ------
    SettingsError
        No authority is named, or its root certificate cannot be read.
    SourceError
        It did not answer, or with no stamp over what was asked; nothing was written.
    """
    mission = missions.load(folder)
    authority, roots = _authority(mission)
    with Record.open(mission.record_folder, read_only=True) as record:
        statement = _statement(mission, record)
    asked = stamps.request(statement)
    response = _answer(authority, asked.as_bytes())
    found = stamps.answered(response, statement, roots, asked)
    with writing(mission) as record:
        stamps.enter(
            record, statement, response, found, authority=authority, now=datetime.now(UTC),
            entropy=secrets.token_bytes,
        )  # fmt: skip
    return found


def check(folder: Path) -> tuple[stamps.Checked, ...]:
    """Every stamp of the record, checked without a network.

    Raises
    ------
    SettingsError
        The mission names no root certificate, or it cannot be read.
    """
    mission = missions.load(folder)
    _, roots = _authority(mission)
    with Record.open(mission.record_folder, read_only=True) as record:
        named = {entry.payload["authority"] for entry in record.entries(kind=stamps.KIND)}
        return stamps.checked(record, dict.fromkeys(named, roots))


def _statement(mission: Mission, record: Record) -> str:
    """The text of the latest checkpoint; later cosignatures under it leave it as it is."""
    folder = mission.record_folder / "checkpoints"
    sizes = [int(path.name) for path in folder.glob("*") if path.name.isdecimal()]
    if not sizes:
        return stamps.statement_of_head(record.head())
    return note.read((folder / str(max(sizes))).read_bytes()).text


def _authority(mission: Mission) -> tuple[str, list[bytes]]:
    path = mission.folder / missions.FILE_NAME
    keeping = mission.keeping
    authority, names = keeping.get("stamp_authority"), keeping.get("stamp_roots", ())
    if not authority or not names:
        msg = (
            f"{path}: no authority is named; write `keeping: {{stamp_authority: https://..., "
            "stamp_roots: [certificates/authority.pem]}`"
        )
        raise SettingsError(msg)
    roots = []
    for name in names:
        try:
            roots.append((mission.folder / name).read_bytes())
        except OSError as exc:
            msg = f"{path}: root certificate {name} cannot be read: {exc.strerror}; put it there"
            raise SettingsError(msg) from exc
    return str(authority), roots


def _answer(authority: str, query: bytes) -> bytes:
    if not authority.startswith(("https://", "http://")):
        msg = f"{authority!r} is no address of an authority; write one that begins with https://"
        raise SettingsError(msg)
    ask = urllib.request.Request(authority, data=query, headers={"Content-Type": stamps.MEDIA_TYPE})
    try:
        with urllib.request.urlopen(ask, timeout=LONGEST_S) as answer:
            content: bytes = answer.read(MOST_BYTES)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as exc:
        why = getattr(exc, "reason", None) or exc
        msg = (
            f"{authority} gave no stamp: {why}; nothing was written, and the log goes on without. "
            "Run the same command again when it can be reached"
        )
        raise SourceError(msg) from exc
    return content
