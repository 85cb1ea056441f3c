"""The one definition of the posterior that fusion hands on.

One row for each Gaussian component of each incident's place; at most eight rows an incident. The
time interval and the type distribution are repeated on each row of one incident. `weight`s of an
incident sum to `1 - pruned_mass`. A component without a place (`lat` null) carries the mass of
"somewhere, nobody said where"; clauses that need a place answer `insufficient_evidence` for it.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.model.place import COMPONENTS
from truceline.model.vocabulary import IncidentType
from truceline.tables.schemas import INSTANT

TYPES: tuple[str, ...] = tuple(t.value for t in IncidentType)
"""The order of `type_log_p`: every stored incident type, as the vocabulary lists them."""

POSTERIOR = pa.schema(
    [
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("component", pa.int8(), nullable=False),  # 0 is the heaviest
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("var_east_m2", pa.float64()),
        pa.field("cov_en_m2", pa.float64()),
        pa.field("var_north_m2", pa.float64()),
        pa.field("area_id", pa.string()),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("type_log_p", pa.list_(pa.float32(), len(TYPES)), nullable=False),
        pa.field("pruned_mass", pa.float64(), nullable=False),
    ]
)


def type_probabilities(posterior: pa.Table) -> npt.NDArray[np.float32]:
    """Probability of each type, one row for each row of the posterior.

    Returns
    -------
    array
        `(rows, len(TYPES))`, rows sum to one.
    """
    column = posterior["type_log_p"].combine_chunks()
    log_p = np.asarray(column.flatten(), dtype=np.float32).reshape(-1, len(TYPES))
    return np.exp(log_p)


def check(posterior: pa.Table) -> list[str]:
    """What is wrong with a posterior table; empty when it keeps its promises."""
    faults: list[str] = []
    if posterior.schema != POSTERIOR:
        faults.append("schema differs from tables.posterior.POSTERIOR")
        return faults
    if posterior.num_rows == 0:
        return faults
    ids = posterior["incident_id"].combine_chunks().dictionary_encode()
    index = np.asarray(ids.indices)
    weight = np.asarray(posterior["weight"])
    pruned = np.asarray(posterior["pruned_mass"])
    total = np.bincount(index, weights=weight)
    first = np.unique(index, return_index=True)[1]
    if np.any(np.bincount(index) > COMPONENTS):
        faults.append(f"an incident has more than {COMPONENTS} components")
    if np.any(np.abs(total + pruned[first] - 1.0) > 1e-6):
        faults.append("weights and pruned mass of an incident do not sum to one")
    if np.any(np.abs(type_probabilities(posterior).sum(axis=1) - 1.0) > 1e-3):
        faults.append("type probabilities of an incident do not sum to one")
    return faults
