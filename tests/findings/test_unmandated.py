"""What a body may not inspect is not computed, and is said to be withheld; what it may stays."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from truces import NOON, clause, evidence, hours, truce, zone

from truceline.agreement.terms import Agreement, Body, Grant, Mandate, Withheld
from truceline.findings.find import find
from truceline.findings.unmandated import mandated, told
from truceline.pipeline import plugins
from truceline.tables import schemas

CAP = clause("cap", {"weapons": {"classes": ["tank"]}, "maximum": 2, "zone": "square"})


def visited(body: str, lat: float = 48.5, weapon: str = "tank T-72") -> Any:
    place = {"lat": lat, "lon": 37.5, "error_major_m": 10.0}
    when = {"began": NOON, "ended": NOON + hours(1)}
    visit = {
        "inspection_id": "i-1", "site": "s", "party": "a", "body": body, "access": "granted",
        "status": "present", "weapon": weapon, "seen": 3, **when, **place,
    }  # fmt: skip
    stock = {
        "holding_id": "i-1/seen", "site": "s", "party": "a", "weapon": weapon, "count_best": 3,
        "count_low": 3, "count_high": 3, "basis": "inspected", "error_minor_m": 10.0,
        "error_azimuth_deg": 0.0, **when, **place,
    }  # fmt: skip
    return evidence(
        [],
        inspections=pa.Table.from_pylist([visit], schema=schemas.INSPECTIONS),
        holdings=pa.Table.from_pylist([stock], schema=schemas.HOLDINGS),
    )


def under(*may: Grant, withheld: bool = False) -> Agreement:
    force = Body(body_id="force", name="The force", kind="mission", may=may)
    kept = (Withheld(act="inspect", article="9"),) if withheld else ()
    mandate = Mandate(bodies=(force,), withheld=kept, is_stated=True)
    return replace(truce(CAP, zones=[zone()]), mandate=mandate)


IN_SQUARE = Grant(act="inspect", zones=("square",))


@pytest.mark.parametrize(
    ("agreement", "seen", "is_kept"),
    [
        (under(IN_SQUARE), visited("force"), True),
        (under(IN_SQUARE), visited("The Force"), True),
        (under(IN_SQUARE), visited("another body"), False),
        (under(IN_SQUARE), visited("force", lat=49.5), False),  # outside its ground
        (under(Grant(act="inspect")), visited("force", lat=49.5), True),
        (under(Grant(act="inspect", weapons={"classes": ["mortar"]})), visited("force"), False),
        (under(Grant(act="inspect"), withheld=True), visited("force"), False),
        (
            under(Grant(act="observe")),
            visited("another body"),
            True,
        ),  # the text does not speak of it
    ],
)
def test_what_the_mandate_does_not_let_a_body_inspect_is_withheld_and_said(
    agreement: Agreement, seen: Any, is_kept: bool
) -> None:
    left, allowed = mandated(agreement, seen)
    said = told(allowed)
    assert (left.holdings.num_rows, left.inspections.num_rows) == (is_kept, is_kept)
    assert [sentence.startswith("Withheld: 1 inspections by ") for sentence in said] == (
        [] if is_kept else [True]
    )


def test_a_stock_over_the_cap_breaks_it_only_where_the_body_may_inspect() -> None:
    kinds = plugins.load("clauses")
    for body, expected in (("force", ["violation"]), ("another body", [])):
        agreement = under(IN_SQUARE)
        left, _ = mandated(agreement, visited(body))
        assert [row["verdict"] for row in find(agreement, left, kinds).to_pylist()] == expected


def test_a_release_names_only_bodies_of_the_mandate() -> None:
    for word, name in (
        ("The Force", "force"),
        ("Sgt. J. Doe at the mill", "a body that it does not name"),
    ):
        _, allowed = mandated(under(IN_SQUARE), visited(word, lat=49.5))
        assert told(allowed) == (
            f"Withheld: 1 inspections by {name}, which the mandate does not let inspect there or of "
            "that; what they counted was held against no clause.",
        )
