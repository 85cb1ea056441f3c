"""Who speaks, and for whom: an organ is somebody's only by the whole phrase that names its owner.

A general staff, a ministry or a governor exists on either side, so its head word alone names nobody.
The owner stands beside it (`Генштаб ЗСУ`, `Минобороны РФ`, `Ukraine's General Staff`), or is the
region that it governs where one side alone claims that region, or is held by its own name (`ГУР`,
`ФСБ`). What stands bare is the source's own where the source's side is known, and else nobody's.
"""

from typing import NamedTuple

from truceline.detection.text.mentions import regions_of
from truceline.detection.text.words import NOTHING, Word, lexicon

SAYS = frozenset({"says", "denies", "admits_word", "reaction"})
_ARMED = frozenset(
    ["uav", "missile", "bomb", "mlrs", "mortar", "artillery", "tank", "aviation", "small_arms",
     "force", "shelling", "strike", "attack", "assault", "organ", "regional"]
)  # fmt: skip
_SHORTEST_HEAD = 3  # letters; a shorter word is an organ only in capitals
_REACH = 6  # words from an organ to its owner: `Ministry of Defence of the Russian Federation`
_NEAR = 4  # words between who speaks and the verb
_SAID_AT = frozenset({"у", "в", "во", "in", "at", "by"})  # `said in the ministry` is the ministry's


class _Phrase(NamedTuple):
    """The words `start` to `end` name an organ; `owner` is a side, or `self` or `adversary`."""

    owner: str
    start: int
    end: int


def opponent(side: str) -> str:
    """The other of two sides, or empty where there are not two.

    Examples
    --------
    >>> opponent("russia"), opponent("ukraine"), opponent("self"), opponent("party:NG")
    ('ukraine', 'russia', 'adversary', '')
    """
    seen = {"self": "adversary", "adversary": "self"}
    others = [name for name in lexicon().sides if name != side]
    return seen.get(side) or (others[0] if side in lexicon().sides and len(others) == 1 else "")


def resolve(side: str, speaker: str) -> str:
    """A side's name from a word that may only say `adversary` or `self`; empty where nobody knows.

    Examples
    --------
    >>> resolve("adversary", "russia"), resolve("self", "russia"), resolve("adversary", "")
    ('ukraine', 'russia', '')
    """
    if side == "self":
        return speaker
    return opponent(speaker) if side == "adversary" else side


def mark(tokens: tuple[str, ...], words: list[Word]) -> None:
    """Say of each word whose it is and whether it speaks, from the words beside it; in place.

    Examples
    --------
    >>> from truceline.detection.text.words import classify
    >>> for said in ("Генштаб РФ: удар", "Генштаб ЗСУ: удар", "Генштаб: удар"):
    ...     tokens = tuple(said.replace(":", " :").split())
    ...     words = [classify(token, "uk") for token in tokens]
    ...     mark(tokens, words)
    ...     print(speaker_of(tuple(words)))
    russia
    ukraine
    self
    """
    forms = tuple(token.casefold().replace("ё", "е") for token in tokens)
    for at, word in enumerate(words):
        if word.side == "self":
            _mark_own(tokens, forms, words, at)
        elif word.side == "adversary":
            _mark_adversary(tokens, words, at)
    for at in range(len(words)):
        phrase = _phrase(tokens, forms, words, at)
        if phrase is not None and phrase.owner and _speaks(tokens, forms, words, phrase):
            words[at] = words[at]._replace(tags=words[at].tags | {f"speaker:{phrase.owner}"})


def speaker_of(words: tuple[Word, ...]) -> str:
    """The first that speaks: a side, `self` or `adversary`, or empty."""
    for word in words:
        for tag in word.tags:
            if tag.startswith("speaker:"):
                return tag.removeprefix("speaker:")
    return ""


def pair_own(forms: tuple[str, ...], words: list[Word]) -> None:
    """Two words that together mean the speaker's own forces, such as `Defence Forces`; in place."""
    for at in range(len(forms) - 1):
        for first, second in lexicon().pairs:
            if forms[at].startswith(first) and forms[at + 1].startswith(second):
                tags = words[at].tags | {"force"}
                words[at] = Word(tags, words[at].side or "self", "N", words[at].cases or "ng")
                words[at + 1] = NOTHING


def _mark_own(tokens: tuple[str, ...], forms: tuple[str, ...], words: list[Word], at: int) -> None:
    """`Our forces` are the speaker's; `our town` is nobody's; `Defence Forces of A` are A's."""
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else NOTHING
    if word.part != "A":
        words[at] = word._replace(side=_whose_force(tokens, forms, words, at))
    elif after.part in "VBC" or at + 1 == len(words):
        words[at] = word._replace(part="N")
    elif not any(w.tags & _ARMED for w in words[at + 1 : at + 3]):
        words[at] = word._replace(side="")


def _whose_force(
    tokens: tuple[str, ...], forms: tuple[str, ...], words: list[Word], at: int
) -> str:
    """The owner of a force that either side has; its speaker's own where none is named."""
    after = at + 1 + (at + 1 < len(words) and words[at + 1] == NOTHING)
    before = words[at - 1] if at else NOTHING
    if before.part in "AP" and before.side:
        return before.side
    if _is_owner(forms, words, after):
        return words[after + (forms[after] == "of")].side
    neighbours = [tokens[n] for n in (at - 1, after) if 0 < n < len(tokens)]
    foreign = any(token[0].isupper() and len(token) > 1 for token in neighbours)
    return "" if foreign else "self"


