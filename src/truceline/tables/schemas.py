"""Exact, versioned Arrow schemas: many of a noun are a table of these columns.

Every instant is `timestamp[us, UTC]`. Every error is a 95 % semi-axis in metres (model.place).
Null means unknown; it is never zero. A list of closed words is dictionary-encoded only inside
kernels; between rooms it is plain `string`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from truceline.model.errors import InputError
from truceline.tables import kinds
from truceline.tables.chunks import flat
from truceline.tables.desk import ACTIVATIONS, CASUALTIES, EDITIONS, INSPECTIONS, NOTICES, WINDOWS
from truceline.tables.kinds import ORIGIN

VERSION = "1"
INSTANT = kinds.INSTANT
_ELLIPSE = ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg")
COMPONENT = pa.struct([pa.field(name, pa.float64()) for name in ("weight", *_ELLIPSE)])

OBSERVATIONS = pa.schema(
    [
        pa.field("observation_id", pa.string(), nullable=False),
        pa.field("feed", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_kind", pa.string(), nullable=False),
        pa.field("root", pa.string(), nullable=False),  # one root never corroborates itself
        pa.field("reported_at", INSTANT),
        pa.field("known_at", INSTANT),  # receipt, or reported_at where reconstructed
        pa.field("is_reconstructed", pa.bool_()),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("is_date_only", pa.bool_(), nullable=False),  # a local day, not an instant
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("error_major_m", pa.float64()),
        pa.field("error_minor_m", pa.float64()),
        pa.field("error_azimuth_deg", pa.float64()),
        # ellipse | mixture | area | bearing; null: no place. The six columns above are then the
        # moment-matched single Gaussian, and `components` holds the mixture (at most 8).
        pa.field("place_kind", pa.string()),
        pa.field("place_name", pa.string()),
        pa.field("area_id", pa.string()),
        pa.field("components", pa.list_(COMPONENT)),
        pa.field("type", pa.string()),
        pa.field("type_confidence", pa.float64()),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("means", pa.string()),
        pa.field("weapon", pa.string()),
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("count_unit", pa.string()),
        pa.field("claimed_actor", pa.string()),
        pa.field("stance", pa.string(), nullable=False),
        pa.field("speaker", pa.string()),
        # bearing_role: to_event (from an observer) or to_origin (back along the fire, from lat/lon)
        pa.field("bearing_deg", pa.float64()),
        pa.field("bearing_error_deg", pa.float64()),  # one standard deviation
        pa.field("range_m", pa.float64()),
        pa.field("bearing_role", pa.string()),
        pa.field("observer_position", pa.string()),
        pa.field("language", pa.string()),
        pa.field("marking", pa.string()),
        pa.field("text", pa.string()),
        *ORIGIN,
    ]
)

EXPOSURES = pa.schema(
    [
        pa.field("exposure_id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # watch|outage|access_denial|zero_report
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("radius_m", pa.float64()),
        pa.field("area_id", pa.string()),
        pa.field("p_detect", pa.float64()),
        pa.field("obstructed_by", pa.string()),
        pa.field("controller", pa.string()),
        pa.field("status", pa.string()),
        pa.field("minutes_lost", pa.float64()),
        pa.field("reason", pa.string()),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)

CLAIMS = pa.schema(
    [
        pa.field("claim_id", pa.string(), nullable=False),
        pa.field("claimant", pa.string(), nullable=False),
        pa.field("accused", pa.string()),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("scope", pa.string()),  # whole_front, border_regions, ...
        pa.field("what", pa.string(), nullable=False),
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("count_unit", pa.string()),
        pa.field("part_of", pa.string()),  # claim_id of the total that this is a part of
        pa.field("published_at", INSTANT),
        pa.field("known_at", INSTANT),
        pa.field("note", pa.string()),
        pa.field("source", pa.string()),
        *ORIGIN,
    ]
)

HOLDINGS = pa.schema(
    [
        pa.field("holding_id", pa.string(), nullable=False),
        pa.field("site", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),
        pa.field("weapon", pa.string(), nullable=False),
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("error_major_m", pa.float64()),
        pa.field("error_minor_m", pa.float64()),
        pa.field("error_azimuth_deg", pa.float64()),
        pa.field("basis", pa.string()),  # declared | inspected | inferred
        pa.field("status", pa.string()),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)

CONTROLS = pa.schema(
    [
        pa.field("control_id", pa.string(), nullable=False),
        pa.field("author", pa.string(), nullable=False),  # whose claim this map is
        pa.field("version", pa.string(), nullable=False),
        pa.field("began", INSTANT, nullable=False),  # the map speaks for [began, ended)
        pa.field("ended", INSTANT, nullable=False),
        pa.field("controller", pa.string()),  # party id as the map says; null: contested
        pa.field("geometry_wkb", pa.binary(), nullable=False),  # polygon(s), lon lat
        pa.field("error_m", pa.float64()),  # 95 % error of the drawn edge
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)

INCIDENTS = pa.schema(
    [
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("p_real", pa.float64(), nullable=False),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("error_major_m", pa.float64()),
        pa.field("error_minor_m", pa.float64()),
        pa.field("error_azimuth_deg", pa.float64()),
        pa.field("type", pa.string()),
        pa.field("p_type", pa.float64()),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("observations", pa.int32(), nullable=False),
        pa.field("independent_roots", pa.int32(), nullable=False),
        pa.field("is_date_only", pa.bool_(), nullable=False),  # no member has a clock time
        pa.field("known_at", INSTANT),  # when the first member became known
    ]
)

MEMBERS = pa.schema(
    [
        pa.field("observation_id", pa.string(), nullable=False),
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
    ]
)

ALTERNATIVES = pa.schema(  # runner-up partitions, one row a proposed change
    [
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("change", pa.string(), nullable=False),  # join | leave | merge
        pa.field("observation_id", pa.string()),
        pa.field("other_incident_id", pa.string()),
        pa.field("log_odds", pa.float64(), nullable=False),  # of the change, against what stands
    ]
)

ACTS = pa.schema(
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("type", pa.string()),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("weapon", pa.string()),
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("count_unit", pa.string()),
    ]
)

FINDINGS = pa.schema(
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),  # act | holding | omission
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),  # *if this party is the actor*
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),  # null: the clause's own text
        pa.field("agreement_version", pa.string(), nullable=False),
        pa.field("p_violation", pa.float64(), nullable=False),
        pa.field("p_compliant", pa.float64(), nullable=False),
        pa.field("p_permitted_response", pa.float64(), nullable=False),
        pa.field("p_exempt", pa.float64(), nullable=False),
        pa.field("p_insufficient", pa.float64(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("threshold", pa.float64(), nullable=False),  # decision threshold that sorted it
        pa.field("trace", pa.string(), nullable=False),  # a code, spelled out by findings.explain
        pa.field("margin_m", pa.float64()),  # signed distance to the deciding edge
        pa.field("margin_s", pa.float64()),  # signed time to the deciding instant
    ]
)

COUNTS = pa.schema(
    [
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("area", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),  # unknown where nobody is attributed
        pa.field("as_published", pa.int64()),  # null: nothing was published for that day
        pa.field("as_now_known", pa.int64(), nullable=False),
        pa.field("exposure_hours", pa.float64()),  # null: no exposure was recorded
    ]
)

ATTRIBUTIONS = pa.schema(
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("hypothesis", pa.string(), nullable=False),
        pa.field("p", pa.float64(), nullable=False),
        pa.field("p_low", pa.float64(), nullable=False),  # over the prior range
        pa.field("p_high", pa.float64(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
    ]
)

EVIDENCE = pa.schema(  # the items behind attributions
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("hypothesis", pa.string(), nullable=False),
        pa.field("nats", pa.float64(), nullable=False),  # capped, against `unknown`
        pa.field("group", pa.string(), nullable=False),  # dependent items share one
        pa.field("summary", pa.string(), nullable=False),
        pa.field("root", pa.string()),  # whose word it rests on; of one root one item counts
        pa.field("uncounted", pa.string()),  # why it is listed and not counted; null: it counts
    ]
)

REMEDIES = pa.schema(
    [
        pa.field("remedy_id", pa.string(), nullable=False),
        pa.field("finding_ids", pa.string(), nullable=False),  # joined by ';'
        pa.field("rung", pa.int32(), nullable=False),
        pa.field("measure", pa.string(), nullable=False),
        pa.field("addressee", pa.string(), nullable=False),
        pa.field("due", pa.string(), nullable=False),  # a duration from a start that people give
        pa.field("required_standard", pa.string(), nullable=False),
        pa.field("why", pa.string(), nullable=False),
        pa.field("why_not_next", pa.string(), nullable=False),
        pa.field("ends_when", pa.string(), nullable=False),
    ]
)

ACCESS = pa.schema(
    [
        pa.field("obstructed_by", pa.string()),
        pa.field("controller", pa.string()),
        pa.field("status", pa.string()),
        pa.field("minutes_lost", pa.float64()),
        pa.field("reason", pa.string()),
    ]
)

LINEAGE = pa.schema(
    [
        pa.field("before", pa.string()),
        pa.field("after", pa.string()),
        pa.field("relation", pa.string(), nullable=False),
    ]
)

EVIDENCE_TABLES: Mapping[str, pa.Schema] = {
    "observations": OBSERVATIONS,
    "exposures": EXPOSURES,
    "claims": CLAIMS,
    "holdings": HOLDINGS,
    "controls": CONTROLS,
    "notices": NOTICES,
    "casualties": CASUALTIES,
    "inspections": INSPECTIONS,
    "activations": ACTIVATIONS,
    "windows": WINDOWS,
    "editions": EDITIONS,
}
"""What a feed may yield and the record may hold, by name."""


IDENTIFIERS: Mapping[str, str] = {
    "observations": "observation_id",
    "exposures": "exposure_id",
    "claims": "claim_id",
    "holdings": "holding_id",
    "controls": "control_id",
    "notices": "notice_id",
    "casualties": "casualty_id",
    "inspections": "inspection_id",
    "activations": "activation_id",
    "windows": "guarantee_id",
    "editions": "edition_id",
}
"""The column that names a row, by table."""


def empty(schema: pa.Schema) -> pa.Table:
    """A table of no rows.

    Examples
    --------
    >>> empty(MEMBERS).num_rows
    0
    """
    return schema.empty_table()


def from_columns(schema: pa.Schema, columns: Mapping[str, Any], rows: int) -> pa.Table:
    """A table of exactly this schema from some of its columns; the others become null.

    Parameters
    ----------
    schema
        One of this module's schemas.
    columns
        Name to array, list or NumPy array of `rows` values, or one scalar for every row.
    rows
        How many.

    Raises
    ------
    InputError
        A column is not in the schema, or a column that may not be null is.

    Examples
    --------
    >>> from_columns(MEMBERS, {"observation_id": ["a"], "incident_id": ["i"], "probability": 1.0}, 1).num_rows
    1
    >>> from_columns(MEMBERS, {"observation_id": ["a"]}, 1)
    Traceback (most recent call last):
    truceline.model.errors.InputError: column incident_id may not be null; give it a value
    """
    unknown = set(columns) - set(schema.names)
    if unknown:
        msg = f"columns {sorted(unknown)} are not in the schema; it has {schema.names}"
        raise InputError(msg)
    arrays = [_column(field, columns.get(field.name), rows) for field in schema]
    for field, array in zip(schema, arrays, strict=True):
        if not field.nullable and array.null_count:
            msg = f"column {field.name} may not be null; give it a value"
            raise InputError(msg)
    return pa.Table.from_arrays(arrays, schema=schema)


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The same rows in the schema's columns, order and types; a missing nullable column is null."""
    columns = {name: table[name] for name in schema.names if name in table.column_names}
    return from_columns(schema, columns, table.num_rows)


def concat(tables: Iterable[pa.Table], schema: pa.Schema) -> pa.Table:
    """All rows of all tables, in order."""
    parts = list(tables)
    return pa.concat_tables(parts).combine_chunks() if parts else empty(schema)


def _column(field: pa.Field, value: Any, rows: int) -> pa.Array:
    if value is None:
        return pa.nulls(rows, field.type)
    if isinstance(value, pa.ChunkedArray):
        value = flat(value)
    if isinstance(value, pa.Array):
        return value if value.type == field.type else value.cast(field.type)
    if isinstance(value, str | bytes | int | float | bool) or not hasattr(value, "__len__"):
        return pa.repeat(pa.scalar(value, field.type), rows)
    return pa.array(value, type=field.type, from_pandas=True)
