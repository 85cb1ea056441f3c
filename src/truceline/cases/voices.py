"""How many voices speak in some accounts: copies of one another are one."""

from collections.abc import Iterable
from itertools import combinations

from truceline.cases.contract import Account


def voices(accounts: Iterable[Account]) -> int:
    """The number of independent roots among accounts: none, one, or two, which is two or more.

    Accounts that share a source, a root or a text are one voice. Two that share nothing are two,
    whoever else repeats them both, and whatever order ids stand in: were the first account by id
    taken first, one that repeats both would make them one, and anybody can try texts until an id is low.

    Parameters
    ----------
    accounts
        In any order.

    Examples
    --------
    >>> patrol = Account(observation_id="a", keys=("patrol 1",), is_direct=True)
    >>> agency = Account(observation_id="b", keys=("agency",), is_direct=False)
    >>> both = Account(observation_id="0", keys=("agency", "patrol 1"), is_direct=False)
    >>> voices([both, agency, patrol]), voices([agency, both]), voices([])
    (2, 1, 0)
    """
    keys = [frozenset(each.keys) for each in accounts]
    if any(one.isdisjoint(other) for one, other in combinations(keys, 2)):
        return 2
    return min(len(keys), 1)
