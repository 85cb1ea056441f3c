"""What the deep tests run in processes of their own is not collected as tests."""

import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

collect_ignore = [
    "evacuation_scenario.py",
    "full_disk.py",
    "killing.py",
    "record_scenario.py",
    "witness_scenario.py",
]


class Entries:
    """Single entries, many by one commit."""

    at = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)

    @classmethod
    def append(cls, record, number):
        from truceline.record.entry import Said

        said = [
            Said(
                kind="notice", payload={"number": at, "to": "party:a"}, known_at=cls.at,
                known_until=cls.at, recorded_at=cls.at, actor="duty officer",
            )
            for at in range(number)
        ]  # fmt: skip
        return record.append_many(said, entropy=secrets.token_bytes)


@pytest.fixture(scope="session")
def make_entries():
    return Entries
