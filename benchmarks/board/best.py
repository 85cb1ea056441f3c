"""What the oracle says of a scored mission."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa


def oracle_tables(folder: Path) -> Mapping[str, pa.Table] | None:
    """Its tables, as `pipeline.scoring` takes them; None where there is no oracle yet."""
    if find_spec("truceline.pipeline.oracle") is None:
        return None
    from truceline.pipeline import oracle

    found: Mapping[str, pa.Table] = oracle.tables(folder)
    return found
