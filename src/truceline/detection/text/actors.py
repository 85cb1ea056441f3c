"""Who is said to have done it: the agent of the deed, not whoever is mentioned.

The rules name no side. Words by which a speaker names his adversary are resolved by the speaker.
"""

from truceline.detection.text.words import Word, lexicon
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


def opponent(side: str) -> str:
    """The other of two sides, or empty where there are not two."""
    others = [name for name in lexicon().sides if name != side]
    return others[0] if side in lexicon().sides and len(others) == 1 else ""


def speaker_of(words: tuple[Word, ...]) -> str:
    """The side whose organ or official speaks, or empty."""
    for at, word in enumerate(words):
        for side in lexicon().sides:
            if f"{side}:speakers" in word.tags:
                return side
        if word.side in lexicon().sides and word.part == "N" and _speaks(words, at):
            return word.side
    return ""


def _speaks(words: tuple[Word, ...], at: int) -> bool:
    """Whether the words before a side's name make it an organ, and one that says something."""
    near = words[max(0, at - 3) : at] + words[at + 1 : at + 3]
    return any(w.tags & {"says", "denies"} for w in near) and any("organ" in w.tags for w in near)


def resolve(side: str, speaker: str, language: str) -> str:
    """A side's name from a word that may only say `adversary`.

    In Ukrainian text with no named speaker the adversary is read as the side that does not publish
    in Ukrainian: an assumption, stated in docs/explanation/reading-text.md.
    """
    if side != "adversary":
        return side
    if speaker:
        return opponent(speaker)
    return opponent("ukraine") if language == "uk" else ""


def author_of(words: tuple[Word, ...], event: int, speaker: str, language: str) -> str:
    """The side that did the deed at `event`, or empty where the words do not say.

    Parameters
    ----------
    words
        One sentence.
    event
        Place of the word that names the deed; -1 where none does.
    speaker
        The side that speaks, or empty.
    language
        `uk`, `ru` or `en`.
    """
    anchors = [at for at, word in enumerate(words) if word.tags & _AUTHORSHIP and word.part != "V"]
    if event >= 0 and words[event].part != "V":
        anchors = [event, *anchors]
    if event >= 0 and words[event].part == "V":
        found = _subject(words, event)
        if found and "repel" not in words[event].tags:
            return resolve(found, speaker, language)
    for at in anchors:
        found = _attached(words, at)
        if found:
            return resolve(found, speaker, language)
    for at, word in enumerate(words):
        aimed_at = any("target_prep" in w.tags for w in words[max(0, at - 3) : at])
        if word.tags & _WEAPON and not word.tags & _AUTHORSHIP and not aimed_at:
            found = _attached(words, at)
            if found:
                return resolve(found, speaker, language)
    return _from_verbs(words, speaker, language)


def _from_verbs(words: tuple[Word, ...], speaker: str, language: str) -> str:
    airborne = any(word.tags & {"uav", "missile"} for word in words)
    for at, word in enumerate(words):
        if "destroy" in word.tags and airborne:
            continue  # who shoots it down did not send it
        acts = word.part in "VO" or "begins" in word.tags
        if acts and word.tags & (_DEED | {"takes"}):
            found = resolve(_subject(words, at), speaker, language)
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
