"""One move at a time, and every case again from the log."""

from collections.abc import Iterable
from dataclasses import replace

from truceline.cases.contract import Move, NotAllowedError, Refusal, Rules
from truceline.cases.docket import Docket
from truceline.cases.making import made
from truceline.model.errors import InputError


def apply(docket: Docket, move: Move, rules: Rules) -> Docket | Refusal:
    """The docket after one move, or why it cannot be made and what to do.

    Parameters
    ----------
    docket
        As it stands; it is not changed.
    move
        What somebody wants to do.
    rules
        Mandate, parties and calendar.
    """
    try:
        return made(docket, move, rules)
    except NotAllowedError as exc:
        return Refusal(
            sequence=move.sequence, case_id=move.case_id, kind=move.kind, office=move.office,
            why=exc.why, do=exc.do,
        )  # fmt: skip


def replay(moves: Iterable[Move], rules: Rules, docket: Docket | None = None) -> Docket:
    """Every case again from the log; a move that is not allowed is kept as refused.

    Parameters
    ----------
    moves
        In any order; each has its own place in the log. One that stands twice counts once.
    rules
        Mandate, parties and calendar.
    docket
        Where earlier moves of the log had led; from nothing where absent.

    Raises
    ------
    InputError
        Two different moves claim one place in the log.
    """
    by_place: dict[int, Move] = {}
    for move in moves:
        if by_place.setdefault(move.sequence, move) != move:
            msg = f"two different moves stand at entry {move.sequence}; read the log again"
            raise InputError(msg)
    after = docket or Docket()
    for sequence in sorted(by_place):
        next_one = apply(after, by_place[sequence], rules)
        if isinstance(next_one, Refusal):
            next_one = replace(after, refused=(*after.refused, next_one))
        after = next_one
    return after
