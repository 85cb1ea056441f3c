"""Counting acts: one deed of one actor is one, however many shots it had."""

import numpy as np
import numpy.typing as npt

from truceline.findings.contract import Counted, CountingRule


def amount(counted: Counted) -> npt.NDArray[np.int64]:
    """One each."""
    return np.ones(counted.acts.num_rows, np.int64)


COUNT = CountingRule(name="acts", summary="Each act is one", amount=amount)
