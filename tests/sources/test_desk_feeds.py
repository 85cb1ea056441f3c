"""Casualties, calls, windows and reports of harm: what a mission's desk receives beside observations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.sources.feeds import casualties, civilian_harm, hotline, windows
from truceline.sources.nameless import personal_columns


def rows(reading, table: str) -> list[dict]:
    return reading.tables[table].to_pylist()


# Casualties


def test_a_file_with_a_column_of_names_is_refused_as_a_whole_and_not_one_name_is_repeated(
    take,
) -> None:
    content = "Victim name,source,harm,began\nJane Example,hospital 1,killed,2026-03-07\n"
    with pytest.raises(SourceError, match=r"report\.csv:1: column 'Victim name' seems") as raised:
        take("casualties", content)
    assert "take the column out" in str(raised.value)
    assert "Jane" not in str(raised.value)
    sound = "source,harm,began\nhospital 1,killed,2026-03-07\n"
    reading = take("casualties", {"a.csv": content, "b.csv": sound})
    assert (reading.taken, len(reading.refused)) == (1, 1)
    assert "Jane" not in repr(reading)


@pytest.mark.parametrize(
    "column",
    ["name", "First Name", "SURNAME", "date_of_birth", "Ім'я", "прізвище", "Фамилия", "ФИО", "phone",
     "prénom", "victim-name", "passport no"],
)  # fmt: skip
def test_columns_about_persons_are_known_in_several_languages(column) -> None:
    assert personal_columns([column]) == [column]


def test_no_column_of_our_own_templates_is_about_a_person() -> None:
    for feed in (casualties, civilian_harm, hotline, windows):
        assert personal_columns(feed.COLUMNS) == []


def test_a_refused_row_of_casualties_is_told_without_its_words(take) -> None:
    content = "source,harm,began,remark\nhospital 1,vanished,2026-03-07,Jane Example\n"
    (refusal,) = take("casualties", content).refused
    assert (refusal.line, refusal.reason) == (2, "harm is not stored")
    assert refusal.advice == "write one of killed, injured, missing"
    assert "Jane" not in repr(refusal)


def test_nothing_is_corroborated_unless_somebody_says_so(take) -> None:
    content = (
        "casualty_id,source,harm,began,status\na,h,killed,2026-03-07,\nb,h,killed,2026-03-07,sure\n"
        "c,h,killed,2026-03-07,corroborated\n"
    )
    found = rows(take("casualties", content), "casualties")
    assert [row["status"] for row in found] == ["reported", "reported", "corroborated"]


def test_an_uncounted_casualty_is_not_one_and_not_none(take) -> None:
    (row,) = rows(take("casualties", "source,harm,began\nh,killed,2026-03-07\n"), "casualties")
    assert (row["count_low"], row["count_best"], row["count_high"]) == (None, None, None)
    assert row["is_date_only"]
    assert (row["age_band"], row["sex"], row["cause"]) == (None, None, None)


# Calls


def test_many_calls_are_one_issue(take) -> None:
    content = (
        "activation_id,issue_id,observation_id,caller,sides_reached,answer,began,minutes\n"
        "1,i,o-1,A,B;A,agreed,2026-03-07T08:00Z,25\n2,i,,B,A; B;,denied,2026-03-07T08:30Z,\n"
        "3,,,A,,maybe,2026-03-07T09:00Z,\n"
    )
    reading = take("hotline", content)
    found = rows(reading, "activations")
    assert [row["issue_id"] for row in found] == ["i", "i", "3"]
    assert [row["sides_reached"] for row in found] == ["A;B", "A;B", None]
    assert [row["answer"] for row in found] == ["agreed", "denied", None]
    assert [row["minutes"] for row in found] == [25, None, None]
    assert "3 activations on 2 issues; issues are counted, not calls" in reading.notes
    assert any("1 calls name no issue" in note for note in reading.notes)
    assert any("column answer holds words that are not stored" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2026-03-07T08:00Z,", "caller is empty"),
        ("A,,", "no time is given"),
        ("A,2026-03-07T08:00Z,-3", "minutes is outside [0, 527,040]"),
    ],
)
def test_a_call_without_its_essentials_is_refused_with_its_line(take, row, reason) -> None:
    content = f"caller,began,minutes\nA,2026-03-07T07:00Z,\n{row}\n"
    (refusal,) = take("hotline", content).refused
    assert (refusal.file, refusal.line, refusal.reason) == ("report.csv", 3, reason)
    assert refusal.advice


@given(st.lists(st.sampled_from(["A", "B", " A", "B ", ""]), max_size=6))
def test_the_order_of_sides_in_a_log_tells_nothing(names) -> None:
    import pyarrow as pa

    column = pa.array([";".join(names), ";".join(reversed(names))])
    one, other = hotline.sides(column).to_pylist()
    assert one == other


# Windows


def test_each_side_s_guarantee_is_a_row_and_different_hours_are_told(take) -> None:
    content = (
        "window_id,requester,party,guarantee,began,ended,given_at\n"
        "w,utility,A,written,2026-03-07T08:00Z,2026-03-07T12:00Z,2026-03-06T10:00Z\n"
        "w,utility,B,Oral,2026-03-07T08:00Z,2026-03-07T11:00Z,\n"
    )
    reading = take("windows", content)
    found = rows(reading, "windows")
    assert [(row["party"], row["guarantee"]) for row in found] == [("A", "written"), ("B", "oral")]
    assert found[1]["given_at"] is None
    assert "window w: its guarantees are for 2 different spans of hours" in reading.notes


def test_a_side_that_gave_no_guarantee_is_said_to_have_given_none(take) -> None:
    head = "window_id,requester,party,guarantee,began,ended\n"
    hours = "2026-03-07T08:00Z,2026-03-07T12:00Z"
    content = head + f"w,u,A,none,{hours}\nw,u,B,,{hours}\nw,u,C,refused,{hours}\n"
    found = rows(take("windows", content), "windows")
    assert [row["guarantee"] for row in found] == ["none", "none", "refused"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("w,u,A,promised,2026-03-07T08:00Z,2026-03-07T12:00Z,,", "guarantee is not stored"),
        ("w,u,,written,2026-03-07T08:00Z,2026-03-07T12:00Z,,", "party is empty"),
        ("w,u,A,written,2026-03-07T08:00Z,,,", "ended is empty"),
        ("w,u,A,written,2026-03-07T08:00Z,2026-03-07T07:00Z,,", "it ends before it begins"),
        ("w,u,A,oral,2026-03-07T08:00Z,2026-03-07T09:00Z,e,e", "patrol_a and patrol_b are one patrol"),
    ],
)  # fmt: skip
def test_a_window_without_its_essentials_is_refused(take, cells, reason) -> None:
    content = (
        "window_id,requester,party,guarantee,began,ended,patrol_a,patrol_b\n"
        "v,u,A,none,2026-03-07T08:00Z,2026-03-07T12:00Z,e,f\n" + cells + "\n"
    )
    (refusal,) = take("windows", content).refused
    assert (refusal.line, refusal.reason) == (3, reason)


# Harm


HARM = "report_id,source,began,harmed,cause,killed_low,killed_best,killed_high,injured_best,missing_best\n"


def test_a_report_of_harm_gives_an_account_and_the_people_in_it(take) -> None:
    reading = take("civilian_harm", HARM + "r,patrol 1,2026-03-07,home,mortar,1,2,4,0,\n")
    (account,), (dead,) = rows(reading, "observations"), rows(reading, "casualties")
    assert (account["type"], account["claimed_actor"], account["stance"]) == (
        "civilian_harm", None, "none",
    )  # fmt: skip
    assert (dead["casualty_id"], dead["observation_id"], dead["harm"]) == (
        "r:killed",
        "r",
        "killed",
    )
    assert (dead["count_low"], dead["count_best"], dead["count_high"]) == (1, 2, 4)
    assert (dead["cause"], dead["status"], dead["line"]) == ("mortar", "reported", 2)
    assert (reading.upstream, reading.taken) == (2, 2)
    assert "report.csv: 1 reports state that nobody was injured" in reading.notes


def test_damage_to_works_is_less_sure_to_be_an_attack_than_harm_to_people(take) -> None:
    content = HARM + "a,p,2026-03-07,power,,,,,,\nb,p,2026-03-07,hospital,,,,,,\n"
    one, two = rows(take("civilian_harm", content), "observations")
    assert (one["type"], two["type"]) == ("infrastructure_attack", "civilian_harm")
    assert one["type_confidence"] < two["type_confidence"] < 1


def test_a_refused_report_of_harm_leaves_no_casualties_behind(take) -> None:
    content = HARM + (
        "a,p,2026-03-07,home,,,2,,,\na,p,2026-03-07,home,,,3,,,\nb,p,,home,,,4,,,\n"
        "c,p,2026-03-07,castle,,,5,,,\nd,p,2026-03-07,home,,3,2,,,\n"
    )
    reading = take("civilian_harm", content)
    assert [row["count_best"] for row in rows(reading, "casualties")] == [2]
    assert [(r.line, r.reason) for r in reading.refused] == [
        (3, "id 'a' already stands in line 2 with other content"),
        (4, "no time is given"),
        (5, "harmed is not stored"),
        (6, "killed: count_low, count_best and count_high do not rise"),
    ]
