"""The docket: every case, office and signed count after some moves, and where a move is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from truceline.cases.case import Case, Signature
from truceline.cases.contract import Appointment, Move, Refusal, Rules, refuse
from truceline.cases.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Routine counts of one legal day, rule and area, signed by two; what was taken out of them."""

    day: date
    rule: str
    area: str
    taken_out: tuple[str, ...]
    digest: str
    signatures: tuple[Signature, ...]
    reason: str
    last_at: datetime
    is_signed: bool = False
    earlier: tuple["Batch", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """All cases, offices and signed counts after some moves, moves refused, and how the mandate stands."""

    cases: Mapping[str, Case] = field(default_factory=dict)
    offices: Mapping[str, Appointment] = field(default_factory=dict)
    counts: Mapping[tuple[date, str, str], Batch] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A move before it is made: the docket, who makes it, and under which rules."""

    docket: Docket
    move: Move
    rules: Rules
    appointed: Appointment | None
    here: Case | None

    @property
    def who(self) -> Appointment:
        """The office that makes the move."""
        if self.appointed is None:
            why = f"no office is called `{self.move.office}`"
            refuse(why, "let the registrar appoint it with the move `appoint`")
        return self.appointed

    @property
    def counts_from(self) -> datetime:
        """From when the move has effect in time; a made-up mission's clock is that of its story."""
        return self.move.at if self.rules.is_hypothetical else self.move.counts_from

    @property
    def case(self) -> Case:
        """The case that the move is about."""
        if self.here is None:
            why = f"there is no case `{self.move.case_id}`"
            refuse(why, "open it with the move `open`, or list the cases")
        return self.here

    def put(self, *cases: Case) -> Docket:
        """The docket with these cases as they now are, the move added to their history."""
        moved = {
            case.case_id: replace(
                case, last_at=self.move.at, moves=(*case.moves, self.move.sequence)
            )
            for case in cases
        }
        return replace(self.docket, cases={**self.docket.cases, **moved})
