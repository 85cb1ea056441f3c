"""Rows have one form, digests are SHA-256 to the bit, and evidence has one digest in any order."""

import hashlib
import struct
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError
from truceline.tables.digest import (
    evidence_digest,
    row_bytes,
    row_digests,
    sorted_digests,
)
from truceline.tables.schemas import COMPONENT, OBSERVATIONS, from_columns
from truceline.tables.sha256 import sha256_rows, sha256_slices

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("width", [0, 4, 32, 64, 132])
def test_digests_equal_hashlib_at_every_length_over_five_blocks(width):
    rng = np.random.default_rng(7)
    content = rng.integers(0, 256, 4000, dtype=np.uint8)
    length = np.arange(321)
    begin = rng.integers(0, 3000, length.size)
    prefix = rng.integers(0, 256, (length.size, width), dtype=np.uint8)
    digests = sha256_slices(content, begin, begin + length, prefix)
    for i, size in enumerate(length):
        message = prefix[i].tobytes() + content[begin[i] : begin[i] + size].tobytes()
        assert digests[i].tobytes() == hashlib.sha256(message).digest()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=40))
def test_digests_equal_hashlib_for_any_messages(messages):
    content = np.frombuffer(b"".join(messages), np.uint8)
    ends = np.cumsum([0, *(len(m) for m in messages)])
    digests = sha256_slices(content, ends[:-1], ends[1:])
    assert [d.tobytes() for d in digests] == [hashlib.sha256(m).digest() for m in messages]


def test_one_long_message_is_hashed_past_65536_blocks():
    content = np.resize(np.arange(251, dtype=np.uint8), 65_536 * 64 + 17)
    begin, end = np.array([0, 3]), np.array([content.size, 3])
    digests = sha256_slices(content, begin, end)
    assert digests[0].tobytes() == hashlib.sha256(content.tobytes()).digest()
    assert digests[1].tobytes() == hashlib.sha256(b"").digest()


def test_a_prefix_of_three_bytes_is_refused():
    with pytest.raises(ValueError, match="multiple of four"):
        sha256_slices(
            np.zeros(1, np.uint8), np.array([0]), np.array([1]), np.zeros((1, 3), np.uint8)
        )


def test_rows_of_one_length_are_hashed_whole():
    rows = np.arange(66, dtype=np.uint8).reshape(2, 33)
    assert sha256_rows(rows)[1].tobytes() == hashlib.sha256(rows[1].tobytes()).digest()


