"""From one text to one reading: sentences, the grammar over each, and the places it names."""

from functools import cache, lru_cache
from typing import NamedTuple

from truceline.detection.text import grammar, mentions, speakers
from truceline.detection.text.counts import WEIGHED
from truceline.detection.text.words import (
    NOTHING,
    TOKEN,
    Sentence,
    Word,
    classify,
    language_of,
    lexicon,
    normalise,
)

MOST_SENTENCES = 6  # an observation is one happening; what stands further down is another
_PLACE = Word(frozenset({"place"}), "", "N", "")
_AREA = Word(frozenset({"place", "area"}), "", "N", "")
_ENDS = frozenset(".!?")

Aliases = tuple[tuple[str, str], ...]  # small-letter words, party id


class TextFrame(NamedTuple):
    """The reading of a whole text: the frame of the sentence that reports, and its words."""

    frame: grammar.Frame
    sentence: Sentence
    places: tuple[mentions.Mention, ...]
    language: str


def sentences(tokens: list[str]) -> list[list[str]]:
    """Tokens cut at a full stop, question or exclamation mark that a capital letter follows."""
    if _ENDS.isdisjoint(tokens):
        return [tokens] if tokens else []
    cut: list[list[str]] = [[]]
    for at, token in enumerate(tokens):
        cut[-1].append(token)
        ends = token in _ENDS and len(cut[-1]) > 2
        if ends and at + 1 < len(tokens) and not tokens[at + 1][0].islower():
            cut.append([])
    return [part for part in cut[:MOST_SENTENCES] if part]


class _Parsed(NamedTuple):
    """What a sentence says; sentences that differ only in numbers and plain words share one."""

    words: tuple[Word, ...]
    tags: frozenset[str]
    places: tuple[mentions.Mention, ...]
    frame: grammar.Frame


@lru_cache(maxsize=65_536)
def _parsed(tokens: tuple[str, ...], language: str, aliases: Aliases, voice: str) -> _Parsed:
    words = [classify(token, language) for token in tokens]
    if any(map(_starts_pair, tokens)):
        speakers.pair_own(tuple(token.casefold() for token in tokens), words)
    for alias, party in aliases:
        _mark_alias(tokens, words, alias, party)
    speakers.mark(tokens, words)
    found = tuple(mentions.find(tokens, tuple(words)))
    for mention in found:
        if mention.kind == "unlisted":
            continue
        for at in range(mention.start, mention.end):
            kept = words[at].tags & {"sector", "near", "toward", "hromada_word"}
            base = _AREA if mention.kind == "area" else _PLACE
            words[at] = base._replace(tags=base.tags | kept) if kept else base
    read = tuple(words)
    tags = frozenset().union(*(word.tags for word in read))
    return _Parsed(read, tags, found, grammar.read_sentence(read, voice))


class Alike(dict[str, str]):
    """A token to the token that stands for it: for numbers 0, for plain words the first of a kind.

    A plain word means nothing to the lexicon, the gazetteer, the counts and the aliases, and only its
    part of speech is left of it. Which word stands for its kind changes nothing that is read.
    """

    def __init__(self, language: str, aliases: Aliases) -> None:
        super().__init__()
        self.language = language
        named = (word for alias, _ in aliases for word in alias.split(" "))
        self.kept = WEIGHED.union(named, lexicon().phrase_parts, lexicon().sourced)
        self.kinds: dict[Word, str] = {}

    def __missing__(self, token: str) -> str:
        self[token] = found = self._found(token)
        return found

    def _found(self, token: str) -> str:
        if token[0].isdecimal():
            return token if token in _YEARS else "0:00" if ":" in token else "0"
        word = classify(token, self.language)
        if word.tags or not token[0].isalpha() or token.casefold() in self.kept:
            return token
        if _in_pair(token) or not mentions.is_plain(token):
            return token
        return self.kinds.setdefault(word, token)


@lru_cache(maxsize=64)
def alike(language: str, aliases: Aliases) -> Alike:
    """What stands for each token of a language."""
    return Alike(language, aliases)


_YEARS = frozenset({"2014", "2022", "2023", "2024"})  # the lexicon knows these as words


@cache
def _starts_pair(token: str) -> bool:
    return token.casefold().startswith(tuple(first for first, _ in lexicon().pairs))


@cache
def _in_pair(token: str) -> bool:
    return token.casefold().startswith(tuple(word for pair in lexicon().pairs for word in pair))


def _mark_alias(tokens: tuple[str, ...], words: list[Word], alias: str, party: str) -> None:
    """A party's alias that the lexicon does not hold, word for word."""
    wanted = alias.split(" ")
    for at in range(len(tokens) - len(wanted) + 1):
        if [t.casefold() for t in tokens[at : at + len(wanted)]] == wanted:
            words[at] = Word(words[at].tags | {"force"}, f"party:{party}", "N", "ngdail")
            for after in range(at + 1, at + len(wanted)):
                words[after] = NOTHING


def read_text(
    text: str, stated_language: str | None, aliases: Aliases = (), voice: str = ""
) -> TextFrame:
    """What a text reports: its first sentence that reports a happening, else its first tally.

    Parameters
    ----------
    text
        As received.
    stated_language
        What the source says of its language, if anything.
    aliases
        (small-letter words, party id) that the lexicon does not hold.
    voice
        The side for which the source itself speaks, or empty: whose `our forces` and whose
        `adversary` are meant where the text names no speaker.

    Examples
    --------
    >>> read_text("Уночі російські дрони атакували Суми", None).frame.type
    'uav_attack'
    >>> read_text("Команда із Сум виграла матч", None).frame.reason
    'no happening is named'
    >>> [read_text("Ворог обстріляв село", None, (), side).frame.actor for side in ("", "ukraine")]
    ['', 'russia']
    """
    clean = normalise(text)
    language = language_of(clean, stated_language)
    return read_tokens(TOKEN.findall(clean), language, aliases, voice)


def read_tokens(tokens: list[str], language: str, aliases: Aliases, voice: str) -> TextFrame:
    """What the tokens of a text report, as `read_text` has it."""
    stands_for = alike(language, aliases)
    read: list[TextFrame] = []
    for part in sentences(tokens) or [[]]:
        parsed = _parsed(tuple(map(stands_for.__getitem__, part)), language, aliases, voice)
        sentence = Sentence(tokens=tuple(part), words=parsed.words, tags=parsed.tags)
        frame = parsed.frame
        read.append(TextFrame(frame, sentence, parsed.places, language))
        if frame.is_relevant:
            return read[-1]
    tallies = [r for r in read if r.frame.is_tally]
    return (tallies or read)[0]
