"""What the answer of a witness comes to: its signature checked, a refusal read, another history kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from truceline.model.errors import InputError, IntegrityError
from truceline.record import keys, refusals
from truceline.record import note as notes
from truceline.record.checkpoint import Opened, joined, opened
from truceline.record.panel import Listed
from truceline.record.signing import Heads
from truceline.record.witness import CONFLICT, OK, Answer


class State(StrEnum):
    """What came of asking a witness."""

    COSIGNED = "cosigned"
    ABSENT = "absent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a witness said of a checkpoint; `is_another_history`: that it holds what does not lead here."""

    who: str
    state: State
    why: str
    is_another_history: bool = False


def heard(
    heads: Heads, head: Opened, witness: Listed, answer: Answer | None, now: datetime
) -> tuple[Told, notes.Signature | None]:
    """What an answer comes to, its signature checked; None is no answer.

    One that says that the witness holds another history is kept beside the checkpoints.

    Raises
    ------
    RecordError
        It cannot be kept.
    """
    if answer is None:
        why = f"no answer from {witness.url}; asked again with the next checkpoint"
        return Told(who=witness.who, state=State.ABSENT, why=why), None
    size = head.checkpoint.size
    if answer.status != OK:
        return _refused(heads, size, witness, answer, now), None
    try:
        said = [notes.signature(line) for line in answer.line.splitlines()]
        key = (witness.key.name, witness.key.key_id)
        mine = [each for each in said if (each.name, each.key_id) == key][:1]
        with_it = joined(head.note.content(), mine)
        if not opened(with_it, keys.public(heads.folder), [witness.key]).cosigners:
            msg = "it signed with another key than the one that is listed for it"
            raise IntegrityError(msg)
    except (InputError, IntegrityError) as exc:
        return Told(who=witness.who, state=State.REFUSED, why=str(exc)), None
    return Told(who=witness.who, state=State.COSIGNED, why=f"at {size:,}"), mine[0]


def _refused(heads: Heads, size: int, witness: Listed, answer: Answer, now: datetime) -> Told:
    newest = max(heads.sizes(), default=size)
    is_another = refusals.is_of_another_history(answer, size, newest)
    why = answer.why
    if answer.status == CONFLICT and answer.size is not None and answer.size > size:
        why = (
            f"it has cosigned {answer.size:,} entries of this log, and this record has {size:,}: "
            "entries are gone, or another copy of the log was signed with the same key"
            if is_another
            else f"it has cosigned {answer.size:,} entries by now, of which this was the beginning"
        )
    if is_another:
        refusals.keep(heads.folder, size, witness.who, answer, now)
    return Told(who=witness.who, state=State.REFUSED, why=why, is_another_history=is_another)
