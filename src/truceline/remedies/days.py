"""Legal days as whole numbers, so that columns of them are compared and counted."""

from datetime import date, time

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.time import LegalCalendar

EPOCH = date(1970, 1, 1)


def legal_days(column: pa.ChunkedArray, calendar: LegalCalendar) -> npt.NDArray[np.int64]:
    """Days since 1970 of the legal day of each instant; `(n,)`.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> at = pa.chunked_array([pa.array([datetime(2026, 1, 31, 22, 30, tzinfo=UTC)])])
    >>> at = at.cast(pa.timestamp("us", tz="UTC"))
    >>> kyiv = LegalCalendar(zone="Europe/Kyiv")
    >>> (EPOCH + timedelta(days=int(legal_days(at, kyiv)[0]))).isoformat()
    '2026-02-01'
    """
    local = pc.local_timestamp(column.cast(pa.timestamp("us", tz=calendar.zone)))
    cutoff = calendar.cutoff
    late = 0 if cutoff == time(0, 0) else 86_400 - (cutoff.hour * 3600 + cutoff.minute * 60)
    microseconds = np.asarray(local.cast(pa.int64())) + late * 1_000_000
    return np.floor_divide(microseconds, 86_400_000_000)
