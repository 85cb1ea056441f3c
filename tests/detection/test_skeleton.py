"""Texts are read together to the same result as each alone."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.detection.text.counts import count_of
from truceline.detection.text.reading import Aliases, read_text
from truceline.detection.text.skeleton import read_skeletons

ALIASES: Aliases = (("northern guard", "NG"), ("північна варта", "NG"))
WORDS = [
    "shelling", "near", "Selo12", "Selo907", "Kherson", "Kryvyi", "Rih", "school", "barn", "damaged,",
    "3", "17", "at least", "two", "over", "drones", "2024", "14:30", "S-300", "Northern", "Guard",
    "over front,", "attacks", "Обстріл", "біля", "Торецька", "Харківського", "та", "Сумського",
    "районів", "Часового", "Яру", "сараї", "паркан", "Сили", "оборони", "двоє", "атак", "на", "фронті",
    "за", "добу", "дронів", "понад", "Северная", "взрыв", "был", "рядом", "Обстрел", "ё", "Ы", "і",
    "Північна", "варта", "обстріляла", "село.", "Вибух!", "і\u0308", "С-300", "1,5", "'", "`", "-5",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(TEXTS, st.text(max_size=30)), min_size=1, max_size=12, unique=True))
def test_a_shared_reading_says_what_a_reading_alone_says(texts: list[str]) -> None:
    found = read_skeletons(pa.array(texts), np.ones(len(texts), dtype=bool), ALIASES, "")
    for text, at in zip(texts, found.of_text, strict=True):
        if at < 0:
            continue
        shared, alone = found.read[at], read_text(text, None, ALIASES)
        assert (shared.frame, shared.places) == (alone.frame, alone.places), text
        assert shared.language == alone.language
        assert shared.sentence.words == alone.sentence.words
        assert count_of(shared.sentence) == count_of(alone.sentence)


def test_numbers_and_plain_words_do_not_part_texts_and_counted_numbers_do() -> None:
    texts = [f"Shelling hit Selo{n}, {what} burning" for n in (1, 22) for what in ("barn", "mill")]
    texts += ["4 drones attacked Sumy", "5 drones attacked Sumy"]
    found = read_skeletons(pa.array(texts), np.ones(6, dtype=bool), (), "")
    assert found.of_text.tolist() == [0, 0, 0, 0, -1, -1]
    assert len(found.read) == 2


def test_a_text_that_may_not_share_is_left_to_be_read_alone() -> None:
    found = read_skeletons(pa.array(["Shelling at 14:30"]), np.zeros(1, dtype=bool), (), "")
    assert found.of_text.tolist() == [-1]
    assert found.read == []
