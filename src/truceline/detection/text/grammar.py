"""The rule grammar: from the words of one sentence to what it reports.

A sentence reports a happening when it names one (what was done, with what) and nothing says that it
speaks *about* one: a reaction, a trial, a comment, a match. Both sides' words are treated alike.
"""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from truceline.detection.text import actors
from truceline.detection.text.speakers import resolve, speaker_of
from truceline.detection.text.words import Word
from truceline.model.vocabulary import Direction, IncidentType, Stance

WEAPONS = {
    "uav": IncidentType.UAV_ATTACK,
    "missile": IncidentType.MISSILE,
    "bomb": IncidentType.AIR_STRIKE,
    "mlrs": IncidentType.MLRS,
    "mortar": IncidentType.MORTAR,
    "artillery": IncidentType.ARTILLERY,
    "tank": IncidentType.TANK_FIRE,
    "sniper": IncidentType.SNIPER_FIRE,
    "small_arms": IncidentType.SMALL_ARMS_FIRE,
}
WEAPON_WORDS = {
    "uav": "uav",
    "missile": "missile",
    "bomb": "aerial bomb",
    "mlrs": "mlrs",
    "mortar": "mortar",
    "artillery": "howitzer",
    "tank": "tank",
    "sniper": "sniper",
    "small_arms": "small_arms",
}
"""What goes into the column `weapon`; agreement.weapon understands each."""

BLOWS = frozenset({"shelling", "strike", "attack", "hit", "explosion", "drop", "destroy"})
HARM = frozenset({"casualty", "damage"})
FLIGHT = frozenset({"shoot_down", "fly", "launch", "air_defence", "thermal_alert"})

# How far each word speaks for, or against, a report of one happening. Set by hand on the development
# half of the labelled headlines; only the sign and the order matter much.
FOR = {
    "shelling": 2.0, "strike": 1.5, "attack": 1.5, "hit": 1.0, "explosion": 2.0, "drop": 1.0,
    "destroy": 1.0, "fight": 1.5, "assault": 1.0, "advance": 1.0, "retreat": 1.0, "repel": 1.0,
    "shoot_down": 0.5, "launch": 0.5, "fly": 0.5, "sabotage": 1.5, "air_defence": 1.0, "uav": 1.0,
    "missile": 1.0, "bomb": 1.5, "mlrs": 1.0, "mortar": 1.0, "artillery": 1.0, "tank": 0.5,
    "small_arms": 0.5, "sniper": 1.0, "mine": 1.0, "debris": 1.0, "casualty": 1.0, "damage": 1.0,
    "place": 0.5, "capture_person": 1.0, "near": 0.5, "position_word": 0.5,
}  # fmt: skip
AGAINST = {
    "reaction": 2.5, "court": 2.5, "police": 1.0, "plot": 2.0, "traffic": 1.5, "crime": 1.5, "sport": 3.0,
    "culture": 2.0, "economy": 1.5, "politics": 1.5, "analysis": 2.5, "history": 1.0, "remote": 1.5,
    "question": 1.5, "loss": 1.0, "most": 1.5, "spoken_of": 2.5,
}  # fmt: skip
FORGIVEN = frozenset(
    {"traffic", "economy", "question", "history", "crime", "remote", "politics", "police"}
)
"""What does not count against a sentence that names a blow with its harm or its weapon."""
SEEN_FLYING = 0.5  # points for a weapon that is said to fly
COMPLETE = 1.5  # points for a whole sentence: who did what, and where
ENOUGH = 2.0  # points that make a report


class Frame(NamedTuple):
    """What one sentence reports.

    `actor` is a side's name, a party named by an alias (`party:ID`), or empty. `points` is how far
    the words speak for a report; `event` is the place of the word that names the deed, or -1.
    """

    type: str
    is_relevant: bool
    reason: str
    points: float
    direction: str
    actor: str
    stance: str
    speaker: str
    weapon: str
    is_tally: bool
    event: int


def _first(words: tuple[Word, ...], wanted: frozenset[str]) -> int:
    for at, word in enumerate(words):
        if word.tags & wanted:
            return at
    return -1


def weapon_of(words: tuple[Word, ...]) -> str:
    """Tag of the weapon that the sentence names first, or empty."""
    for word in words:
        for tag in WEAPONS:
            if tag in word.tags:
                return tag
    return ""


def _ground(has: frozenset[str], side: bool) -> str:
    """Type of a deed of troops on the ground, or empty."""
    placed = bool(has & {"near", "position_word", "compass", "place", "sector"})
    if has >= {"capture_person", "takes"} and side:
        return IncidentType.PRISONER_OR_DETAINEE
    if "retreat" in has and side and placed:
        return IncidentType.FORCE_MOVEMENT
    if (
        "advance" in has
        and (side or "position_word" in has)
        and placed
        and not (has & HARM and has & BLOWS)
    ):
        return IncidentType.POSITION_ADVANCE
    if "fight" in has:
        return IncidentType.SMALL_ARMS_FIRE
    if "repel" in has and has & {"attack", "assault"}:
        return IncidentType.POSITION_ADVANCE
    if "assault" in has and (side or placed):
        return IncidentType.POSITION_ADVANCE
    return ""


