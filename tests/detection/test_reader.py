"""The reader over tables: it fills, it never overwrites, and nothing is lost."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.detection.text.reader import TextReading, read
from truceline.tables.schemas import CLAIMS, OBSERVATIONS, from_columns

ALIASES = {"РФ": "RU", "ЗСУ": "UA", "Northern Guard": "NG"}
NOON = datetime(2025, 4, 16, 9, 0, tzinfo=UTC)


def table(texts: list[str | None], feed: str = "press", **columns: object) -> pa.Table:
    stated = {
        "observation_id": [f"o{n}" for n in range(len(texts))],
        "feed": feed, "source": "desk", "source_kind": "media", "root": "desk",
        "reported_at": NOON, "began": NOON - timedelta(hours=1), "ended": NOON,
        "is_date_only": False, "direction": "undetermined", "stance": "none", "text": texts,
    }  # fmt: skip
    return from_columns(OBSERVATIONS, {**stated, **columns}, len(texts))


def reading(observations: pa.Table) -> TextReading:
    return read(
        observations,
        party_aliases=ALIASES,
        screened_feeds=frozenset({"screened"}),
        calendar_zone="Europe/Kyiv",
    )


def test_empty_columns_are_filled_from_the_text() -> None:
    text = "Російські війська обстріляли Херсон, випустили 3 ракети"
    row = reading(table([text])).observations.to_pylist()[0]
    assert (row["type"], row["direction"]) == ("missile", "impact")
    assert (row["claimed_actor"], row["stance"]) == ("RU", "asserts")
    assert (row["weapon"], row["count_best"], row["count_unit"]) == ("missile", 3, "missile")
    assert row["place_name"] == "Kherson"
    assert row["lat"] is not None


def test_what_a_source_stated_stands() -> None:
    stated = {
        "type": "mortar", "type_confidence": 1.0, "direction": "outgoing", "claimed_actor": "X",
        "stance": "denies", "speaker": "Y", "weapon": "mortar", "lat": 48.0, "lon": 37.0,
        "error_major_m": 100.0, "error_minor_m": 100.0, "error_azimuth_deg": 0.0,
        "place_kind": "ellipse", "place_name": "Post 4", "count_best": 7, "count_unit": "burst",
    }  # fmt: skip
    before = table(["Росіяни вчора обстріляли Херсон з дронів, 3 вибухи"], **stated)
    assert reading(before).observations.equals(before)


def test_times_of_a_source_that_is_not_screened_stand() -> None:
    before = table(["Вчора обстріляли Херсон"])
    after = reading(before).observations
    assert after.select(["began", "ended", "is_date_only"]).equals(
        before.select(["began", "ended", "is_date_only"])
    )


def test_a_screened_row_is_widened_in_time_and_place() -> None:
    before = table(["Вночі дрони атакували Сумщину"], feed="screened", lat=50.92, lon=34.80,
                   place_name="Sumy", place_kind="ellipse", error_major_m=5e3, error_minor_m=5e3,
                   error_azimuth_deg=0.0)  # fmt: skip
    after = reading(before)
    row = after.observations.to_pylist()[0]
    assert (row["place_kind"], row["area_id"], len(row["components"])) == ("area", "UA-59", 8)
    assert row["began"] == datetime(2025, 4, 15, 18, 0, tzinfo=UTC)
    assert row["ended"] == datetime(2025, 4, 16, 4, 0, tzinfo=UTC)
    assert after.bases.to_pylist() == [
        {"observation_id": "o0", "time_basis": "text", "place_basis": "text"}
    ]


def test_irrelevant_screened_rows_are_set_aside_with_a_reason_and_others_stay() -> None:
    texts = ["Команда із Сум виграла матч чемпіонату", None, "У Сумах пролунав вибух"]
    after = reading(table(texts, feed="screened"))
    assert after.observations["observation_id"].to_pylist() == ["o2"]
    assert after.set_aside["observation_id"].to_pylist() == ["o0", "o1"]
    assert all(after.set_aside["reason"].to_pylist())
    assert reading(table(texts)).observations.num_rows == 3


def test_a_tally_becomes_a_claim_and_never_an_observation() -> None:
    after = reading(table(["Генштаб ЗСУ: за добу на фронті відбулося 120 боєзіткнень"] * 2))
    assert after.observations.num_rows == 0
    assert after.claims.schema == CLAIMS
    assert after.set_aside.num_rows == 2
    claim = after.claims.to_pylist()
    assert len(claim) == 1  # two copies of one text from one source
    assert (claim[0]["claimant"], claim[0]["count_best"]) == ("UA", 120)
    assert (claim[0]["scope"], claim[0]["count_unit"]) == ("whole_front", "clash")
    assert claim[0]["ended"] - claim[0]["began"] == timedelta(hours=24)


def test_an_alias_of_any_party_is_found_word_for_word() -> None:
    row = reading(table(["Northern Guard shelled the village"])).observations.to_pylist()[0]
    assert row["claimed_actor"] == "NG"


def test_a_denial_is_no_assertion_and_an_admission_is_told_apart() -> None:
    rows = reading(
        table(
            [
                "Міноборони Росії заперечило удар російської ракети по Херсону",
                "Міноборони Росії заявило: російські війська обстріляли Херсон",
                "Генштаб ЗСУ: російські війська обстріляли Херсон",
            ]
        )
    ).observations
    assert rows["stance"].to_pylist() == ["denies", "admits", "asserts"]
    assert rows["speaker"].to_pylist() == ["RU", "RU", "UA"]


def test_the_same_texts_in_another_order_give_the_same_rows() -> None:
    texts = ["Обстріляли Золочів", "Вибух у Сумах", "Генштаб: за добу 9 атак на фронті", None]
    here, there = reading(table(texts)), reading(table(texts).take([3, 2, 1, 0]))
    order = [("observation_id", "ascending")]
    assert here.observations.sort_by(order).equals(there.observations.sort_by(order))
    assert here.claims.equals(there.claims)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=80)), max_size=6), st.booleans())
def test_any_text_is_read_and_no_row_is_lost(texts: list[str | None], screened: bool) -> None:
    before = table(texts, feed="screened" if screened else "press")
    after = reading(before)
    kept = after.observations["observation_id"].to_pylist()
    aside = after.set_aside["observation_id"].to_pylist()
    assert sorted(kept + aside) == sorted(before["observation_id"].to_pylist())
    assert after.observations.schema == OBSERVATIONS
