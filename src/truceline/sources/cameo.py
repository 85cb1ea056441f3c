"""Events that a machine coded from news, by CAMEO: what is taken of them, and why they are only tips."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import SourceError
from truceline.sources.faults import Faults

# Of 100 hand-labelled rows of GDELT, 76.5 were no real event of the coded type at the coded place
# (an audit by 011-sam-110/Provenance, pull request 212). For ICEWS the same is assumed.
TYPE_CONFIDENCE = 0.235
ROOTS = ("15", "18", "19", "20")  # show of force, assault, fight, mass violence
# CAMEO 1.1b3 codes, the longest that fits counts. 190 (force, not specified) and 196 (violate a
# ceasefire, which is a conclusion) are no type.
TYPES: Mapping[str, str] = {
    "152": "troop_or_weapon_buildup", "154": "troop_or_weapon_buildup",
    "183": "explosion_unidentified", "191": "humanitarian_access_obstruction",
    "192": "position_advance", "193": "small_arms_fire", "194": "artillery", "195": "air_strike",
    "1952": "uav_attack", "20": "civilian_harm",
}  # fmt: skip
OPTIONS: Mapping[str, str] = {
    "roots": "CAMEO root codes to take; ['15', '18', '19', '20'] where absent: force and violence",
}


def wanted_roots(options: Mapping[str, Any]) -> frozenset[str]:
    """The root codes to take.

    Raises
    ------
    SourceError
        The option is no list of two-digit codes.
    """
    given = options.get("roots", list(ROOTS))
    words = [str(code) for code in given] if isinstance(given, list | tuple) else []
    if not words or not all(len(word) == 2 and word.isdigit() for word in words):
        msg = f"option `roots` is {given!r}; give CAMEO root codes, as ['18', '19']"
        raise SourceError(msg)
    return frozenset(words)


def coded_types(codes: pa.Array, roots: frozenset[str]) -> tuple[dict[str, pa.Array], Faults]:
    """Type and its low confidence from CAMEO codes; faults of codes that are not wanted, or none.

    Examples
    --------
    >>> read, faults = coded_types(pa.array(["1952", "190", "042"]), frozenset({"19"}))
    >>> read["type"].to_pylist(), faults[2][0]
    (['uav_attack', None, None], "CAMEO code '042' is not of the roots taken")
    """
    coded = codes.dictionary_encode()
    kinds, reasons = [], []
    for cell in coded.dictionary.to_pylist():
        code = cell.strip().zfill(2)
        fits = [TYPES[code[:length]] for length in (4, 3, 2) if code[:length] in TYPES]
        is_wanted = code.isdigit() and code[:2] in roots
        kinds.append(fits[0] if fits and is_wanted else None)
        reasons.append(None if is_wanted else f"CAMEO code {cell[:20]!r} is not of the roots taken")
    kind = pa.array(kinds, pa.string()).take(coded.indices)
    numbers = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    faults: Faults = {}
    for row, number in enumerate(numbers.tolist()):
        reason = "it has no CAMEO code" if number < 0 else reasons[number]
        if reason is not None:
            faults[row] = (reason, "nothing; or add its root to option `roots`")
    unknown = pa.scalar(None, pa.float64())
    sure = pc.if_else(kind.is_valid(), TYPE_CONFIDENCE, unknown)
    return {"type": kind, "type_confidence": sure}, faults