def _bigram(words: tuple[Word, ...], first: str, second: str) -> bool:
    return any(first in a.tags and second in b.tags for a, b in pairwise(words))


def _fire(has: frozenset[str], weapon: str) -> str:
    """Type of a deed done with a weapon, or of a blow whose weapon is not stated; or empty."""
    blow, harm = bool(has & BLOWS), bool(has & HARM)
    if "mine" in has and not weapon and has & {"explosion", "casualty", "remnant"}:
        return IncidentType.MINE_OR_UXO
    if "remnant" in has and weapon and not has & (BLOWS - {"destroy"}) and not harm:
        return IncidentType.MINE_OR_UXO
    if (
        weapon == "uav"
        and not harm
        and "uav_used" not in has
        and not has & (BLOWS - {"destroy", "strike"})
        and (has & FLIGHT or "destroy" in has)
    ):
        return IncidentType.UAV_OVERFLIGHT
    if weapon and (blow or harm or has & FLIGHT or "debris" in has):
        return WEAPONS[weapon]
    if "aviation" in has and blow:
        return IncidentType.AIR_STRIKE
    if "shelling" in has:
        return IncidentType.ARTILLERY
    return ""


def _other(has: frozenset[str], side: bool) -> str:
    if "cyber" in has:
        return IncidentType.CYBER
    if "obstruct" in has and "not_word" in has and side:
        return IncidentType.HUMANITARIAN_ACCESS_OBSTRUCTION
    if "sabotage" in has:
        return IncidentType.OTHER
    if "attack" in has and "compass" in has and side and not has & HARM:
        return IncidentType.POSITION_ADVANCE
    if has & {"strike", "attack"} and "infrastructure" in has and not has & HARM:
        return IncidentType.INFRASTRUCTURE_ATTACK
    if has & BLOWS - {"destroy"}:
        return IncidentType.EXPLOSION_UNIDENTIFIED
    if "air_defence" in has and "shoot_down" in has:
        return IncidentType.OTHER
    if "destroy" in has and side:
        hurt = "infrastructure" in has
        return IncidentType.INFRASTRUCTURE_ATTACK if hurt else IncidentType.OTHER
    return ""


def type_of(words: tuple[Word, ...], has: frozenset[str]) -> str:
    """The stored word for what the sentence says was done, or empty."""
    side = any(word.side for word in words)
    weapon = weapon_of(words)
    if weapon and has & BLOWS - {"destroy"} and (has & HARM or has & {"hit", "drop"}):
        return _fire(has, weapon)
    return _ground(has, side) or _fire(has, weapon) or _other(has, side)


def direction_of(has: frozenset[str], kind: str) -> str:
    """Which way it went, where the words say so."""
    if "outgoing" in has:
        return Direction.OUTGOING
    if "incoming" in has:
        return Direction.INCOMING
    if kind in _STILL:
        return Direction.UNDETERMINED
    if kind == IncidentType.UAV_OVERFLIGHT or ("air_defence" in has and not has & HARM):
        return Direction.TRANSIT
    if has & {"launch", "fly"} and not has & (HARM | BLOWS | {"debris"}):
        return Direction.INCOMING if has & {"toward", "launch"} else Direction.TRANSIT
    if has & {"shelling", "strike", "attack", "hit", "drop", "debris"} or (
        kind in _LANDS and has & HARM
    ):
        return Direction.IMPACT
    return Direction.UNDETERMINED


_STILL = frozenset(
    {
        IncidentType.SMALL_ARMS_FIRE,
        IncidentType.POSITION_ADVANCE,
        IncidentType.FORCE_MOVEMENT,
        IncidentType.MINE_OR_UXO,
        IncidentType.PRISONER_OR_DETAINEE,
        IncidentType.OTHER,
        IncidentType.HUMANITARIAN_ACCESS_OBSTRUCTION,
    }
)
"""Types that have no way to go, or whose words do not tell it."""


_LANDS = frozenset({IncidentType.AIR_STRIKE, IncidentType.MISSILE, IncidentType.UAV_ATTACK})
"""Types that have landed once they have done harm."""


def is_tally(words: tuple[Word, ...], has: frozenset[str]) -> bool:
    """Whether the sentence adds up happenings over a front, an area or a day."""
    counted = _counted(words)
    periodic = "per_period" in has or ("beginning" in has and "today" in has)
    if has & {"loss", "destroy"} and "thousands" in has and has & {"force", "rival", "loaded"}:
        return True
    if "front" in has and (counted or periodic):
        return True
    if counted and "times_word" in has and has & (BLOWS | {"assault", "repel", "fight"}):
        return True
    if counted and "sector" in has and has & {"attack", "assault", "repel", "fight"}:
        return True
    if periodic and (counted or has & HARM) and has & (BLOWS | HARM | {"fight", "assault"}):
        return True
    if counted and "hromada_word" in has and has & BLOWS:
        return True
    if "blows" in has and has >= {"area", "month", "casualty"}:
        return True
    return bool(counted and "shoot_down" in has and "uav" in has and not has & {"area", "place"})


