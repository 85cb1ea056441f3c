"""Papers about stocks: what parties declare, what inspections see, what is inferred from above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.contract import Streams
from truceline.simulation.mission.instants import iso
from truceline.simulation.naming import named
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.rows import rows
from truceline.simulation.world.ground import degrees
from truceline.simulation.world.holdings import CLASSES, Site, Stocks
from truceline.simulation.world.truce import Truce

EVERY_DAYS = 3.0  # assumed: how often a site is inspected
P_DENIED = 0.06  # assumed: inspections that are turned away, on either side
P_SEEN = 0.97  # assumed: an inspector finds a weapon that stands there
INFER_DAYS = 5.0  # assumed: how often a clear picture of a site is had
INFER_ERROR = 0.12  # assumed: standard deviation of the log count from above
ERROR_M = 150  # assumed

_DAY_S = 86_400.0
_Row = dict[str, Any]


def stock_papers(truce: Truce, streams: Streams) -> Mapping[str, bytes]:
    """Declarations, inspections and holdings, by the feed that reads each."""
    rng = streams("mission/stocks")
    stocks = truce.stocks
    return {
        "declarations": _written("declaration", _declared(truce, stocks), truce),
        "inspections": _written("inspection", _inspected(truce, stocks, rng), truce),
        "holdings": _written("holding", _inferred(truce, stocks, rng), truce),
    }


def true_stocks(truce: Truce) -> bytes:
    """What stood where, for the sealed folder."""
    found = [
        {
            **_where(truce, stay.site),
            "weapon": stay.weapon,
            "began": stay.from_s,
            "ended": stay.to_s,
            "count": len(stay.serials),
            "undeclared": len(set(stay.serials) & truce.stocks.hidden),
        }
        for stay in truce.stocks.stays
    ]
    return rows(_columns(found)) if found else b""


def _declared(truce: Truce, stocks: Stocks) -> list[_Row]:
    """Inventories of the first day; what is hidden is not among them."""
    at_s = truce.scenario.from_s + 0.5 * _DAY_S
    found = []
    for site in stocks.sites:
        for weapon in CLASSES:
            listed = [s for s in stocks.at(site, weapon, at_s) if s not in stocks.hidden]
            if listed:
                found.append(
                    {
                        **_where(truce, site),
                        "weapon": weapon,
                        "serials": ";".join(listed),
                        "count": len(listed),
                        "began": at_s,
                        "status": "in_storage",
                    }
                )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An inspection: of which site, when it ended, and whether it was turned away."""

    site: Site
    to_s: float
    is_denied: bool


def visits(truce: Truce, streams: Streams) -> list[Visit]:
    """Every inspection of a truce, as its papers have them."""
    site = {one.name: one for one in truce.stocks.sites}
    found: dict[tuple[str, float], Visit] = {}
    for row in _inspected(truce, truce.stocks, streams("mission/stocks")):
        to_s = float(np.floor(row["ended"]))  # papers tell whole seconds
        found[row["site"], to_s] = Visit(
            site=site[row["site"]], to_s=to_s, is_denied=row["access"] == "denied"
        )
    return sorted(found.values(), key=lambda visit: (visit.to_s, visit.site.name))


def _inspected(truce: Truce, stocks: Stocks, rng: Generator) -> list[_Row]:
    found = []
    days = (truce.scenario.to_s - truce.scenario.from_s) / _DAY_S
    declared = {
        (row["site"], row["weapon"]): str(row["serials"]) for row in _declared(truce, stocks)
    }
    for round_ in range(int((days - 1) / EVERY_DAYS)):
        for site in stocks.sites:
            day = 1.0 + EVERY_DAYS * round_ + rng.uniform(0.3, 0.6)
            at_s = truce.scenario.from_s + _DAY_S * day
            is_denied = rng.random() < P_DENIED
            visit = {
                **_where(truce, site),
                "body": "mission",
                "began": at_s,
                "ended": at_s + 3_600.0,
                "access": "denied" if is_denied else "granted",
            }
            if is_denied:
                found.append(visit)
                continue
            for weapon in CLASSES:
                stood = stocks.at(site, weapon, at_s)
                seen = [serial for serial in stood if rng.random() < P_SEEN]
                listed = declared.get((site.name, weapon), "")
                if seen or listed:
                    found.append(
                        {
                            **visit,
                            "status": "in_storage" if seen else "missing_from_site",
                            "weapon": weapon,
                            "declared_serials": listed,
                            "seen_serials": ";".join(seen),
                        }
                    )
    return found


def _inferred(truce: Truce, stocks: Stocks, rng: Generator) -> list[_Row]:
    found = []
    days = (truce.scenario.to_s - truce.scenario.from_s) / _DAY_S
    for site in stocks.sites:
        for day in np.arange(rng.uniform(0.0, INFER_DAYS), days, INFER_DAYS).tolist():
            at_s = truce.scenario.from_s + _DAY_S * day
            for weapon in CLASSES:
                stood = len(stocks.at(site, weapon, at_s))
                if not stood:
                    continue
                best = max(1, round(stood * float(np.exp(rng.normal(0.0, INFER_ERROR)))))
                spread = 1.96 * INFER_ERROR
                found.append(
                    {
                        **_where(truce, site),
                        "weapon": weapon,
                        "count_low": int(np.floor(best * np.exp(-spread))),
                        "count_best": best,
                        "count_high": int(np.ceil(best * np.exp(spread))),
                        "began": at_s,
                        "ended": at_s + 600.0,
                        "basis": "inferred",
                    }
                )
    return found


def _where(truce: Truce, site: Site) -> _Row:
    lat, lon = degrees(truce.ground, np.array([site.x_m]), np.array([site.y_m]))
    return {
        "site": site.name,
        "party": PARTY_IDS[truce.side_of_site(site)],
        "lat": round(float(lat[0]), 5),
        "lon": round(float(lon[0]), 5),
        "error_m": ERROR_M,
    }


def _written(kind: str, found: list[_Row], truce: Truce) -> bytes:
    if not found:
        return b""
    found.sort(key=lambda row: (row["began"], row["site"], row.get("weapon", "")))
    ids = named(truce.conditions.seed, kind, np.arange(len(found)))
    return rows({f"{kind}_id": ids, **_columns(found)})


def _columns(found: list[_Row]) -> dict[str, np.ndarray]:
    """Rows as columns; a cell that a row lacks is empty."""
    names = list(dict.fromkeys(name for row in found for name in row))
    columns = {}
    for name in names:
        cells = [row.get(name) for row in found]
        if name in {"began", "ended"}:
            columns[name] = iso(np.array([np.nan if c is None else c for c in cells]))
        else:
            columns[name] = np.array(["" if c is None else str(c) for c in cells], dtype=np.object_)
    return columns
