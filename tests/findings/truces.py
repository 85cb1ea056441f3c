"""Small truces and small happenings, for tests that say only what they are about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from truceline.agreement.terms import (
    Agreement,
    Clause,
    ExceptionRule,
    Ladder,
    Line,
    Party,
    PartyPeriod,
    Reading,
    Thresholds,
    Zone,
)
from truceline.findings.contract import Subjects
from truceline.model.place import SIGMAS_95
from truceline.model.time import Interval, LegalCalendar
from truceline.model.vocabulary import LineKind
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR, TYPES

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALWAYS = Interval(began=datetime(2000, 1, 1, tzinfo=UTC))
SQUARE = ((37.0, 48.0), (38.0, 48.0), (38.0, 49.0), (37.0, 49.0), (37.0, 48.0))


def in_force(*parties: str, began: datetime = START, ended: datetime | None = END) -> tuple:
    when = Interval(began=began, ended=ended)
    return tuple(PartyPeriod(party_id=party, when=when) for party in parties)


def clause(kind: str, terms: Mapping[str, Any], **fields: Any) -> Clause:
    given: dict[str, Any] = {
        "clause_id": f"c-{kind}",
        "article": "1",
        "kind": kind,
        "title": kind,
        "text": "text",
        "periods": in_force("a", "b"),
        "terms": MappingProxyType(dict(terms)),
    }
    return Clause(**(given | fields))


def zone(zone_id: str = "square", ring: Sequence = SQUARE, **fields: Any) -> Zone:
    given: dict[str, Any] = {
        "zone_id": zone_id, "name": zone_id, "valid": ALWAYS, "polygons": ((tuple(ring),),)
    }  # fmt: skip
    return Zone(**(given | fields))


def line(
    line_id: str = "line", path: Sequence | None = ((36.0, 48.0), (40.0, 48.0)), **fields: Any
) -> Line:
    given: dict[str, Any] = {
        "line_id": line_id,
        "kind": LineKind.CONTACT_LINE,
        "valid": ALWAYS,
        "paths": None if path is None else (tuple(path),),
    }
    return Line(**(given | fields))


def truce(
    *clauses: Clause,
    zones: Sequence[Zone] = (),
    lines: Sequence[Line] = (),
    calendar: str = "Europe/Kyiv",
    parties: Sequence[str] = ("a", "b"),
    **fields: Any,
) -> Agreement:
    given: dict[str, Any] = {
        "agreement_id": "truce",
        "version": "1",
        "title": "A truce",
        "is_hypothetical": True,
        "calendar": LegalCalendar(zone=calendar),
        "parties": tuple(Party(party_id=p, names={"en": p.upper()}) for p in parties),
        "lines": tuple(lines),
        "zones": tuple(zones),
        "clauses": clauses,
        "ladder": Ladder(rungs=(), cap={}, limb_lists={}),
        "thresholds": Thresholds(),
    }
    return Agreement(**(given | fields))


def happening(**fields: Any) -> dict[str, Any]:
    """One incident with one act; `error_m` is the 95 % radius, `types` a distribution."""
    given: dict[str, Any] = {
        "id": "1", "lat": 48.5, "lon": 37.5, "error_m": 100.0, "type": "mortar", "types": None,
        "began": NOON, "ended": None, "direction": "undetermined", "weapon": None,
        "count_low": None, "count_best": None, "count_high": None, "count_unit": None,
        "components": None, "p_real": 0.9, "is_date_only": False, "acts": None,
    }  # fmt: skip
    made = given | fields
    assert set(made) == set(given), set(made) - set(given)
    made["ended"] = made["ended"] or made["began"]
    return made


def evidence(happenings: Iterable[Mapping[str, Any]], **tables: pa.Table) -> Subjects:
    acts, incidents, posterior = [], [], []
    for h in happenings:
        iid = f"i-{h['id']}"
        known = h["lat"] is not None
        incidents.append(
            {
                "incident_id": iid, "p_real": h["p_real"], "began": h["began"], "ended": h["ended"],
                "lat": h["lat"], "lon": h["lon"], "error_major_m": h["error_m"] if known else None,
                "error_minor_m": h["error_m"] if known else None, "error_azimuth_deg": 0.0,
                "type": h["type"], "p_type": 1.0, "direction": h["direction"], "observations": 1,
                "independent_roots": 1, "is_date_only": h["is_date_only"], "known_at": h["ended"],
            }
        )  # fmt: skip
        for n, kind in enumerate(h["acts"] or [h["type"]], 1):
            acts.append(
                {"act_id": f"a-{h['id']}-{n}", "incident_id": iid, "type": kind}
                | {
                    k: h[k]
                    for k in (
                        "direction",
                        "weapon",
                        "count_low",
                        "count_best",
                        "count_high",
                        "count_unit",
                    )
                }
            )
        variance = (h["error_m"] / SIGMAS_95) ** 2
        parts = h["components"] or [(1.0, h["lat"], h["lon"], variance, 0.0, variance)]
        p = np.zeros(len(TYPES))
        for name, value in (h["types"] or {h["type"]: 1.0}).items():
            p[TYPES.index(name)] = value
        with np.errstate(divide="ignore"):
            log_p = np.log(p).astype(np.float32).tolist()
        for n, (weight, lat, lon, e, c, north) in enumerate(parts):
            posterior.append(
                {
                    "incident_id": iid, "component": n, "weight": weight, "lat": lat, "lon": lon,
                    "var_east_m2": e, "cov_en_m2": c, "var_north_m2": north, "area_id": None,
                    "began": h["began"], "ended": h["ended"], "type_log_p": log_p, "pruned_mass": 0.0,
                }
            )  # fmt: skip
    return Subjects(
        acts=pa.Table.from_pylist(acts, schema=schemas.ACTS),
        incidents=pa.Table.from_pylist(incidents, schema=schemas.INCIDENTS),
        posterior=pa.Table.from_pylist(posterior, schema=POSTERIOR),
        **tables,
    )


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def exempt(**when: Any) -> ExceptionRule:
    unless = tuple(when.pop("unless", ()))
    name = when.pop("name", "e1")
    verdict = when.pop("verdict", "exempt")
    return ExceptionRule(exception_id=name, verdict=verdict, when=when, unless=unless)


def reading(reading_id: str, terms: Mapping[str, Any] | None = None, **fields: Any) -> Reading:
    return Reading(
        reading_id=reading_id, held_by=("a",), summary=reading_id, terms=terms or {}, **fields
    )
