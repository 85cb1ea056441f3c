"""Every opener, and what all of them propose together."""

from truceline.cases.openers import attack_on_monitor, casualty, pattern, threshold_weapon
from truceline.cases.proposing import Matter, Proposal

OPENERS = tuple(each.OPENER for each in (casualty, attack_on_monitor, threshold_weapon, pattern))


def proposals(matter: Matter, taken: frozenset[str] = frozenset()) -> tuple[Proposal, ...]:
    """Cases that might be opened, in a fixed order.

    Parameters
    ----------
    matter
        What was computed and told.
    taken
        Observations and other ids that cases name already; what is wholly among them is left out.
    """
    every = (proposal for opener in OPENERS for proposal in opener.propose(matter))
    order = [opener.name for opener in OPENERS]
    new = {p for p in every if not set(p.observations or p.cites) <= taken}
    return tuple(sorted(new, key=lambda p: (order.index(p.because), p)))
