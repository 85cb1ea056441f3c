"""Cases follow incidents by the observations they name, and no computation moves one."""

from hypothesis import given
from hypothesis import strategies as st

from truceline.cases.following import follow
from truceline.tables.schemas import LINEAGE, MEMBERS, empty, from_columns

NAMES = [f"o-{n}" for n in range(6)]


def members(**homes):
    columns = {"observation_id": list(homes), "incident_id": list(homes.values())}
    return from_columns(MEMBERS, {**columns, "probability": 1.0}, len(homes))


def lineage(*rows):
    columns = {name: [row[at] for row in rows] for at, name in enumerate(LINEAGE.names)}
    return from_columns(LINEAGE, columns, len(rows))


def rows(cases, table, became=None):
    found = follow(cases, table, became or empty(LINEAGE))
    return [tuple(row.values()) for row in found.to_pylist()]


def test_a_merge_leaves_both_cases_open_and_says_so():
    became = lineage(("i-1", "i-3", "merged"), ("i-2", "i-3", "merged"))
    found = rows({"c-1": ("a",), "c-2": ("b",)}, members(a="i-3", b="i-3"), became)
    assert found == [("c-1", "i-3", 1, "merged", "c-2"), ("c-2", "i-3", 1, "merged", "c-1")]


def test_a_split_is_followed_into_every_part_that_holds_an_observation_of_the_case():
    became = lineage(("i-1", "i-2", "split"), ("i-1", "i-3", "split"), ("i-1", "i-4", "split"))
    found = rows({"c-1": ("a", "b")}, members(a="i-2", b="i-3", x="i-4"), became)
    assert found == [("c-1", "i-2", 1, "split", ""), ("c-1", "i-3", 1, "split", "")]


def test_what_is_gone_leaves_the_case():
    assert rows({"c-1": ("a",)}, members(b="i-1")) == [("c-1", None, 0, "gone", "")]


def test_an_observation_counts_for_its_likeliest_incident():
    columns = {
        "observation_id": ["a", "a"], "incident_id": ["i-1", "i-2"], "probability": [0.3, 0.7],
    }  # fmt: skip
    table = from_columns(MEMBERS, columns, 2)
    assert rows({"c-1": ("a",)}, table) == [("c-1", "i-2", 1, "kept", "")]


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.permutations(NAMES))
def test_a_merge_undone_leaves_no_scar(homes, order):
    """What a case is about depends on the members of the run alone, in whatever order they come."""
    cases = {"c-1": ("o-0", "o-1"), "c-2": ("o-2",), "c-3": ("o-9",)}
    by_name = {name: f"i-{home}" for name, home in zip(NAMES, homes, strict=True)}
    before = rows(cases, members(**by_name))
    merged = rows(cases, members(**dict.fromkeys(NAMES, "i-9")))
    assert {row[0] for row in merged} == set(cases)
    assert rows(cases, members(**{name: by_name[name] for name in order})) == before
