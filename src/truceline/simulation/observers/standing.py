"""Where observers stand: along the line by turns on each side, behind it, or nowhere."""

from collections.abc import Mapping

import numpy as np

from truceline.simulation.columns import Floats, Ground, Ints, Posts
from truceline.simulation.contract import Streams
from truceline.simulation.world.ground import line_y, side_of

Numbers = Mapping[str, float]


def along_line(
    name: str, numbers: Numbers, ground: Ground, streams: Streams, *, is_hosted: bool
) -> Posts:
    """Posts spread along the line of contact, by turns on either hand of it.

    Where they stand does not depend on which side is which; whose guests they are does.

    Parameters
    ----------
    name
        What they are called; a number follows.
    numbers
        `posts`, `reach_m`, `behind_m` (mean distance from the line) and `tilt`.
    ground, streams
        The ground, and a generator for each name.
    is_hosted
        Whether they work as guests of the side on which they stand; else they are nobody's.

    Examples
    --------
    >>> from numpy.random import default_rng
    >>> from truceline.simulation.world.ground import plain
    >>> numbers = {"posts": 2, "reach_m": 5000.0, "behind_m": 3000.0, "tilt": 0.0}
    >>> stand = along_line("patrol", numbers, plain(), lambda _: default_rng(1), is_hosted=True)
    >>> stand.name.tolist(), stand.host.tolist()
    (['patrol 1', 'patrol 2'], [0, 1])
    """
    rng = streams(f"observers/{name}/posts")
    count = int(numbers["posts"])
    ends = np.sort(ground.line_m[[0, -1], 0])
    share = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / max(count, 1)
    x_m = ends[0] + (ends[1] - ends[0]) * share
    hand = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    y_m = line_y(ground, x_m) + hand * numbers["behind_m"] * rng.uniform(0.4, 1.6, count)
    side = side_of(ground, x_m, y_m)
    return Posts(
        post=np.arange(count),
        name=names(name, count),
        x_m=x_m,
        y_m=y_m,
        reach_m=np.full(count, numbers["reach_m"]),
        host=side if is_hosted else np.full(count, -1, dtype=np.int64),
        skill=skill_by_side(numbers, side),
    )


def everywhere(name: str, numbers: Numbers, host: Ints) -> Posts:
    """Posts that stand nowhere, as newspapers and satellites; one for each host given."""
    count = len(host)
    nowhere = np.full(count, np.nan)
    return Posts(
        post=np.arange(count),
        name=names(name, count),
        x_m=nowhere,
        y_m=nowhere.copy(),
        reach_m=np.full(count, np.inf),
        host=host,
        skill=skill_by_side(numbers, host),
    )


def of_parties(name: str, numbers: Numbers) -> Posts:
    """The two parties' own posts, which stand nowhere; both or none, never one side alone.

    Examples
    --------
    >>> [of_parties("party", {"posts": n, "tilt": 0.0}).host.tolist() for n in (1.0, 0.0)]
    [[0, 1], []]
    """
    return everywhere(name, numbers, np.arange(2 if numbers["posts"] > 0 else 0, dtype=np.int64))


def of_nobody(name: str, numbers: Numbers) -> Posts:
    """Posts that stand nowhere and are nobody's, as many as `posts`."""
    return everywhere(name, numbers, np.full(int(numbers["posts"]), -1, dtype=np.int64))


def skill_by_side(numbers: Numbers, side: Ints) -> Floats:
    """Skill that `tilt` takes from one side's observers: from A's above 0, from B's below.

    Examples
    --------
    >>> skill_by_side({"tilt": 0.4}, np.array([0, 1, -1])).tolist()
    [0.6, 1.0, 1.0]
    """
    tilt = numbers["tilt"]
    lost = np.where(side == 0, max(tilt, 0.0), np.where(side == 1, max(-tilt, 0.0), 0.0))
    return 1.0 - lost


def names(name: str, count: int) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Names with numbers from 1."""
    return np.array([f"{name} {number + 1}" for number in range(count)], dtype=np.object_)
