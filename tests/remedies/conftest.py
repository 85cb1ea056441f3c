"""A run of findings and attributions over a truce of North (N) and South (S), with a ladder."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from truceline.agreement.terms import (
    Agreement,
    Clause,
    Ladder,
    Party,
    PartyPeriod,
    Rung,
    Thresholds,
)
from truceline.model.time import Interval, LegalCalendar
from truceline.model.vocabulary import RemedyType, StandardMet
from truceline.pipeline import plugins
from truceline.remedies.propose import propose
from truceline.tables import schemas

NOON = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
MIRRORED = {"N": "S", "S": "N"}


def rung(number: int, measures: list[str], *, addressee: str = "accused", **when: Any) -> Rung:
    return Rung(
        rung=number,
        measures=tuple(RemedyType(name) for name in measures),
        required_standard=StandardMet.REASONABLE_GROUNDS,
        due="24 h",
        when=when,
        ends_when="The party has answered.",
        addressee=addressee,
    )


LADDER = Ladder(
    rungs=(
        rung(1, ["no_action", "clarify", "hotline_contact"], min_severity="technical"),
        rung(2, ["notice", "enhanced_monitoring"], min_severity="minor"),
        rung(3, ["joint_inspection"], min_severity="minor", min_repetition=3, within_days=7,
             addressee="both"),
        rung(4, ["protest", "independent_investigation"], min_severity="serious"),
        rung(5, ["censure", "off_ramp"], min_severity="serious", min_repetition=3, within_days=30),
    ),
    cap={"technical": 1, "minor": 3, "serious": 5, "grave": 5, "threshold": 5},
    limb_lists={"sanctions_snapback": ("an attributed violation", "a signed ruling"),
                "collective_response_referral": ("a large-scale attack", "deliberate intent"),
                "assistance_trigger": ()},
)  # fmt: skip


@dataclass
class Run:
    """Findings and attributions of one run; `propose` asks the room."""

    ladder: Ladder = LADDER
    grants: frozenset[str] = frozenset({"observe", "find", "attribute", "propose"})
    cutoff_zone: str = "UTC"
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            n: [] for n in ("acts", "incidents", "findings", "attributions", "exposures")
        }
    )

    def act(
        self,
        outcome: str = "undetermined",
        author: str = "N",
        *,
        kind: str = "small_arms_fire",
        at: datetime = NOON,
        verdict: str = "violation",
        p_real: float = 0.99,
        clause: str = "3-1",
        parties: tuple[str, ...] = ("N", "S"),
        **counted: Any,
    ) -> str:
        """Adds an act with its findings against each party, and its attribution."""
        number = len(self.rows["acts"])
        act, incident = f"a-{number:016x}-1", f"i-{number:016x}"
        self.rows["acts"].append(
            {"act_id": act, "incident_id": incident, "type": kind, "direction": "impact", **counted}
        )
        self.rows["incidents"].append(
            {"incident_id": incident, "p_real": p_real, "began": at, "ended": at,
             "direction": "impact", "observations": 1, "independent_roots": 1,
             "is_date_only": False}
        )  # fmt: skip
        for party in parties:
            self.finding(act, party, clause=clause, verdict=verdict)
        for party in ("N", "S"):
            p = 0.96 if party == author and outcome in ("attributed", "probable") else 0.02
            self.rows["attributions"].append(
                {"act_id": act, "hypothesis": f"party:{party}", "p": p, "p_low": p, "p_high": p,
                 "outcome": outcome}
            )  # fmt: skip
        self.rows["attributions"].append(
            {"act_id": act, "hypothesis": "unknown", "p": 0.02, "p_low": 0.02, "p_high": 0.02,
             "outcome": outcome}
        )  # fmt: skip
        return act

    def finding(
        self, subject: str, party: str, *, clause: str = "3-1", verdict: str = "violation",
        subject_kind: str = "act", reading: str | None = None, trace: str = "",
        margin_s: float | None = None,
    ) -> None:  # fmt: skip
        number = len(self.rows["findings"])
        self.rows["findings"].append(
            {"finding_id": f"f-{number:016x}", "subject_kind": subject_kind, "subject_id": subject,
             "party": party, "clause_id": clause, "reading": reading, "agreement_version": "1",
             "p_violation": 0.95, "p_compliant": 0.05, "p_permitted_response": 0.0, "p_exempt": 0.0,
             "p_insufficient": 0.0, "verdict": verdict, "threshold": 0.9, "trace": trace, "margin_s": margin_s}
        )  # fmt: skip

    def owed(self, party: str, *, due: datetime = NOON, more: str = "", **fields: Any) -> None:
        """Adds something that was owed by a date and not done in time."""
        trace = f"kind=declare;due={due.isoformat()};done=no{more}"
        subject = f"o-{len(self.rows['findings']):016x}"
        self.finding(subject, party, subject_kind="omission", trace=trace, **fields)

    def kept_out(self, by: str | None, *, source: str = "patrol 3", status: str = "denied") -> None:
        """Adds an obstruction that a source recorded, with a finding for who is named, or for each."""
        number = f"e-{len(self.rows['exposures'])}"
        self.rows["exposures"].append(
            {"exposure_id": number, "source": source, "kind": "access_denial", "began": NOON,
             "ended": NOON + timedelta(hours=1), "obstructed_by": by, "controller": "N",
             "status": status, "minutes_lost": 60.0}
        )  # fmt: skip
        for party in ("N", "S") if by is None else (by,):
            self.finding(number, party)

    def agreement(self) -> Agreement:
        always = Interval(began=NOON - timedelta(days=400))
        return Agreement(
            agreement_id="parallel",
            version="1",
            title="Truce of the parallel",
            is_hypothetical=True,
            calendar=LegalCalendar(zone=self.cutoff_zone),
            parties=(
                Party(party_id="N", names={"en": "North"}),
                Party(party_id="S", names={"en": "South"}),
            ),
            lines=(),
            zones=(),
            clauses=tuple(
                Clause(
                    clause_id=name, article=name, kind="prohibit", title=name, text=name, terms={},
                    periods=tuple(PartyPeriod(party_id=p, when=always) for p in ("N", "S")),
                )
                for name in ("3-1", "3-2")
            ),
            ladder=self.ladder,
            thresholds=Thresholds(),
            grants=self.grants,
        )  # fmt: skip

    def tables(self) -> dict[str, pa.Table]:
        schema = {"acts": schemas.ACTS, "incidents": schemas.INCIDENTS,
                  "findings": schemas.FINDINGS, "attributions": schemas.ATTRIBUTIONS,
                  "exposures": schemas.EXPOSURES}  # fmt: skip
        return {
            name: pa.Table.from_pydict(
                {n: [row.get(n) for row in self.rows[name]] for n in of.names}, schema=of
            )
            for name, of in schema.items()
        }

    def propose(self) -> list[dict[str, Any]]:
        """Rows of REMEDIES."""
        table = propose(self.agreement(), measures=plugins.load("measures"), **self.tables())
        assert table.schema == schemas.REMEDIES
        return table.to_pylist()

    def mirrored(self) -> "Run":
        """North for South."""
        twin = Run(ladder=self.ladder)
        for name, rows in self.rows.items():
            for row in rows:
                swapped = dict(row)
                for column in ("party", "obstructed_by", "controller", "source"):
                    if column in row:
                        swapped[column] = MIRRORED.get(row[column], row[column])
                if row.get("hypothesis", "").startswith("party:"):
                    swapped["hypothesis"] = f"party:{MIRRORED[row['hypothesis'][-1]]}"
                twin.rows[name].append(swapped)
        return twin


@pytest.fixture
def run() -> Run:
    return Run()
