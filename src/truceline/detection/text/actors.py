"""Who is said to have done it: the agent of the deed, not whoever is mentioned.

The rules name no side. Words by which a speaker names his adversary or his own are left as they
are; `speakers.resolve` says whom they mean.
"""

from truceline.detection.text.speakers import opponent
from truceline.detection.text.words import Word
from truceline.model.vocabulary import Stance

_LINK = frozenset(
    [
        "uav",
        "missile",
        "bomb",
        "mlrs",
        "mortar",
        "artillery",
        "tank",
        "aviation",
        "force",
        "small_arms",
        "many",
        "number",
        "shelling",
        "strike",
        "attack",
        "infrastructure",
        "assault",
    ]
)
_WEAPON = frozenset(
    ["uav", "missile", "bomb", "mlrs", "mortar", "artillery", "tank", "aviation", "small_arms"]
)
_DEED = frozenset(
    [
        "shelling",
        "strike",
        "attack",
        "hit",
        "explosion",
        "drop",
        "destroy",
        "launch",
        "assault",
        "advance",
        "retreat",
        "sabotage",
        "fly",
        "obstruct",
        "capture_person",
        "fight",
        "repel",
        "begins",
        "destroy",
    ]
)
_PHRASE_ENDS = frozenset(
    [
        "daytime",
        "morning",
        "evening",
        "night",
        "month",
        "clock",
        "today",
        "yesterday",
        "weekday",
        "number",
        "place",
        "sector",
    ]
)
"""A time or a place that stands before a subject, and does not own it."""
_AUTHORSHIP = frozenset(["shelling", "strike", "attack", "hit", "launch", "assault"])


def author_of(words: tuple[Word, ...], event: int, speaker: str) -> str:
    """Who did the deed at `event`: a side, `adversary`, `self`, or empty where the words do not say.

    Parameters
    ----------
    words
        One sentence.
    event
        Place of the word that names the deed; -1 where none does.
    speaker
        Who speaks in the sentence, or empty.
    """
    anchors = [at for at, word in enumerate(words) if word.tags & _AUTHORSHIP and word.part != "V"]
    if event >= 0 and words[event].part != "V":
        anchors = [event, *anchors]
    if event >= 0 and words[event].part == "V":
        found = _subject(words, event)
        if found and "repel" not in words[event].tags:
            return found
    for at in anchors:
        found = _attached(words, at)
        if found:
            return found
    for at, word in enumerate(words):
        aimed_at = any("target_prep" in w.tags for w in words[max(0, at - 3) : at])
        if word.tags & _WEAPON and not word.tags & _AUTHORSHIP and not aimed_at:
            found = _attached(words, at)
            if found:
                return found
    return _from_verbs(words, speaker)


def _from_verbs(words: tuple[Word, ...], speaker: str) -> str:
    airborne = any(word.tags & {"uav", "missile"} for word in words)
    for at, word in enumerate(words):
        if "destroy" in word.tags and airborne:
            continue  # who shoots it down did not send it
        acts = word.part in "VO" or "begins" in word.tags
        if acts and word.tags & (_DEED | {"takes"}):
            found = _subject(words, at)
            if found:
                return opponent(found) if "repel" in word.tags else found
    if speaker and any(w.part == "N" and "advance" in w.tags for w in words):
        return speaker if any("organ" in w.tags for w in words) else ""
    return ""


def _attached(words: tuple[Word, ...], at: int) -> str:
    """The side whose deed or weapon the noun at `at` is: before it as adjective, after as owner."""
    return _adjective_before(words, at) or _owner_after(words, at)


def _adjective_before(words: tuple[Word, ...], at: int) -> str:
    for before in range(at - 1, max(-1, at - 4), -1):
        word = words[before]
        if word.side and word.part in "AP":
            return word.side
        if word.part in "BCV" or "preposition" in word.tags:
            return ""
        if word.part == "N" and (word.side or not word.tags & _LINK):
            return ""
    return ""


def _owner_after(words: tuple[Word, ...], at: int) -> str:
    for after in range(at + 1, min(len(words), at + 5)):
        word = words[after]
        if word.side and (word.part != "A" or _owns(words, after)):
            return word.side
        if "agent_prep" in word.tags:
            continue
        if word.part in "BCV" or word.tags & {"place", "preposition"}:
            return ""
        if word.tags and not word.tags & _LINK and word.part == "N":
            return ""
    return ""


def _owns(words: tuple[Word, ...], at: int) -> bool:
    """Whether an adjective of a side stands before its force, weapon or service."""
    return any(word.tags & (_LINK | {"force"}) for word in words[at + 1 : at + 4])


def _subject(words: tuple[Word, ...], verb: int) -> str:
    """The side that is the subject of a verb, nearest before it, else after it; or empty."""
    for at in [*range(verb - 1, -1, -1), *range(verb + 1, min(len(words), verb + 5))]:
        word = words[at]
        if at > verb and (word.part in "BC" or "preposition" in word.tags):
            return ""
        if word.side and _is_subject(words, at):
            return word.side
    return ""


def _is_subject(words: tuple[Word, ...], at: int) -> bool:
    word = words[at]
    before = words[at - 1] if at else None
    if word.part == "A" or word.part == "P":
        ahead = words[at + 1 : at + 4]
        after = next((w for w in ahead if w.part == "N" or "force" in w.tags), None)
        heads = after is not None and bool(after.tags & (_LINK | {"force"})) and "n" in after.cases
        return heads and "n" in word.cases
    if "g" in word.cases and any(w.tags & {"many", "number"} for w in words[max(0, at - 2) : at]):
        return True
    owns = before is not None and bool(before.tags & (_LINK - _AUTHORSHIP)) and not before.side
    if owns and before is not None and before.part == "N" and "n" in before.cases:
        return "g" in word.cases or "n" in word.cases
    if "n" not in word.cases:
        return False
    if before is None:
        return True
    if "preposition" in before.tags:
        return False
    if before.tags & _PHRASE_ENDS:
        return True
    if before.part == "N" and not before.side:
        return False
    return not (before.part in "AP" and before.tags & {"target_word", "position_word"})


def stance_of(has: frozenset[str], actor: str, speaker: str) -> str:
    """What the speaker does with the claim about the author."""
    if "denies" in has:
        return Stance.DENIES
    if speaker and speaker == actor:
        return Stance.ADMITS
    return Stance.ASSERTS
