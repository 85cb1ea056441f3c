"""Words: what one word may mean to the reader, found once for each form and kept."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from truceline.detection.text.ukrainian import ending_of, forms_of

TOKEN = re.compile(r"\d+(?:[:.,]\d+)*|[^\W\d_]+(?:['-](?:[^\W_])+)*|[.,:;!?()\"«»“”–—-]")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "′": "'", "‘": "'"})
_UKRAINIAN, _RUSSIAN = frozenset("іїєґ"), frozenset("ыэёъ")
_RUSSIAN_WORD = re.compile(
    r"\b(?:и|с|к|от|из|из-за|после|под|что|при|около|возле|росси\w*|украин\w*|войск\w*|днепр\w*"
    r"|харьков\w*|атаковал\w*|удар\w*л[аои]?|обстрел\w*|взрыв\w*)\b"
)
_CYRILLIC = re.compile(r"[а-яіїєґё'-]+")
_BREAKS = frozenset(".:;!?()–—-")
_PARTS = {"NOUN": "N", "NPRO": "N", "ADJF": "A", "ADJS": "P", "PRTF": "P", "PRTS": "P", "VERB": "V"}
_CASES = {"nomn": "n", "gent": "g", "datv": "d", "accs": "a", "ablt": "i", "loct": "l"}
_ARTICLES = frozenset({"the", "a", "an"})
_NAMES = ("nouns", "adjectives")
_LIKELY = 0.15  # readings of a form that the dictionary holds less likely are left out


class Word(NamedTuple):
    """What a form may mean.

    `side` is a side's name, `adversary` or `self` (seen from whoever speaks), or empty; `part` is N noun, A adjective, P participle,
    V verb, D number, B a break between clauses, C comma, or O; `cases` holds letters of ngdail.
    """

    tags: frozenset[str]
    side: str
    part: str
    cases: str


NOTHING = Word(frozenset(), "", "O", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The word lists, turned round: from a word or a beginning to what it means."""

    exact: Mapping[str, frozenset[str]]
    declined: Mapping[str, frozenset[str]]  # Ukrainian form to the whole words it may be a form of
    begins: Mapping[str, frozenset[str]]
    longest: int
    pairs: frozenset[tuple[str, str]]  # two words that together mean the speaker's own forces
    party_keys: Mapping[str, frozenset[str]]
    sides: tuple[str, ...]
    officials: Mapping[str, str]  # name in the nominative to side
    regional_organs: Mapping[str, str]  # an organ of regions that one side alone has, to side
    region_prefixes: tuple[tuple[str, str], ...]  # beginning of an area id, side
    claimed_by_both: frozenset[str]  # area ids
    phrase_parts: frozenset[str]  # small-letter forms between an organ and its owner
    sourced: frozenset[str]  # small-letter forms after which somebody is quoted


