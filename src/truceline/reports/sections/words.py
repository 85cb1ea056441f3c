"""Words that a newcomer may not know, each in one sentence."""

from truceline.reports.contract import Release
from truceline.reports.document import Facts, Section
from truceline.reports.say import Say

_WORDS = (
    "hours", "legal_day", "act", "counted", "independent", "finding", "outcome", "answers",
    "undertaking", "reading", "rung", "shape", "smm", "id",
)  # fmt: skip


def write(release: Release, say: Say) -> Section:
    """Facts, in the order in which the report uses the words."""
    cutoff = f"{release.agreement.calendar.cutoff:%H:%M}"
    pairs = tuple(
        (say(f"words.{word}"), say(f"words.{word}_means", cutoff=cutoff, zone=say.zone))
        for word in _WORDS
    )
    return Section(anchor="words", title=say("words.title"), blocks=(Facts(pairs=pairs),))
