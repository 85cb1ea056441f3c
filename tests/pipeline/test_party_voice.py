"""A party is heard as a party, whatever its source calls itself."""

from pathlib import Path

import pyarrow as pa

from truceline.model.spelling import plain
from truceline.pipeline import mission as missions
from truceline.pipeline.line import agreement_of
from truceline.pipeline.parties import party_names, with_parties_own
from truceline.tables import schemas

EASTER = Path(__file__).parents[2] / "examples" / "easter-truce-2025"


def told(sources: list[str], roots: list[str]) -> pa.Table:
    columns = {
        "observation_id": [f"o{n}" for n in range(len(sources))],
        "feed": "observations",
        "source": sources,
        "source_kind": "patrol",
        "root": roots,
        "began": pa.array([0] * len(sources), pa.int64()).cast(schemas.INSTANT),
        "ended": pa.array([0] * len(sources), pa.int64()).cast(schemas.INSTANT),
        "is_date_only": False,
        "direction": "undetermined",
        "stance": "none",
    }
    return schemas.from_columns(schemas.OBSERVATIONS, columns, len(sources))


def test_a_party_under_another_kind_of_source_is_heard_as_a_party():
    agreement = agreement_of(missions.load(EASTER))
    by_party = {}
    for word, party in party_names(agreement, plain).items():
        by_party.setdefault(party, []).append(word)
    assert len(by_party) == 2
    for words in by_party.values():
        table = told([*words, "gazette", "gazette"], [*words, words[0], "gazette"])
        kinds = with_parties_own(table, agreement)["source_kind"].to_pylist()
        assert kinds == ["party"] * (len(words) + 1) + ["patrol"]


def test_a_report_under_two_flags_is_no_partys_own_word():
    agreement = agreement_of(missions.load(EASTER))
    one, other = agreement.party_ids()
    kinds = with_parties_own(told([one], [other]), agreement)["source_kind"].to_pylist()
    assert kinds == ["patrol"]


def test_a_party_in_letters_of_another_alphabet_is_heard_as_that_party():
    agreement = agreement_of(missions.load(EASTER))
    hidden = [f"{party}\u200b" for party in agreement.party_ids()]
    mixed = [name.replace("a", "\u0430") for p in agreement.parties for name in p.names.values()]
    table = told([*hidden, *mixed, "gazette"], ["g"] * (len(hidden) + len(mixed) + 1))
    kinds = with_parties_own(table, agreement)
    assert kinds["source_kind"].to_pylist() == ["party"] * (table.num_rows - 1) + ["patrol"]
    assert kinds["source"].to_pylist() == table["source"].to_pylist()  # as it was written
