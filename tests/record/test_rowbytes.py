"""Rows come back from their canonical bytes as they went in, whatever the columns."""

import base64
import math
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError
from truceline.record.rowbytes import row_values
from truceline.tables.row_form import encode

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
POINT = pa.struct([("lat", pa.float64()), ("names", pa.list_(pa.string()))])
SCHEMA = pa.schema(
    [
        ("yes", pa.bool_()),
        ("whole", pa.int32()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("real", pa.float64()),
        ("text", pa.string()),
        ("raw", pa.binary()),
        ("points", pa.list_(POINT)),
    ]
)
ROWS = st.fixed_dictionaries(
    {
        "yes": st.none() | st.booleans(),
        "whole": st.none() | st.integers(-(2**31), 2**31 - 1),
        "day": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        "at": st.none()
        | st.integers(-(2**50), 2**50).map(lambda us: EPOCH + timedelta(microseconds=us)),
        "real": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "text": st.none() | st.text(),
        "raw": st.none() | st.binary(),
        "points": st.none()
        | st.lists(
            st.fixed_dictionaries(
                {"lat": st.floats(-90, 90), "names": st.none() | st.lists(st.text())}
            )
        ),
    }
)


def said(row: dict) -> dict:
    """A row as a proof shows it."""
    plain = dict(row)
    if row["day"] is not None:
        plain["day"] = row["day"].isoformat()
    if row["at"] is not None:
        plain["at"] = row["at"].isoformat()
    if row["raw"] is not None:
        plain["raw"] = base64.b64encode(row["raw"]).decode()
    return plain


@given(ROWS)
@settings(deadline=None)
def test_a_row_comes_back_as_it_went_in(row):
    content = encode(pa.Table.from_pylist([row], SCHEMA)).content.tobytes()
    columns = [(field.name, str(field.type)) for field in SCHEMA]
    assert row_values(content, columns) == said(row)


@pytest.mark.parametrize(("number", "told"), [(math.nan, "nan"), (math.inf, "inf")])
def test_numbers_that_json_cannot_write_are_told_as_words(number, told):
    content = encode(pa.table({"a": [number]})).content.tobytes()
    assert row_values(content, [("a", "double")]) == {"a": told}


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_any_bytes_are_a_row_or_refused(content):
    columns = [("a", "string"), ("b", "list<item: struct<x: double, y: string>>")]
    try:
        values = row_values(content, columns)
    except InputError:
        return
    assert list(values) == ["a", "b"]


def test_bytes_too_few_or_too_many_are_refused():
    content = encode(pa.table({"a": ["x"]})).content.tobytes()
    with pytest.raises(InputError, match="end within a value"):
        row_values(content[:-1], [("a", "string")])
    with pytest.raises(InputError, match="1 bytes stand after"):
        row_values(content + b"\x00", [("a", "string")])
