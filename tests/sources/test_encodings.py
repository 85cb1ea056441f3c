import pytest

from truceline.model.errors import SourceError
from truceline.sources.encodings import decode

TEXT = "id,place\n1,Широкине біля Маріуполя\n2,Київ\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"]
)
def test_a_file_says_or_shows_its_encoding(encoding: str) -> None:
    latin = "observation_id,source,began\n" * 3  # mostly ASCII, as tables are
    found = decode((latin + TEXT).encode(encoding), "a.csv")
    assert found.text == latin + TEXT
    assert not found.is_damaged


def test_western_accents_are_read_as_western() -> None:
    found = decode("lieu,à côté de la forêt,près".encode("cp1252"), "a.csv")
    assert found.text == "lieu,à côté de la forêt,près"
    assert found.encoding == "cp1252"


def test_a_guess_is_said_with_what_overrides_it() -> None:
    found = decode(TEXT.encode("cp1251"), "a.csv")
    assert "a.csv: not UTF-8; read as cp1251" in found.notes[0]
    assert "option `encoding`" in found.notes[0]


def test_little_damage_leaves_utf_8_as_it_is() -> None:
    content = TEXT.encode() + b"3,\xff\n"
    found = decode(content, "a.csv")
    assert (found.encoding, found.is_damaged) == ("utf-8", True)
    assert "Широкине" in found.text


def test_a_letter_cut_in_two_at_the_end_is_damage_and_no_other_encoding() -> None:
    found = decode("a,Київ".encode()[:-1], "a.csv")
    assert (found.encoding, found.is_damaged) == ("utf-8", True)


def test_a_replacement_character_that_the_author_wrote_is_no_damage() -> None:
    assert not decode("a,\ufffd".encode(), "a.csv").is_damaged


def test_the_option_wins_over_what_the_bytes_look_like() -> None:
    assert decode("é".encode("cp1252"), "a.csv", "cp1251").text == "й"


@pytest.mark.parametrize("name", ["no-such", "base64", "rot13"])
def test_an_encoding_that_is_none_stops_with_its_name(name: str) -> None:
    with pytest.raises(SourceError, match=f"encoding '{name}' is not known"):
        decode(b"abc", "a.csv", name)
