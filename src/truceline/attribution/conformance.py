"""What every kind of evidence keeps; called by our tests and by other people's.

`check` puts a small made-up truce before a kind: fire going out, an impact with a bearing, a mine,
traces that look staged, an accusation and an admission. It then renames each party to the other
everywhere, and the answer must be the same with the columns exchanged.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from truceline.agreement.terms import Agreement, Ladder, Party, Thresholds
from truceline.attribution.contract import (
    MODERATELY_STRONG_NATS,
    Evidence,
    EvidenceKind,
    Items,
    Matter,
)
from truceline.attribution.testimony import matter_of
from truceline.model.time import LegalCalendar
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR, TYPES

_AT = datetime(2031, 3, 4, 12, tzinfo=UTC)
_FROM, _TO = datetime(2031, 3, 1, tzinfo=UTC), datetime(2031, 4, 1, tzinfo=UTC)
_UNFIT = re.compile(r"%|\d+\.\d{2,}|\d{1,3}°")


def check(kind: EvidenceKind) -> list[str]:
    """Faults of a kind of evidence, in words; empty when it keeps the contract."""
    faults = _described(kind)
    nothing = kind.weigh(sample_matter(is_empty=True))
    if len(nothing.act):
        faults.append("finds evidence where there are no acts")
    for renamed in (False, True):
        matter = sample_matter(renamed=renamed)
        faults += _well_formed(matter, kind.weigh(matter))
    plain, swapped = sample_matter(), sample_matter(renamed=True)
    first, second = kind.weigh(plain), kind.weigh(swapped)
    order = [1, 0, *range(2, len(plain.hypotheses))]
    if not _same(first, second, order):
        faults.append("favours a party by its name: renaming the parties changes more than names")
    if not _same(first, kind.weigh(plain), list(range(len(order)))):
        faults.append("does not answer the same question the same way twice")
    return faults


def sample_matter(*, renamed: bool = False, is_empty: bool = False) -> Matter:
    """The made-up truce of two parties, with their names exchanged or without any act.

    Parameters
    ----------
    renamed
        Party `A` is called `B` in every table, and `B` is called `A`.
    is_empty
        No act, no observation, no map.
    """
    tables = {name: [] if is_empty else rows for name, rows in _rows().items()}
    names = {"A": "B", "B": "A"} if renamed else {}
    agreement = Agreement(
        agreement_id="sample",
        version="1",
        title="Sample",
        is_hypothetical=True,
        calendar=LegalCalendar(zone="UTC"),
        parties=(Party(party_id="A", names={}), Party(party_id="B", names={})),
        lines=(),
        zones=(),
        clauses=(),
        ladder=Ladder(rungs=(), cap={}, limb_lists={}),
        thresholds=Thresholds(),
        definitions={
            "special": {"weapons": {"names": ["Tochka-U"]}, "sole_holder": names.get("A", "A")}
        },
    )
    return matter_of(agreement, Evidence(**{n: _table(n, r, names) for n, r in tables.items()}))


def _described(kind: EvidenceKind) -> list[str]:
    faults = [
        f"{field} is empty"
        for field in ("name", "summary", "family", "cap_source", "limitation")
        if not getattr(kind, field).strip()
    ]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", kind.name):
        faults.append(f"name {kind.name!r} is not lower_case_with_underscores")
    if not 0.0 < kind.cap_nats <= MODERATELY_STRONG_NATS:
        faults.append(
            f"cap of {kind.cap_nats} nats is not above zero and at most `moderately strong` "
            f"({MODERATELY_STRONG_NATS:.2f})"
        )
    return faults


def _well_formed(matter: Matter, found: Items) -> list[str]:
    count, faults = len(found.act), []
    if found.nats.shape != (count, len(matter.hypotheses)):
        return [f"nats have shape {found.nats.shape}, not (items, hypotheses)"]
    columns = (
        found.group,
        found.root,
        found.beside,
        found.is_physical,
        found.is_firm,
        found.sentence,
    )
    if {len(column) for column in columns} != {count}:
        return ["columns of items differ in length"]
    if not np.isfinite(found.nats).all():
        faults.append("nats are not finite")
    if found.nats[:, matter.column("unknown")].any():
        faults.append("moves `unknown`, against which everything else is measured")
    if count and not (0 <= found.act.min() <= found.act.max() < matter.evidence.acts.num_rows):
        faults.append("names an act that is not there")
    if found.group.null_count or found.root.null_count or found.beside.null_count:
        faults.append("a group or a root is null")
    if (found.is_physical & ~found.is_firm).any():
        faults.append("calls something physical that is not firm")
    if count and not (0 <= found.sentence.min() <= found.sentence.max() < len(found.sentences)):
        return [*faults, "names a sentence that is not there"]
    return faults + _unfit(found)


def _unfit(found: Items) -> list[str]:
    said = sorted({found.sentences[s] for s in found.sentence.tolist()})
    return [
        f"sentence is not fit for release: {text!r}"
        for text in said
        if not text or _UNFIT.search(text)
    ]


def _same(first: Items, second: Items, columns: list[int]) -> bool:
    def key(found: Items, nats: Any) -> list[tuple[Any, ...]]:
        rows = zip(
            found.act.tolist(),
            nats.round(9).tolist(),
            (found.is_physical + 2 * found.is_firm).tolist(),
            strict=True,
        )
        return sorted((act, *row, sort) for act, row, sort in rows)

    return key(first, first.nats) == key(second, second.nats[:, columns])


_ACTS = (
    ("artillery", "outgoing", 10.5, 20.2),
    ("mortar", "impact", 10.5, 20.6),
    ("mine_or_uxo", "undetermined", 10.4, 20.7),
    ("missile", "impact", 10.6, 20.9),
)
_ADMITS = {"claimed_actor": "A", "speaker": "A", "source": "A", "source_kind": "party"}
_BEARING = {"bearing_deg": 270.0, "bearing_error_deg": 4.0, "range_m": 40_000.0}
_SAID: tuple[tuple[int, dict[str, Any]], ...] = (
    (0, {"direction": "outgoing", "stance": "admits", **_ADMITS}),
    (0, {"direction": "outgoing"}),
    (1, {"direction": "impact", "bearing_role": "to_origin", **_BEARING}),
    (1, {"claimed_actor": "A", "speaker": "B", "stance": "asserts"}),
    (2, {"type": "mine_or_uxo"}),
    (3, {"weapon": "Tochka-U"}),
    (3, {"claimed_actor": "staged", "stance": "asserts"}),
    (3, {"claimed_actor": "B", "stance": "denies", "speaker": "B"}),
)
_WHEN = {"began": _AT, "ended": _AT}


def _rows() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {"acts": [], "incidents": [], "posterior": []}
    for n, (kind, direction, lat, lon) in enumerate(_ACTS):
        own = {"incident_id": f"i-{n}", "type": kind, "direction": direction}
        seen = {"p_real": 1.0, "observations": 2, "independent_roots": 2, "is_date_only": False}
        place = {"lat": lat, "lon": lon, "var_east_m2": 1e4, "cov_en_m2": 0.0, "var_north_m2": 1e4}
        whole = {"component": 0, "weight": 1.0, "pruned_mass": 0.0}
        types = {"type_log_p": [0.0] * len(TYPES)}
        rows["acts"].append({**own, "act_id": f"a-{n}"})
        rows["incidents"].append({**own, **_WHEN, **seen})
        rows["posterior"].append({**_WHEN, **place, **whole, **types, "incident_id": f"i-{n}"})
    return {**rows, **_reports(), "controls": _map()}


def _reports() -> dict[str, list[dict[str, Any]]]:
    observations, members = [], []
    for n, (act, more) in enumerate(_SAID):
        place = {"lat": _ACTS[act][2], "lon": _ACTS[act][3], "error_major_m": 50.0}
        who = {"feed": "sample", "source": f"s-{n}", "source_kind": "patrol", "root": f"r-{n}"}
        bare = {"is_date_only": False, "direction": "undetermined", "stance": "none"}
        observations.append({**_WHEN, **place, **who, **bare, "observation_id": f"o-{n}", **more})
        members.append({"observation_id": f"o-{n}", "incident_id": f"i-{act}", "probability": 1.0})
    return {"observations": observations, "members": members}


def _map() -> list[dict[str, Any]]:
    sheet = {"author": "atlas", "version": "1", "began": _FROM, "ended": _TO, "error_m": 100.0}
    return [
        {**sheet, "control_id": f"m-{party}", "controller": party,
         "geometry_wkb": shapely.to_wkb(shapely.box(west, 10.0, east, 11.0))}
        for party, west, east in (("A", 20.0, 20.5), ("B", 20.5, 21.0))
    ]  # fmt: skip


_SCHEMAS: Mapping[str, pa.Schema] = {
    "acts": schemas.ACTS,
    "incidents": schemas.INCIDENTS,
    "posterior": POSTERIOR,
    "observations": schemas.OBSERVATIONS,
    "members": schemas.MEMBERS,
    "controls": schemas.CONTROLS,
}
_PARTY_COLUMNS = ("claimed_actor", "speaker", "source", "controller")


def _table(name: str, rows: list[dict[str, Any]], names: Mapping[str, str]) -> pa.Table:
    schema = _SCHEMAS[name]
    columns = {column: [row.get(column) for row in rows] for column in schema.names}
    for column in set(_PARTY_COLUMNS) & set(columns):
        columns[column] = [names.get(str(word), word) for word in columns[column]]
    return pa.Table.from_pydict(columns, schema=schema)
