"""What the oracle says of a scored mission."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from truceline.pipeline import oracle
from truceline.simulation.oracle.effort import Effort


def oracle_tables(folder: Path, effort: Effort | None = None) -> Mapping[str, pa.Table] | None:
    """Its tables, as `pipeline.scoring` takes them; None where a mission was not simulated."""
    return oracle.tables(folder, effort) if oracle.has_oracle(folder) else None
