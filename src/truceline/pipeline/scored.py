"""Scores as plain values, for JSON, for tables and for whoever holds them against targets."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from truceline.model.errors import RecordError
from truceline.pipeline.files import write_json, write_text
from truceline.simulation.scoring.attribution import AttributionScores
from truceline.simulation.scoring.incidents import IncidentScores
from truceline.simulation.scoring.plots import plots

if TYPE_CHECKING:
    from truceline.pipeline.scoring import Case, Scores

CURVE_POINTS = 200  # of a risk curve, evenly spaced along its coverage
_INTERNAL = {"matched"}
Plain = dict[str, Any]


def figures(case: "Case", line: "Scores", oracle: "Scores | None") -> Plain:
    """Everything that was scored, as plain values; a number that is none is None.

    Parameters
    ----------
    case
        What was scored.
    line, oracle
        Its scores, and the oracle's.
    """
    return {
        "title": case.title,
        "observations": {
            "scored": int(case.labelled.member.size),
            "not_taken": case.labelled.not_taken,
            "of_other_kind": case.labelled.of_other_kind,
            "unlabelled": case.labelled.unlabelled,
            "clutter": int(np.count_nonzero(case.true.of < 0)),
        },
        "line": told(line),
        "oracle": told(oracle) if oracle else None,
        "measures": measures(line),
    }


def told(scores: "Scores") -> Plain:
    """The scores of one teller by part; None for a part that it does not tell."""
    found: Plain = plain(scores)
    if found["attribution"] is not None:
        found["attribution"] = curved(found["attribution"])
    return found


def incident_figures(scores: IncidentScores) -> Plain:
    """Scores of incidents alone."""
    found: Plain = plain(scores)
    return found


def curved(attribution: Plain) -> Plain:
    """The risk curve thinned to a few hundred points, its last kept."""
    count = len(attribution["coverage"])
    if count > CURVE_POINTS:
        rows = np.unique(np.linspace(0, count - 1, CURVE_POINTS).astype(int))
        for name in ("coverage", "risk"):
            attribution[name] = [attribution[name][row] for row in rows]
    return attribution


def measures(line: "Scores") -> dict[str, Plain]:
    """The numbers that targets speak of, by the targets' names, each with value, low and high."""
    found: dict[str, Any] = {}
    if line.incidents is not None:
        found["matches"] = line.incidents.found.rate_two
        found["false_events"] = line.incidents.found.false_per_true
        found["pair_f1"] = line.incidents.hard.pair_f1
        found["bcubed"] = line.incidents.hard.bcubed
        if line.incidents.placed is not None:
            found["overlap_90"] = line.incidents.placed.coverage[0.9]
            found["area_90_km2"] = line.incidents.placed.area_km2[0.9]
        if line.incidents.real is not None:
            found["real_calibration"] = line.incidents.real.error
    if line.findings is not None:
        found["verdict_gain"] = line.findings.scores.gain
        if "violation" in line.findings.verdicts:
            found["verdict_calibration"] = line.findings.verdicts["violation"].error
    if line.attribution is not None:
        found |= _of_authors(line.attribution)
    if line.remedies is not None:
        found["wrongful_proposals"] = line.remedies.wrongful
        found["missed_proposals"] = line.remedies.missed
    return {name: _banded(value) for name, value in sorted(found.items())}


def _of_authors(scores: AttributionScores) -> dict[str, Any]:
    share = scores.oracle_attributed
    attributed = scores.attributed
    ratio = {
        name: getattr(attributed, name) / share if share > 0 else math.nan
        for name in ("value", "low", "high")
    }
    return {
        "author_nats": scores.scores.nats,
        "author_gain": scores.scores.gain,
        "wrong_if_attributed": scores.bound_by_campaign if scores.named else math.nan,
        "attributed_of_oracle": ratio,
        "parity_gap": scores.parity_gap,
    }


def _banded(value: Any) -> Plain:
    if isinstance(value, float):
        value = {"value": value, "low": value, "high": value}
    found: Plain = plain(value)
    return found


def plain(value: Any) -> Any:
    """Frozen scores as plain values; NaN and infinity become None.

    Examples
    --------
    >>> plain({0.5: (1.0, float("nan"))})
    {'0.5': [1.0, None]}
    """
    if is_dataclass(value):
        names = [field.name for field in fields(value) if field.name not in _INTERNAL]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def write_scores(found: Mapping[str, Any], out: Path) -> list[Path]:
    """Write scores as JSON, and their plots as SVG beside it; the files written.

    Raises
    ------
    RecordError
        A file could not be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_json(out, found)
        written = [out]
        for name, drawing in plots(found["line"]).items():
            path = out.with_name(f"{out.stem}-{name}.svg")
            write_text(path, drawing)
            written.append(path)
    except OSError as exc:
        msg = f"{out}: could not be written: {exc.strerror or exc}; free some space or choose another file"
        raise RecordError(msg) from exc
    return written
