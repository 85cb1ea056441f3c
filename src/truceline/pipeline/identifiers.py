"""Which id of a run somebody means: whole or by its first letters, ours or a release's."""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import InputError
from truceline.reports.naming import release_id

FEWEST = 6  # letters; fewer would name too much
_MOST_NAMED = 6
_COLUMNS = (
    ("incidents", "incident_id", "i"),
    ("acts", "act_id", "a"),
    ("findings", "finding_id", "f"),
    ("findings", "subject_id", "o"),
    ("remedies", "remedy_id", "r"),
    ("holdings", "holding_id", "h"),
    ("observations", "observation_id", ""),
)


def resolve(tables: Mapping[str, pa.Table], words: str, key: bytes) -> str:
    """The id of the run that the words name; the words themselves where none begins with them.

    Parameters
    ----------
    tables
        Of one run, by name.
    words
        A whole id, or its first six letters or more; as the run's tables or a release write it.
    key
        The secret by which releases name things; empty where nothing was released.

    Raises
    ------
    InputError
        Several ids begin with the words.
    """
    if any(_holds(tables[name][column], words) for name, column, _ in _COLUMNS):
        return words
    if len(words) < FEWEST:
        return words
    found = dict(sorted(_beginning(tables, words, key)))
    if len(found) > 1:
        named = list(found)[:_MOST_NAMED]
        more = f" and {len(found) - len(named):,} more" if len(found) > len(named) else ""
        msg = f"{words!r} begins {len(found):,} ids: {', '.join(named)}{more}; write more letters"
        raise InputError(msg)
    return next(iter(found.values()), words)


def _holds(column: pa.ChunkedArray, words: str) -> bool:
    return bool(pc.any(pc.equal(column, words)).as_py())


def _beginning(tables: Mapping[str, pa.Table], words: str, key: bytes) -> Iterator[tuple[str, str]]:
    """Each id that begins with the words, as it was written there, and as the run writes it."""
    for name, column, kind in _COLUMNS:
        ids = tables[name][column]
        for own in ids.filter(pc.starts_with(ids, words)).to_pylist():
            yield own, own
        if key and kind and words.startswith(f"{kind}-"):
            for own in ids.to_pylist():
                told = release_id(own, key, kind)
                if told.startswith(words):
                    yield told, own
