"""Which text is authentic, which is a translation, and that a divergent one is a disputed reading."""

import hashlib

import pytest
from telling import assert_told, silent

from truceline.agreement.load import load
from truceline.agreement.reading import readings
from truceline.model.errors import AgreementError

LANGUAGES = """\
languages:
  authentic: [uk, ru]
  translations:
    - id: en-1
      language: en
      text_file: english.txt
      diverges: true
      note: Made by the press office of B.
      sources: [text]
    - {id: en-2, language: en}
amendments:
"""


@pytest.fixture
def translated(sample):
    (sample.folder / "english.txt").write_bytes(b"Any aircraft")
    sample.put("amendments:\n", LANGUAGES)
    sample.put("      - id: wide\n", "      - id: wide\n        translation: en-1\n")
    return sample


def test_languages_are_found_again_with_the_hash_of_the_bytes_that_were_read(translated):
    languages = load(translated.path).languages
    assert languages.authentic == ("uk", "ru")
    first, second = languages.translations
    assert first.text_hash == hashlib.sha256(b"Any aircraft").hexdigest()
    assert (first.language, first.note) == ("en", "Made by the press office of B.")
    assert (first.is_divergent, second.is_divergent) == (True, False)
    assert second.text_hash is None


def test_a_reading_names_the_translation_on_which_it_rests_and_is_judged_like_any(translated):
    back = next(c for c in load(translated.path).clauses if c.clause_id == "back")
    assert back.readings[0].translation == "en-1"
    assert [name for name, _ in readings(back)] == [None, "wide"]


def test_a_reading_on_an_unknown_translation_is_told(translated):
    translated.put("translation: en-1", "translation: en-9")
    assert_told(translated, "unknown translation `en-9`", "translation: en-9", advice="en-1, en-2")
    with pytest.raises(AgreementError, match="en-9"):
        load(translated.path)


def test_a_divergent_translation_without_a_reading_is_told(translated):
    assert silent(translated, "diverges")
    translated.put("        translation: en-1\n", "")
    assert_told(translated, "`en-1` diverges and no reading", "diverges: true", "warning")


def test_a_reading_on_a_translation_that_is_not_said_to_diverge_is_told(translated):
    translated.put("translation: en-1", "translation: en-2")
    assert_told(translated, "not said to diverge", "{id: en-2", "warning", advice="diverges: true")


def test_two_translations_of_one_id_are_told(translated):
    translated.put("{id: en-2", "{id: en-1")
    assert_told(translated, "translation `en-1` stands twice", "{id: en-1")


def test_a_translation_whose_bytes_are_not_its_hash_is_refused(translated):
    translated.put("text_file: english.txt", f"text_file: english.txt\n      text_hash: {'a' * 64}")
    with pytest.raises(AgreementError, match="not to the text_hash given"):
        load(translated.path)
