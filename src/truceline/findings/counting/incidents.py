"""Counting incidents: one happening is one, however many acts it holds."""

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Counted, CountingRule


def amount(counted: Counted) -> npt.NDArray[np.int64]:
    """One for the first act (by id) of each incident, so that sums over acts count incidents."""
    made = np.zeros(counted.acts.num_rows, np.int64)
    made[np.unique(counted.incident, return_index=True)[1]] = 1
    return made


COUNT = CountingRule(name="incidents", summary="Each incident is one", amount=amount)