def _turned(lists: Mapping[str, list[str]]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    exact: dict[str, set[str]] = defaultdict(set)
    begins: dict[str, set[str]] = defaultdict(set)
    for tag, entries in lists.items():
        for entry in entries:
            if entry.startswith("="):
                exact[entry[1:]].add(tag)
            else:
                begins[entry].add(tag)
    return exact, begins


def _declined(words: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for form in forms_of(word):
            found[form].add(word)
    return {form: frozenset(of) for form, of in found.items()}


def _lists(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every word list by its tag; rows of three languages are laid end to end."""
    lists: dict[str, list[str]] = dict(content["tags"])
    lists["publisher"] = content["publishers"]["words"]
    for tag, rows in content["alike"].items():
        if tag != "own_pairs":
            lists[tag] = [entry for row in rows for words in row for entry in words.split()]
    lists["official"] = [f"={name}" for name in _officials(content)]
    for side, entry in content["side"].items():
        lists[f"{side}:adjectives"] = entry["adjectives"]
        for kind in ("nouns", "organs"):
            lists[f"{side}:{kind}"] = [w for words in entry[kind].values() for w in words]
    return lists


def _officials(content: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: side
        for office in content["officials"].values()
        for side, names in office.items()
        for name in names
    }


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with Truceline; read once a process."""
    raw = files("truceline.detection.text").joinpath("lexicon.toml").read_text(encoding="utf-8")
    content: Mapping[str, Any] = tomllib.loads(raw)
    exact, begins = _turned(_lists(content))
    sides: Mapping[str, Any] = content["side"]
    pairs = (words.split() for row in content["alike"]["own_pairs"] for words in row)
    return Lexicon(
        exact={form: frozenset(tags) for form, tags in exact.items()},
        declined=_declined(exact),
        begins={stem: frozenset(tags) for stem, tags in begins.items()},
        longest=max(map(len, begins)),
        pairs=frozenset((first, second) for first, second in pairs),
        party_keys={s: frozenset(e["party_keys"]) for s, e in sides.items()},
        sides=tuple(sides),
        officials=_officials(content),
        regional_organs={name: s for s, e in sides.items() for name in e["regional_organs"]},
        region_prefixes=tuple((p, s) for s in sides for p in content["regions"][s]),
        claimed_by_both=frozenset(content["regions"]["claimed_by_both"]),
        phrase_parts=frozenset(content["phrase"]["parts"]),
        sourced=frozenset(content["phrase"]["sourced"]),
    )


def normalise(text: str) -> str:
    """The text with one kind of apostrophe, composed letters and single spaces."""
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())


def language_of(text: str, stated: str | None = None) -> str:
    """Language of a text by its letters, else as stated: `uk`, `ru` or `en`; `uk` if neither tells.

    Examples
    --------
    >>> language_of("Вночі лунали вибухи у місті"), language_of("Взрывы в городе были слышны")
    ('uk', 'ru')
    >>> language_of("Shelling near the town"), language_of("Удар по селу", "ru")
    ('en', 'ru')
    """
    if text.isascii():
        return "en"
    letters = frozenset(text.casefold())
    ukrainian, russian = letters & _UKRAINIAN, letters & _RUSSIAN
    if ukrainian and not russian:
        return "uk"
    if russian and not ukrainian:
        return "ru"
    if not ukrainian and _RUSSIAN_WORD.search(text.casefold()):
        return "ru"
    if stated in {"uk", "ua", "ru", "en"}:
        return "uk" if stated == "ua" else str(stated)
    return "uk"


@cache
def _analyser() -> Any:
    import pymorphy3  # here, because the dictionary is large and only Russian needs it

    return pymorphy3.MorphAnalyzer(lang="ru")


def _grammar(form: str, language: str) -> tuple[str, str, frozenset[str]]:
    """Part of speech, cases and dictionary forms of a small-letter form."""
    if language == "en" or not _CYRILLIC.fullmatch(form):
        if form in _ARTICLES:
            return "O", "", frozenset()
        stem = re.sub(r"(?:ies|es|s|ed|ing)$", "", form)
        part = "V" if re.search(r"(?:ed|struck|hit|fired)$", form) else "N"
        return part, "ngai", frozenset({stem})
    if language == "uk":
        told = ending_of(form)
        dictionary_forms = lexicon().declined.get(form, frozenset())
        return told.part + "+" * told.is_plural, told.cases, dictionary_forms
    parses = [p for p in _analyser().parse(form) if p.score >= _LIKELY]
    parses = parses or _analyser().parse(form)[:1]
    guessed = not parses[0].is_known  # a word that no dictionary holds is hardly a short adjective
    parses.sort(
        key=lambda p: (guessed and p.tag.POS == "ADJS", -round(p.score, 3), p.tag.POS != "NOUN")
    )
    part = _PARTS.get(str(parses[0].tag.POS), "O")
    cases = {_CASES.get(str(p.tag.case), "") for p in parses if _PARTS.get(str(p.tag.POS)) == part}
    plural = part == "N" and str(parses[0].tag.number) == "plur"
    return part + "+" * plural, "".join(sorted(cases)), frozenset(p.normal_form for p in parses)


def _meanings(form: str, lemmas: frozenset[str]) -> set[str]:
    words = lexicon()
    found: set[str] = set()
    for candidate in (form, *lemmas):
        found |= words.exact.get(candidate, frozenset())
    for length in range(2, min(len(form), words.longest) + 1):
        found |= words.begins.get(form[:length], frozenset())
    for tag in ("bomb", "assault", "court", "advance"):
        if f"not_{tag}" in found:
            found -= {tag, f"not_{tag}"}
    return found


@cache
def classify(token: str, language: str) -> Word:
    """What one token may mean.

    Examples
    --------
    >>> word = classify("обстріляли", "uk")
    >>> sorted(word.tags), word.part
    (['shelling'], 'V')
    >>> classify("російські", "uk").side, classify("українські", "uk").side
    ('russia', 'ukraine')
    """
    if token[0].isdecimal():
        tags = _meanings(token, frozenset())
        return (
            Word(frozenset(tags), "", "D", "")
            if tags
            else Word(frozenset({"clock"} if ":" in token else {"number"}), "", "D", "")
        )
    if not token[0].isalpha():
        return Word(frozenset(), "", "B" if token in _BREAKS else "C" if token == "," else "O", "")
    form = token.casefold().replace("ё", "е")
    part, cases, lemmas = _grammar(form, language)
    tags = _meanings(form, lemmas)
    if not tags:
        return Word(frozenset(), "", part[0] if part[0] in "NV" else "O", "")
    if part.endswith("+"):
        part = part[0]
        tags.add("plural")
    side, named = _side_of(form, tags)
    part = named or part
    if token.isupper() and len(token) <= 6 and (side or "force" in tags):
        part, cases = "N", "ngdail"  # abbreviations do not decline
    return Word(frozenset(tags), side, part, cases)


def _side_of(form: str, tags: set[str]) -> tuple[str, str]:
    """Whom a form names, and the part of speech that this gives it; empty where it gives none."""
    if tags & {"rival", "loaded"}:
        return "adversary", ""
    if tags & {"ours", "defender"}:
        return "self", "A" if "ours" in tags else "N"
    named = [s for s in lexicon().sides if {f"{s}:nouns", f"{s}:adjectives"} & tags]
    if len(named) != 1 or ("-" in form and _names_another(form, named[0])):
        return "", ""  # `Russian-Ukrainian` is both, whichever it names first
    return named[0], "N" if f"{named[0]}:nouns" in tags else "A"


def _names_another(form: str, side: str) -> bool:
    others = {f"{s}:{kind}" for s in lexicon().sides if s != side for kind in _NAMES}
    return any(_meanings(part, frozenset()) & others for part in form.split("-")[1:])


class Sentence(NamedTuple):
    """Tokens of one sentence with what each may mean, in step; `tags` holds those of all words."""

    tokens: tuple[str, ...]
    words: tuple[Word, ...]
    tags: frozenset[str]
