"""Findings as columns: ids, verdicts, trace codes, without an object per row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Verdict
from truceline.tables import schemas

Floats = npt.NDArray[np.float64]
Digests = npt.NDArray[np.uint64]

# The order of the probabilities of a finding; the first of equals is the verdict.
ORDER = (
    Verdict.VIOLATION,
    Verdict.COMPLIANT,
    Verdict.PERMITTED_RESPONSE,
    Verdict.EXEMPT,
    Verdict.INSUFFICIENT_EVIDENCE,
)
VERDICTS = (
    *(verdict.value for verdict in ORDER),
    Verdict.AMBIGUOUS_CLAUSE.value,
    Verdict.INCONSISTENT_WITH_DECLARATION.value,
)
_NAMES = ("violation", "compliant", "permitted_response", "exempt", "insufficient")
_MARGINS = ("margin_m", "margin_s")
INSUFFICIENT = ORDER.index(Verdict.INSUFFICIENT_EVIDENCE)
AMBIGUOUS, INCONSISTENT = len(ORDER), len(ORDER) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Probabilities of the five verdicts, `(n,)` each, in the order of ORDER; they sum to one.

    `claimed` is the part of `insufficient` in which the act answers an earlier breach of which the
    party's own word is all there is; None: nothing is.
    """

    violation: Floats
    compliant: Floats
    permitted: Floats
    exempt: Floats
    insufficient: Floats
    claimed: Floats | None = None

    def columns(self) -> tuple[Floats, ...]:
        """In the order of ORDER."""
        return (self.violation, self.compliant, self.permitted, self.exempt, self.insufficient)

    def take(self, rows: npt.NDArray[np.intp]) -> "Weighed":
        """Of these rows, which rise; all of them are the whole as it is."""
        if len(rows) == len(self.violation):
            return self
        violation, compliant, permitted, exempt, insufficient = (
            column[rows] for column in self.columns()
        )
        return Weighed(
            violation=violation,
            compliant=compliant,
            permitted=permitted,
            exempt=exempt,
            insufficient=insufficient,
            claimed=None if self.claimed is None else self.claimed[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What all rows of a chunk share."""

    subject_kind: str
    party: str
    clause_id: str
    reading: str | None
    version: str
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Columns that stand in several chunks of one kind of subject, each held once.

    A word that fills a whole column is one; a column that says for one party what the chunk before
    said for another is one too, and where a clause binds both sides alike most of them are.
    """

    rows: int
    made: dict[tuple[str | float | None, pa.DataType], pa.Array] = field(default_factory=dict)
    before: dict[str, pa.Array] = field(default_factory=dict)

    def of(self, value: str | float | None, kind: pa.DataType, count: int) -> pa.Array:
        """A column of one value, a view of the longest; `count` is at most `rows`.

        Examples
        --------
        >>> Repeats(rows=3).of("act", pa.string(), 2).to_pylist()
        ['act', 'act']
        """
        key = (value, kind)
        if key not in self.made:
            self.made[key] = pa.repeat(pa.scalar(value, kind), self.rows)
        return self.made[key].slice(0, count)

    def again(self, name: str, column: pa.Array) -> pa.Array:
        """The column of the chunk before where it says the same, else this one.

        Examples
        --------
        >>> repeats = Repeats(rows=2)
        >>> first = repeats.again("p", pa.array([0.5, 1.0]))
        >>> repeats.again("p", pa.array([0.5, 1.0])) is first
        True
        """
        earlier = self.before.get(name)
        if earlier is not None and earlier.equals(column):
            return earlier
        self.before[name] = column
        return column


def decide(weighed: Weighed, threshold: float) -> npt.NDArray[np.int8]:
    """Number of each row's verdict: the probability that clears the threshold, else insufficient.

    Examples
    --------
    >>> none = np.zeros(2)
    >>> p = np.array([0.95, 0.6])
    >>> w = Weighed(violation=p, compliant=1 - p, permitted=none, exempt=none, insufficient=none)
    >>> [VERDICTS[number] for number in decide(w, 0.9)]
    ['violation', 'insufficient_evidence']
    """
    verdict = np.full(len(weighed.violation), INSUFFICIENT, np.int8)
    # From the last to the first, so that of equals (thresholds up to a half) the first stays.
    best = np.full(len(verdict), threshold - 1e-12)
    for number in reversed(range(len(ORDER))):
        p = weighed.columns()[number]
        takes = p >= best
        verdict[takes] = number
        best[takes] = p[takes]
    return verdict


def table(
    heading: Heading,
    subjects: pa.Array,
    digests: Digests,
    weighed: Weighed,
    verdict: npt.NDArray[np.int8],
    trace: tuple[npt.NDArray[np.int32], Sequence[str]],
    margins: tuple[Floats, Floats],
    repeats: Repeats,
) -> pa.Table:
    """Rows of FINDINGS for one clause, reading and party.

    Parameters
    ----------
    subjects, digests
        `(n,)` ids of subjects, and the digest of each.
    verdict
        `(n,)` numbers in VERDICTS.
    trace
        `(n,)` numbers of codes, and the codes.
    margins
        `(n,)` metres and seconds; not a number where none decides.
    repeats
        For at least `n` rows.
    """
    count = len(subjects)

    def same(value: str | None) -> pa.Array:
        return repeats.of(value, pa.string(), count)

    def spelled(numbers: npt.NDArray[np.integer], words: Sequence[str]) -> pa.Array:
        return pc.take(pa.array(words, pa.string()), pa.array(numbers))

    made: dict[str, pa.Array] = {
        "finding_id": finding_ids(digests, heading),
        "subject_kind": same(heading.subject_kind),
        "subject_id": subjects,
        "party": same(heading.party),
        "clause_id": same(heading.clause_id),
        "reading": same(heading.reading),
        "agreement_version": same(heading.version),
        **{f"p_{n}": pa.array(column) for n, column in zip(_NAMES, weighed.columns(), strict=True)},
        "verdict": spelled(verdict, VERDICTS),
        "threshold": repeats.of(heading.threshold, pa.float64(), count),
        "trace": spelled(*trace),
        **{n: pa.array(m, from_pandas=True) for n, m in zip(_MARGINS, margins, strict=True)},
    }
    held = [repeats.again(name, made[name]) for name in schemas.FINDINGS.names]
    return pa.Table.from_arrays(held, schema=schemas.FINDINGS)


def digest(ids: pa.Array) -> Digests:
    """A 64-bit digest of each id: FNV-1a over its bytes, mixed by splitmix64's finisher.

    References
    ----------
    Fowler, Noll, Vo, FNV-1a 64 bit (IETF draft-eastlake-fnv); Steele, Lea, Flood, "Fast splittable
    pseudorandom number generators", OOPSLA 2014.

    Examples
    --------
    >>> digest(pa.array(["a-1", "a-2"])).tolist() == digest(pa.array(["a-1", "a-2"])).tolist()
    True
    """
    ids = ids.cast(pa.large_string())
    if ids.offset:
        ids = pa.concat_arrays([ids])
    _, offsets, data = ids.buffers()
    start = np.frombuffer(offsets, np.int64)[: len(ids) + 1]
    text = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    out = np.empty(len(ids), np.uint64)
    _digest(start, text, out)
    return out


def finding_ids(digests: Digests, heading: Heading) -> pa.Array:
    """`f-` and 16 hex digits: the subject's digest joined with that of the heading's words."""
    words = (heading.subject_kind, heading.party, heading.clause_id, heading.reading or "")
    said = "\n".join((*words, heading.version)).encode()
    salt = np.frombuffer(hashlib.sha256(said).digest()[:8], np.uint64)[0]
    width = 18
    out = np.empty(len(digests) * width, np.uint8)
    _spell(digests, salt, out)
    start = np.arange(0, len(out) + 1, width, dtype=np.int64)
    made = pa.LargeStringArray.from_buffers(len(digests), pa.py_buffer(start), pa.py_buffer(out))
    return made.cast(pa.string())


@numba.njit(cache=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@numba.njit(cache=True)
def _digest(start: npt.NDArray[np.int64], text: npt.NDArray[np.uint8], out: Digests) -> None:
    for i in range(len(out)):
        value = np.uint64(0xCBF29CE484222325)
        for k in range(start[i], start[i + 1]):
            value = (value ^ np.uint64(text[k])) * np.uint64(0x100000001B3)
        out[i] = _mixed(value)


@numba.njit(cache=True)
def _spell(digests: Digests, salt: np.uint64, out: npt.NDArray[np.uint8]) -> None:
    for i in range(len(digests)):
        value = _mixed(digests[i] ^ salt)
        at = i * 18
        out[at], out[at + 1] = 102, 45  # "f-"
        for k in range(16):
            nibble = (value >> np.uint64(60 - 4 * k)) & np.uint64(15)
            out[at + 2 + k] = np.uint8(nibble + (48 if nibble < 10 else 87))
