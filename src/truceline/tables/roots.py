"""Which reports of one incident stand for themselves, and which rest on another.

Reports of one source, of one root, or in one text are one voice, however many there are. Fusion
counts `independent_roots` by the same rule; it also takes texts as one that are alike in four words
of five, which here must be the same words.
"""

import numba as nb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_LEAST_WORDS = 3  # "Shelling." by two patrols is no copy; fusion.entries asks for as many
_BETWEEN_WORDS = r"[^\pL\pN]+"


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
    keys = [_codes(columns[0]), _codes(columns[1]), _codes(columns[2], _LEAST_WORDS)]
    most = max((int(key.max(initial=-1)) + 1 for key in keys), default=0)
    holder = np.full((len(keys), most), -1, np.int64)
    return _walk(order, incident, np.stack([key[row] for key in keys]), holder)


def _codes(column: pa.ChunkedArray, least_words: int = 1) -> Integers:
    """A number for each wording, blanks, case and points aside; -1 for none or too few words."""
    encoded = column.combine_chunks().dictionary_encode()
    plain = pc.replace_substring_regex(pc.utf8_lower(encoded.dictionary), _BETWEEN_WORDS, " ")
    plain = pc.utf8_trim_whitespace(plain)
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
