"""Tips: rows of feeds that say of themselves that they are no evidence. Kept, counted, and set aside."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from truceline.detection.text.reader import SET_ASIDE
from truceline.tables.schemas import from_columns

REASON = "a tip coded by machine: a lead to look into, and no evidence"


def without_tips(observations: pa.Table, feeds: Collection[str]) -> tuple[pa.Table, pa.Table]:
    """The observations that are evidence, and the tips among them with the reason.

    A tip is no voice: beside a patrol's report it would look like a second, independent root.

    Parameters
    ----------
    observations
        Rows of OBSERVATIONS.
    feeds
        Names of the feeds that give tips.

    Examples
    --------
    >>> from truceline.tables.schemas import OBSERVATIONS, empty
    >>> [table.num_rows for table in without_tips(empty(OBSERVATIONS), ["gdelt"])]
    [0, 0]
    """
    is_tip = pc.is_in(observations["feed"], value_set=pa.array(sorted(feeds), pa.string()))
    tips = observations.filter(is_tip)
    columns = {"observation_id": tips["observation_id"], "reason": REASON}
    aside = from_columns(SET_ASIDE, columns, tips.num_rows)
    return observations if not tips.num_rows else observations.filter(pc.invert(is_tip)), aside
