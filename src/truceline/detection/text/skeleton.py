"""Texts that differ only in numbers and in words that mean nothing: found in columns, read once.

What stands between spaces is looked at once for all texts that hold it; a text is then the row of
what these stand for, and equal rows are one skeleton. Only texts whose language their letters tell
are treated so; the others are read one by one, to the same result.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.detection.text.columns import Codes, Mask, encoded
from truceline.detection.text.counts import counts_by_figures
from truceline.detection.text.reading import Aliases, TextFrame, alike, read_tokens
from truceline.detection.text.words import TOKEN, normalise

_UKRAINIAN, _RUSSIAN = "[іїєґІЇЄҐ]", "[ыэёъЫЭЁЪ]"
_COMPOSES = "[\u0300-\u036f\u1c80-\u1c8f]"  # letters that normalising turns into others


class Skeletons(NamedTuple):
    """Readings of skeletons, and for each text which one it has; -1 where it is to be read alone."""

    read: list[TextFrame]
    of_text: Codes


def read_skeletons(texts: pa.Array, may_share: Mask, aliases: Aliases, voice: str) -> Skeletons:
    """Read what texts have in common.

    Parameters
    ----------
    texts
        `(n,)` distinct texts, none null.
    may_share
        `(n,)` whether a text may be read without its own numbers.
    aliases, voice
        As in `read_text`.

    Examples
    --------
    >>> texts = pa.array(["Hit in Selo12, a school", "Hit in Selo7, a farm", "3 drones", "5 drones"])
    >>> found = read_skeletons(texts, np.ones(4, bool), (), "")
    >>> len(found.read), found.of_text.tolist()
    (2, [0, 0, -1, -1])
    """
    of_text = np.full(len(texts), -1, dtype=np.int64)
    read: list[TextFrame] = []
    for language, is_in in _by_language(texts):
        rows = np.nonzero(is_in & may_share)[0]
        if not len(rows):
            continue
        kinds, codes = encoded(_skeletons(texts.take(pa.array(rows)), language, aliases))
        split = map(TOKEN.findall, kinds.to_pylist())
        found = [read_tokens(tokens, language, aliases, voice) for tokens in split]
        alone = np.array([needs_its_numbers(text) for text in found], dtype=bool)
        of_text[rows] = np.where(alone[codes], -1, codes + len(read))
        read += found
    return Skeletons(read, of_text)


def _by_language(texts: pa.Array) -> Iterator[tuple[str, Mask]]:
    """Which texts are of which language, where letters alone tell; as `language_of` has it."""
    plain = np.asarray(pc.string_is_ascii(texts))
    yield "en", plain
    if plain.all():
        return
    ukrainian, russian, composes = (
        np.asarray(pc.match_substring_regex(texts, letters))
        for letters in (_UKRAINIAN, _RUSSIAN, _COMPOSES)
    )
    yield "uk", ukrainian & ~russian & ~composes
    yield "ru", russian & ~ukrainian & ~composes


def _skeletons(texts: pa.Array, language: str, aliases: Aliases) -> pa.Array:
    stands_for = alike(language, aliases)
    words = pc.utf8_split_whitespace(texts)
    pieces, codes = encoded(words.flatten())
    made = [
        " ".join(map(stands_for.__getitem__, TOKEN.findall(normalise(piece))))
        for piece in pieces.to_pylist()
    ]
    taken = pa.array(made, pa.string()).take(pa.array(codes))
    return pc.binary_join(pa.ListArray.from_arrays(words.offsets, taken), " ")


def needs_its_numbers(read: TextFrame) -> bool:
    """Whether what is read depends on what the numbers are: a count, or a tally with its time."""
    return read.frame.is_tally or counts_by_figures(read.sentence)
