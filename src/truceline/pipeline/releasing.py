"""The line as a release may know it: nothing younger than the delay, no place finer than its cell.

Both are kept by what goes in, so that no rule about what comes out can be forgotten. What became
known or happened within the delay is not read; and everything that depends on places is computed
again, by the same code, from evidence whose places are their cells.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.detection.text.reader import TextReading
from truceline.findings.contract import Subjects
from truceline.findings.count import count
from truceline.fusion.fuse import Fusion
from truceline.pipeline import plugins
from truceline.pipeline.line import Known, Line, Weighed, agreement_of, judge, known_at, weigh
from truceline.pipeline.mission import Mission
from truceline.pipeline.moves import under
from truceline.record.store import Record
from truceline.remedies.propose import propose
from truceline.reports import settled, settled_clauses
from truceline.reports.alike import CELL, CORNERS, DOT, MIDDLE, Stance, put
from truceline.tables import schemas
from truceline.tables.digest import evidence_digest


def past(mission: Mission, record: Record, known: Known, through: datetime) -> Known:
    """What was known at an instant of what had happened by then; told as of `known.as_of`.

    What is public already stays as `known` has it: what we published ourselves, and tallies that
    their claimants published. Rows that could not be read are left out, for nobody knows when they
    became known.
    """
    before = known_at(mission, record, through)
    tables = {**before.tables, "claims": _open_claims(known.tables["claims"], through)}
    tables = {name: _happened(name, table, through) for name, table in tables.items()}
    taken = tables["observations"].num_rows
    return replace(
        before,
        as_of=known.as_of,
        tables=tables,
        taken=taken,
        upstream=taken,
        refused=0,
        published=known.published,
        stood=known.stood,
        evidence_digest=evidence_digest(tables | {"decisions": before.joined.table()}),
    )


def _open_claims(claims: pa.Table, through: datetime) -> pa.Table:
    """Claims made in public, and those that were known by then."""
    known = pc.less_equal(claims["known_at"], pa.scalar(through, schemas.INSTANT))
    return claims.filter(pc.or_(claims["published_at"].is_valid(), pc.fill_null(known, False)))


def _happened(name: str, table: pa.Table, through: datetime) -> pa.Table:
    """Rows of what had ended; of what still stood or was watched, the part until then."""
    at = pa.scalar(through, schemas.INSTANT)
    if name in {"observations", "claims", "casualties", "inspections", "activations", "windows"}:
        return table.filter(pc.less_equal(table["ended"], at))
    if name in {"holdings", "exposures"}:
        table = table.filter(pc.less_equal(table["began"], at))
        ended = pc.if_else(pc.less(table["ended"], at), table["ended"], at)
        index = table.schema.get_field_index("ended")
        return table.set_column(index, table.schema.field(index), ended)
    return table


def judged_by_cell(mission: Mission, line: Line, cell_m: float) -> tuple[Line, Line]:
    """The line with all that depends on places computed from cells, and the line at their middles.

    Parameters
    ----------
    cell_m
        Least side of a cell, metres.

    Returns
    -------
    told, middle
        In `told`, what would not come out alike wherever in its cell an act lay is withheld
        (`reports.settled`). Its observations are the line's own, at true places; no incident,
        finding, count, author, item of evidence or proposal was computed from them.
    """
    agreement = under(agreement_of(mission), line.known.stood)
    made = _Again(mission=mission, agreement=agreement, line=line, cell_m=cell_m)
    middle, fusion = made.at(MIDDLE), line.fusion
    others = [made.weighed(stance) for stance in settled.STANCES if stance != MIDDLE]
    lines: list[Line | Weighed] = [middle, *others]
    wide = settled.wide_subjects(
        fusion.acts, fusion.posterior, line.holdings, line.exposures, cell_m
    )
    findings = settled.verdicts([each.findings for each in lines], wide)
    told = settled.authors([each.attributions for each in lines])
    counts = made.counts(middle.agreement, told)
    firm, incidents = settled.actionable(findings, told), middle.fusion.incidents
    return (
        replace(
            line,
            agreement=settled_clauses.beginnings(
                middle.agreement, [each.agreement for each in others]
            ),
            allowed=settled_clauses.allowed([each.allowed for each in lines]),
            responsibility=settled_clauses.charges(
                [each.responsibility for each in lines], told, wide
            ),
            findings=findings,
            attributions=told,
            evidence=settled.items([each.evidence for each in lines], told),
            counts=counts,
            windows=settled.windows([each.windows for each in lines]),
            remedies=propose(
                middle.agreement,
                *firm,
                fusion.acts,
                incidents,
                plugins.load("measures"),
                line.exposures,
            ),
        ),
        middle,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """One line, ready to be judged again with its places put elsewhere in their cells."""

    mission: Mission
    agreement: Agreement
    line: Line
    cell_m: float

    def at(self, stance: Stance) -> Line:
        """The line from incidents on, all places put by the stance."""
        known, reading, fusion = self._given(stance)
        line = self.line
        return judge(
            self.mission, known, self.agreement, reading, fusion, line.parameters, lambda _: None
        )

    def weighed(self, stance: Stance) -> Weighed:
        """What a place can change of it, all places put by the stance."""
        known, reading, fusion = self._given(stance)
        calendar = self.mission.calendar
        return weigh(known, self.agreement, reading, fusion, lambda _: None, calendar)

    def _given(self, stance: Stance) -> tuple[Known, TextReading, Fusion]:
        line, known, fused = self.line, self.line.known, self.line.fusion
        tables = {
            **known.tables,
            "claims": line.claims,
            "holdings": self._put(line.holdings, stance),
            "exposures": self._put(line.exposures, stance),
            "inspections": self._put(line.desk["inspections"], stance),
        }
        reading = TextReading(
            observations=self._put(line.observations, stance),
            claims=schemas.empty(schemas.CLAIMS),
            set_aside=line.set_aside,
            bases=pa.table({}),
        )
        fusion = replace(
            fused,
            incidents=self._put(fused.incidents, stance),
            posterior=self._put(fused.posterior, stance),
        )
        return replace(known, tables=tables), reading, fusion

    def counts(self, agreement: Agreement, told: pa.Table) -> pa.Table:
        """Counts by zone that hold wherever in its cell an act lay; the others stand apart."""
        return count(
            agreement,
            self.subjects(MIDDLE),
            told,
            plugins.load("counting"),
            published=self.line.known.beside,
            elsewhere=[self.subjects(stance) for stance in (*CORNERS, CELL, DOT)],
        )

    def subjects(self, stance: Stance) -> Subjects:
        """What is counted."""
        fused = self.line.fusion
        return Subjects(
            acts=fused.acts,
            incidents=self._put(fused.incidents, stance),
            posterior=self._put(fused.posterior, stance),
            exposures=self._put(self.line.exposures, stance),
        )

    def _put(self, table: pa.Table, stance: Stance) -> pa.Table:
        return put(table, stance, self.cell_m)