def _mark_adversary(tokens: tuple[str, ...], words: list[Word], at: int) -> None:
    """A loaded word beside a side's plain name adds nothing to it; a rival of A is A's opponent."""
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else NOTHING
    if tokens[at].isascii() and after.tags & _ARMED and after.part == "N":
        words[at] = word = word._replace(part="A")  # English nouns stand before what they qualify
    before = words[at - 1] if at else NOTHING
    forms = tuple(token.casefold() for token in tokens)
    if before.part in "AP" and before.side in lexicon().sides:
        words[at] = word._replace(side=before.side)
    elif word.part == "N" and _is_owner(forms, words, at + 1):
        owner = words[at + 1 + (forms[at + 1] == "of")].side
        words[at] = word._replace(side=opponent(owner) if "rival" in word.tags else owner)


def _is_owner(forms: tuple[str, ...], words: list[Word], at: int) -> bool:
    """Whether a side's name at `at` owns what stands before it."""
    if at < len(words) and forms[at] == "of":
        return _is_owner(forms, words, at + 1)
    if at >= len(words) or words[at].part == "A" or words[at].side not in lexicon().sides:
        return False
    return "g" in words[at].cases and (not forms[at].isascii() or forms[at - 1] in {"of", "the"})


def _phrase(
    tokens: tuple[str, ...], forms: tuple[str, ...], words: list[Word], at: int
) -> _Phrase | None:
    """The organ or the official that the word at `at` heads, and whose it is; None for others."""
    named = _by_name(forms[at], words[at])
    if named or not words[at].tags & {"organ", "regional"}:
        return _Phrase(named, at, at + 1) if named else None
    if len(forms[at]) < _SHORTEST_HEAD and not tokens[at].isupper():
        return None
    start = at
    while start and forms[start - 1] in lexicon().phrase_parts - {"of", "the"}:
        start -= 1
    if start and words[start - 1].side and words[start - 1].part in "AP":
        return _Phrase(words[start - 1].side, start - 1, at + 1)
    end = at + 1
    while end < min(len(words), at + _REACH) and _is_part(forms, words, end):
        end += 1
    if end < len(words) and _owns_organ(forms, words, end):
        return _Phrase(words[end].side, start, end + 1)
    if "regional" in words[at].tags:
        return _regional(tokens, forms, start, at)
    return _Phrase("self" if _is_bare(tokens, words, start, end) else "", start, end)


def _by_name(form: str, word: Word) -> str:
    """The side of an official, or of an organ whose own name says whose it is; or empty."""
    organs = (side for side in lexicon().sides if f"{side}:organs" in word.tags)
    return lexicon().officials.get(form) or next(organs, "")


def _is_part(forms: tuple[str, ...], words: list[Word], at: int) -> bool:
    return forms[at] in lexicon().phrase_parts or ("force" in words[at].tags and not words[at].side)


def _owns_organ(forms: tuple[str, ...], words: list[Word], at: int) -> bool:
    word = words[at]
    if not word.side or "g" not in word.cases:
        return False
    return not forms[at].isascii() or forms[at - 1] in lexicon().phrase_parts


def _regional(tokens: tuple[str, ...], forms: tuple[str, ...], start: int, at: int) -> _Phrase:
    """An organ of a region is of the side that alone claims it, else of the side whose name it bears."""
    for near in (start - 1, at + 1, at + 2):
        areas = regions_of(tokens[near]) if 0 <= near < len(tokens) else frozenset()
        if not areas:
            continue
        owners = {_claimant(area) or lexicon().regional_organs.get(forms[at], "") for area in areas}
        owner = owners.pop() if len(owners) == 1 else ""
        return _Phrase(owner, min(near, start), max(near, at) + 1)
    return _Phrase("", start, at + 1)


def _claimant(area: str) -> str:
    if area in lexicon().claimed_by_both:
        return ""
    return next((s for prefix, s in lexicon().region_prefixes if area.startswith(prefix)), "")


def _is_bare(tokens: tuple[str, ...], words: list[Word], start: int, end: int) -> bool:
    """Whether nothing beside an organ says whose it is, not even that it is a third country's."""
    if end < len(words) and tokens[end][0].isalpha() and not words[end].tags & SAYS:
        return False
    before = words[start - 1] if start else NOTHING
    return not start or (
        before.part not in "AP" and (not tokens[start - 1][0].isupper() or bool(before.tags & SAYS))
    )


def _speaks(
    tokens: tuple[str, ...], forms: tuple[str, ...], words: list[Word], phrase: _Phrase
) -> bool:
    """Whether a phrase says something: a verb beside it, a colon after it, or a dash before it."""
    first, last = phrase.start, phrase.end
    while first and words[first - 1].part not in "BC" and phrase.start - first < _NEAR:
        first -= 1
    while last < len(words) and words[last].part not in "BC" and last - phrase.end < _NEAR:
        last += 1
    clause = [*words[first : phrase.start], *words[phrase.end : last]]
    if _is_told_of(forms, words, phrase.start):
        return False
    if any(word.tags & SAYS for word in clause):
        return True
    if any(form in lexicon().sourced for form in forms[first : phrase.start]):
        return True
    follows = last < len(tokens) and tokens[last] == ":"
    if follows and all(word.part != "V" for word in words[phrase.end : last]):
        return True
    ends = last >= len(tokens) or tokens[last] in {".", "(", "!"}
    alone = ends and first > 0 and words[first - 1].part in "BC"
    return alone and all(word.part != "V" for word in clause)


def _is_told_of(forms: tuple[str, ...], words: list[Word], start: int) -> bool:
    """Whether a preposition makes a phrase what is spoken of: `a strike on the ministry`."""
    at = start - 1 - (start > 1 and forms[start - 1] == "the")
    return at >= 0 and "preposition" in words[at].tags and forms[at] not in _SAID_AT
