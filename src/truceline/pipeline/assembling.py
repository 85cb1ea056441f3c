"""The papers of a simulated mission: agreement, maps, notices, and the mission file itself."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from truceline.pipeline.named_places import rectangle
from truceline.pipeline.shelf import Shelf
from truceline.pipeline.streams import Streams
from truceline.simulation.columns import Ints
from truceline.simulation.contract import Scenario
from truceline.simulation.mission import exposures, maps, papers, terms
from truceline.simulation.mission.instants import iso_one
from truceline.simulation.mission.sight import Watching
from truceline.simulation.mission.tallies import tallies
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.truce import Truce

LIMITS = (
    "Everything here is made up by a simulation: the parties, the line of contact, the agreement, and "
    "every report. Names of places are real so that readers of text know them; nothing happened there.",
    "A simulation tells how well a line of work does where the truth is known, and nothing about any "
    "real truce.",
)


def write_papers(
    folder: Path,
    truce: Truce,
    streams: Streams,
    *,
    feeds: Sequence[Mapping[str, Any]],
    kinds: list[Watching],
    acts: Ints,
    seed: int,
    scale: float,
) -> None:
    """Write everything of a mission but what observers tell.

    Parameters
    ----------
    folder
        The mission's.
    truce
        Whose papers they are.
    streams
        A generator for each name.
    feeds
        The lines of the mission file that read what observers tell.
    kinds
        Who watches, for the exposures.
    acts
        True acts of fire by day, party and kind, for what parties say they counted.
    seed, scale
        For the title.
    """
    ground, scenario = truce.ground, truce.scenario
    (folder / "agreement").mkdir()
    _yaml(folder / "agreement" / "agreement.yaml", terms.agreement(scenario, ground, _sites(truce)))
    _geojson(folder / "agreement" / "lines.geojson", maps.lines(ground))
    _geojson(folder / "agreement" / "zones.geojson", maps.zones(ground))
    begin, end = iso_one(scenario.from_s), iso_one(scenario.to_s)
    lines = [dict(feed) for feed in feeds]
    lines += _watches(folder, truce, streams, kinds)
    for name, content in papers.papers(truce, streams).items():
        (folder / "raw" / f"{name}.csv").write_bytes(content)
        lines.append({"feed": name, "files": [f"raw/{name}.csv"]})
    (folder / "raw" / "tallies.csv").write_bytes(tallies(truce, acts, streams))
    lines.append({"feed": "party_claims", "files": ["raw/tallies.csv"]})
    for author in maps.AUTHORS:
        _geojson(folder / "raw" / author.file, maps.control(author, ground, streams))
        lines.append(dict(maps.feeds(author, begin, end)))
    _yaml(folder / "mission.yaml", _mission(scenario, truce, lines, seed=seed, scale=scale))


def _sites(truce: Truce) -> Mapping[str, list[str]]:
    """Names of the sites of each party."""
    found: dict[str, list[str]] = {party: [] for party in PARTY_IDS}
    for site in truce.stocks.sites:
        found[PARTY_IDS[truce.side_of_site(site)]].append(site.name)
    return found


def _watches(
    folder: Path, truce: Truce, streams: Streams, kinds: list[Watching]
) -> list[dict[str, Any]]:
    """Write who watched when, piece by piece, and say which feed reads which file."""
    found: dict[str, dict[str, Any]] = {}
    with Shelf(folder / "raw") as shelf:
        for name, content in exposures.pieces(kinds, truce, streams):
            shelf.add(f"{name}.csv", content)
            found[name] = {"feed": name, "files": [f"raw/{name}.csv"]}
    return list(found.values())


def _mission(
    scenario: Scenario, truce: Truce, feeds: list[dict[str, Any]], *, seed: int, scale: float
) -> dict[str, Any]:
    half_m = float(abs(truce.ground.line_m[:, 0]).max())
    bounds = rectangle(
        truce.ground.origin_lat, truce.ground.origin_lon, half_m + 60_000.0, 120_000.0
    )
    return {
        "mission": f"{scenario.name}-{seed}",
        "title": f"{scenario.title} (simulated, seed {seed}, scale {scale:g})",
        "agreement": "agreement/agreement.yaml",
        "zone": terms.ZONE,
        "cutoff": "19:30",
        "archive": True,
        "hypothetical": True,
        "period": {
            "from": date.fromisoformat(iso_one(scenario.from_s)[:10]),
            "to": date.fromisoformat(iso_one(scenario.to_s - 86_400.0)[:10]),
            "previous_days": 0,
        },
        "theatre": [round(edge, 3) for edge in bounds],
        "feeds": feeds,
        "limits": list(LIMITS),
    }


def _yaml(path: Path, value: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")


def _geojson(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
