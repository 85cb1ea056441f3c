"""A case in sentences, for the people who work on it. Internal; nothing here is a release."""

from collections.abc import Iterator
from datetime import datetime

from truceline.cases.case import Case, Clock, Emergency
from truceline.cases.contract import Rules, Stage
from truceline.cases.hearing import replied, unheard
from truceline.cases.moves.emergency import state_of

SILENCE = "no reply in time; silence admits nothing"


def tell(case: Case, rules: Rules, at: datetime) -> tuple[str, ...]:
    """What stands, what waits, who was heard and what is due, a sentence each.

    Parameters
    ----------
    case
        As it stands.
    rules
        Names the parties.
    at
        The instant from which periods are looked at, UTC.
    """
    return tuple(
        line
        for part in (
            _head(case),
            _stages(case),
            _heard(case, rules, at),
            _times(case, at),
            _out(case),
        )
        for line in part
    )


def waits_for(case: Case, rules: Rules, at: datetime) -> str:
    """In a few words, what a case waits for."""
    for draft in case.drafts:
        if draft.is_deadlocked:
            return "a way out of the deadlock"
        hand = "votes" if draft.stage is Stage.RULING else "a second hand"
        return f"{hand} on the {draft.stage}"
    if not case.stands:
        return "" if case.status in {"duplicate", "withdrawn"} else "facts"
    latest = max(case.stands, key=lambda each: list(Stage).index(each.stage))
    if missing := unheard(case, latest, rules, at):
        return f"the parties to be heard on the {latest.stage}: {', '.join(missing)}"
    following = {Stage.FACTS: "an attribution", Stage.ATTRIBUTION: "a ruling"}
    return following.get(latest.stage, "publication" if not case.published else "")


def _head(case: Case) -> Iterator[str]:
    yield f"{case.case_id}: {case.status.value}, opened {_hour(case.opened_at)}: {case.why}, {case.reason}"
    if case.requester:
        yield f"requested by {case.requester}"
    if case.duplicate_of:
        yield f"goes on as {case.duplicate_of}"
    if case.observations:
        yield f"rests on {', '.join(case.observations)}"


def _stages(case: Case) -> Iterator[str]:
    for each in case.stands:
        party = f", {each.party}" if each.party else ""
        standard = f", on {each.standard}" if each.standard else ""
        yield (
            f"{each.stage} stands: {each.word}{party}{standard} (entry {each.sequence}, signed by "
            f"{', '.join(each.offices)}): {each.text or each.reason}"
        )
    for each in case.drafts:
        state = "deadlocked" if each.is_deadlocked else "waits"
        yield f"draft of the {each.stage} {state}: {each.word} ({', '.join(each.offices)})"
    for each in case.past:
        yield f"no longer in force: {each.stage} {each.word} (entry {each.sequence})"
    for ballot in case.ballots:
        yield f"vote of {ballot.office}: {ballot.choice}"
    for asked in case.challenges:
        state = asked.outcome.replace("_", " ") or "waits for the other seats"
        yield f"{asked.party} challenged {asked.office} (entry {asked.sequence}): {state}; {asked.reason}"
    for dissent in case.dissents:
        yield f"dissent of {dissent.office} from the {dissent.stage}: {dissent.text}"


def _heard(case: Case, rules: Rules, at: datetime) -> Iterator[str]:
    for notice in case.notices:
        answered = replied(case, (notice,))
        is_over = not answered and at >= notice.reply_until
        note = "answered" if answered else SILENCE if is_over else "open"
        yield f"notice to {notice.to} (entry {notice.sequence}), reply until {_hour(notice.reply_until)}: {note}"
    for reply in case.replies:
        yield f"reply of {reply.party}: {reply.stance} {reply.text}".rstrip()
    for stands in case.stands:
        for party, why in unheard(case, stands, rules, at).items():
            yield f"{stands.stage} may not leave yet: {party}: {why}"


def _times(case: Case, at: datetime) -> Iterator[str]:
    for clock in case.clocks:
        yield (
            f"clock {clock.name}, started by {clock.office} ({clock.role}) on the {clock.reading}: "
            f"due {_hour(clock.due_at)}, {_state(clock, at)}"
        )
    for emergency in case.emergencies:
        yield f"emergency notice by {emergency.office}: {_emergency(emergency, case, at)}"


def _emergency(notice: Emergency, case: Case, at: datetime) -> str:
    """What it is; the hour at which it lapses is told only where it lapses then, or did."""
    state = state_of(notice, case, at)
    if state == "confirmed":  # a reader takes an hour beside it for its end
        return "confirmed, so it stands beyond 24 hours"
    hours = {"standing": "until", "lapsed": "at"}
    return f"{state} {hours[state]} {_hour(notice.lapses_at)}" if state in hours else state


def _state(clock: Clock, at: datetime) -> str:
    if clock.stopped_because:
        return f"stopped: {clock.stopped_because}"
    return "over" if at >= clock.due_at else "running"


def _out(case: Case) -> Iterator[str]:
    for each in case.published:
        attached = f"replies attached: {len(each.replies)}, dissents attached: {len(each.dissents)}"
        quiet = f"; {', '.join(each.silent)}: {SILENCE}" if each.silent else ""
        yield f"{each.stage} cleared for publication {_hour(each.at)} as {each.name}; {attached}{quiet}"


def _hour(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
