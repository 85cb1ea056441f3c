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
_KINDS = frozenset(["селе", "поселку", "місто", "міста", "місті", "місту", "село", "села", "селі", "селі", "селу", "селище", "селища", "селищі", "смт", "город", "города", "городе", "городу", "село", "поселок", "поселка", "поселке", "village", "town", "city"])  # fmt: skip
_DEED = frozenset(
    [
        "shelling",
        "strike",
        "attack",
        "hit",
        "explosion",
        "advance",
        "retreat",
        "fight",
        "assault",
        "drop",
        "uav",
        "missile",
        "bomb",
        "compass",
    ]
)
WELL_KNOWN = 20_000  # people: a name of such a place is taken for it without a word before it
LONGEST_NAME = 3  # words


class Mention(NamedTuple):
    """A place named by tokens `start` to `end`.

    `kind` is `settlement`; `anchor` (a settlement from which the place is told: south of it, between
    two); `unlisted` (a name that the gazetteer does not hold); `raion`, `hromada`, `sector`; `area`.
    `key` is the form, the romanised name of an unlisted place, or an area id.
    """

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
        if form.endswith(ending) and (stem in gazetteer.stems or stem in gazetteer.area_adjectives):
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
def regions_of(token: str) -> frozenset[str]:
    """Area ids of what a token names: a region, its adjective, or settlements.

    Examples
    --------
    >>> sorted(regions_of("Сумської")), sorted(regions_of("Белгородской")), sorted(regions_of("річки"))
    (['UA-59'], ['RU-BEL'], [])
    """
    form = token.casefold().replace("ё", "е")
    if not token[0].isupper():
        return frozenset()
    numbers, area = _stem_of(form)
    named = area or _area_named(form)
    if named:
        return frozenset({named})
    gazetteer = load()
    found = numbers or gazetteer.forms.get(form, ())
    return frozenset(gazetteer.settlements[number].area_id for number in found)


@cache
def known(token: str) -> str:
    """What a token may begin: letters of s settlement, n area's name, a adjective, c capital."""
    if not token[0].isalpha():
        return ""
    form = token.casefold().replace("ё", "е")
    adjective = "a" if len(form) > 4 and any(_stem_of(form)) else ""
    if not token[0].isupper():
        return adjective if any(ending in form for ending in ("ськ", "цьк", "ск")) else ""
    gazetteer = load()
    settles = "s" if form in gazetteer.forms or form in gazetteer.leads else ""
    return settles + ("n" if _area_named(form) else "") + adjective + "c"


