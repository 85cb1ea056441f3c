"""What the oracle says of a scored mission."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from truceline.pipeline import oracle


def oracle_tables(folder: Path) -> Mapping[str, pa.Table] | None:
    """Its tables, as `pipeline.scoring` takes them; None while nothing may be held against it."""
    return oracle.tables(folder) if oracle.IS_PROVEN else None