def _counted(words: tuple[Word, ...]) -> bool:
    """Whether a number stands before the name of a deed, a weapon or an area, within three words."""
    deeds = frozenset(
        {"attack", "fight", "assault", "shelling", "strike", "times_word", "uav", "missile", "bomb",
         "hromada_word", "force", "rival", "loaded", "explosion"}
    )  # fmt: skip
    for at, word in enumerate(words):
        if word.tags & {"number", "many"} or ("small" in word.tags and "uav" not in word.tags):
            for after in words[at + 1 : at + 4]:
                if after.part in "BC" or "casualty" in after.tags:
                    break
                if after.tags & deeds:
                    return True
    return False


def points_of(has: frozenset[str], *, is_complete: bool) -> float:
    """How far the words speak for a report of one happening."""
    against = has
    if has & BLOWS and has & (HARM | WEAPONS.keys()):
        against = has - FORGIVEN
    elif "fight" in has:
        against = has - (FORGIVEN - {"traffic", "crime", "police"})
    points = sum(FOR.get(t, 0.0) for t in sorted(has)) + COMPLETE * is_complete
    if has & {"fly", "launch"} and has & WEAPONS.keys():
        points += SEEN_FLYING
    return points - sum(AGAINST.get(t, 0.0) for t in sorted(against))


def _tags_of(words: tuple[Word, ...]) -> frozenset[str]:
    """Every tag of the sentence, and those that only two words together have."""
    has = frozenset().union(*(word.tags for word in words)) if words else frozenset()
    extra = {"side"} if any(word.side for word in words) else set()
    if _bigram(words, "combat_word", "deed_word"):
        extra.add("fight")
    for at, word in enumerate(words):
        if "about" in word.tags and any(
            w.part in "NA" and w.tags & (BLOWS | {"fight", "assault", "combat_word"})
            for w in words[at + 1 : at + 3]
        ):
            extra.add("spoken_of")
        if "plural" in word.tags and word.tags & BLOWS:
            extra.add("blows")
        if "uav" in word.tags and word.cases == "i":
            extra.add("uav_used")
    return has | extra


@lru_cache(maxsize=65_536)
def read_sentence(words: tuple[Word, ...], voice: str = "") -> Frame:
    """What one sentence reports; the same words in the same order are read once.

    Parameters
    ----------
    words
        Of one sentence, marked by `speakers.mark`.
    voice
        The side for which the source speaks where the sentence names no speaker, or empty.

    Examples
    --------
    >>> from truceline.detection.text.words import classify
    >>> said = tuple(classify(w, "uk") for w in "Російські війська обстріляли село".split())
    >>> frame = read_sentence(said)
    >>> frame.type, frame.actor, frame.direction
    ('artillery', 'russia', 'impact')
    """
    has = _tags_of(words)
    kind = type_of(words, has)
    tally = is_tally(words, has)
    speaker = resolve(speaker_of(words), voice)
    event = _first(words, _NAMING.get(kind, BLOWS | {"launch", "fly"}))
    author = actors.author_of(words, event, speaker_of(words)) if kind else ""
    actor = resolve(author, speaker or voice)
    is_complete = (
        bool(author)  # though it be left open who the adversary is
        and not has & {"reaction", "spoken_of", "analysis"}
        and has >= {"place"}
        and words[event].part in "VN"
        and event >= 0
    )
    points = points_of(has, is_complete=is_complete)
    reason = "tally" if tally else "" if kind and points >= ENOUGH else _why_not(has, kind)
    return Frame(
        type=str(kind),
        is_relevant=not reason,
        reason=reason,
        points=points,
        direction=str(direction_of(has, kind)),
        actor=actor,
        stance=str(actors.stance_of(has, actor, speaker or voice) if actor else Stance.NONE),
        speaker=speaker,
        weapon=WEAPON_WORDS.get(weapon_of(words), ""),
        is_tally=tally,
        event=event,
    )


_NAMING: dict[str, frozenset[str]] = {
    IncidentType.POSITION_ADVANCE: frozenset({"advance", "assault", "attack"}),
    IncidentType.FORCE_MOVEMENT: frozenset({"retreat"}),
    IncidentType.SMALL_ARMS_FIRE: frozenset({"fight", "small_arms"}),
    IncidentType.PRISONER_OR_DETAINEE: frozenset({"takes"}),
    IncidentType.HUMANITARIAN_ACCESS_OBSTRUCTION: frozenset({"obstruct"}),
    IncidentType.OTHER: frozenset({"sabotage", "destroy", "repel"}),
    IncidentType.MINE_OR_UXO: frozenset({"mine", "bomb", "uav", "missile"}),
    IncidentType.UAV_OVERFLIGHT: frozenset({"uav", "launch"}),
}
"""Which words name the deed of a type; for all others it is the blow."""


def _why_not(has: frozenset[str], kind: str) -> str:
    if not kind:
        return "no happening is named"
    against = sorted(has & AGAINST.keys(), key=lambda t: (-AGAINST[t], t))
    return f"speaks of {against[0]}" if against else "too little is said of a happening"
