"""The mirror image of a mission: names, geometry, clauses, claims and sources of the parties swapped.

East becomes west about one meridian; every word for one party becomes the word for the other. Who
is listed first stays in the first place, so that it changes sides: a place in a list earns nothing.
Nothing else changes: not an id of an observation, not a time, not a count.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BEARINGS = ("bearing_deg",)
LONGITUDES = ("lon", "longitude")
KEPT = ("observation_id", "claim_id", "holding_id", "notice_id", "exposure_id")


def mirror_mission(source: Path, target: Path, words: Mapping[str, str], meridian: float) -> None:
    """Write the mirror image of a mission folder.

    Parameters
    ----------
    words
        Each word for a party and its counterpart; both directions are swapped.
    meridian
        Longitude of the mirror, degrees.
    """
    both = {**words, **{b: a for a, b in words.items()}}
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_dir() or inside.parts[0] in {"out", "record", "release"}:
            continue
        copy = target / inside
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            copy.write_text(
                _csv(path.read_text(encoding="utf-8"), both, meridian), encoding="utf-8"
            )
        elif path.suffix in {".geojson", ".json"}:
            value = _geojson(json.loads(path.read_text(encoding="utf-8")), both, meridian)
            copy.write_text(json.dumps(value), encoding="utf-8")
        elif path.suffix in {".yaml", ".yml"}:
            text = swap(path.read_text(encoding="utf-8"), both)
            copy.write_text(_listed_the_other_way(text), encoding="utf-8")
        else:
            shutil.copy2(path, copy)


def swap(text: str, both: Mapping[str, str]) -> str:
    """Every whole word for a party becomes its counterpart."""
    words = sorted(both, key=len, reverse=True)
    pattern = r"(?<!\w)(" + "|".join(map(re.escape, words)) + r")(?!\w)"
    return re.sub(pattern, lambda match: both[match.group()], text)


def _listed_the_other_way(text: str) -> str:
    """The parties of an agreement in the opposite order; any other text as it is."""
    found = re.search(r"^parties:\n((?:  .*\n)+)", text, re.MULTILINE)
    if found is None:
        return text
    entries = re.split(r"^(?=  - )", found[1], flags=re.MULTILINE)
    return text[: found.start(1)] + "".join(reversed(entries)) + text[found.end(1) :]


def _csv(text: str, both: Mapping[str, str], meridian: float) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        return text
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(name, value, both, meridian) for name, value in row.items()})
    return out.getvalue()


def _cell(name: str, value: str, both: Mapping[str, str], meridian: float) -> str:
    if not value or name in KEPT:
        return value
    if name in LONGITUDES:
        return repr(round(2 * meridian - float(value), 9))
    if name in BEARINGS:
        return repr((360 - float(value)) % 360)
    if name == "observer_position" and re.fullmatch(r"-?[\d.]+[ ,]+-?[\d.]+", value):
        lat, lon = re.split(r"[ ,]+", value)
        return f"{lat} {round(2 * meridian - float(lon), 9)!r}"
    return swap(value, both)


def _geojson(value: Any, both: Mapping[str, str], meridian: float) -> Any:
    if isinstance(value, dict):
        return {
            key: _points(item, meridian) if key == "coordinates" else _geojson(item, both, meridian)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_geojson(item, both, meridian) for item in value]
    return swap(value, both) if isinstance(value, str) else value


def _points(value: Any, meridian: float) -> Any:
    if value and isinstance(value[0], int | float):
        return [round(2 * meridian - value[0], 9), *value[1:]]
    return [_points(item, meridian) for item in value]
