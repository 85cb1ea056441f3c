"""Publication as an act: who may, what is logged, and that nothing leaves before it is logged."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from truceline.agreement.mandate import withheld
from truceline.cases.contract import Role, Rules
from truceline.cases.docket import Docket
from truceline.cases.granting import is_granted
from truceline.cases.replay import replay
from truceline.model.errors import PublicationError, RecordError
from truceline.pipeline.casework import moves_of, rules_of
from truceline.pipeline.enclosures import ACTOR
from truceline.pipeline.line import Known, agreement_of
from truceline.pipeline.mission import Mission
from truceline.record.store import Record
from truceline.reports import rules as publication
from truceline.reports.contract import Release, View
from truceline.reports.rules import PublicationRules

KIND = "publication"
"""The kind of entry that a publication is in the record."""

ACT = "publish"
"""The right that it takes, as a mandate names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The office that publishes, and its body; both empty where a mission has filled no office."""

    office: str = ""
    body: str = ""


def rules_for(mission: Mission, view: View) -> PublicationRules:
    """The rules that a view stands under: the file's, tightened by the agreement, then the mission.

    Raises
    ------
    PublicationError
        One of them would loosen what stood before.
    """
    agreement = agreement_of(mission)
    return publication.rules_of(
        view.kind,
        (f"agreement {agreement.agreement_id}", agreement.publication),
        (f"mission {mission.mission_id}", mission.publication),
        delay_h=mission.publication_delay_h,
    )


def check_right(mission: Mission, view: View) -> None:
    """The text does not keep publication from everybody.

    Raises
    ------
    PublicationError
        It does, and the view is the public's.
    """
    why = withheld(agreement_of(mission), ACT)
    if why and str(view) == "public":
        msg = (
            f"publication is {why}; release to `party:ID`, or read `commission`, which is internal"
        )
        raise PublicationError(msg)


def publisher(mission: Mission, record: Record, view: View, office: str, at: datetime) -> Publisher:
    """Who publishes. Once offices are filled, a publisher alone does, and says which it is.

    Parameters
    ----------
    mission
        As it stands: its own text grants the right, whichever version a report judges by.
    office
        As typed; empty where none was.
    at
        When it is done.

    Raises
    ------
    PublicationError
        The office is none, is not held, or has no right to publish.
    """
    rules = rules_of(mission, agreement_of(mission))
    docket = replay(moves_of(record), rules)
    if why := docket.standing.why_not(ACT, at):
        msg = f"view {view}: nobody may {ACT}: {why}; read `commission`, which is internal"
        raise PublicationError(msg)
    if not office and not docket.offices:
        return Publisher()
    held = _publishers(docket, rules.at(at), at)
    if office in held:
        return Publisher(office=office, body=docket.offices[office].body)
    able = ", ".join(sorted(held)) or "none: the registrar appoints one with the move `appoint`"
    why = (
        f"`{office}` holds no right to publish" if office else "nobody said which office publishes"
    )
    msg = f"view {view}: {why}; say it with --as OFFICE; offices that may: {able}"
    raise PublicationError(msg)


def _publishers(docket: Docket, rules: Rules, at: datetime) -> frozenset[str]:
    """Offices of publishers that are held, and whose body the text in force lets publish."""
    return frozenset(
        name
        for name, each in docket.offices.items()
        if each.role is Role.PUBLISHER and each.is_held(at)
        if is_granted(rules, each.role, each.body)
    )


def payload_of(
    made: Release, known: Known, what: Mapping[str, Any], documents: Mapping[Path, bytes]
) -> dict[str, Any]:
    """What the entry of a publication says.

    Parameters
    ----------
    made
        What was released.
    known
        What it was computed from.
    what
        Of which kind, and of what: `kind` is `report` or `case`.
    documents
        Each file and its bytes.
    """
    agreement = made.agreement
    return {
        "view": str(made.view),
        "what": dict(what),
        "as_of": made.as_of.isoformat(),
        "released_through": made.released_through.isoformat(),
        "counted_at": known.record_head,
        "record_size": known.record_size,
        "evidence_digest": known.evidence_digest,
        "agreement": {"id": agreement.agreement_id, "version": agreement.version},
        "rules": {"version": made.rules.version, "digest": made.rules.digest},
        "counting_rules": list(made.counting_rules),
        "documents": digests(documents),
        "counts": [
            [row["legal_day"].isoformat(), row["area"], row["rule"], row["party"], row["as_now_known"]]
            for row in made.counts.to_pylist()
            if row["legal_day"] is not None
        ],
    }  # fmt: skip


def digests(documents: Mapping[Path, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by its name.

    Examples
    --------
    >>> digests({Path("out/report.txt"): b""})["report.txt"][:8]
    'e3b0c442'
    """
    return {path.name: hashlib.sha256(bytes_).hexdigest() for path, bytes_ in documents.items()}


def put_out(
    record: Record,
    payload: Mapping[str, Any],
    by: Publisher,
    documents: Mapping[Path, bytes],
    now: datetime,
) -> None:
    """Put the documents in place once the log says that they leave; before it says so none does.

    They are first written beside their places, flushed to the disk, under names ending in `.part`;
    then the entry is appended; then they take their names. Dying in between leaves parts that nobody
    was given, or an entry more than what left: never a document more than the log.

    Raises
    ------
    RecordError
        A document or the entry could not be written; no document has its name.
    """
    staged = {path: path.with_name(f"{path.name}.part") for path in documents}
    try:
        for path, part in staged.items():
            _staged(part, documents[path])
        record.append(
            KIND, {**payload, "office": by.office, "body": by.body},
            known_at=now, recorded_at=now, actor=by.office or ACTOR,
            role=Role.PUBLISHER.value if by.office else "", entropy=secrets.token_bytes,
        )  # fmt: skip
    except BaseException as exc:
        for part in staged.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
        if isinstance(exc, RecordError):
            msg = f"{exc}. Nothing was released: what leaves is logged first"
            raise RecordError(msg) from exc
        raise
    for path, part in staged.items():
        part.replace(path)


def _staged(part: Path, content: bytes) -> None:
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        msg = f"{part}: could not be written: {exc.strerror or exc}; free some space, release again"
        raise RecordError(msg) from exc
