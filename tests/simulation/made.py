"""Small simulated missions for tests."""

from hashlib import sha256
from pathlib import Path

from truceline.pipeline.simulating import simulate
from truceline.simulation import scenario as scenarios

SMALL = """\
scenario: small
title: Two days
says: Two days of a quiet truce, for tests.
from: 2013-05-06T00:00:00Z
days: 2
world:
  ground: {length_km: 60}
  staged: {per_day: 2}
  non_party: {shootings_per_day: 3}
agreement:
  ceasefire: {}
  howitzers-back: {}
  no-flights: {}
  hold-positions: {}
  disengagement: {}
  answer: {}
  announce: {}
  tanks: {}
"""


def small(**changes):
    """The small scenario, with lines of the world changed: `sides="{mirror: true}"`."""
    text = SMALL
    for section, stated in changes.items():
        text = text.replace("world:\n", f"world:\n  {section}: {stated}\n")
    return scenarios.read(text, file="small.yaml")


def written(folder: Path, *, seed=1, scale=1.0, scenario=None) -> Path:
    """A folder with the small scenario in it."""
    simulate(scenario or small(), seed=seed, scale=scale, out=folder)
    return folder


def digests(folder: Path) -> dict[str, str]:
    """Of every file of a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