def plain_bytes(value) -> bytes:  # type: ignore[no-untyped-def]
    """The row form written a second time, one Python value after another."""
    if value is None:
        return b"\x00"
    if isinstance(value, bool):
        return b"\x01" + bytes([value])
    if isinstance(value, datetime):
        return b"\x03" + struct.pack(">q", round(value.timestamp() * 1_000_000))
    if isinstance(value, date):
        return b"\x02" + struct.pack(">q", (value - date(1970, 1, 1)).days)
    if isinstance(value, int):
        return b"\x02" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\x04" + (
            bytes.fromhex("7ff8000000000000") if value != value else struct.pack(">d", value + 0.0)
        )
    if isinstance(value, str):
        return b"\x05" + struct.pack(">I", len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return b"\x06" + struct.pack(">I", len(value)) + value
    if isinstance(value, list):
        return b"\x07" + struct.pack(">I", len(value)) + b"".join(map(plain_bytes, value))
    return b"\x08" + b"".join(plain_bytes(part) for part in (value["name"], value["weight"]))


SCHEMA = pa.schema(
    [
        pa.field("flag", pa.bool_()),
        pa.field("small", pa.int8()),
        pa.field("whole", pa.int64()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("day", pa.date32()),
        pa.field("real", pa.float64()),
        pa.field("text", pa.string()),
        pa.field("raw", pa.binary()),
        pa.field("numbers", pa.list_(pa.int32())),
        pa.field("pair", pa.list_(pa.float32(), 2)),
        pa.field("parts", pa.list_(pa.struct([("name", pa.string()), ("weight", pa.float64())]))),
    ]
)
MAYBE = st.fixed_dictionaries(
    {
        "flag": st.none() | st.booleans(),
        "small": st.none() | st.integers(-128, 127),
        "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
        "at": st.none() | st.integers(-(2**40), 2**40).map(lambda s: datetime.fromtimestamp(s % 2**32, UTC)),
        "day": st.none() | st.dates(),
        "real": st.none() | st.floats(),
        "text": st.none() | st.text(max_size=8),
        "raw": st.none() | st.binary(max_size=8),
        "numbers": st.none() | st.lists(st.none() | st.integers(-5, 5), max_size=4),
        "pair": st.none() | st.lists(st.floats(width=32), min_size=2, max_size=2),
        "parts": st.none()
        | st.lists(
            st.none() | st.fixed_dictionaries({"name": st.none() | st.text(max_size=3), "weight": st.none() | st.floats()}),
            max_size=3,
        ),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(MAYBE, max_size=6), st.integers(0, 3))
def test_row_bytes_equal_the_form_written_value_by_value(rows, skipped):
    table = pa.Table.from_pylist(rows, schema=SCHEMA).slice(skipped)
    assert row_bytes(table).to_pylist() == [
        b"".join(plain_bytes(row[name]) for name in SCHEMA.names) for row in rows[skipped:]
    ]


def test_null_and_empty_and_neighbouring_columns_never_share_bytes():
    table = pa.table({"a": [None, "", "x", "xy", "x"], "b": ["", None, "yz", "z", ""]})
    assert len(set(row_bytes(table).to_pylist())) == 5


def test_minus_zero_is_zero_and_every_nan_is_one():
    table = pa.table({"a": [0.0, -0.0, float("nan"), -float("nan")]})
    zero, minus, nan, other = row_bytes(table).to_pylist()
    assert (zero, nan) == (minus, other)
    assert zero != nan


def test_words_in_a_dictionary_are_the_words():
    words = pa.array(["a", None, "b"])
    encoded = pa.table({"w": words.dictionary_encode()})
    assert row_bytes(encoded).to_pylist() == row_bytes(pa.table({"w": words})).to_pylist()


def test_a_time_without_a_zone_is_refused_by_name():
    with pytest.raises(InputError, match="column when is of type"):
        row_bytes(pa.table({"when": pa.array([datetime(2025, 4, 19)])}))


def observations(count: int) -> pa.Table:
    components = [[{"weight": 1.0, "lat": 48.0 + i, "lon": 37.0}] for i in range(count)]
    columns = {
        "observation_id": [f"o{i % max(count - 1, 1)}" for i in range(count)],
        "feed": "observations",
        "source": "patrol-1",
        "source_kind": "patrol",
        "root": "patrol-1",
        "known_at": [AT] * count,
        "began": [AT] * count,
        "ended": [AT] * count,
        "is_date_only": [False] * count,
        "components": pa.array(components, pa.list_(COMPONENT)),
        "direction": "undetermined",
        "stance": "none",
        "text": [None if i % 3 else f"shots {i}" for i in range(count)],
        "line": list(range(1, count + 1)),
        "exhibit": "ab" * 32,
    }
    return from_columns(OBSERVATIONS, columns, count)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(7)), st.integers(0, 7))
def test_evidence_has_one_digest_in_any_order_and_any_chunks(order, cut):
    table = observations(7)
    shuffled = table.take(order)
    chunked = pa.concat_tables([shuffled[:cut], shuffled[cut:]])
    assert evidence_digest({"observations": chunked}) == evidence_digest({"observations": table})


def test_receipt_does_not_change_the_evidence_and_content_does():
    table = observations(5)
    whole = evidence_digest({"observations": table})
    for column, value in (("known_at", AT.replace(year=2026)), ("exhibit", "cd" * 32), ("line", 9)):
        index = table.schema.get_field_index(column)
        other = pa.repeat(pa.scalar(value, table.schema.field(column).type), 5)
        assert evidence_digest({"observations": table.set_column(index, column, other)}) == whole
    index = table.schema.get_field_index("source")
    moved = table.set_column(index, table.schema.field("source"), pa.array(["patrol-2"] * 5))
    assert evidence_digest({"observations": moved}) != whole


def test_a_row_that_came_twice_counts_twice_and_a_table_name_counts():
    table = observations(3)
    once = evidence_digest({"observations": table})
    twice = evidence_digest({"observations": pa.concat_tables([table, table[:1]])})
    assert len({once, twice, evidence_digest({"other": table}), evidence_digest({})}) == 4


def test_digests_with_equal_beginnings_still_sort_by_all_their_bytes():
    digests = np.zeros((4, 32), np.uint8)
    digests[:, 31] = [3, 1, 2, 1]
    assert sorted_digests(digests)[:, 31].tolist() == [1, 1, 2, 3]


def test_digests_do_not_depend_on_how_rows_are_cut_into_chunks(monkeypatch):
    table = observations(11)
    whole = row_digests(table)
    monkeypatch.setattr("truceline.tables.chunks.ROWS", 4)
    assert np.array_equal(row_digests(table), whole)
    assert whole[0].tobytes() == hashlib.sha256(row_bytes(table)[0].as_py()).digest()


def test_many_rows_are_written_and_hashed_as_few_are():
    """Past some thousands of rows several threads take part; the bytes must not know."""
    few = observations(7)
    many = pa.concat_tables([few] * 3000)
    assert row_bytes(many).to_pylist() == row_bytes(few).to_pylist() * 3000
    digests = row_digests(many)
    assert np.array_equal(digests, np.tile(row_digests(few), (3000, 1)))
    assert digests[6].tobytes() == hashlib.sha256(row_bytes(few)[6].as_py()).digest()
