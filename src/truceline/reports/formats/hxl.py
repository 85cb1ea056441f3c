"""Acts as CSV with a row of HXL hashtags, for humanitarian data exchange."""

import io

import pyarrow as pa

from truceline.reports.contract import Format, Release
from truceline.reports.formats.tables import csv

# Hashtags and attributes of the Humanitarian Exchange Language, standard 1.1; an attribute that the
# standard's list does not hold may be made up, as its tagging conventions say.
TAGS = {
    "act_id": "#event+id+act",
    "incident_id": "#event+id+incident",
    "legal_day": "#date+occurred",
    "began": "#date+start",
    "ended": "#date+end",
    "is_date_only": "#meta+date_only",
    "hours": "#meta+hours",
    "place": "#loc+name",
    "lat": "#geo+lat",
    "lon": "#geo+lon",
    "error_major_m": "#geo+error_m+major",
    "error_minor_m": "#geo+error_m+minor",
    "error_azimuth_deg": "#geo+error_deg+azimuth",
    "type": "#event+type",
    "direction": "#event+direction",
    "weapon": "#event+weapon",
    "means": "#meta+means",
    "positions": "#meta+positions",
    "count_low": "#indicator+min+num",
    "count_best": "#indicator+num",
    "count_high": "#indicator+max+num",
    "count_unit": "#indicator+unit",
    "observations": "#meta+observations+num",
    "independent_roots": "#meta+num+roots",
    "is_counted": "#meta+counted",
    "p_real": "#meta+p_real",
    "outcome": "#event+outcome",
    "sealed": "#meta+num+sealed",
    "view": "#meta+view",
    "is_hypothetical": "#meta+hypothetical",
    "record_head": "#meta+version",
    "counting_rules": "#meta+counting_rules",
    "publication_rules": "#meta+publication_rules",
}


def render(release: Release) -> bytes:
    """Column names, hashtags, then one act a row; empty is unknown, never zero."""
    constants = {
        "view": str(release.view),
        "is_hypothetical": release.is_hypothetical,
        **release.stated,
    }
    table = release.rows
    for name, value in constants.items():
        table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
    head, _, body = csv(table).partition(b"\n")
    tags = ",".join(f'"{TAGS[name]}"' for name in table.column_names)
    sink = io.BytesIO()
    if warning := warned(release):  # the standard lets rows stand above the hashtags
        sink.write(f'"{warning}"'.encode() + b"," * (table.num_columns - 1) + b"\n")
    sink.write(head + b"\n" + tags.encode() + b"\n" + body)
    return sink.getvalue()


def warned(release: Release) -> str:
    """What stands in the first row of a copy that may not leave, or that tells of what does not exist."""
    internal = (
        "" if release.view.is_release else "INTERNAL: full precision; may not leave the mission."
    )
    made_up = "HYPOTHETICAL: what this tells of does not exist." if release.is_hypothetical else ""
    return f"{internal} {made_up}".strip()


FORMAT = Format(
    name="hxl",
    summary="Acts as CSV with a row of HXL hashtags",
    suffix=".hxl.csv",
    render=render,
)
