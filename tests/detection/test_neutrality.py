"""The sides are treated alike: a sentence with its sides exchanged reads as its mirror image."""

import re

import pytest

from truceline.detection.text.reading import read_text
from truceline.detection.text.words import lexicon

PAIRS = [
    ("росіяни", "українці"), ("росіян", "українців"), ("російськ", "українськ"),
    ("российск", "украинск"), ("росія", "україна"), ("росії", "україни"), ("росію", "україну"),
    ("россия", "украина"), ("россии", "украины"), ("россияне", "украинцы"), ("россиян", "украинцев"),
    ("вс рф", "всу"), ("зс рф", "зсу"), ("russian", "ukrainian"), ("russia", "ukraine"),
]  # fmt: skip
SENTENCES = [
    "Росіяни обстріляли село з артилерії, двоє поранених",
    "Російські війська атакували містечко дронами",
    "Внаслідок удару російських безпілотників загинула жінка",
    "Російський дрон влучив у склад, виникла пожежа",
    "Військові відбили атаки росіян біля лісу",
    "Російські військові просунулися біля двох сіл",
    "Сталася атака ЗС РФ на околиці міста",
    "Позиція під обстрілом ЗС РФ, є загиблі",
    "Міноборони Росії заявило: російська армія обстріляла позиції",
    "Міноборони Росії заявило: українська армія обстріляла позиції",
    "Міноборони Росії заперечило, що російська ракета влучила у школу",
    "Ворог обстріляв село, повідомило Міноборони Росії",
    "Российские войска нанесли ракетный удар по заводу",
    "ВС РФ обстреливают дорогу возле посёлка",
    "Новая позиция под ударом дрона ВС РФ",
    "После атаки Украины на склад возник пожар",
    "Украинский миномёт обстрелял окраину, ранен мужчина",
    "Россияне отошли от окраины посёлка",
    "Российские военные взяли в плен двух солдат",
    "Пехота Украины заняла позиции у моста",
    "Ukrainian forces shelled the village, two people were wounded",
    "A Russian drone hit a warehouse near the river",
    "Shelling by Russian forces damaged a house",
    "Президент відреагував на російський удар по місту",
    "Експерт пояснив, чому росіяни змінили тактику обстрілів",
    "За добу російські війська завдали 57 ударів",
]


def mirrored(text: str) -> str:
    """The sentence with the two sides exchanged, capitals kept."""
    swap = dict(PAIRS) | {b: a for a, b in PAIRS}
    pattern = re.compile(
        "|".join(sorted(map(re.escape, swap), key=len, reverse=True)), re.IGNORECASE
    )

    def other(found: re.Match[str]) -> str:
        new = swap[found[0].casefold()]
        if found[0].isupper():
            return new.upper()
        return new.capitalize() if found[0][0].isupper() else new

    return pattern.sub(other, text)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_mirrored_sentence_reads_as_the_mirror_image(sentence: str) -> None:
    other = {"russia": "ukraine", "ukraine": "russia", "": ""}
    here, there = read_text(sentence, None).frame, read_text(mirrored(sentence), None).frame
    assert mirrored(mirrored(sentence)) == sentence
    swapped = here._replace(actor=other[here.actor], speaker=other[here.speaker])
    assert there._replace(event=0) == swapped._replace(event=0)  # names differ in how many words


@pytest.mark.parametrize("voice", ["russia", "ukraine"])
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_mirrored_sentence_of_a_mirrored_source_reads_as_the_mirror_image(
    sentence: str, voice: str
) -> None:
    other = {"russia": "ukraine", "ukraine": "russia", "": ""}
    here = read_text(sentence, None, (), voice).frame
    there = read_text(mirrored(sentence), None, (), other[voice]).frame
    swapped = here._replace(actor=other[here.actor], speaker=other[here.speaker])
    assert there._replace(event=0) == swapped._replace(event=0)


@pytest.mark.parametrize("sentence", SENTENCES[:11] + SENTENCES[12:23])
def test_the_author_of_a_plain_sentence_is_found(sentence: str) -> None:
    assert read_text(sentence, None).frame.actor in {"russia", "ukraine"}


def test_both_sides_have_the_same_kinds_of_words() -> None:
    words = lexicon()
    for kind in ("nouns", "adjectives", "organs"):
        tags = {tag for found in (words.exact, words.begins) for t in found.values() for tag in t}
        assert {f"russia:{kind}", f"ukraine:{kind}"} <= tags
