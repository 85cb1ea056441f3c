"""Which reports of one incident stand for themselves, and which rest on another.

Reports of one source, of one root, or in one text are one voice, however many there are. Names that
look the same are the same, whatever letters they are made of. Fusion counts `independent_roots` by the
same rule; it also takes texts as one that are alike in four words of five, which here must be the same
words.
"""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.spelling import skeleton
from truceline.tables.chunks import flat

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LEAST_WORDS = 3  # "Shelling." by two patrols is no copy; fusion.entries asks for as many
_BETWEEN_WORDS = r"[^\pL\pN\pM]+"
_NOT_PLAIN = r"[^\x20-\x7E]"


def rests_on(observations: pa.Table, row: Integers, incident: Integers, rank: Integers) -> Integers:
    """For each membership the membership whose voice it is: itself, or the one that it repeats.

    Copies never join two voices into one: who repeats two patrols does not make them one patrol.

    Parameters
    ----------
    observations
        Rows of OBSERVATIONS.
    row, incident
        `(n,)` which observation belongs to which incident, by number.
    rank
        `(n,)` who comes first where several repeat one another: the lowest, then by identifier.

    Returns
    -------
    array
        `(n,)` numbers of memberships.
    """
    by_name = np.empty(observations.num_rows, np.int64)
    by_name[np.asarray(pc.sort_indices(observations["observation_id"]))] = np.arange(len(by_name))
    order = np.lexsort((by_name[row], rank, incident))
    columns = [observations["source"], observations["root"], observations["text"]]
    names = [_codes(pa.chunked_array([voice_words(column)])) for column in columns[:2]]
    keys = [*names, _codes(columns[2], LEAST_WORDS)]
    most = max((int(key.max(initial=-1)) + 1 for key in keys), default=0)
    holder = np.full((len(keys), most), -1, np.int64)
    return _walk(order, incident, np.stack([key[row] for key in keys]), holder)


def voice_words(names: pa.ChunkedArray) -> pa.Array:
    """Names of sources or roots as they are compared; two that look alike become the same words.

    Parameters
    ----------
    names
        `(n,)` as the sources wrote them.

    Returns
    -------
    array
        `(n,)` words, not for showing.

    Examples
    --------
    >>> voice_words(pa.chunked_array([["patrol 1", " P\u0430TROL-1", "patrol 2"]])).to_pylist()
    ['patrol 1', 'patrol 1', 'patrol 2']
    """
    words, code = voice_codes(names)
    return words.take(pa.array(code, mask=code == len(words)))


def voice_codes(names: pa.ChunkedArray) -> tuple[pa.Array, Integers]:
    """The same words, those of each distinct name once, and which of them each name has.

    Parameters
    ----------
    names
        `(n,)` as the sources wrote them.

    Returns
    -------
    words, codes
        `(distinct,)`, of which two may be alike; and `(n,)`: the number of words for a null.

    Examples
    --------
    >>> words, codes = voice_codes(pa.chunked_array([["patrol 1", None, "Patrol-1"]]))
    >>> words.to_pylist(), codes.tolist()
    (['patrol 1', 'patrol 1'], [0, 2, 1])
    """
    encoded = _looks(names)
    words = _between(encoded.dictionary)
    # A name of points alone has no words; it still is not every other such name.
    words = pc.if_else(pc.equal(words, ""), encoded.dictionary, words)
    return words, np.asarray(encoded.indices.fill_null(len(words))).astype(np.int64)


def _looks(names: pa.ChunkedArray) -> pa.DictionaryArray:
    """The column over what each distinct name looks like; plain ASCII needs no second look."""
    encoded = flat(names).dictionary_encode()
    words = encoded.dictionary.cast(pa.string())
    other = pc.match_substring_regex(words, _NOT_PLAIN)
    looks = pa.array([skeleton(word) for word in words.filter(other).to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(
        encoded.indices, pc.replace_with_mask(words, other, looks)
    )


def _between(words: pa.Array) -> pa.Array:
    """The words in lower case, with one blank between them and nothing else."""
    plain = pc.replace_substring_regex(pc.utf8_lower(words), _BETWEEN_WORDS, " ")
    return pc.utf8_trim_whitespace(plain)


def _codes(column: pa.ChunkedArray, least_words: int = 1) -> Integers:
    """A number for each wording, blanks, case and points aside; -1 for none or too few words."""
    encoded = flat(column).dictionary_encode()
    plain = _between(encoded.dictionary)
    told = np.asarray(pc.count_substring(plain, " ")) >= least_words - 1
    number = np.where(told, np.asarray(plain.dictionary_encode().indices).astype(np.int64), -1)
    codes = np.asarray(encoded.indices.fill_null(len(number))).astype(np.int64)
    return np.append(number, -1)[codes]


@nb.njit(cache=True)
def _walk(order: Integers, incident: Integers, keys: Integers, holder: Integers) -> Integers:
    """Take memberships in order; a voice holds its keys until the next incident."""
    voice = np.empty(order.size, np.int64)
    for at in order:
        voice[at] = at
        for k in range(keys.shape[0]):
            if keys[k, at] >= 0:
                held = holder[k, keys[k, at]]
                if held >= 0 and incident[held] == incident[at]:
                    voice[at] = held
                    break
        if voice[at] == at:
            for k in range(keys.shape[0]):
                if keys[k, at] >= 0:
                    holder[k, keys[k, at]] = at
    return voice
