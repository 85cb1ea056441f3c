"""How a name is compared: what looks the same on paper is the same name.

A patrol must not become two, nor a party a patrol, by a letter of another alphabet or by a character
that nobody can see. What is written stays as it was written; only comparing goes through here.
"""

import re
import unicodedata

# Characters that print nothing and that category Cf leaves out: Default_Ignorable_Code_Point of
# Unicode 15.1, DerivedCoreProperties.txt; and those that print an empty cell.
_UNSEEN = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2065, 0x2065),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)
_BLANK = {0x2800: " "}  # an empty Braille cell

# Cyrillic and Greek letters that look like a Latin one: facts of confusables.txt, UTS 39
# (Unicode Security Mechanisms). As written, for words that mix alphabets:
_WRITTEN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХѴԌԚԜҮҺӀ" + "аеѕіјорсухѵһԁԛԝгьүӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "αιονρυγ",
    "ABESIJKMHOPCTYXVGQWYhI" + "aesijopcyxvhdqwrbyl" + "ABEZHIKMNOPTYX" + "aiovpuy",
)
# Whatever the case, for every word: a letter stands for what its capital looks like, or else its
# small form. One letter of an alphabet each, so that no two words of one alphabet become the same.
_FOLDED = str.maketrans(
    "авеѕіјкмнорстухѵԁԍԛԝ" + "αβεζηικμνορτυχ" + "ıɑɡ",
    "abesijkmhopctyxvdgqw" + "abezhikmnoptyx" + "iag",
)
_LATIN, _OTHERS = re.compile(r"[A-Za-z]"), re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_JOINERS = {0x200C: None, 0x200D: None}
_EDGES = " \t.,;:'\"`()[]«»‹›“”„‘’"


def seen(text: str) -> str:
    """The text without characters that print nothing; compatible letters are one.

    Examples
    --------
    >>> seen("West\\u200bl\\u00adand"), seen("ＷＥＳＴ")
    ('Westland', 'WEST')
    """
    text = unicodedata.normalize("NFKC", text).translate(_BLANK)
    if text.isascii() and text.isprintable():
        return text
    kept = [c for c in text if c not in _UNSEEN and not _is_unprinted(c)]
    return unicodedata.normalize("NFC", "".join(kept))


def plain(text: str) -> str:
    """A name in lower case, blanks as one, without what cannot be seen; its letters its own.

    Examples
    --------
    >>> plain("  ЗБРОЙНІ   Сили. ")
    'збройні сили'
    """
    words = " ".join(seen(text).casefold().split())
    return words.strip(_EDGES) or words


def skeleton(text: str) -> str:
    """What a name looks like: the same for two names that a reader cannot tell apart.

    For comparing alone, never for showing: letters of several alphabets may stand in it.

    Examples
    --------
    >>> skeleton("W\\u0435stl\\u0430nd") == skeleton("WEST\\u200bLAND") == "westland"
    True
    >>> skeleton("patrol 1") == skeleton("patrol 2")
    False
    """
    words = seen(text)
    if words.isascii():
        return plain(words)
    words = " ".join(w.translate(_WRITTEN) if mixes(w) else w for w in words.split())
    return plain(words).translate(_FOLDED)


def mixes(text: str) -> bool:
    """Whether one word of the text holds Latin letters beside Cyrillic or Greek ones.

    Examples
    --------
    >>> mixes("p\\u0430trol 1"), mixes("Радіо FM")
    (True, False)
    """
    return any(_LATIN.search(word) and _OTHERS.search(word) for word in seen(text).split())


def hides(text: str) -> bool:
    """Whether the text holds a character that prints nothing, and is no line break or blank.

    The joiners of Arabic and Indic writing are letters there, and are counted in other writing alone.

    Examples
    --------
    >>> hides("West\\u200bland"), hides("West land")
    (True, False)
    """
    if not _LATIN.search(text) and not _OTHERS.search(text):
        text = text.translate(_JOINERS)
    return any(c in _UNSEEN or _is_unprinted(c) for c in text)


def _is_unprinted(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind == "Cf" or (kind == "Cc" and not letter.isspace())
