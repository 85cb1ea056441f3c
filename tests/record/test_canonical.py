"""What every entry is hashed over is written as the reference implementation of RFC 8785 writes it."""

from datetime import UTC

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from truceline.model.errors import InputError
from truceline.record.canonical import canonical, parsed, with_fields
from truceline.record.entry import Said, iso, leaf_input_of

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@example({"\ue000": 1, "\U00010000": 2, "a": 3})  # UTF-16 units and code points part here
@example([0.0, -0.0, 1e15, 1e16, 1e21, 1e-4, 1e-5, 1e-7, 5e-324, 1.5, -2.0, 2.0**53, 2.0**60])
@example(['\x00\x1f\x7f\u2028"\\/', ""])
@example({"": {"": []}, "a/b": {"~": {}}})
def test_it_is_the_text_of_the_reference(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert parsed(canonical(value)) == value


@given(VALUES)
def test_fields_stand_under_the_pointers_that_lead_to_them(value):
    whole, fields = with_fields(value, "/payload")
    assert whole == canonical(value)
    for pointer, text in fields:
        assert rfc8785.dumps(at(value, pointer.removeprefix("/payload"))) == text.encode()
    # The same commitments come of what was said and of what is read back.
    assert with_fields(parsed(whole), "/payload") == (whole, fields)


def at(value, pointer):
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


INSTANTS = st.datetimes(timezones=st.just(UTC))


@given(
    st.text(), st.tuples(INSTANTS, INSTANTS, INSTANTS), st.booleans(),
    st.none() | st.integers(0, 2**53 - 1), st.dictionaries(st.text(), st.text()),
    st.integers(0, 2**53 - 1),
)  # fmt: skip
def test_a_leaf_is_over_canonical_json(
    kind, instants, went_back, supersedes, commitments, sequence
):
    known_at, known_until, recorded_at = instants
    said = Said(
        kind=kind, payload={}, known_at=known_at, known_until=known_until,
        recorded_at=recorded_at, actor="", supersedes=supersedes,
    )  # fmt: skip
    assert leaf_input_of(said, sequence, went_back, commitments) == rfc8785.dumps(
        {
            "clock_went_back": went_back, "commitments": commitments, "form": 1, "kind": kind,
            "known_at": iso(known_at), "known_until": iso(known_until),
            "recorded_at": iso(recorded_at), "sequence": sequence, "supersedes": supersedes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {1: 2}, {"a", "b"}, b"x", [object()]],
)
def test_what_is_not_json_is_refused(bad):
    for value in (bad, {"deep": [bad]}):
        with pytest.raises(InputError, match="must be JSON"):
            canonical(value)
        with pytest.raises(InputError, match="must be JSON"):
            with_fields(value, "")
