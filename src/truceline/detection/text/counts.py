"""How many: numbers before the name of a deed or a weapon, with low, best and high."""

from typing import NamedTuple

from truceline.detection.text.words import Sentence, Word

UNITS = {
    "fight": "clash", "explosion": "explosion", "shelling": "shelling", "assault": "attack",
    "uav": "uav", "missile": "missile", "bomb": "bomb", "strike": "strike", "attack": "attack",
    "loss": "loss",
}  # fmt: skip
"""What is counted, by the tag of the word after the number; the first that fits."""
_COUNTED = frozenset(UNITS)
REACH = 3  # words between the number and what it counts
_NUMERALS = {
    "од": 1, "один": 1, "два": 2, "дві": 2, "две": 2, "двоє": 2, "двое": 2, "двох": 2, "двух": 2,
    "три": 3, "троє": 3, "трое": 3, "трьох": 3, "трех": 3, "чотири": 4, "четверо": 4, "четыре": 4,
    "п'ять": 5, "пять": 5, "шість": 6, "шесть": 6, "сім": 7, "семь": 7, "вісім": 8, "восемь": 8,
    "дев'ять": 9, "девять": 9, "десять": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_AT_LEAST = frozenset(
    ["понад", "більше", "більш", "щонайменше", "более", "больше", "свыше", "over", "least"]
)
_AT_MOST = frozenset(["майже", "до", "почти", "almost", "nearly"])
WEIGHED = _AT_LEAST | _AT_MOST | _NUMERALS.keys()
"""Words that count or that weigh a count."""
LARGEST = 1_000_000  # a larger number is money or a year's sum, not a count of deeds


class Counted(NamedTuple):
    """A count: None is unknown, never zero."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: str | None = None


NONE = Counted()


def count_of(sentence: Sentence) -> Counted:
    """The first number that counts deeds or weapons; casualties are not counted here.

    Examples
    --------
    >>> from truceline.detection.text.reading import read_text
    >>> count_of(read_text("Понад 50 дронів атакували місто", None).sentence)
    Counted(low=50, best=None, high=None, unit='uav')
    """
    tokens, words = sentence.tokens, sentence.words
    if not sentence.tags & _COUNTED:
        return NONE
    for at, word in enumerate(words):
        if word.part != "D" and "small" not in word.tags:
            continue
        number = _number(tokens[at])
        if number is None:
            continue
        unit = _unit(words, at)
        if unit:
            before = {t.casefold() for t in tokens[max(0, at - 2) : at]}
            if before & _AT_LEAST:
                return Counted(number, None, None, unit)
            if before & _AT_MOST:
                return Counted(None, None, number, unit)
            return Counted(number, number, number, unit)
    return NONE


def counts_by_figures(sentence: Sentence) -> bool:
    """Whether a number in figures stands before something that is counted."""
    return bool(sentence.tags & _COUNTED) and any(
        word.part == "D" and _unit(sentence.words, at) is not None
        for at, word in enumerate(sentence.words)
    )


def _number(token: str) -> int | None:
    if token.isdecimal() and len(token) <= 7:
        number = int(token)
        return number if number <= LARGEST else None
    return _NUMERALS.get(token.casefold())


def _unit(words: tuple[Word, ...], at: int) -> str | None:
    for after in words[at + 1 : at + 1 + REACH]:
        if after.part in "BCVD" or after.tags & {"casualty", "month", "preposition", "place"}:
            return None
        for tag, unit in UNITS.items():
            if tag in after.tags:
                return unit
    return None
