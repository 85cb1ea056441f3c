"""A case as it stands after its moves."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from truceline.cases.contract import Account, Stage
from truceline.model.vocabulary import VerificationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's hand under a stage; kept whatever becomes of the draft."""

    stage: Stage
    holder: str
    office: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A stage that stands, or a draft of one: its word, and what carries it.

    `word` is a verification status, an outcome of responsibility or a verdict; `sequence` is the
    move by which it came to stand (of a draft: by which it was laid down).
    """

    stage: Stage
    word: str
    reason: str
    offices: tuple[str, ...]
    body: str
    sequence: int
    at: datetime
    counts_from: (
        datetime  # what is due after it runs from here: no earlier hour than it was written at
    )
    party: str = ""
    standard: str = ""
    method: str = ""
    text: str = ""
    clauses: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    known: tuple[str, ...] = ()  # observations that the case named when it was laid down
    is_deadlocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a party was told: which stages, as they then stood, and until when it may reply."""

    to: str
    sequence: int
    office: str
    at: datetime
    reply_until: datetime
    within: str  # the time to reply, as it was written
    covers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a party answered. None is none: silence admits nothing."""

    party: str
    sequence: int
    at: datetime
    stance: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One seat's vote on a draft ruling: for, against or abstain."""

    holder: str
    office: str
    choice: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A party's request that a member step aside, and what the body without that member made of it.

    `outcome` is empty while it waits; then `upheld`, `dismissed` or `stepped_aside`.
    """

    party: str
    office: str
    holder: str
    body: str
    reason: str
    sequence: int
    ballots: tuple[Ballot, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """A signed disagreement, attached to whatever is published of its stage."""

    stage: Stage
    office: str
    sequence: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time that a person started: from which reading, and when it is due."""

    name: str
    office: str
    role: str
    reading: str
    began: datetime
    due_at: datetime
    sequence: int
    stopped_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """An emergency notice; it finds nothing, names nobody and lapses unless its body confirms it.

    `outcome` is empty while nobody decided; then `confirmed` or `lifted`.
    """

    office: str
    text: str
    at: datetime
    lapses_at: datetime
    sequence: int
    observations: tuple[str, ...]
    body: str = ""
    ballots: tuple[Ballot, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What may leave, by name: which stage as it stood, and the replies and dissents attached to it."""

    name: str
    stage: Stage
    of: int
    at: datetime
    sequence: int
    replies: tuple[int, ...]
    dissents: tuple[int, ...]
    silent: tuple[str, ...]  # parties that did not reply in time; it admits nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What people have done about a matter so far.

    It names observations, never computed ids. `stands` are the stages in force, `drafts` those that
    wait for a second hand or for votes, `past` those that were reopened or fell.
    """

    case_id: str
    opened_at: datetime
    why: str
    reason: str
    accounts: tuple[Account, ...]
    status: VerificationStatus = VerificationStatus.REPORTED
    requester: str = ""
    accused: tuple[str, ...] = ()
    askers: tuple[
        str, ...
    ] = ()  # parties whose requests go on as this case, beside others' matters
    duplicate_of: str = ""
    one: tuple[
        str, ...
    ] = ()  # observations said to be one happening, while the case is a duplicate
    one_by: int = -1  # the move that said so
    stands: tuple[Signed, ...] = ()
    drafts: tuple[Signed, ...] = ()
    past: tuple[Signed, ...] = ()
    signatures: tuple[Signature, ...] = ()
    notices: tuple[Notice, ...] = ()
    replies: tuple[Reply, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    recused: tuple[str, ...] = ()  # holders
    challenges: tuple[Challenge, ...] = ()
    clocks: tuple[Clock, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    published: tuple[Published, ...] = ()
    last_at: datetime = field(kw_only=True)
    moves: tuple[int, ...] = ()

    @property
    def observations(self) -> tuple[str, ...]:
        """Ids of the observations that it rests on."""
        return tuple(each.observation_id for each in self.accounts)

    @property
    def concerned(self) -> frozenset[str]:
        """Parties whose own people step aside: who asked, who is accused, who is named.

        A draft that one hand laid down, and that is gone, names nobody: else whoever serves one
        party could take the other's seat from the body alone and for good.
        """
        once = (each for each in self.past if len(each.offices) > 1)
        named = {each.party for each in (*self.stands, *self.drafts, *once)}
        return frozenset({self.requester, *self.accused, *self.askers, *named} - {""})

    def standing(self, stage: Stage) -> Signed | None:
        """A stage as it stands; None while it does not."""
        return next((each for each in self.stands if each.stage == stage), None)

    def draft(self, stage: Stage) -> Signed | None:
        """A stage that waits for a second hand or for votes."""
        return next((each for each in self.drafts if each.stage == stage), None)

    def with_draft(self, draft: Signed) -> Self:
        """The case with this draft in place of an earlier one of its stage, which is kept as past."""
        earlier = tuple(each for each in self.drafts if each.stage is draft.stage)
        kept = tuple(each for each in self.drafts if each.stage is not draft.stage)
        ballots = () if draft.stage is Stage.RULING else self.ballots
        return replace(self, drafts=(*kept, draft), past=(*self.past, *earlier), ballots=ballots)

    def with_standing(self, signed: Signed) -> Self:
        """The case with the stage in force and its draft gone."""
        return replace(
            self,
            stands=(*(each for each in self.stands if each.stage is not signed.stage), signed),
            drafts=tuple(each for each in self.drafts if each.stage is not signed.stage),
        )

    def without_drafts(self) -> Self:
        """The case with every draft laid aside."""
        return replace(self, drafts=(), past=(*self.past, *self.drafts), ballots=())
