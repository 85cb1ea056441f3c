"""A small truce about one meridian: West (W) holds ground west of it, East (E) ground east of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from truceline.agreement.terms import Agreement, Ladder, Party, Thresholds
from truceline.attribution.attribute import Evidence, attribute
from truceline.model.place import SIGMAS_95
from truceline.model.time import LegalCalendar
from truceline.pipeline import plugins
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR, TYPES

NOON = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
MERIDIAN = 20.5
MIRRORED = {"W": "E", "E": "W"}


@dataclass
class Case:
    """Acts with the observations behind them; `table` methods make what the line would hand on."""

    definitions: dict[str, Any] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    acts: list[dict[str, Any]] = field(default_factory=list)
    posterior: list[dict[str, Any]] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    controls: list[dict[str, Any]] = field(default_factory=list)

    def act(
        self,
        kind: str | None = "artillery",
        direction: str = "impact",
        *,
        lat: float | None = 10.5,
        lon: float | None = 20.5,
        error_m: float = 200.0,
        weapon: str | None = None,
        ended: datetime | None = None,
    ) -> str:
        """Adds an act of an incident of its own; its id."""
        number = len(self.acts)
        incident, act = f"i-{number:016x}", f"a-{number:016x}-1"
        when = {"began": NOON, "ended": ended or NOON + timedelta(minutes=1)}
        self.acts.append(
            {"act_id": act, "incident_id": incident, "type": kind, "direction": direction,
             "weapon": weapon}
        )  # fmt: skip
        self.incidents.append(
            {"incident_id": incident, "p_real": 0.99, **when, "lat": lat, "lon": lon, "type": kind,
             "p_type": 1.0, "direction": direction, "observations": 1, "independent_roots": 1,
             "is_date_only": False}
        )  # fmt: skip
        variance = None if lat is None else (error_m / SIGMAS_95) ** 2
        self.posterior.append(
            {"incident_id": incident, "component": 0, "weight": 1.0, "lat": lat, "lon": lon,
             "var_east_m2": variance, "cov_en_m2": None if lat is None else 0.0,
             "var_north_m2": variance, **when, "pruned_mass": 0.0,
             "type_log_p": [0.0 if t == kind else -50.0 for t in TYPES]}
        )  # fmt: skip
        return act

    def saw(self, act: str, **columns: Any) -> None:
        """Adds an observation of the act's incident; unstated columns are a patrol's of nothing."""
        number = len(self.observations)
        name = f"o-{number:04d}"
        row = {
            "observation_id": name, "feed": "observations", "source": f"source {number}",
            "source_kind": "patrol", "root": f"root {number}", "began": NOON,
            "ended": NOON + timedelta(minutes=1), "is_date_only": False,
            "direction": "undetermined", "stance": "none",
        }  # fmt: skip
        probability = columns.pop("probability", 1.0)
        if columns.get("claimed_actor") is not None:
            row["stance"] = "asserts"
        if columns.get("bearing_deg") is not None:
            row |= {"bearing_role": "to_origin", "bearing_error_deg": 3.0, "range_m": 15_000.0}
        self.observations.append(row | columns)
        incident = next(a["incident_id"] for a in self.acts if a["act_id"] == act)
        self.members.append(
            {"observation_id": name, "incident_id": incident, "probability": probability}
        )

    def maps(self, author: str, edge: float = MERIDIAN, **columns: Any) -> None:
        """Adds an author's map: West's ground west of a meridian, East's east of it."""
        for party, box in (("W", (20.0, 10.0, edge, 11.0)), ("E", (edge, 10.0, 21.0, 11.0))):
            row = {
                "control_id": f"{author} {party}", "author": author, "version": "1",
                "began": NOON - timedelta(days=1), "ended": NOON + timedelta(days=1),
                "controller": party, "geometry_wkb": shapely.to_wkb(shapely.box(*box)),
                "error_m": 200.0,
            }  # fmt: skip
            self.controls.append(row | columns)

    def agreement(self) -> Agreement:
        """West and East, and nothing else."""
        return Agreement(
            agreement_id="meridian",
            version="1",
            title="Truce of the meridian",
            is_hypothetical=True,
            calendar=LegalCalendar(zone="UTC"),
            parties=(
                Party(party_id="W", names={"en": "West"}),
                Party(party_id="E", names={"en": "East"}),
            ),
            lines=(),
            zones=(),
            clauses=(),
            ladder=Ladder(rungs=(), cap={}, limb_lists={}),
            thresholds=self.thresholds,
            definitions=self.definitions,
            non_party_exclusions=self.exclusions,
        )

    def evidence(self) -> Evidence:
        """The tables."""
        return Evidence(
            acts=_table(self.acts, schemas.ACTS),
            incidents=_table(self.incidents, schemas.INCIDENTS),
            posterior=_table(self.posterior, POSTERIOR),
            members=_table(self.members, schemas.MEMBERS),
            observations=_table(self.observations, schemas.OBSERVATIONS),
            controls=_table(self.controls, schemas.CONTROLS),
        )

    def attribute(self) -> tuple[pa.Table, pa.Table]:
        """What the room makes of it."""
        return attribute(self.agreement(), self.evidence(), plugins.load("evidence"))

    def outcome(self, act: str) -> str:
        """The outcome of one act."""
        return str(self.answer(act)["outcome"])

    def answer(self, act: str) -> dict[str, Any]:
        """Probabilities by hypothesis, and the outcome, of one act."""
        rows = [r for r in self.attribute()[0].to_pylist() if r["act_id"] == act]
        return {
            **{r["hypothesis"]: r["p"] for r in rows},
            "low": {r["hypothesis"]: r["p_low"] for r in rows},
            "high": {r["hypothesis"]: r["p_high"] for r in rows},
            "outcome": rows[0]["outcome"],
        }

    def mirrored(self) -> "Case":
        """West for East, and east for west."""
        twin = Case(
            definitions={k: _swapped(v) for k, v in self.definitions.items()},
            exclusions=self.exclusions,
            thresholds=self.thresholds,
            acts=self.acts,
            members=self.members,
        )
        for table in ("posterior", "incidents", "observations", "controls"):
            getattr(twin, table).extend(_mirror(row) for row in getattr(self, table))
        return twin


def _mirror(row: dict[str, Any]) -> dict[str, Any]:
    twin = dict(row)
    for name in ("claimed_actor", "speaker", "source", "author", "controller"):
        if name in twin:
            twin[name] = _swapped(twin[name])
    if twin.get("lon") is not None:
        twin["lon"] = 2 * MERIDIAN - twin["lon"]
    if twin.get("cov_en_m2") is not None:
        twin["cov_en_m2"] = -twin["cov_en_m2"]
    if twin.get("bearing_deg") is not None:
        twin["bearing_deg"] = (360 - twin["bearing_deg"]) % 360
    if "geometry_wkb" in twin:
        shape = shapely.from_wkb(twin["geometry_wkb"])
        flipped = shapely.transform(shape, lambda xy: np.array([2 * MERIDIAN, 0]) - xy * [1, -1])
        twin["geometry_wkb"] = shapely.to_wkb(flipped)
    return twin


def _swapped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _swapped(of) for key, of in value.items()}
    return MIRRORED.get(value, value) if isinstance(value, str) else value


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = {n: [row.get(n) for row in rows] for n in schema.names}
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


@pytest.fixture
def case() -> Case:
    return Case()
