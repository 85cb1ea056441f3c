"""One partition for many draws: the draw that agrees best with all of them, pair by pair."""

import numpy as np

from truceline.simulation.columns import Floats, Ints


def consensus(drawn: Ints, part: Ints) -> Ints:
    """The draw of each component with the least expected Binder loss (Dahl 2006), `(accounts,)`.

    Parameters
    ----------
    drawn
        `(draws, accounts)` number of the deed; -1: of nothing, which is alone here.
    part
        `(accounts,)` number of the component; deeds do not cross components.

    Examples
    --------
    >>> consensus(np.array([[0, 0], [0, 0], [0, 1]]), np.zeros(2, dtype=int)).tolist()
    [0, 0]
    """
    found = np.empty(drawn.shape[1], dtype=np.int64)
    order = np.argsort(part, kind="stable")
    following = 0
    for members in np.split(order, np.cumsum(np.bincount(part))[:-1]):
        of = alone(drawn[:, members])
        together = np.zeros((len(members), len(members)))
        for row in of:
            together += row[:, None] == row[None, :]
        together /= len(of)
        loss = [np.abs((row[:, None] == row[None, :]) - together).sum() for row in of]
        best = of[int(np.argmin(loss))]
        _, numbers = np.unique(best, return_inverse=True)
        found[members] = numbers.ravel() + following
        following += int(numbers.max()) + 1
    return found


def alone(drawn: Ints) -> Ints:
    """The same with a number of its own for each that is of nothing."""
    own = drawn.max(initial=0) + 1 + np.arange(drawn.shape[1])
    return np.where(drawn >= 0, drawn, own[None, :])


def real(drawn: Ints, home: Ints, weight: Floats) -> Floats:
    """Chance that half or more of each block's weight is of something that happened, `(blocks,)`.

    Parameters
    ----------
    drawn
        As in `consensus`.
    home
        `(accounts,)` block of each account.
    weight
        `(accounts,)` how many sightings it stands for.
    """
    count = int(home.max(initial=-1)) + 1
    whole = np.bincount(home, weights=weight, minlength=count)
    found = np.zeros(count)
    for row in drawn:
        is_of = np.bincount(home, weights=weight * (row >= 0), minlength=count)
        found += 2 * is_of >= whole
    # What no draw showed may still be so.
    return (found + 0.5) / (len(drawn) + 1)
