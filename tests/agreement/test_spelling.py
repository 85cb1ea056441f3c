"""Names that look the same are the same, whatever alphabet or unseen character they hide behind."""

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.agreement.load import load
from truceline.agreement.names import folded, named_party, party_words
from truceline.model.spelling import hides, mixes, plain, skeleton
from truceline.tables.roots import voice_words

# Written out here, apart from the table under test: pairs that a reader cannot tell apart.
TWINS = {
    "a": "\u0430\u03b1\u0251",
    "e": "\u0435",
    "o": "\u043e\u03bf",
    "p": "\u0440\u03c1",
    "c": "\u0441",
    "x": "\u0445",
    "y": "\u0443",
    "s": "\u0455",
    "i": "\u0456\u03b9\u0131",
    "j": "\u0458",
    "d": "\u0501",
    "w": "\u051d",
    "h": "\u04bb",
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
    "E": "\u0415\u0395",
    "H": "\u041d\u0397",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "N": "\u039d",
    "O": "\u041e\u039f",
    "P": "\u0420\u03a1",
    "C": "\u0421",
    "S": "\u0405",
    "T": "\u0422\u03a4",
    "X": "\u0425\u03a7",
    "W": "\u051c",
}
UNSEEN = "\u200b\u200c\u200d\u00ad\u2060\ufeff\u200e\u202e\u034f\ufe0f\u3164\U000e0041"
NAMES = ("Westland", "patrol one", "NATOMEP WATCH", "Sector Command", "Phoenix Axis")


def disguised(data, name, *, beside=UNSEEN):
    made = []
    for letter in name:
        made.append(data.draw(st.sampled_from(letter + TWINS.get(letter, ""))))
        made.append(data.draw(st.sampled_from(("", "", *beside))))
    return "".join(made)


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_a_name_in_letters_of_other_alphabets_or_with_unseen_characters_is_the_same_name(
    data, name
):
    # The last letter stays Latin, so that each word mixes alphabets wherever it is disguised at all.
    words = " ".join(disguised(data, word[:-1]) + word[-1] for word in name.split())
    assert folded(words) == folded(name) == name.casefold()


@pytest.mark.parametrize(
    ("one", "other"),
    [("BECTOP", "ВЕСТОР"), ("NATO", "ΝΑΤΟ"), ("Coxo", "Сохо"), ("cop", "сор")],
)
def test_a_whole_word_of_another_alphabet_is_the_same_name_either_way(one, other):
    assert folded(one) == folded(other)
    assert folded(f"{other} 1") == folded(f"{one} 1")


@given(
    st.lists(
        st.text(alphabet="абвгдежзиклмнопрстуфхцчшьыэюяі", min_size=1), min_size=2, unique=True
    )
)
def test_two_names_of_one_alphabet_stay_two(names):
    assert len({folded(name) for name in names}) == len(names)


@given(st.text(alphabet="ЗБРОЙНІСИЛbeaconpatrol 1.", min_size=1))
def test_case_and_blanks_do_not_make_another_name(name):
    if not mixes(name):
        assert folded(f"  {name.lower()} ") == folded(name.upper())


def test_letters_stay_their_own_where_a_name_is_looked_for_in_text():
    assert plain(" ЗБРОЙНІ   Сили ") == "збройні сили"


def test_each_party_of_the_library_keeps_every_name_and_a_disguise_names_the_same_one():
    agreement = load("easter-2025")
    words = party_words(agreement)
    for at, party in enumerate(agreement.parties):
        for name in (*party.names.values(), *party.aliases, party.party_id):
            told = pa.chunked_array([[name, f"{name[:1]}\u200b{name[1:]}\u2060"]])
            assert named_party([told], words).tolist() == [at, at]


def test_parties_that_trade_places_trade_their_disguised_names():
    agreement = load("easter-2025")
    swapped = replace(agreement, parties=agreement.parties[::-1])
    names = [f"\u200b{p.party_id}" for p in agreement.parties]
    told = pa.chunked_array([names])
    assert named_party([told], party_words(agreement)).tolist() == [0, 1]
    assert named_party([told], party_words(swapped)).tolist() == [1, 0]


def test_a_patrol_in_other_letters_is_no_second_voice():
    names = ["patrol 1", "p\u0430trol 1", "Patrol  1 ", "patrol\u200b 1", "patrol 2", "...", "!!"]
    assert len(set(voice_words(pa.chunked_array([names])).to_pylist())) == 4


def test_what_is_hidden_or_mixed_is_told_from_what_is_only_foreign():
    assert mixes("W\u0435stland")
    assert hides("West\u200bland")
    assert not mixes("Радіо FM")
    assert not hides("Збройні сили")
    assert not hides("می\u200cشود")
    assert skeleton("") == ""
