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
from truceline.simulation.columns import Deeds
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
    happened: papers.Happened,
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
    happened
        True acts of fire for what parties say they counted, and what moved the line for the maps.
    seed, scale
        For the title.
    """
    ground, scenario = truce.ground, truce.scenario
    (folder / "agreement").mkdir()
    _yaml(folder / "agreement" / "agreement.yaml", terms.agreement(scenario, ground, _sites(truce)))
    _geojson(folder / "agreement" / "lines.geojson", maps.lines(ground))
    _geojson(folder / "agreement" / "zones.geojson", maps.zones(ground))
    lines = [dict(feed) for feed in feeds]
    lines += _watches(folder, truce, streams, kinds)
    for name, content in papers.papers(truce, streams).items():
        (folder / "raw" / f"{name}.csv").write_bytes(content)
        lines.append({"feed": name, "files": [f"raw/{name}.csv"]})
    (folder / "raw" / "tallies.csv").write_bytes(tallies(truce, happened.acts, streams))
    lines.append({"feed": "party_claims", "files": ["raw/tallies.csv"]})
    lines += _maps(folder / "raw", truce, happened.advances, streams)
    _yaml(folder / "mission.yaml", _mission(scenario, truce, lines, seed=seed, scale=scale))


def _maps(folder: Path, truce: Truce, deeds: Deeds, streams: Streams) -> list[dict[str, Any]]:
    """Write every map of every author, and say which feed reads which."""
    advances = maps.advances(deeds, truce.ground, is_mirrored=truce.is_mirrored)
    lines = []
    for author in maps.AUTHORS:
        spoken = maps.editions(truce.scenario.from_s, truce.scenario.to_s)
        for number, (from_s, to_s) in enumerate(spoken, start=1):
            drawn = maps.control(author, truce.ground, advances, from_s, streams)
            _geojson(folder / f"{author.file}-{number}.geojson", drawn)
            lines.append(dict(maps.feeds(author, number, iso_one(from_s), iso_one(to_s))))
    return lines


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
