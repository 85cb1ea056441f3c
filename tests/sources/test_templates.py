"""Claims, exposures, holdings and notices."""

from datetime import UTC, datetime

import pytest

HEAD = "claim_id,claimant,accused,began,ended,what,count_best,part_of\n"
RUSSIA = ("6", "90", "1404", "3316", "19", "49", "16")
UKRAINE = ("96", "1882", "950")


def tally(total: str, parts: tuple[str, ...]) -> str:
    span = "2025-04-19T15:00:00Z,2025-04-20T21:00:00Z"
    rows = [f"t,Claimant,Accused,{span},violations,{total},"]
    rows += [f"p{k},Claimant,Accused,{span},part {k},{n},t" for k, n in enumerate(parts)]
    return HEAD + "\n".join(rows) + "\n"


def test_a_total_that_is_the_exact_sum_of_its_parts_is_said_to_be(take) -> None:
    reading = take("party_claims", tally("4900", RUSSIA))
    assert "claim t (report.csv:2): 4900 is the exact sum of its 7 parts" in reading.notes


def test_a_total_that_is_not_the_sum_of_its_parts_is_said_not_to_be(take) -> None:
    reading = take("party_claims", tally("2935", UKRAINE))
    assert (
        "claim t (report.csv:2): 2935 is not the sum of its 3 parts, 2928; 7 are unexplained"
        in reading.notes
    )


def test_one_figure_for_two_periods_is_said_to_be_ambiguous(take) -> None:
    content = (
        HEAD
        + "a,Claimant,Accused,2025-04-19T15:00:00Z,2025-04-20T21:00:00Z,violations,2935,\n"
        + "b,Claimant,Accused,2025-04-20,,violations,2935,\n"
    )
    reading = take("party_claims", content)
    (note,) = [n for n in reading.notes if "ambiguous" in n]
    assert note.startswith(
        "claims a, b: one figure stated for 2025-04-19 15:00 to 2025-04-20 21:00"
    )


def test_two_different_figures_are_not_ambiguous(take) -> None:
    content = tally("10", ("4", "6")) + tally("12", ()).splitlines()[1].replace("t,", "u,", 1)
    assert not [n for n in take("party_claims", content).notes if "ambiguous" in n]


def test_a_part_without_its_total_or_figure_is_said(take) -> None:
    content = tally("10", ("4", "")) + tally("1", ("1",)).splitlines()[2].replace(
        "p0", "q"
    ).replace(",t", ",elsewhere")
    notes = take("party_claims", content).notes
    assert "claim elsewhere: 1 parts name it, but it is not here" in notes
    assert any("cannot be summed: a figure is missing" in note for note in notes)


def test_a_claim_that_is_a_part_of_itself_is_refused(take) -> None:
    reading = take("party_claims", tally("4", ()).replace("4,\n", "4,t\n"))
    assert [r.reason for r in reading.refused] == ["it is a part of itself"]


def test_an_exposure_states_who_could_see_where_and_when(take) -> None:
    content = (
        "source,kind,began,ended,lat,lon,radius_m,p_detect,status\n"
        "camera 1,watch,2026-03-07T06:00Z,2026-03-07T16:00Z,48.1,37.8,5000,0.8,\n"
        "patrol 1,access denial,2026-03-07T09:00Z,2026-03-07T10:00Z,,,,,refused\n"
        "camera 1,staring,2026-03-07T06:00Z,2026-03-07T16:00Z,,,,,\n"
        "camera 1,watch,2026-03-07T06:00Z,,,,,,\n"
        "camera 1,watch,2026-03-07T06:00Z,2026-03-07T16:00Z,,,,1.2,\n"
    )
    reading = take("exposures", content)
    one, two = reading.tables["exposures"].to_pylist()
    assert (one["kind"], one["radius_m"], one["p_detect"]) == ("watch", 5000, 0.8)
    assert (two["kind"], two["status"]) == ("access_denial", None)
    assert [r.reason for r in reading.refused] == [
        "kind is not stored", "ended is empty", "p_detect is outside [0, 1]",
    ]  # fmt: skip
    assert any("column status" in note and "'refused'" in note for note in reading.notes)


def test_a_holding_has_a_circular_error_and_a_stated_basis(take) -> None:
    content = (
        "holding_id,site,party,weapon,count_low,count_best,count_high,began,ended,lat,lon,error_m,basis\n"
        "h,site 4,A,howitzer 152 mm,4,4,5,2026-03-07,2026-03-31,48,37.5,100,Inspected\n"
        "i,site 4,A,,4,4,5,2026-03-07,2026-03-31,48,37.5,100,inspected\n"
        "j,site 4,A,mortar,5,4,5,2026-03-07,2026-03-31,48,37.5,100,inspected\n"
    )
    reading = take("holdings", content)
    (row,) = reading.tables["holdings"].to_pylist()
    assert (row["basis"], row["error_major_m"], row["error_minor_m"]) == ("inspected", 100, 100)
    assert row["ended"] == datetime(2026, 3, 31, 21, tzinfo=UTC)
    assert [r.line for r in reading.refused] == [3, 4]


def test_a_notice_without_its_date_exempts_nothing(take) -> None:
    content = (
        "notice_id,party,activity,began,ended,scale,given_at\n"
        "a,A,exercise_live_fire,2026-03-09T08:00Z,2026-03-09T12:00Z,40,2026-03-06\n"
        "b,A,exercise_live_fire,2026-03-09T08:00Z,2026-03-09T12:00Z,40,\n"
        "c,A,parade,2026-03-09T08:00Z,2026-03-09T12:00Z,40,2026-03-06\n"
        "d,A,exercise_live_fire,2026-03-09T08:00Z,2026-03-09T12:00Z,many,2026-03-06\n"
    )
    reading = take("notices", content)
    (row,) = reading.tables["notices"].to_pylist()
    # A bare date: by its end at the latest.
    assert row["given_at"] == datetime(2026, 3, 6, 22, tzinfo=UTC)
    assert [r.reason for r in reading.refused] == [
        "given_at is empty", "activity is not stored", "scale 'many' is not a number",
    ]  # fmt: skip


@pytest.mark.parametrize("feed", ["exposures", "holdings", "notices", "party_claims"])
def test_a_row_without_an_id_gets_one_from_its_content(take, feed) -> None:
    content = {
        "exposures": "source,kind,began,ended\nc,watch,2026-03-07,2026-03-08\n",
        "holdings": "site,party,weapon,began\ns,A,mortar,2026-03-07\n",
        "notices": "party,activity,began,given_at\nA,mortar,2026-03-07,2026-03-01\n",
        "party_claims": "claimant,began,what\nA,2026-03-07,violations\n",
    }[feed]
    (table,) = take(feed, content).tables.values()
    (name,) = table[0].to_pylist()
    assert name.startswith(f"{feed}:")
    assert len(name) == len(feed) + 17
