"""What people decide about pairs of observations: these two are one, these are not.

Decisions name observations, never computed identifiers, and live outside the evidence: taken back,
they leave no trace in any byte.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import InputError
from truceline.tables.chunks import flat

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Pairs of observation identifiers.

    Parameters
    ----------
    linked
        Tell of one incident.
    parted
        Do not.
    """

    linked: tuple[tuple[str, str], ...] = ()
    parted: tuple[tuple[str, str], ...] = ()


def _keys(ids: pa.Array, pairs: tuple[tuple[str, str], ...]) -> Ints:
    if not pairs:
        return np.zeros(0, np.int64)
    names = pa.array([name for pair in pairs for name in pair], pa.string())
    rows = pc.index_in(names, value_set=ids)
    if rows.null_count:
        name = min(names.filter(pc.is_null(rows)).to_pylist())
        msg = f"a decision names observation {name}, which is not among those fused; withdraw it"
        raise InputError(msg)
    at = np.asarray(rows).astype(np.int64).reshape(-1, 2)
    if np.any(at[:, 0] == at[:, 1]):
        name = ids[int(at[at[:, 0] == at[:, 1]][0, 0])].as_py()
        msg = f"a decision pairs observation {name} with itself; name two observations"
        raise InputError(msg)
    return np.unique(at.min(axis=1) * len(ids) + at.max(axis=1))


def pair_keys(
    observation_ids: pa.ChunkedArray, order: Ints, decisions: Decisions | None
) -> tuple[Ints, Ints]:
    """Sorted keys `low * n + high` of pairs linked and parted.

    Parameters
    ----------
    observation_ids
        Identifiers as they arrived.
    order
        Their canonical order, to which keys refer.
    """
    if decisions is None:
        none = np.zeros(0, np.int64)
        return none, none
    ids = flat(observation_ids).take(pa.array(order))
    linked, parted = _keys(ids, decisions.linked), _keys(ids, decisions.parted)
    both = np.intersect1d(linked, parted)
    if both.size:
        one, other = divmod(int(both[0]), len(ids))
        msg = (
            f"decisions both link and part observations {ids[one].as_py()} and "
            f"{ids[other].as_py()}; withdraw one of the two"
        )
        raise InputError(msg)
    return linked, parted
