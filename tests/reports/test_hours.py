"""What lies outside the hours in force is told apart from what lies inside, and is no violation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.model.time import Interval
from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.document import Grid
from truceline.reports.hours import INSIDE, OUTSIDE, UNCLEAR, bounds, side_of
from truceline.reports.publication import publish
from truceline.reports.say import load
from truceline.reports.sections.hours import listed

OPENS = datetime(2026, 3, 7, 10, 0, tzinfo=UTC)  # in the middle of a legal day
CLOSES = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
ASKED = "1, 2(1), 3, 4(1), (2)"
HOURS = ("7 March 2026, 12:00 (EET, UTC+2)", "8 March 2026, 08:00 (EET, UTC+2)")


@pytest.fixture(scope="module")
def short_truce(dossier):
    """The sample's truce in force for twenty hours of the reporting days alone."""
    when = Interval(began=OPENS, ended=CLOSES)
    clauses = tuple(
        replace(each, periods=tuple(replace(p, when=when) for p in each.periods))
        for each in dossier.agreement.clauses
    )
    return replace(dossier, agreement=replace(dossier.agreement, clauses=clauses))


def section(release, anchor):
    return next(each for each in compose(release).sections if each.anchor == anchor)


@pytest.mark.parametrize("view", ["public", "party:B", "commission"])
def test_every_listed_act_is_on_the_side_that_its_own_times_tell(view, short_truce):
    rows = publish(short_truce, View.parse(view)).rows
    sides = {INSIDE: 0, OUTSIDE: 0, UNCLEAR: 0}
    for row in rows.to_pylist():
        is_inside = row["began"] >= OPENS and row["ended"] <= CLOSES
        is_outside = row["ended"] <= OPENS or row["began"] >= CLOSES
        expected = INSIDE if is_inside else OUTSIDE if is_outside else UNCLEAR
        assert row["hours"] == expected
        sides[expected] += 1
    assert min(sides.values()) > 0


def test_the_headline_counts_inside_the_hours_alone_and_calls_none_of_it_a_violation(short_truce):
    release = publish(short_truce, View.parse("public"))
    items = {row["hours"]: row for row in release.tallies.to_pylist() if row["rule"] == "smm"}
    lead = section(release, "summary").blocks[0].text
    inside = items[INSIDE]["this_period"]
    assert f"reports tell of {inside} explosions, shots and other uses of weapons" in lead
    assert "violations" not in lead
    assert f"Too vague in time to tell: {items[UNCLEAR]['this_period']}." in lead
    assert f"Outside those hours: {items[OUTSIDE]['this_period']};" in lead
    assert "none of these is a violation" in lead
    stated = {row["act_id"]: row for row in release.rows.to_pylist() if row["is_counted"]}
    counted = [row for row in stated.values() if row["hours"] == INSIDE]
    assert inside == sum(row["count_best"] or 1 for row in counted)


def test_beside_the_count_stands_how_many_findings_say_that_a_clause_would_be_broken(short_truce):
    release = publish(short_truce, View.parse("public"))
    rows = release.verdicts.to_pylist()
    disputed = [{**row, "reading": "mutual"} for row in rows]
    both = pa.Table.from_pylist(rows + disputed, schema=release.verdicts.schema)
    release = replace(release, verdicts=both)
    owed = set(release.duties["clause_id"].to_pylist())  # nobody asks who did not do its duty
    acts = [row for row in rows if row["clause_id"] not in owed]
    asked = sum(row["findings"] for row in acts)
    words = {"violation", "inconsistent_with_declaration"}
    broken = sum(row["findings"] for row in acts if row["verdict"] in words)
    assert owed
    assert broken
    told = section(release, "summary").blocks[1].text
    assert "They are no number of violations" in told
    assert f"of {asked} proposed findings on the clauses as written, {broken} say" in told


def test_the_rule_of_the_count_is_told_where_it_is_first_named(released):
    blocks = section(released("public"), "summary").blocks
    named = next(block.text for block in blocks if "smm" in getattr(block, "text", ""))
    assert "“smm”, after the OSCE's Special Monitoring Mission to Ukraine: each explosion" in named


def test_the_parity_audit_says_in_which_order_the_parties_stand(released):
    told = str(section(released("party:B"), "parity").blocks)
    assert "the order in which the text of the agreement lists them: Side A, Side B" in told


def test_the_first_page_says_who_was_bound_from_when_to_when_in_a_named_zone(short_truce):
    release = publish(short_truce, View.parse("public"))
    grids = [each for each in section(release, "summary").blocks if isinstance(each, Grid)]
    table = grids[0]
    assert "Europe/Kyiv" in table.caption
    assert table.rows == (
        ("Side A", f"{ASKED}, and 3 more that were not asked about here (agreement)", *HOURS),
        ("Side B", f"{ASKED}, and 2 more that were not asked about here (agreement)", *HOURS),
    )  # fmt: skip


def test_parties_bound_at_other_times_have_rows_of_their_own_in_the_order_of_the_text(short_truce):
    later = Interval(began=OPENS + timedelta(hours=2), ended=CLOSES)
    clauses = tuple(
        replace(
            each,
            periods=tuple(
                replace(p, when=later if p.party_id == "A" else p.when) for p in each.periods
            ),
        )
        for each in short_truce.agreement.clauses
    )
    agreement = replace(short_truce.agreement, clauses=clauses)
    found = bounds(agreement, OPENS - timedelta(days=1), CLOSES)
    assert [(each.party, each.began) for each in found] == [("B", OPENS), ("A", later.began)]


def test_where_nobody_was_bound_the_first_page_says_so(short_truce):
    clauses = tuple(replace(each, periods=()) for each in short_truce.agreement.clauses)
    unbound = replace(short_truce, agreement=replace(short_truce.agreement, clauses=clauses))
    release = publish(unbound, View.parse("public"))
    words = load("en", "Europe/Kyiv")("hours.nobody")
    assert any(getattr(block, "text", "") == words for block in section(release, "summary").blocks)
    assert listed(release.rows, OUTSIDE) == release.rows.num_rows


@given(
    st.lists(st.integers(0, 60), min_size=0, max_size=8, unique=True),
    st.integers(-5, 65),
    st.integers(1, 30),
)
def test_a_side_is_what_its_single_instants_say(edges, began, length):
    edges = sorted(edges)[: len(edges) // 2 * 2]
    spans = np.array(edges, dtype=np.int64).reshape(-1, 2)
    within = [any(a <= at < b for a, b in spans.tolist()) for at in range(began, began + length)]
    (side,) = side_of(np.array([began]), np.array([began + length]), spans)
    assert side == (INSIDE if all(within) else UNCLEAR if any(within) else OUTSIDE)
