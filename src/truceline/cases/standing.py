"""How the mandate stands: what of it is suspended, whether it has ended, and which party stays away.

Cases stand as they stood. What a suspended mandate no longer grants is neither signed nor computed
nor published; what was reported, answered or asked is still entered. A party that walks out is still
told and may still reply, its seats still count, and its silence admits nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

ACTS = ("observe", "inspect", "find", "attribute", "propose", "rule", "publish")
"""What a mandate grants, in the order of the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Acts that nobody may do until it is lifted; on whose word."""

    acts: tuple[str, ...]
    on_word_of: str
    since: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When the mandate ends, and on whose word."""

    on_word_of: str
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A party that has left the work of the bodies."""

    party: str
    since: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is suspended, when it ends, who stays away; nothing of it until somebody enters it."""

    suspensions: tuple[Suspension, ...] = ()
    ending: Ending | None = None
    absences: tuple[Absence, ...] = ()

    def why_not(self, act: str, at: datetime, *, is_internal: bool = True) -> str | None:
        """Why nobody may do an act; None where the standing does not keep it from anybody.

        A suspension holds from its entry on, whatever hour a later move gives itself. On whose word
        it was is what somebody typed, and is told internally alone.

        Examples
        --------
        >>> from datetime import UTC
        >>> at = datetime(2031, 5, 20, 12, 0, tzinfo=UTC)
        >>> paused = Suspension(acts=("attribute",), on_word_of="both parties", since=at, sequence=7)
        >>> stands = Standing(suspensions=(paused,))
        >>> stands.why_not("attribute", at), stands.why_not("observe", at)
        ('suspended since 2031-05-20 12:00 UTC on the word of both parties (entry 7)', None)
        """
        if self.ending is not None and self.ending.at <= at:
            word = f" on the word of {self.ending.on_word_of}" if is_internal else ""
            return f"the mandate ended {_hour(self.ending.at)}{word} (entry {self.ending.sequence})"
        for each in self.suspensions:
            if act in each.acts:
                word = f" on the word of {each.on_word_of}" if is_internal else ""
                return f"suspended since {_hour(each.since)}{word} (entry {each.sequence})"
        return None

    def sentences(self, at: datetime, *, is_internal: bool = True) -> Iterator[str]:
        """What people are told of it."""
        whys = {act: self.why_not(act, at, is_internal=is_internal) for act in ACTS}
        for why in dict.fromkeys(why for why in whys.values() if why):
            those = ", ".join(act for act in ACTS if whys[act] == why)
            yield f"Nobody may {those}: {why}. Cases stand as they stood."
        for each in self.absences:
            yield (
                f"{each.party} has stayed away since {_hour(each.since)} (entry {each.sequence}). It is "
                "still told and may reply; its silence admits nothing, and what binds it binds it still."
            )


def _hour(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
