"""A builder for casework: a made-up mandate, a full roster, and moves an hour apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from truceline.agreement.terms import Body, Grant, Mandate
from truceline.cases.contract import NO_CASE, Account, Move, Refusal, Rules
from truceline.cases.docket import Docket
from truceline.cases.replay import apply, replay
from truceline.model.time import LegalCalendar

BEGAN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def body(body_id, *acts, **rest):
    may = tuple(Grant(act=act) for act in acts)
    return Body(body_id=body_id, name=body_id, kind="other", may=may, **rest)


MISSION = body("mission", "observe", "find", "publish")
COMMISSION = body(
    "commission", "attribute", "rule", members=4, quorum=3,
    deadlock="The chair decides.", emergency_signer="The chair.",
)  # fmt: skip
RULES = Rules(
    mandate=Mandate(bodies=(MISSION, COMMISSION), is_stated=True),
    grants=frozenset({"observe", "find", "publish", "attribute", "rule"}),
    parties=("EAST", "WEST"),
    calendar=LegalCalendar(zone="Europe/Kyiv"),
)

ROSTER = (  # office, role, body, holder, more
    ("registrar", "registrar", "mission", "p-0", {}),
    ("duty", "duty_officer", "mission", "p-1", {}),
    ("secretary", "secretary", "mission", "p-2", {}),
    ("verifier-1", "verifier", "mission", "p-3", {}),
    ("verifier-2", "verifier", "mission", "p-4", {}),
    ("attributor-1", "attributor", "commission", "p-5", {}),
    ("attributor-2", "attributor", "commission", "p-6", {}),
    ("chair", "adjudicator", "commission", "p-7", {"casting": "yes"}),
    ("member-2", "adjudicator", "commission", "p-8", {}),
    ("member-3", "adjudicator", "commission", "p-9", {}),
    ("member-4", "adjudicator", "commission", "p-10", {}),
    ("emergency", "emergency_signer", "commission", "p-11", {}),
    ("publisher", "publisher", "mission", "p-12", {}),
    ("east", "liaison", "EAST", "p-13", {}),
    ("west", "liaison", "WEST", "p-14", {}),
)
ACCOUNTS = {
    "o-1": Account(observation_id="o-1", keys=("patrol 1",), is_direct=True),
    "o-2": Account(observation_id="o-2", keys=("agency",), is_direct=False),
    "o-3": Account(observation_id="o-3", keys=("agency",), is_direct=False),
    "o-4": Account(observation_id="o-4", keys=("radio",), is_direct=False),
}
BODIES = {office: (role, of) for office, role, of, _, _ in ROSTER}


def move(sequence, office, kind, case="c-1", *, cites=(), at=None, reading="", says=None, **words):
    """A move an hour after the one before it, unless told otherwise; words become what it says."""
    role, of = BODIES.get(office, ("verifier", "mission"))
    told = {**words, **(says or {})}
    at = at or BEGAN + sequence * HOUR
    return Move(
        sequence=sequence, case_id=case, kind=kind, at=at, recorded_at=at, office=office,
        role=role, body=of, reason="because", reading=reading, cites=tuple(cites),
        accounts=tuple(ACCOUNTS[c] for c in cites if c in ACCOUNTS),
        says={k: (v,) if isinstance(v, str) else tuple(v) for k, v in told.items()},
    )  # fmt: skip


def roster(rows=ROSTER):
    return [
        move(
            at, "registrar", "appoint", NO_CASE,
            says={"office": office, "as": role, "body": of, "holder": holder, **more},
        )
        for at, (office, role, of, holder, more) in enumerate(rows)
    ]  # fmt: skip


class Desk:
    """A docket that moves; `do` must be allowed, `refused` must not."""

    def __init__(self, rules=RULES, rows=ROSTER):
        self.rules = rules
        BODIES.update({office: (role, of) for office, role, of, _, _ in rows})
        self.moves = roster(rows)
        self.docket = replay(self.moves, rules)
        assert self.docket.refused == ()
        self.hours = 0

    def next(self, office, kind, case="c-1", **words):
        made = move(len(self.moves), office, kind, case, **words)
        late = self.hours * HOUR
        return replace(made, at=made.at + late, recorded_at=made.recorded_at + late)

    def wait(self, hours):
        self.hours += hours
        return self

    def do(self, office, kind, case="c-1", **words):
        made = self.next(office, kind, case, **words)
        after = apply(self.docket, made, self.rules)
        assert isinstance(after, Docket), after
        self.moves.append(made)
        self.docket = after
        return self

    def refused(self, office, kind, case="c-1", **words):
        found = apply(self.docket, self.next(office, kind, case, **words), self.rules)
        assert isinstance(found, Refusal), f"{kind} by {office} was allowed"
        assert found.do
        return found.why

    @property
    def case(self):
        return self.docket.cases["c-1"]

    def opened(self):
        self.do("duty", "open", because="casualty", cites=["o-1", "o-2"])
        return self.do("verifier-1", "begin")

    def verified(self):
        self.opened().do("verifier-1", "corroborate", cites=["o-1", "o-2"])
        self.do("verifier-1", "verify", cites=["o-1", "o-2"], method="crater", text="A shell fell.")
        return self.do("verifier-2", "countersign", stage="facts")

    def attributed(self, party="EAST"):
        named = {"party": party, "outcome": "attributed"} if party else {"outcome": "undetermined"}
        self.verified().do(
            "attributor-1", "attribute", cites=["o-1"], standard="clear_and_convincing",
            text="The listed evidence supports it.", **named,
        )  # fmt: skip
        return self.do("attributor-2", "countersign", stage="attribution")

    def noticed(self):
        for party in self.rules.parties:
            self.do("secretary", "notice", to=party, within="72 h")
        return self

    def put(self, office="chair"):
        return self.do(
            office, "rule", verdict="violation", clauses=["article-1"], cites=["o-1"],
            standard="clear_and_convincing", text="It was a breach.",
        )  # fmt: skip

    def ruled(self):
        self.attributed().noticed().wait(72).put()
        return self.do("member-2", "vote", choice="for").do("member-3", "vote", choice="for")
