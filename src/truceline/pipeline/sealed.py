"""The sealed truth of a simulated mission. Nothing but `pipeline.scoring` may open it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from truceline.model.errors import InputError
from truceline.simulation.contract import TRUTH_FILES
from truceline.tables.schemas import INSTANT

Ints = npt.NDArray[np.int64]

FOLDER = "truth"
_YES = ("true", "True", "1", "yes")
_KEYS = {"incidents.csv": "incident_id", "acts.csv": "act_id", "responsibility.csv": "act_id"}
_REFERENCES = (
    ("acts.csv", "incident_id", "incidents.csv"),
    ("members.csv", "incident_id", "incidents.csv"),
    ("members.csv", "act_id", "acts.csv"),
    ("responsibility.csv", "act_id", "acts.csv"),
    ("verdicts.csv", "act_id", "acts.csv"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The files of the sealed folder, every cell as text; an empty cell is an empty text.

    Verdicts are of acts; those on holdings and on what was due are `duties`, in the same columns.
    """

    incidents: pa.Table
    acts: pa.Table
    members: pa.Table
    responsibility: pa.Table
    verdicts: pa.Table
    duties: pa.Table


def unseal(folder: Path) -> Sealed:
    """Read and check the truth of a mission.

    Parameters
    ----------
    folder
        The mission.

    Raises
    ------
    InputError
        A file or column is missing, a key stands twice, or a row names what is not there; the
        message names file and line.
    """
    sealed = folder / FOLDER
    if not sealed.is_dir():
        msg = (
            f"{sealed}: no truth here to score against; `truceline simulate` writes it. For a set of "
            "reports that people labelled: truceline score --observations FILE --labels members.csv"
        )
        raise InputError(msg)
    tables = {name: read_texts(sealed / name, columns) for name, columns in TRUTH_FILES.items()}
    for name, key in _KEYS.items():
        refuse_twice(sealed / name, tables[name], key)
    for name, column, other in _REFERENCES:
        _refuse_strangers(sealed / name, tables[name][column], tables[other][_KEYS[other]], other)
    for name in ("incidents.csv", "members.csv"):
        if not tables[name].num_rows:
            msg = f"{sealed / name}: holds no row, so there is nothing to score; simulate again"
            raise InputError(msg)
    is_act = pc.not_equal(tables["verdicts.csv"]["act_id"], "")
    duties = tables["verdicts.csv"].filter(pc.invert(is_act)).combine_chunks()
    tables["verdicts.csv"] = tables["verdicts.csv"].filter(is_act).combine_chunks()
    stems = {name.removesuffix(".csv"): table for name, table in tables.items()}
    return Sealed(**stems, duties=duties)


def read_texts(path: Path, columns: tuple[str, ...]) -> pa.Table:
    """Those columns of a CSV file as text, others left out.

    Raises
    ------
    InputError
        It cannot be read, or a column is missing.
    """
    types = pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()))
    try:
        table = pa_csv.read_csv(pa.BufferReader(path.read_bytes()), convert_options=types)
    except (OSError, pa.ArrowInvalid) as exc:
        msg = f"{path}: cannot be read as CSV: {exc}; check the file"
        raise InputError(msg) from exc
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        msg = f"{path}:1: column {missing[0]} is missing; the columns are {','.join(columns)}"
        raise InputError(msg)
    return table.select(list(columns)).combine_chunks()


def refuse_twice(path: Path, table: pa.Table, column: str) -> None:
    """Refuse a key that stands on two lines; an empty one is no key.

    Raises
    ------
    InputError
        It does.
    """
    codes = np.asarray(table[column].combine_chunks().dictionary_encode().indices)
    filled = np.flatnonzero(np.asarray(pc.not_equal(table[column], "")))
    order = filled[np.argsort(codes[filled], kind="stable")]
    again = order[1:][np.diff(codes[order]) == 0]
    if again.size:
        at = int(again.min())
        msg = f"{path}:{at + 2}: {column} {table[column][at].as_py()!r} stands twice; keep one line"
        raise InputError(msg)


def _refuse_strangers(
    path: Path, column: pa.ChunkedArray, known: pa.ChunkedArray, other: str
) -> None:
    lost = pc.and_(
        pc.not_equal(column, ""), pc.invert(pc.is_in(column, value_set=known.combine_chunks()))
    )
    at = np.flatnonzero(np.asarray(lost))
    if at.size:
        row = int(at[0])
        msg = f"{path}:{row + 2}: {column[row].as_py()!r} is not in {other}; both files must be of one run"
        raise InputError(msg)


def flags(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Cells that say yes."""
    return np.asarray(pc.is_in(column, value_set=pa.array(_YES)))


def numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Cells as numbers; NaN where empty.

    Examples
    --------
    >>> numbers(pa.chunked_array([["48.1", ""]])).tolist()
    [48.1, nan]
    """
    filled = pc.if_else(pc.equal(column, ""), "nan", column)
    return np.asarray(filled.cast(pa.float64()))


def seconds(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Instants as seconds since 1970; NaN where empty.

    Examples
    --------
    >>> seconds(pa.chunked_array([["1970-01-01T00:01:00.5Z", ""]])).tolist()
    [60.5, nan]
    """
    at = instants(column)
    whole = np.asarray(at.cast(pa.int64()).fill_null(0)) / 1e6
    return np.where(np.asarray(at.is_valid()), whole, np.nan)


def instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO 8601 instants with a zone as such; null where empty."""
    return pc.if_else(pc.equal(column, ""), None, column).cast(INSTANT)


def codes(column: pa.ChunkedArray, keys: pa.ChunkedArray) -> Ints:
    """Row of each cell among the keys; -1 where empty."""
    found = pc.index_in(column, value_set=keys.combine_chunks())
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def classes(column: pa.ChunkedArray) -> Ints:
    """A number for each word, equal for equal words; -1 where empty.

    Examples
    --------
    >>> classes(pa.chunked_array([["c-1", "", "c-1", "c-2"]])).tolist()
    [0, -1, 0, 1]
    """
    filled = pc.if_else(pc.equal(column, ""), None, column)
    indices = filled.combine_chunks().dictionary_encode().indices
    return np.asarray(indices.fill_null(-1)).astype(np.int64)
