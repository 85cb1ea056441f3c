"""Warming: one run of a made-up mission that touches every numeric kernel, so that each is compiled."""

import json
import tempfile
from pathlib import Path

from truceline.pipeline.run import run

_MISSION = """\
mission: warm
agreement: agreement.yaml
zone: Europe/Kyiv
archive: true
hypothetical: true
feeds:
  - {feed: observations, files: [raw/observations.csv]}
  - {feed: holdings, files: [raw/holdings.csv]}
  - {feed: exposures, files: [raw/exposures.csv]}
"""

_AGREEMENT = """\
agreement: warm
title: A made-up truce that compiles the kernels
version: "1"
hypothetical: true
calendar: {zone: Europe/Kyiv, cutoff: "00:00"}
in_force: {from: 2025-01-01T00:00:00+02:00}
sources: {made-up: {cite: Made up}}
parties:
  - {id: E, names: {en: Eastland}}
  - {id: W, names: {en: Westland}}
lines:
  - {id: front, kind: contact_line, file: front.geojson, sources: [made-up]}
zones:
  - {id: buffer, name: Buffer, line: front, width_m: 5000, sources: [made-up]}
exceptions:
  - {id: repel, verdict: permitted_response, when: {response: true, within_h: 6, within_km: 20}, because: Made up.}
clauses:
  - id: fire
    article: "1"
    kind: prohibit
    title: No fire
    text: No fire.
    binds: [E, W]
    terms: {acts: [mortar, artillery], zone: buffer}
    exceptions: [repel]
    sources: [made-up]
  - id: tanks
    article: "2"
    kind: withdraw
    title: Tanks back
    text: Tanks go back.
    binds: [E, W]
    terms: {weapons: {classes: [tank]}, distance_m: 15000, lines: {E: front, W: front}, finish_by: 2025-01-02T00:00:00+02:00}
    sources: [made-up]
mandate: {grants: [observe, find, attribute, propose]}
ladder: default
"""

_OBSERVATIONS = """\
observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction,claimed_actor,bearing_deg,bearing_error_deg,range_m,text,weapon,observer_position
w1,p1,patrol,2025-04-19T20:00:00+03:00,2025-04-19T19:00:00+03:00,2025-04-19T19:05:00+03:00,48.0,37.8,500,artillery,impact,E,80,3,12000,,howitzer 152 mm,
w2,p2,patrol,2025-04-19T20:00:00+03:00,2025-04-19T19:01:00+03:00,2025-04-19T19:06:00+03:00,48.003,37.801,700,mortar,incoming,,,,,,,
w3,p3,seismic,2025-04-19T20:00:00+03:00,2025-04-19T19:02:00+03:00,2025-04-19T19:02:01+03:00,48.001,37.81,2500,,,,,,,,,
w4,n1,media,2025-04-19T23:00:00+03:00,2025-04-19,2025-04-19,48.01,37.82,5000,artillery,,W,,,,Artillery hit the village near Donetsk; two houses burned.,,
w5,n2,social,2025-04-19T23:00:00+03:00,2025-04-19,2025-04-19,,,,,,,,,,Artillery hit the village near Donetsk; two houses burned.,,
w6,p4,patrol,2025-04-19T20:30:00+03:00,2025-04-19T19:20:00+03:00,2025-04-19T19:25:00+03:00,,,,mortar,outgoing,,45,5,4000,,mortar 120 mm,48.02 37.75
w7,n3,media,2025-04-20T09:00:00+03:00,2025-04-20T08:00:00+03:00,2025-04-20T08:00:00+03:00,48.02,37.79,3000,artillery,,,,,,Shelling again this morning.,,
"""

_HOLDINGS = """\
holding_id,site,party,weapon,count_low,count_best,count_high,began,ended,lat,lon,error_major_m,error_minor_m,error_azimuth_deg,basis,status
h1,depot,E,tank T-72,3,3,3,2025-04-19T00:00:00+03:00,2025-04-19T12:00:00+03:00,48.0,37.9,300,300,0,inspected,
"""

_EXPOSURES = """\
exposure_id,source,kind,began,ended,lat,lon,radius_m,area_id,p_detect,obstructed_by,controller,status,minutes_lost,reason
x1,p1,watch,2025-04-19T06:00:00+03:00,2025-04-19T21:00:00+03:00,48.0,37.8,15000,,0.6,,,,,
"""

_FRONT = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "front"},
            "geometry": {
                "type": "LineString",
                "coordinates": [[37.8, 47.0], [37.82, 48.0], [37.8, 49.0]],
            },
        }
    ],
}


def warm() -> None:
    """Run a made-up mission in a scratch folder; nothing is left behind but compiled kernels."""
    with tempfile.TemporaryDirectory(prefix="truceline-warm-") as scratch:
        folder = Path(scratch)
        (folder / "raw").mkdir()
        for name, text in (
            ("mission.yaml", _MISSION),
            ("agreement.yaml", _AGREEMENT),
            ("front.geojson", json.dumps(_FRONT)),
            ("raw/observations.csv", _OBSERVATIONS),
            ("raw/holdings.csv", _HOLDINGS),
            ("raw/exposures.csv", _EXPOSURES),
        ):
            (folder / name).write_text(text, encoding="utf-8")
        run(folder)
