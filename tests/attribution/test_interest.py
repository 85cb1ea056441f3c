"""Whoever bears a party's name is that party: nobody becomes an observer by calling itself one."""

from dataclasses import replace

import pytest

from truceline.agreement.names import folded, party_words
from truceline.agreement.terms import Party
from truceline.attribution.attribute import attribute
from truceline.attribution.testimony import matter_of
from truceline.pipeline import plugins

PARTIES = (
    Party(
        party_id="W",
        names={"en": "West", "uk": "Захід", "ru": "Запад"},
        aliases=("Western Joint Forces", "Сили Заходу", "Силы Запада"),
    ),
    Party(party_id="E", names={"en": "East", "uk": "Схід", "ru": "Восток"}, aliases=("ССХ",)),
)
SPELLINGS = (
    "W", "w", "WEST", " west ", "Захід", "ЗАХІД", "запад", "western  joint forces",
    "СИЛИ ЗАХОДУ", "силы запада",
)  # fmt: skip


def outcome(case, act):
    agreement = replace(case.agreement(), parties=PARTIES)
    shares = attribute(agreement, case.evidence(), plugins.load("evidence"))[0].to_pylist()
    return next(row["outcome"] for row in shares if row["act_id"] == act)


def launch(case):
    case.maps("Atlas")
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    act = case.act(direction="outgoing", lon=20.8)
    case.saw(act, direction="outgoing")
    return act


@pytest.mark.parametrize("column", ["source", "root"])
@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("kind", ["patrol", "camera", "satellite"])
def test_a_source_or_group_that_bears_a_partys_name_is_no_observer(case, name, column, kind):
    act = launch(case)
    case.saw(act, weapon="Tochka-U", source_kind=kind, **{column: name})
    assert outcome(case, act) == "undetermined"


def test_the_same_from_a_source_of_no_party_attributes(case):
    act = launch(case)
    case.saw(act, weapon="Tochka-U", source="western observatory", source_kind="camera")
    assert outcome(case, act) == "attributed"


def test_a_name_that_the_text_gives_to_two_parties_names_neither(case):
    both = tuple(replace(party, aliases=("Army",)) for party in PARTIES)
    words = party_words(replace(case.agreement(), parties=both))
    assert words["army"] < 0
    assert (words["west"], words[folded("схід")]) == (0, 1)


@pytest.mark.parametrize("name", ["E", "Схід", "восток", "ССХ"])
def test_what_a_party_says_against_itself_counts_whatever_kind_of_source_it_is_called(case, name):
    act = launch(case)
    case.saw(act, source=name, source_kind="media", claimed_actor="E", stance="admits")
    assert outcome(case, act) == "attributed"


def test_a_confession_under_two_flags_is_nobodys(case):
    """Who writes the accused's name into its own group has not made the accused confess."""
    act = launch(case)
    case.saw(act, source="E", root="W", source_kind="party", claimed_actor="E", stance="admits")
    assert outcome(case, act) == "undetermined"


def test_a_confession_that_the_rival_relays_is_an_accusation(case):
    act = launch(case)
    words = {"speaker": "E", "claimed_actor": "E", "stance": "admits"}
    for kind in ("party", "patrol", "media"):
        case.saw(act, source="Захід", source_kind=kind, **words)
    case.saw(act, source="a ministry", source_kind="party", **words)
    assert outcome(case, act) == "undetermined"


def test_who_admits_and_makes_its_rival_admit_has_not_shared_the_blame(case):
    act = case.act()
    case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="W")
    case.saw(act, source="W", source_kind="party", speaker="E", claimed_actor="E", stance="admits")
    case.saw(act, source="gazette", source_kind="media", speaker="E", claimed_actor="E")
    assert outcome(case, act) != "joint_or_multiple"


def test_what_a_partys_channel_lets_a_mayor_say_is_the_partys_word(case):
    plain, lent = case.act(), case.act()
    case.saw(plain, source="W", source_kind="party", speaker="W", claimed_actor="E")
    for n in range(20):
        case.saw(lent, source="W", source_kind="media", speaker=f"mayor {n}", claimed_actor="E")
    assert case.answer(lent)["party:E"] == pytest.approx(case.answer(plain)["party:E"])


def test_a_rivals_map_of_the_ground_is_an_accusation(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.maps("Західна карта")
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    assert outcome(case, act) == "attributed"
    for row in case.controls:
        row["author"] = "запад"
    assert outcome(case, act) == "undetermined"


def test_what_a_party_draws_as_its_own_speaks_against_it(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.definitions["sole_holders"] = {"Tochka-U": "E"}
    case.maps("Восток")
    case.saw(act, direction="outgoing", weapon="Tochka-U")
    case.saw(act, direction="outgoing")
    assert outcome(case, act) == "attributed"


def test_a_partys_own_map_and_its_own_words_are_one_root(case):
    act = case.act(direction="outgoing", lon=20.8)
    case.maps("E")
    case.saw(act, direction="outgoing")
    case.saw(act, source="E", source_kind="party", speaker="E", claimed_actor="E")
    assert outcome(case, act) == "undetermined"
    case.maps("Atlas")
    assert outcome(case, act) == "attributed"


def test_press_that_prints_a_partys_statement_is_its_voice(case):
    act = case.act()
    text = "West fired upon our town at noon."
    case.saw(act, source="E", source_kind="party", claimed_actor="W", text=text)
    once = case.answer(act)["party:W"]
    for n in range(20):
        case.saw(act, source=f"outlet {n}", source_kind="media", claimed_actor="W", text=text)
    assert case.answer(act)["party:W"] == pytest.approx(once)


def test_no_flood_of_claims_lifts_an_outcome(case):
    act = launch(case)
    case.saw(act, weapon="Tochka-U", probability=0.15)
    assert outcome(case, act) == "probable"
    for n in range(60):
        case.saw(act, source=f"outlet {n}", source_kind="media", claimed_actor="E")
        case.saw(act, source="W", source_kind="party", speaker="W", claimed_actor="E")
    assert case.answer(act)["low"]["party:E"] >= 0.95
    assert outcome(case, act) == "probable"


def test_the_carrier_of_every_spelling_is_the_party(case):
    act = case.act()
    for name in SPELLINGS:
        case.saw(act, source=name)
    matter = matter_of(replace(case.agreement(), parties=PARTIES), case.evidence())
    assert matter.carrier.tolist() == [0] * len(SPELLINGS)
    assert not matter.is_sight.any()
    assert matter.roots.unique().to_pylist() == ["party W"]
