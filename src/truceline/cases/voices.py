"""How many voices speak in some accounts: copies of one another are one."""

from collections.abc import Iterable

from truceline.cases.contract import Account


def voices(accounts: Iterable[Account]) -> int:
    """The number of independent roots among accounts, by the rule of `tables.roots`.

    Accounts that share a source, a root or a text are one voice; who repeats two others does not
    make them one.

    Parameters
    ----------
    accounts
        In any order.

    Examples
    --------
    >>> patrol = Account(observation_id="a", keys=("patrol 1",), is_direct=True)
    >>> agency = Account(observation_id="b", keys=("agency",), is_direct=False)
    >>> both = Account(observation_id="c", keys=("agency", "patrol 1"), is_direct=False)
    >>> voices([both, agency, patrol]), voices([agency, both])
    (2, 1)
    """
    held: set[str] = set()
    number = 0
    for account in sorted(accounts, key=lambda each: each.observation_id):
        if held.isdisjoint(account.keys):
            held.update(account.keys)
            number += 1
    return number
