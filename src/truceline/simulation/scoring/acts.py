"""Which computed act is which true one: by the sightings of its incident, then by what it was."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.scoring.matching import pair_off

Ints = npt.NDArray[np.int64]

_SAME_TYPE = 0.5  # less than one sighting: it settles only between acts of one incident


def true_act_of(
    home: Ints,
    true_act: Ints,
    acts: pa.Table,
    incidents: pa.Array,
    true_types: pa.Array,
) -> Ints:
    """The true act that each computed one stands for, one to one; -1: none.

    An act stands for a true one of which its incident holds sightings; of several, the pair with the
    most shared sightings first, and of the acts of one incident the one of the same type first.

    Parameters
    ----------
    home
        `(n,)` number of the computed incident of each observation; -1: none.
    true_act
        `(n,)` number of its true act; -1: clutter, or not known.
    acts
        Computed acts: `incident_id` and `type`.
    incidents
        `(computed,)` identifiers by number.
    true_types
        `(true acts,)` stored incident types.

    Examples
    --------
    >>> acts = pa.table({"incident_id": ["i", "i"], "type": ["uav_overflight", "mortar"]})
    >>> types = pa.array(["mortar", "uav_overflight"])
    >>> true_act_of(np.array([0, 0, 0]), np.array([0, 0, 1]), acts, pa.array(["i"]), types).tolist()
    [1, 0]
    """
    width = max(len(true_types), 1)
    at = np.flatnonzero((home >= 0) & (true_act >= 0))
    key, shared = np.unique(home[at] * width + true_act[at], return_counts=True)
    incident, truth = key // width, key % width
    of = np.asarray(pc.fill_null(pc.index_in(acts["incident_id"], value_set=incidents), -1))
    order = np.argsort(of, kind="stable")
    first = np.searchsorted(of[order], incident, side="left")
    many = np.searchsorted(of[order], incident, side="right") - first
    pair = np.repeat(np.arange(key.size), many)
    step = np.arange(pair.size) - np.repeat(np.cumsum(many) - many, many)
    act = order[first[pair] + step]
    like = np.asarray(
        pc.fill_null(
            pc.equal(
                acts["type"].combine_chunks().take(pa.array(act)),
                true_types.take(pa.array(truth[pair])),
            ),
            False,
        )
    )
    chosen = pair_off(act, truth[pair], shared[pair] + _SAME_TYPE * like)
    found = np.full(acts.num_rows, -1, np.int64)
    found[act[chosen]] = truth[pair][chosen]
    return found