@cache
def is_plain(token: str) -> bool:
    """Whether a word plays no part in finding places, so that any other such word would do."""
    form = token.casefold().replace("ё", "е")
    return not (
        known(token)
        or form in _JOINS
        or form in _KINDS
        or form in load().tails
        or any(_stem_of(form))
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
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        what = known(tokens[at])
        mention = _mention(what, tokens, words, at, found) if what else None
        if found and mention is None and "oblast_word" in words[at].tags:
            mention = _and_region(tokens, at, found)
        if mention is not None:
            found.append(mention)
            at = mention.end
        else:
            at += 1
    return found


def _mention(
    what: str, tokens: tuple[str, ...], words: tuple[Word, ...], at: int, found: list[Mention]
) -> Mention | None:
    if "n" in what:
        return Mention(at, at + 1, "area", _area_named(tokens[at].casefold()), ())
    mention = _district(tokens, words, at) if "a" in what else None
    if mention is None and "s" in what:
        mention = _settlement(tokens, words, at, found)
    if mention is None and "c" in what and not words[at].tags:
        return _unlisted(tokens, words, at, found)
    return mention


def _district(tokens: tuple[str, ...], words: tuple[Word, ...], at: int) -> Mention | None:
    """An adjective with the word for region, district, community or sector after it."""
    numbers, area = _stem_of(tokens[at].casefold().replace("ё", "е"))
    for after in range(at + 1, min(len(words), at + 5)):
        tags = words[after].tags
        end = after + 1 if after == at + 1 else at + 1
        if "oblast_word" in tags:
            return Mention(at, end, "area", area, ()) if area else None
        for tag, kind in _DISTRICTS:
            if tag in tags and numbers:
                return Mention(at, end, kind, tokens[at].casefold(), numbers)
            if tag in tags and area:
                return Mention(at, end, "area", area, ())
        joined = tokens[after].casefold() in _JOINS or tokens[after] == ","
        if not joined and not any(_stem_of(tokens[after].casefold())):
            return None
    return None


_DISTRICTS = (("raion_word", "raion"), ("hromada_word", "hromada"), ("sector", "sector"))


def _settlement(
    tokens: tuple[str, ...], words: tuple[Word, ...], at: int, found: list[Mention]
) -> Mention | None:
    gazetteer = load()
    form, numbers, end = _longest(tokens, at, gazetteer)
    if not numbers:
        return None
    people = max(gazetteer.settlements[n].population for n in numbers)
    if words[at].tags and end - at == 1 and people < 10 * WELL_KNOWN:
        return None
    if people < WELL_KNOWN and not _introduced(tokens, words, at, found):
        return None
    if end - at == 1 and form.startswith("запоріжж") and _on(tokens, at):
        return Mention(at, end, "area", "UA-23", ())
    kind = "anchor" if found and _is_anchor(words, at, found[-1]) else "settlement"
    return Mention(at, end, kind, form, numbers)


def _longest(
    tokens: tuple[str, ...], at: int, gazetteer: Gazetteer
) -> tuple[str, tuple[int, ...], int]:
    """The longest name that begins here: its form, who bears it, and where it ends."""
    form = tokens[at].casefold().replace("ё", "е")
    if form in gazetteer.leads:
        for length in range(min(LONGEST_NAME, len(tokens) - at), 1, -1):
            longer = " ".join(tokens[at : at + length]).casefold().replace("ё", "е")
            if longer in gazetteer.forms:
                return longer, gazetteer.forms[longer], at + length
    return form, gazetteer.forms.get(form, ()), at + 1


def _is_anchor(words: tuple[Word, ...], at: int, last: Mention) -> bool:
    """Whether the place is told from here: `south of X`, `between X and Y`, after a nearer name."""
    if last.kind == "anchor" and last.end >= at - 2:
        return True
    back = words[max(0, at - 4) : at]
    if any("between" in word.tags for word in back):
        return True
    return any("compass" in w.tags for w in back) and any("away" in w.tags for w in back[-1:])


def _unlisted(
    tokens: tuple[str, ...], words: tuple[Word, ...], at: int, found: list[Mention]
) -> Mention | None:
    """A capitalised word that stands where a place would, and that the gazetteer does not hold."""
    if at == 0 or len(tokens[at]) < 4 or not _introduced(tokens, words, at, found):
        return None
    return Mention(at, at + 1, "unlisted", romanised(tokens[at]), ())


_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ё": "e",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ы": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip


@cache
def romanised(name: str) -> str:
    """A name in rough Latin letters, so that two spellings of it begin alike.

    Examples
    --------
    >>> romanised("Ямполівки"), romanised("Yampolivka")
    ('iampolivki', 'iampolivka')
    """
    letters = "".join(_LATIN.get(c, c) for c in name.casefold().replace("ё", "е"))
    return "".join(
        c for c in letters.replace("y", "i").replace("g", "h") if c.isascii() and c.isalpha()
    )


def same_name(one: str, other: str) -> bool:
    """Whether two romanised names differ in no more than an ending."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return same >= 4 and same >= max(len(one), len(other)) - 3


def _on(tokens: tuple[str, ...], at: int) -> bool:
    """`на Запоріжжі` is the region, `у Запоріжжі` the city."""
    return at > 0 and tokens[at - 1].casefold() == "на" and tokens[at].casefold().endswith("і")


def _introduced(
    tokens: tuple[str, ...], words: tuple[Word, ...], at: int, found: list[Mention]
) -> bool:
    """Whether the words before a small place's name make it a place and not a person."""
    if at == 0:
        return False
    before, form = words[at - 1], tokens[at - 1].casefold().replace("ё", "е")
    if "preposition" in before.tags or "near" in before.tags or before.tags & _DEED:
        return True
    listed = form in _JOINS or form == ","
    return form in _KINDS or (listed and bool(found) and found[-1].end >= at - 2)


def _and_region(tokens: tuple[str, ...], at: int, found: list[Mention]) -> Mention | None:
    """`у Києві та області`: the region takes the place of the settlement just named."""
    last = found[-1]
    if last.kind != "settlement" or tokens[at - 1].casefold() not in _JOINS:
        return None
    area = load().settlements[last.numbers[0]].area_id
    found.pop()
    return Mention(last.start, at + 1, "area", "UA-32" if area == "UA-30" else area, ())
