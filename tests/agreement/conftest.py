"""A small agreement that every test may change, and the place of a phrase in it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

TEXT = """\
agreement: sample
title: A sample truce
version: "2026-01-01"
calendar: {zone: Europe/Kyiv, cutoff: "19:30"}
in_force:
  from: 2026-01-01T00:00+02:00
  to: 2026-12-31T00:00+02:00
sources:
  text: {cite: The sample text}
parties:
  - id: A
    names: {en: Party A}
    aliases: [A-land]
  - id: B
    names: {en: Party B}
lines:
  - id: line
    kind: agreement_line
    file: map.geojson
    left: A
    right: B
    sources: [text]
zones:
  - id: square
    name: The square
    file: map.geojson
    sources: [text]
  - id: strip
    name: Both sides of the line
    line: line
    width_m: 15000
    sources: [text]
  - id: a-side
    name: The side of A
    line: line
    width_m: 15000
    side: A
    sources: [text]
definitions:
  heavy:
    text: Heavy weapons.
    weapons: {classes: [gun, howitzer], calibre_min_mm: 100}
clauses:
  - id: silence
    article: "1"
    kind: prohibit
    title: No fire
    text: Nobody fires.
    text_hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    binds: [A, B]
    terms: {acts: [mortar, artillery], zone: square}
    exceptions:
      - id: demining
        verdict: exempt
        when: {notice: true}
        unless:
          - id: at-night
            verdict: exempt
            when: {types: [mortar]}
    sources: [text]
  - id: back
    article: "2"
    kind: withdraw
    title: Heavy weapons go back
    text: Heavy weapons go back fifteen kilometres.
    text_hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    binds: [A, B]
    uses: [heavy]
    terms:
      weapons: heavy
      distance_m: 15000
      lines: {A: line, B: line}
      finish_by: {local: 2026-02-01T00:00, zone: Europe/Kyiv}
    readings:
      - id: wide
        held_by: [B]
        summary: Thirty kilometres, and from 120 mm.
        terms: {distance_m: 30000, weapons: {calibre_min_mm: 120}}
        sources: [text]
    sources: [text]
amendments:
  - version: "2026-06-01"
    title: Ten kilometres
    from: 2026-06-01T00:00+03:00
    clauses:
      - id: back
        terms: {distance_m: 10000}
    suspend:
      - {clauses: [silence], parties: [B], from: 2026-07-01T00:00+03:00, to: 2026-08-01T00:00+03:00, because: B says so}
"""

SQUARE = [[37.0, 48.0], [38.0, 48.0], [38.0, 49.0], [37.0, 49.0], [37.0, 48.0]]
BOW_TIE = [[37.0, 48.0], [38.0, 49.0], [38.0, 48.0], [37.0, 49.0], [37.0, 48.0]]


def features(ring: list[list[float]]) -> dict[str, object]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "line",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": [[37.5, 47.5], [37.5, 49.5]]},
            },
            {
                "type": "Feature",
                "properties": {"id": "square"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            },
        ],
    }


class Sample:
    """The sample in a folder of its own, with phrases exchanged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "agreement.yaml"
        self.map = folder / "map.geojson"
        self.text = TEXT
        self.draw(SQUARE)
        self.path.write_text(self.text, encoding="utf-8")

    def draw(self, ring: list[list[float]]) -> None:
        self.map.write_text(json.dumps(features(ring), indent=1), encoding="utf-8")

    def put(self, old: str, new: str) -> Path:
        """Exchanges a phrase that must be there."""
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        self.path.write_text(self.text, encoding="utf-8")
        return self.path

    def line(self, phrase: str) -> int:
        """The line where a phrase first stands."""
        return self.text[: self.text.index(phrase)].count("\n") + 1


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)


@pytest.fixture
def make_sample(tmp_path: Path) -> Callable[[], Sample]:
    return lambda: Sample(tmp_path)
