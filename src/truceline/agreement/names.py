"""Which words name a party: its id, its names in every language, its aliases; and which name a body.

A source that bears such a name is that party speaking, whatever kind of source it is said to be.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.agreement.terms import Agreement, Body
from truceline.model.spelling import skeleton

NOBODY = -1
SOME_PARTY = -2  # one that is not named, or two at once


def folded(word: str) -> str:
    """A word as it is compared: letters that look alike, case and blanks are one, by `skeleton`.

    Examples
    --------
    >>> folded("ＷＥＳＴ") == folded(" w\u0435st\u200b. ") == "west"
    True
    """
    return skeleton(word)


def party_words(agreement: Agreement, fold: Callable[[str], str] = folded) -> dict[str, int]:
    """Every way to write a party, folded, to its place in the order of parties.

    A word that the agreement gives to two parties names neither.

    Parameters
    ----------
    agreement
        Whose parties.
    fold
        How words are compared; `spelling.plain` keeps each word in its own letters.
    """
    words: dict[str, int] = {}
    for place, party in enumerate(agreement.parties):
        for word in {fold(w) for w in (*party.names.values(), *party.aliases, party.party_id)}:
            words[word] = SOME_PARTY if words.get(word, place) != place else place
    return words


def body_names(body: Body) -> frozenset[str]:
    """The ways to write a body of the mandate, folded: its id and its name."""
    return frozenset({folded(body.body_id), folded(body.name)})


def body_words(agreement: Agreement, word: str) -> frozenset[str]:
    """Every way to write the body that a word names, folded; of no body of the mandate the word alone.

    Examples
    --------
    >>> from truceline.agreement.load import load
    >>> sorted(body_words(load("undof-1974"), "UNDOF"))
    ['undof', 'united nations disengagement observer force']
    """
    own = folded(word)
    every = (body_names(body) for body in agreement.mandate.bodies)
    return frozenset({own}).union(*(names for names in every if own in names))


def named_party(columns: Iterable[pa.ChunkedArray], words: dict[str, int]) -> npt.NDArray[np.int64]:
    """The party that the columns name between them, row by row.

    Parameters
    ----------
    columns
        Of one length, at least one: a source's name, its group.
    words
        As `party_words` gives them.

    Returns
    -------
    array
        `(n,)` place of the party; `NOBODY` where no cell names one, `SOME_PARTY` where two cells
        name different ones: a report under two flags is no party's own word.

    Examples
    --------
    >>> source, group = pa.chunked_array([["W", "gazette", "W"]]), pa.chunked_array([["W", "x", "E"]])
    >>> named_party([source, group], {"w": 0, "e": 1}).tolist()
    [0, -1, -2]
    """
    found: npt.NDArray[np.int64] | None = None
    for column in columns:
        encoded = column.combine_chunks().dictionary_encode()
        of = [words.get(folded(word), NOBODY) for word in encoded.dictionary.to_pylist()]
        codes = np.asarray(encoded.indices.fill_null(len(of))).astype(np.int64)
        here = np.asarray([*of, NOBODY], dtype=np.int64)[codes]
        if found is None:
            found = here
            continue
        differs = (found != NOBODY) & (here != NOBODY) & (found != here)
        found = np.where(differs, SOME_PARTY, np.where(found == NOBODY, here, found))
    return np.empty(0, np.int64) if found is None else found
