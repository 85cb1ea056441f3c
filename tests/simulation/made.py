"""Small simulated missions for tests."""

import csv
from hashlib import sha256
from pathlib import Path

from truceline.pipeline.mission import load as load_mission
from truceline.pipeline.simulating import simulate
from truceline.pipeline.trial import try_material
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


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def assert_members_are_rows(mission: Path) -> None:
    """Each observation that the line reads is a row of the sealed members, and the other way round."""
    sealed = table(mission / "truth" / "members.csv")
    # Calls on the hotline are activations, and no observations.
    heard = [row for row in sealed if row["feed"] != "hotline"]
    by_id = {row["observation_id"]: row for row in heard if row["observation_id"]}
    by_line = {(r["file"], int(r["line"])): r for r in heard if not r["observation_id"]}
    observations = try_material(load_mission(mission)).observations
    read = observations.select(["observation_id", "file", "line"]).to_pylist()
    assert len(read) > 100
    seen = set()
    for row in read:
        place = (row["file"], row["line"])
        key = row["observation_id"] if row["observation_id"] in by_id else place
        told = by_id[key] if key in by_id else by_line[place]
        assert (told["file"], int(told["line"])) == place
        # A track that enters a zone twice is told twice, on one line.
        assert key not in seen or key in by_line
        seen.add(key)
    assert seen == {*by_id, *by_line}


def digests(folder: Path) -> dict[str, str]:
    """Of every file of a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
