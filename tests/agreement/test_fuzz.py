"""Garbage gives problems or an AgreementError, never another exception."""

import contextlib
import json
from datetime import UTC

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from truceline.agreement.check import check
from truceline.agreement.instant import instant
from truceline.agreement.load import load
from truceline.agreement.schema import schema
from truceline.model.errors import AgreementError

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KEYS = st.sampled_from(
    ["id", "from", "to", "terms", "binds", "zone", "line", "lines", "readings", "exceptions", "when",
     "unless", "sources", "missing", "file", "acts", "weapons", "clauses", "version", "ladder"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**20), st.floats(), st.text(max_size=6),
    st.sampled_from(["A", "square", "2026-01-01T00:00Z", "2026-13-45T99:99Z", "map.geojson", ".."]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


def survives(path):
    problems = check(path, {"prohibit": {"type": "object"}, "withdraw": {"type": "object"}})
    try:
        load(path)
    except AgreementError as exc:
        assert str(exc)
        assert any(each.severity == "error" for each in problems)
    else:
        assert problems is not None


@SETTINGS
@given(st.binary(max_size=200))
def test_any_bytes_give_problems_and_no_traceback(sample, data):
    sample.path.write_bytes(data)
    survives(sample.path)


@SETTINGS
@given(st.text(alphabet="-:[]{}&*!|>'\"%@`#,? \n\tabc01", max_size=120))
def test_any_yaml_like_text_gives_problems_and_no_traceback(sample, text):
    sample.path.write_text(text, encoding="utf-8")
    survives(sample.path)


def spots(value, path=()):
    yield path
    items = enumerate(value) if isinstance(value, list) else ()
    for key, child in value.items() if isinstance(value, dict) else items:
        yield from spots(child, (*path, key))


@settings(parent=SETTINGS, max_examples=150)
@given(st.data())
def test_any_part_of_an_agreement_may_be_garbage(make_sample, data):
    sample = make_sample()
    root = yaml.load(sample.text, Loader=yaml.BaseLoader)
    path = data.draw(st.sampled_from([each for each in spots(root) if each]))
    holder = root
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(VALUES)
    sample.path.write_text(yaml.safe_dump(root, allow_unicode=True), encoding="utf-8")
    survives(sample.path)


@settings(parent=SETTINGS, max_examples=80)
@given(st.data())
def test_any_part_of_a_map_may_be_garbage(make_sample, data):
    sample = make_sample()
    root = json.loads(sample.map.read_text(encoding="utf-8"))
    path = data.draw(st.sampled_from([each for each in spots(root) if each]))
    holder = root
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(VALUES)
    sample.map.write_text(json.dumps(root), encoding="utf-8")
    survives(sample.path)


@SETTINGS
@given(st.one_of(SCALARS, st.dictionaries(st.sampled_from(["local", "zone"]), SCALARS)))
def test_an_instant_is_in_utc_or_refused(value):
    with contextlib.suppress(AgreementError):
        assert instant(value).tzinfo is UTC


@pytest.mark.parametrize(
    "words",
    [
        "2025-04-19T18:00",
        "2025-04-19",
        "2025-04-19 18:00",
        "19.04.2025 18:00",
        "18:00",
        "",
        None,
        5,
    ],
)
def test_an_instant_without_a_zone_is_refused_with_advice(words):
    with pytest.raises(AgreementError, match="write 2025-04-19T18:00"):
        instant(words)


def test_the_schema_is_a_schema_and_describes_itself():
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    bare = [
        key
        for key, part in schema()["properties"].items()
        if "$ref" not in str(part) and "description" not in part
    ]
    assert bare == []
