"""A year that is simulated takes no more memory than a month."""

import pytest
from benchmarks.simulate import CODE, measure

MOST = 1.1  # two equal runs differ by some 3 % of their peak


@pytest.mark.deep
def test_memory_does_not_grow_with_the_length_of_a_truce(tmp_path):
    (tmp_path / "one.py").write_text(CODE)
    short, long = (measure(tmp_path, days) for days in (28.0, 112.0))
    assert long["observations"] > 3.5 * short["observations"] > 300_000
    assert long["peak_mb"] < MOST * short["peak_mb"], (short, long)
