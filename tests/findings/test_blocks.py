"""Places are looked at in blocks, and where a block ends changes nothing."""

import numpy as np
import pytest
from truces import line, truce, zone

from truceline.findings import where
from truceline.findings.contract import Where
from truceline.findings.ground import ground_of, surfaces
from truceline.findings.placed import Components

LINE = ((37.5, 48.1), (38.0, 47.9), (38.5, 48.1))
NEAR_LINE = Where(line="line", from_m=1_000.0, to_m=15_000.0)
LEFT = Where(line="line", to_m=5_000.0, side="left")
SETS = [frozenset(), frozenset({NEAR_LINE}), frozenset({Where(zone="square", to_m=0.0)}),
        frozenset({LEFT, Where(zone="square", to_m=2_000.0)})]  # fmt: skip


def components(subjects=40):
    """Subjects of one to eight components about a line and a zone; some without a place."""
    draw = np.random.default_rng(3)
    owner = np.repeat(np.arange(subjects), draw.integers(0, 9, subjects))
    count = len(owner)
    lat = 48.0 + draw.normal(0.0, 0.15, count)
    lat[draw.random(count) < 0.1] = np.nan
    spread = 10.0 ** draw.uniform(1.0, 4.0, (2, count))
    return Components(
        subjects=subjects, owner=owner, weight=1.0 / np.bincount(owner)[owner],
        lat=lat, lon=38.0 + draw.normal(0.0, 0.2, count),
        var_east_m2=spread[0] ** 2, cov_en_m2=0.3 * spread[0] * spread[1],
        var_north_m2=spread[1] ** 2,
    )  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 5, 64])
def test_blocks_of_any_size_find_the_same(monkeypatch, at_once):
    ground = ground_of(truce(zones=[zone()], lines=[line(path=LINE)]))
    of = surfaces(ground, {one for places in SETS for one in places})
    whole = where.locate(components(), of, SETS)
    monkeypatch.setattr(where, "AT_ONCE", at_once)
    parts = where.locate(components(), of, SETS)
    assert parts.unknown.tobytes() == whole.unknown.tobytes()
    assert 0 < np.count_nonzero(whole.unknown) < len(whole.unknown)
    for places in SETS:
        assert parts.probability[places].tobytes() == whole.probability[places].tobytes()
        assert parts.margin[places].tobytes() == whole.margin[places].tobytes()
        parted = (whole.probability[places] > 0.01) & (whole.probability[places] < 0.99)
        assert parted.any()
