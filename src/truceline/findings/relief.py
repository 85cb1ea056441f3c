"""What clauses permit in spite of others: one exception more for each that they relieve from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from truceline.agreement.terms import Agreement, Clause
from truceline.findings.contract import ClauseKind, Relief
from truceline.findings.event import Times
from truceline.findings.question import asked_of, kind_of
from truceline.findings.waiting import moments, needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Relieving:
    """One clause that relieves a party, and when it binds it."""

    relief: Relief
    times: Times
    clause: Clause

    def reaches(self, other: Clause) -> bool:
        """Whether it relieves from the other: it names it, or the other is a ban of its basis."""
        if self.relief.clauses is not None:
            return other.clause_id in self.relief.clauses
        is_other = other.clause_id != self.clause.clause_id
        return is_other and other.basis == self.clause.basis and other.kind in _BANS


_BANS = frozenset({"prohibit", "no_fly", "exclude", "hold", "notify"})
"""Kinds that forbid acts; from withdrawals and caps a clause relieves only where it names them."""


def reliefs(
    agreement: Agreement, kinds: Mapping[str, ClauseKind], party: str
) -> tuple[Relieving, ...]:
    """Every clause that relieves the party, in the order of the text.

    Raises
    ------
    AgreementError
        A clause is of a kind that is not installed.
    """
    found = []
    for clause in agreement.clauses:
        kind = kind_of(clause, kinds)
        for moment in moments(*asked_of(agreement, clause, party)):
            relief = kind.relief(moment.asked) if kind.relief and moment.times else None
            if relief is not None:
                relief = replace(relief, needs=needed(moment, relief.needs))
                found.append(Relieving(relief=relief, times=moment.times, clause=clause))
    return tuple(found)


def reaching(found: tuple[Relieving, ...], clause: Clause) -> tuple[tuple[Relief, Times], ...]:
    """Those that reach a clause, as a question takes them."""
    return tuple((each.relief, each.times) for each in found if each.reaches(clause))
