"""Telling a story: the rows of one run that bear on an id, in the order of the line."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from truceline.agreement.terms import Agreement
from truceline.attribution.explain import explain as explain_author
from truceline.findings.explain import explain as explain_finding
from truceline.model.errors import InputError
from truceline.pipeline import mission as missions
from truceline.pipeline.beside import Beside, beside
from truceline.pipeline.enclosures import known_key
from truceline.pipeline.identifiers import resolve
from truceline.pipeline.keeping import enter_reading, line_of
from truceline.pipeline.line import agreement_of
from truceline.pipeline.story import Bytes, Chapter, Sentence, Story
from truceline.record.store import Record

_SHOWN = 12  # reports, findings or items told one by one; the rest is counted
_EXCERPT = 240  # characters of a preserved line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The tables of one run."""

    folder: Path
    tables: Mapping[str, pa.Table]

    def rows(self, table: str, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
        """Rows whose column holds one of the values, in the table's order."""
        wanted = pa.array(sorted(set(values)), pa.string())
        found = self.tables[table].filter(pc.is_in(self.tables[table][column], wanted))
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows


def tell(
    folder: Path,
    identifier: str,
    *,
    out: Path | None = None,
    as_of: datetime | None = None,
    agreement_version: str | None = None,
) -> Story:
    """The story of an observation, incident, act, finding or remedy.

    Parameters
    ----------
    folder
        The mission.
    identifier
        An id as the run's tables or a release write it, or its first letters.
    out
        The run to tell from; `MISSION/out` where None, or the run of `as_of` and of
        `agreement_version`. The text is that by which the run judged.

    Raises
    ------
    InputError
        There is no run yet, or the run holds no such id, or several begin so.
    """
    mission = missions.load(folder)
    ran = _read(out or mission.answer_folder(as_of, agreement_version), folder)
    ran_as = json.loads((ran.folder / "summary.json").read_text(encoding="utf-8"))
    text = ran_as["agreement"]
    agreement = agreement_of(mission.under(text["version"]))
    with Record.open(mission.record_folder, read_only=True) as record:
        identifier = resolve(ran.tables, identifier, known_key(record))
    incidents, acts, findings = _subjects(ran, identifier)
    members = ran.rows("members", "incident_id", incidents)
    observed = [row["observation_id"] for row in members] or [identifier]
    reports = ran.rows("observations", "observation_id", observed)
    reports.sort(key=lambda row: (row["began"], row["observation_id"]))  # as it happened
    held = [row["subject_id"] for row in findings if row["subject_kind"] == "holding"]
    stock = ran.rows("holdings", "holding_id", held or [identifier])
    if not findings:
        findings = ran.rows("findings", "subject_id", [identifier])
    if not reports and not stock and not findings:
        msg = f"no {identifier!r} in {ran.folder}; ids stand in members.csv, acts.csv, findings.csv"
        raise InputError(msg)
    more = _beside(mission, ran, agreement, findings)
    everything = tuple(row["observation_id"] for row in reports)
    everything += (*(row["holding_id"] for row in stock), *more.ids)
    chapters = [
        Chapter(
            title="What was received",
            sentences=(*_received(reports), *_held(stock), *more.received),
        ),
        Chapter(title="What happened", sentences=_happened(ran, incidents, members)),
        Chapter(title="Which clause", sentences=_clauses(findings, agreement, everything)),
        Chapter(title="Who", sentences=(*_authors(ran, acts, agreement, everything), *more.who)),
        Chapter(title="What may follow", sentences=_remedies(ran, findings, everything)),
    ]
    exhibits = _exhibits(mission, ran, everything)
    told = tuple(chapter for chapter in chapters if chapter.sentences)
    known = f"as known at {ran_as['as_of']}, under {text['id']} {text['version']}"
    return Story(identifier=identifier, known=known, chapters=told, exhibits=exhibits)


def _beside(
    mission: missions.Mission,
    ran: Ran,
    agreement: Agreement,
    findings: Sequence[Mapping[str, Any]],
) -> Beside:
    """What was received on obstructions and duties, from the record as the run knew it."""
    known = set(ran.tables["acts"]["act_id"].to_pylist())
    known |= set(ran.tables["holdings"]["holding_id"].to_pylist())
    findings = [row for row in findings if row["subject_id"] not in known]
    if not findings:
        return Beside()
    told = json.loads((ran.folder / "summary.json").read_text(encoding="utf-8"))
    as_of = datetime.fromisoformat(told["as_of"])
    sharing = ran.rows("findings", "subject_id", [row["subject_id"] for row in findings])
    with Record.open(mission.record_folder, read_only=True) as record:
        return beside(record, agreement, findings, sharing, as_of)


def _read(out: Path, folder: Path) -> Ran:
    if not (out / "summary.json").is_file() or not (out / "provenance.parquet").is_file():
        msg = (
            f"{out} holds no run: `truceline run {folder}` writes the tables that a story is told from, "
            "and a release alone writes none; run it, then ask again"
        )
        raise InputError(msg)
    tables = {
        name: pq.read_table(out / f"{name}.parquet")
        for name in ("incidents", "observations", "holdings", "provenance")
    }
    names = ("members", "alternatives", "acts", "findings", "attributions", "evidence", "remedies")
    for name in (*names, "responsibility"):
        path = out / f"{name}.csv"
        header = path.read_text(encoding="utf-8").split("\n", 1)[0].replace('"', "").split(",")
        text = {c: pa.string() for c in header if c.endswith(("_id", "_ids")) or c in _WORDS}
        options = pa_csv.ConvertOptions(column_types=text, strings_can_be_null=True)
        tables[name] = pa_csv.read_csv(path, convert_options=options)
    return Ran(folder=out, tables=tables)


_PRESERVED = {"observations", "holdings", "exposures", "inspections"}
_WORDS = {"type", "direction", "weapon", "count_unit", "reading", "trace", "agreement_version"}


def _subjects(ran: Ran, identifier: str) -> tuple[list[str], list[str], list[dict[str, Any]]]:
    """Incident ids, act ids and finding rows that the id leads to."""
    if identifier.startswith("r-"):
        chosen = ran.rows("remedies", "remedy_id", [identifier])
        ids = [part for row in chosen for part in row["finding_ids"].split(";")]
        findings = ran.rows("findings", "finding_id", ids)
    elif identifier.startswith("f-"):
        findings = ran.rows("findings", "finding_id", [identifier])
    else:
        findings = []
    if identifier.startswith(("r-", "f-")):
        acts = sorted({row["subject_id"] for row in findings})
        rows = ran.rows("acts", "act_id", acts)
        return sorted({row["incident_id"] for row in rows}), acts, findings
    if identifier.startswith("a-"):
        incidents = [row["incident_id"] for row in ran.rows("acts", "act_id", [identifier])]
        acts = [identifier]
    else:
        named = ran.rows("members", "observation_id", [identifier])
        incidents = sorted({row["incident_id"] for row in named}) or [identifier]
        acts = [row["act_id"] for row in ran.rows("acts", "incident_id", incidents)]
    return incidents, acts, ran.rows("findings", "subject_id", acts)


def _received(reports: Sequence[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    told = [
        Sentence(
            text=_report(row),
            rows=(f"observations.parquet:{row['observation_id']}",),
            observations=(row["observation_id"],),
        )
        for row in reports[:_SHOWN]
    ]
    return (*told, *_more(len(reports), "reports", [row["observation_id"] for row in reports]))


def _report(row: Mapping[str, Any]) -> str:
    when = (
        f"on the local day that began {row['began']:%Y-%m-%d %H:%M} UTC (no hour given)"
        if row["is_date_only"]
        else f"between {row['began']:%Y-%m-%d %H:%M:%S} and {row['ended']:%Y-%m-%d %H:%M:%S} UTC"
    )
    where = "at no stated place"
    if row["lat"] is not None:
        where = (
            f"at {row['lat']:.4f}, {row['lon']:.4f}, within {row['error_major_m'] / 1000:.1f} km "
            "(95 %)"
        )
    what = (row["type"] or "something whose kind it does not say").replace("_", " ")
    claim = ""
    if row["claimed_actor"]:
        claim = f" It {row['stance']} that {row['claimed_actor']} did it; that is a claim."
    return (
        f"{row['source']} ({row['source_kind']}) tells of {what}, direction {row['direction']}, "
        f"{when}, {where}. It counts under the root {row['root']}.{claim}"
    )


def _held(stock: Sequence[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            text=(
                f"{row['party']} is {row['basis'] or 'said'} to hold {_figure(row)} of {row['weapon']} "
                f"at {row['site']}, between {row['began']:%Y-%m-%d %H:%M} and "
                f"{row['ended']:%Y-%m-%d %H:%M} UTC. Repeated sightings never add up."
            ),
            rows=(f"holdings.parquet:{row['holding_id']}",),
            observations=(row["holding_id"],),
        )
        for row in stock[:_SHOWN]
    )


def _figure(row: Mapping[str, Any]) -> str:
    figures = [row[name] for name in ("count_low", "count_best", "count_high")]
    return "an unknown number" if figures[1] is None else str(figures[1])


def _happened(
    ran: Ran, incidents: Sequence[str], members: Sequence[Mapping[str, Any]]
) -> tuple[Sentence, ...]:
    told = []
    for row in ran.rows("incidents", "incident_id", incidents)[:_SHOWN]:
        mine = [m for m in members if m["incident_id"] == row["incident_id"]]
        who = tuple(m["observation_id"] for m in mine)
        soft = sum(m["probability"] < 0.999 for m in mine)
        source = (f"incidents.parquet:{row['incident_id']}",)
        text = (
            f"{_told_by(row['observations'], row['independent_roots'])} "
            f"taken to tell of one happening ({row['incident_id']}); the chance that it is real is "
            f"put at {row['p_real']:.2f}."
        )
        if soft:
            text += f" {soft} of them belong to it only with some probability."
        told.append(Sentence(text=text, rows=source, observations=who))
        told.extend(_runner_up(ran, row["incident_id"], who))
    return tuple(told)


def _told_by(reports: int, roots: int) -> str:
    """How many reports, from how many roots.

    Examples
    --------
    >>> _told_by(1, 1), _told_by(2, 1)
    ('1 report from 1 independent root is', '2 reports from 1 independent root are')
    """
    said = "report" if reports == 1 else "reports"
    root = "root" if roots == 1 else "roots"
    return f"{reports} {said} from {roots} independent {root} {'is' if reports == 1 else 'are'}"


def _runner_up(ran: Ran, incident: str, who: tuple[str, ...]) -> Iterable[Sentence]:
    for row in ran.rows("alternatives", "incident_id", [incident])[:2]:
        subject = row["observation_id"] or row["other_incident_id"]
        yield Sentence(
            text=f"The runner-up: {row['change']} {subject}, at log-odds {row['log_odds']:.2f}.",
            rows=(f"alternatives.csv:{incident}",),
            observations=who,
        )


def _clauses(
    findings: Sequence[Mapping[str, Any]], agreement: Agreement, who: tuple[str, ...]
) -> tuple[Sentence, ...]:
    told = []
    for row in findings[:_SHOWN]:
        trace, flips = explain_finding(row, agreement)
        is_omission = row["subject_id"].startswith("o-")  # nobody asks who did not do its own duty
        who_if = f"Of {row['party']}" if is_omission else f"If {row['party']} did it"
        text = f"{who_if}, {row['clause_id']}: {row['verdict'].replace('_', ' ')} is proposed."
        source = (f"findings.csv:{row['finding_id']}",)
        told.append(Sentence(text=" ".join((text, *trace, *flips)), rows=source, observations=who))
    return (*told, *_more(len(findings), "findings", who))


def _authors(
    ran: Ran, acts: Sequence[str], agreement: Agreement, who: tuple[str, ...]
) -> tuple[Sentence, ...]:
    told: list[Sentence] = []
    for act in acts[:_SHOWN]:
        answers = ran.rows("responsibility", "act_id", [act])
        weighed = ran.tables["attributions"], ran.tables["evidence"]
        said = explain_author(act, *weighed, agreement, answers)
        files = ("attributions", "evidence", *(("responsibility",) if answers else ()))
        source = tuple(f"{name}.csv:{act}" for name in files)
        told.extend(Sentence(text=text, rows=source, observations=who) for text in said)
    return tuple(told)


def _remedies(
    ran: Ran, findings: Sequence[Mapping[str, Any]], who: tuple[str, ...]
) -> tuple[Sentence, ...]:
    mine = {row["finding_id"] for row in findings}
    rows = [
        row
        for row in ran.tables["remedies"].to_pylist()
        if mine & set(row["finding_ids"].split(";"))
    ]
    return tuple(
        Sentence(
            text=(
                f"Rung {row['rung']}, {row['measure'].replace('_', ' ')}, to {row['addressee']}: "
                f"{row['why']} Due {row['due']}. {row['why_not_next']} It ends when this holds: "
                f"{row['ends_when']}"
            ),
            rows=(f"remedies.csv:{row['remedy_id']}",),
            observations=who,
        )
        for row in rows[:_SHOWN]
    )


def _more(total: int, what: str, who: Sequence[str]) -> tuple[Sentence, ...]:
    if total <= _SHOWN:
        return ()
    text = f"... and {total - _SHOWN} more {what}; --json does not list them either, the tables do."
    return (Sentence(text=text, observations=tuple(who)),)


def _exhibits(mission: missions.Mission, ran: Ran, told: tuple[str, ...]) -> tuple[Bytes, ...]:
    """The preserved bytes behind what is told, in its order; that they were read is entered first."""
    place = {name: number for number, name in enumerate(told)}
    origins = [
        row
        for row in ran.rows("provenance", "id", told)
        if row["exhibit"] and row["table"] in _PRESERVED
    ]
    origins.sort(key=lambda row: place[row["id"]])
    why_not = enter_reading(
        mission, {row["exhibit"] for row in origins}, " ".join(("explain", *told[:1]))
    )
    with Record.open(mission.record_folder, read_only=True) as record:
        return tuple(_preserved(mission, record, row, why_not) for row in origins)


def _preserved(
    mission: missions.Mission, record: Record, row: Mapping[str, Any], why_not: str
) -> Bytes:
    number, excerpt = row["line"] or 1, why_not
    if not why_not:
        excerpt = line_of(mission, record, row["exhibit"], number)
    return Bytes(
        observation_id=row["id"],
        sha256=row["exhibit"],
        file=row["file"] or "",
        line=number,
        excerpt=excerpt[:_EXCERPT],
    )
