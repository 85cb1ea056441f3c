"""Where a sentence names places: settlements, districts, regions, and which words they are."""

from functools import cache
from typing import NamedTuple

from truceline.detection.text.gazetteer import Gazetteer, load
from truceline.detection.text.words import Word

_ENDINGS = (
    "ого", "ому", "ими", "ої", "ою", "ій", "ий", "ім", "им", "их", "ый", "ая", "ой", "ую", "ом",
    "ие", "ые", "ых", "ым", "ыми", "ое", "а", "у", "і", "е", "",
)  # fmt: skip
_JOINS = frozenset({"та", "і", "й", "и", "and", "або", "или"})
_KINDS = frozenset("місто міста місті місту село села селі селі селу селище селища селищі смт город города городе городу село поселок поселка поселке village town city".split())  # fmt: skip
_DEED = frozenset("shelling strike attack hit explosion advance retreat fight assault drop".split())
WELL_KNOWN = 20_000  # people: a name of such a place is taken for it without a word before it
LONGEST_NAME = 3  # words


class Mention(NamedTuple):
    """A place named by tokens `start` to `end`: `kind` is settlement, district, sector or area."""

    start: int
    end: int
    kind: str
    key: str
    numbers: tuple[int, ...]


@cache
def _stem_of(form: str) -> tuple[tuple[int, ...], str]:
    """Settlements whose adjective this is, and the area of which it is the adjective."""
    gazetteer = load()
    for ending in _ENDINGS:
        stem = form.removesuffix(ending) if ending else form
        if form.endswith(ending) and (
            stem in gazetteer.stems or stem in gazetteer.area_adjectives
        ):
            return gazetteer.stems.get(stem, ()), gazetteer.area_adjectives.get(stem, "")
    return (), ""


@cache
def _area_named(form: str) -> str:
    gazetteer = load()
    for length in range(4, len(form) + 1):
        if form[:length] in gazetteer.area_names and len(form) - length <= 3:
            return gazetteer.area_names[form[:length]]
    return ""


@cache
def known(token: str) -> tuple[bool, bool, bool]:
    """Whether a token may begin a settlement's name, be an area's name, or be such an adjective."""
    form = token.casefold().replace("ё", "е")
    gazetteer = load()
    if not token[0].isupper():
        return False, False, any(_stem_of(form)) and "ськ" in form or "цьк" in form
    return (
        form in gazetteer.forms or form in gazetteer.leads,
        bool(_area_named(form)),
        any(_stem_of(form)),
    )


def find(tokens: tuple[str, ...], words: tuple[Word, ...]) -> list[Mention]:
    """Every place that the tokens name, in order.

    Examples
    --------
    >>> from truceline.detection.text.words import classify
    >>> said = ("Вибухи", "у", "Часовому", "Яру", "на", "Донеччині")
    >>> [(m.kind, m.key) for m in find(said, tuple(classify(t, "uk") for t in said))]
    [('settlement', 'часовому яру'), ('area', 'UA-14')]
    """
    gazetteer = load()
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        settles, names_area, is_adjective = known(tokens[at]) if tokens[at][0].isalpha() else _NO
        mention = None
        if names_area:
            form = tokens[at].casefold()
            mention = Mention(at, at + 1, "area", _area_named(form), ())
        if mention is None and is_adjective:
            mention = _district(tokens, words, at)
        if mention is None and settles:
            mention = _settlement(tokens, words, at, found, gazetteer)
        if mention is None and found and "oblast_word" in words[at].tags:
            mention = _and_region(tokens, at, found[-1], gazetteer)
        if mention is not None:
            found.append(mention)
            at = mention.end
        else:
            at += 1
    return found


_NO = (False, False, False)


def _district(tokens: tuple[str, ...], words: tuple[Word, ...], at: int) -> Mention | None:
    """An adjective with the word for region, district, community or sector after it."""
    numbers, area = _stem_of(tokens[at].casefold().replace("ё", "е"))
    for after in range(at + 1, min(len(words), at + 5)):
        tags = words[after].tags
        if "oblast_word" in tags:
            return Mention(at, after + 1, "area", area, ()) if area else None
        for tag, kind in (("raion_word", "raion"), ("hromada_word", "hromada"), ("sector", "sector")):
            if tag in tags and (numbers or area):
                key = tokens[at].casefold()
                return Mention(at, after + 1, kind, key if numbers else area, numbers)
        joined = tokens[after].casefold() in _JOINS or tokens[after] == ","
        if not joined and not any(_stem_of(tokens[after].casefold())):
            return None
    return None


def _settlement(
    tokens: tuple[str, ...],
    words: tuple[Word, ...],
    at: int,
    found: list[Mention],
    gazetteer: Gazetteer,
) -> Mention | None:
    form, numbers, end = "", (), at
    for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
        form = " ".join(tokens[at : at + length]).casefold().replace("ё", "е")
        numbers = gazetteer.forms.get(form, ())
        if numbers:
            end = at + length
            break
    if not numbers:
        return None
    people = max(gazetteer.settlements[n].population for n in numbers)
    if words[at].tags - {"place"} and (end - at == 1) and people < 10 * WELL_KNOWN:
        return None
    if people < WELL_KNOWN and not _introduced(tokens, words, at, found):
        return None
    if end - at == 1 and tokens[at].casefold().startswith("запоріжж") and _on(tokens, at):
        return Mention(at, end, "area", "UA-23", ())
    return Mention(at, end, "settlement", form, numbers)


def _on(tokens: tuple[str, ...], at: int) -> bool:
    """`на Запоріжжі` is the region, `у Запоріжжі` the city."""
    return at > 0 and tokens[at - 1].casefold() == "на" and tokens[at].casefold().endswith("і")


def _introduced(
    tokens: tuple[str, ...], words: tuple[Word, ...], at: int, found: list[Mention]
) -> bool:
    """Whether the words before a small place's name make it a place and not a person."""
    if at == 0:
        return False
    before, form = words[at - 1], tokens[at - 1].casefold()
    if "preposition" in before.tags or "near" in before.tags or before.tags & _DEED:
        return True
    listed = form in _JOINS or form == ","
    return form in _KINDS or (listed and bool(found) and found[-1].end >= at - 2)


def _and_region(
    tokens: tuple[str, ...], at: int, last: Mention, gazetteer: Gazetteer
) -> Mention | None:
    """`у Києві та області`: the region around the settlement just named."""
    if last.kind != "settlement" or tokens[at - 1].casefold() not in _JOINS:
        return None
    area = gazetteer.settlements[last.numbers[0]].area_id
    return Mention(at, at + 1, "area", "UA-32" if area == "UA-30" else area, ())
