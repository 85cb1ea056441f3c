"""What the tests of feeds share."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from truceline.sources.contract import ReadContext, Reading, raw_file

RECEIVED = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def take() -> Callable[..., Reading]:
    """Read files, given as name to text or bytes, with a feed of a name; sums are checked."""

    def read(feed: str, files, zone: str = "Europe/Kyiv", **options) -> Reading:
        if isinstance(files, str | bytes):
            files = {"report.csv": files}
        raw = [
            raw_file(name, content.encode() if isinstance(content, str) else content)
            for name, content in files.items()
        ]
        module = importlib.import_module(f"truceline.sources.feeds.{feed}")
        reading = module.FEED.read(
            raw, ReadContext(zone=zone, received_at=RECEIVED, options=options)
        )
        assert reading.upstream == reading.taken + len(reading.refused)
        assert reading.taken == sum(table.num_rows for table in reading.tables.values())
        return reading

    return read
