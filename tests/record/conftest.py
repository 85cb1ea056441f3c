"""A small record of a mission, made from the same bytes each time."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from truceline.record.entry import Entry
from truceline.record.store import Record
from truceline.tables.schemas import OBSERVATIONS, from_columns

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    file: str
    line: int
    reason: str
    advice: str
    excerpt: str = ""


def counting_entropy(start: int = 0) -> Callable[[int], bytes]:
    """Bytes that look random and are the same in each run."""
    calls = iter(range(start, 10**9))

    def entropy(size: int) -> bytes:
        seed = next(calls).to_bytes(8, "big")
        blocks = [
            hashlib.sha256(seed + i.to_bytes(4, "big")).digest() for i in range(size // 32 + 1)
        ]
        return b"".join(blocks)[:size]

    return entropy


def observations(known: Sequence[datetime], first: int = 0) -> pa.Table:
    """One observation for each instant at which one became known."""
    count = len(known)
    return from_columns(
        OBSERVATIONS,
        {
            "observation_id": [f"o{first + i}" for i in range(count)],
            "feed": "observations",
            "source": [f"patrol-{i % 3}" for i in range(count)],
            "source_kind": "patrol",
            "root": [f"patrol-{i % 3}" for i in range(count)],
            "known_at": list(known),
            "began": list(known),
            "ended": list(known),
            "is_date_only": [False] * count,
            "lat": [48.0 + 0.01 * i for i in range(count)],
            "lon": [37.5] * count,
            "direction": "undetermined",
            "stance": "none",
            "text": [f"shots near the mill, {first + i}" for i in range(count)],
            "line": list(range(1, count + 1)),
        },
        count,
    )


def add_batch(
    record: Record,
    content: bytes,
    table: pa.Table,
    *,
    at: datetime = AT,
    refused: Sequence[Refused] = (),
    entropy: Callable[[int], bytes] | None = None,
) -> Entry:
    exhibit = record.add_exhibit(content, name="a.csv", acquired_by="tester", how="by hand", at=at)
    return record.append_batch(
        "observations",
        table,
        feed="observations",
        sources=[exhibit.sha256],
        received_at=at,
        actor="tester",
        entropy=entropy or counting_entropy(),
        refused=refused,
    )


def fill(record: Record) -> None:
    """Two batches and three single entries."""
    hour = timedelta(hours=1)
    refused = [Refused(file="a.csv", line=9, reason="no date", advice="write one", excerpt="x,y")]
    add_batch(record, b"first", observations([AT + i * hour for i in range(5)]), refused=refused)
    for number, kind in enumerate(("notice", "reply")):
        record.append(
            kind,
            {"to": "party:a", "lines": [1.5, None, "text"], "number": number},
            known_at=AT + (2 + number) * hour,
            recorded_at=AT + (2 + number) * hour,
            actor="duty officer",
            entropy=counting_entropy(50 + number),
        )
    late = AT + 9 * hour
    add_batch(record, b"second", observations([late] * 3, 5), at=late, entropy=counting_entropy(90))
    record.append(
        "ruling",
        {"outcome": "no breach"},
        known_at=late + hour,
        recorded_at=late,
        actor="commission",
        role="ruling",
        supersedes=2,
        entropy=counting_entropy(99),
    )


class Material:
    """What tests are made of, in one hand."""

    at = AT
    hour = timedelta(hours=1)
    refused = Refused
    entropy = staticmethod(counting_entropy)
    observations = staticmethod(observations)
    add_batch = staticmethod(add_batch)
    fill = staticmethod(fill)


@pytest.fixture(scope="session")
def make() -> type[Material]:
    return Material


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture
def filled(folder: Path) -> Path:
    """The folder of a record that `fill` filled."""
    with Record.create(folder, mission_id="easter", now=AT) as record:
        fill(record)
    return folder
