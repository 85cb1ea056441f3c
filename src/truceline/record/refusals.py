"""What witnesses answered who hold another history of a log: kept beside its checkpoints.

refusals/10/5f2a...   at 10 entries: who answered, when, and the answer as it came

What a witness says proves nothing; the checkpoint that it keeps does. A record tells whom to ask.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from truceline.model.errors import InputError
from truceline.record.whole import read_whole, write_whole
from truceline.record.witness import CONFLICT, UNPROVEN, Answer, answered

FOLDER = "refusals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """That a witness did not cosign a checkpoint because it holds another history.

    `size` is the checkpoint's, `at` when the answer was taken in, `why` in the witness's words.
    """

    size: int
    who: str
    at: str
    why: str


def is_of_another_history(answer: Answer, size: int, newest: int) -> bool:
    """Whether an answer says that the witness holds what this log does not lead to.

    Parameters
    ----------
    answer
        To a question whose proof began at the size that the witness itself had named.
    size
        Entries of the checkpoint that it was asked about.
    newest
        Of the largest checkpoint that this log has signed by now: up to there a witness may be
        ahead, because it answered a later question first.

    Examples
    --------
    >>> is_of_another_history(Answer(status=409, why="two histories", size=10), 10, 10)
    True
    >>> is_of_another_history(Answer(status=409, why="rolled back", size=12), 10, 10)
    True
    >>> is_of_another_history(Answer(status=409, why="asked out of turn", size=12), 10, 14)
    False
    >>> is_of_another_history(Answer(status=404, why="not watched"), 10, 10)
    False
    """
    if answer.status == CONFLICT and answer.size is not None:
        return answer.size == size or answer.size > newest
    return answer.status == UNPROVEN


def keep(folder: Path, size: int, who: str, answer: Answer, at: datetime) -> None:
    """Keep an answer, once; the same answer given again changes nothing.

    Parameters
    ----------
    folder
        The record's.
    size
        Entries of the checkpoint.
    who, answer, at
        The witness as it is listed, what it said, and when that was taken in, UTC.

    Raises
    ------
    RecordError
        It cannot be written.
    """
    said = answer.content()
    name = hashlib.sha256(f"{who}\n".encode() + said).hexdigest()[:32]
    path = folder / FOLDER / str(size) / name
    if not path.exists():
        first = f"{who}\n{at.isoformat(timespec='seconds')}\n".encode()
        write_whole(path, first + said, what="refusal")


def kept(folder: Path, notices: list[str]) -> Iterator[Refused]:
    """Every answer that was kept, by size and time; what cannot be read is told in `notices`.

    Raises
    ------
    RecordError
        A file is there and cannot be read.
    """
    found = []
    for path in (folder / FOLDER).glob("*/*"):
        who, _, rest = (read_whole(path) or b"").partition(b"\n")
        at, _, said = rest.partition(b"\n")
        try:
            why = answered(said).why
            found.append(
                Refused(size=int(path.parent.name), who=who.decode(), at=at.decode(), why=why)
            )
        except (InputError, ValueError):
            notices.append(f"{path}: this is no answer of a witness; it was changed or put there")
    yield from sorted(found, key=lambda each: (each.size, each.at, each.who))
