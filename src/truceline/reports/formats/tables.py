"""Every released table as CSV in one zip, with a page that says what is in it."""

import io
import zipfile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from truceline.reports.contract import Format, Release
from truceline.reports.document import plain

NAMES = (
    "rows",
    "verdicts",
    "accusations",
    "outcomes",
    "answers",
    "counts",
    "claims",
    "coverage",
    "obstructions",
    "duties",
    "kept_out",
    "remedies",
    "cases",
    "waiting",
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first instant that a zip can hold: the same bytes each time
_ABOUT = """{title}
View: {view}. Agreement: {agreement}.
Period: {first} to {last}. Record head: {head}.
Counting rules: {counting}. Publication rules: {rules}.

{warning}
Empty means unknown, never zero. Times are UTC. Errors are 95 % semi-axes in metres.
A finding asks what would hold if a party were the author; it does not say who the author is.
`answers` says who answers for an act by the text; that is no statement of who did it.
{credits}
"""


def render(release: Release) -> bytes:
    """The zip; stored, not compressed, so that anybody can search its bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as bundle:
        bundle.writestr(_entry("README.txt"), _about(release))
        for name in NAMES:
            bundle.writestr(_entry(f"{name}.csv"), csv(getattr(release, name)))
        if not release.view.is_release:
            bundle.writestr(_entry("outages.csv"), csv(release.outages))
        for name, table in release.desk.items():
            bundle.writestr(_entry(f"{name}.csv"), csv(table))
    return sink.getvalue()


def csv(table: pa.Table) -> bytes:
    """One table; texts that a spreadsheet would run as a formula get an apostrophe before them."""
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
            made = pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")
            columns.append(pc.binary_join_element_wise(made, "Z", ""))
        elif pa.types.is_string(column.type):
            columns.append(pa.array([_cell(text) for text in column.to_pylist()], pa.string()))
        else:
            columns.append(column)
    sink = pa.BufferOutputStream()
    plain_table = pa.table(columns, names=table.column_names)
    pa_csv.write_csv(plain_table, sink, pa_csv.WriteOptions(quoting_style="needed"))
    return bytes(sink.getvalue())


def _cell(text: str | None) -> str | None:
    if text is None:
        return None
    shown = plain(text)
    return f"'{shown}" if shown[:1] in {"=", "+", "-", "@", "\t", "\r"} else shown


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
    entry.external_attr = 0o644 << 16
    return entry


def _about(release: Release) -> str:
    warning = (
        "" if release.view.is_release else "INTERNAL: full precision; may not leave the mission.\n"
    )
    if release.is_hypothetical:
        warning += "HYPOTHETICAL: a mechanism, a truce or events that do not exist.\n"
    return _ABOUT.format(
        title=plain(release.mission_title),
        view=release.view,
        agreement=plain(f"{release.agreement.title}, {release.agreement.version}"),
        first=release.period.first_day,
        last=release.period.last_day,
        head=release.record_head,
        counting=release.stated["counting_rules"] or "none",
        rules=release.rules.name,
        warning=warning,
        credits="\n".join(plain(credit) for credit in release.credits),
    )


FORMAT = Format(
    name="tables",
    summary="Every released table as CSV, in one zip",
    suffix=".zip",
    render=render,
)
