"""AIVDM and BSVDM sentences: checksums, tag blocks, parts put together; what says a position, as fixes."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Any

from truceline.sources.contract import RawFile
from truceline.sources.fixes import Gathered

_SENTENCE = re.compile(
    r"(?:\\(?P<tag>[^\\]*)\\)?(?P<body>[!$](?P<talker>[A-Z]{2})(?P<kind>VD[MO]),"
    r"(?P<total>\d),(?P<part>\d),(?P<group>\d?),(?P<channel>[^,]*),(?P<payload>[^,]*),(?P<fill>\d))"
    r"\*(?P<sum>[0-9A-Fa-f]{2})(?P<tail>.*)"
)
_BROKEN = re.compile(r"[A-Z]{2}VD[MO],\d,\d,")  # behind a # stands a broken sentence, no remark
_TAG_TIME = re.compile(r"(?:^|,)c:(\d{10}|\d{13})(?=,|$)")
_TAIL_TIME = re.compile(r",(\d{9,10})\s*$")  # receivers of the US Coast Guard's net write it last
PARTS_LINES = 200  # lines within which all parts of a message stand; assumed
VESSELS = frozenset(
    {1, 2, 3, 18, 19, 27}
)  # ITU-R M.1371-5: position reports of ships, classes A and B
AIRCRAFT = 9  # search and rescue aircraft
PRECISE_M, COARSE_M = (
    10.0,
    100.0,
)  # M.1371-5: the accuracy flag says within 10 m, or not; 100 assumed
LONG_RANGE_M = 300.0  # message 27 gives a tenth of a minute: 93 m on each axis; assumed with it
_FETCH = "fetch the log again; a broken sentence is never guessed"


@dataclass(slots=True)
class _Message:
    """Parts of one message as they come: the line of the first, and the receiver's time."""

    line: int
    at_s: float | None
    parts: dict[int, str]


def read_sentences(file: RawFile, number: int, into: Gathered) -> None:
    """Fixes of one log of sentences into `into`; each broken sentence is refused with its line."""
    waiting: dict[tuple[str, ...], _Message] = {}
    others = 0
    for line, raw in enumerate(file.content.decode("ascii", errors="replace").splitlines(), 1):
        text = raw.strip().strip("\ufeff\0")
        if not text or (text.startswith("#") and _BROKEN.search(text) is None):
            continue
        found = _SENTENCE.fullmatch(text)
        fault = "it is no AIVDM sentence" if found is None else _fault(found)
        if found is None or fault is not None:
            into.refuse(file, line, fault or "", _FETCH, text)
            continue
        whole = _assembled(found, line, waiting)
        for late in [key for key, held in waiting.items() if line - held.line > PARTS_LINES]:
            _incomplete(file, key=late, held=waiting.pop(late), into=into)
        if whole is not None:
            others += not _message(file, number, whole, into)
    for key, held in waiting.items():
        _incomplete(file, key=key, held=held, into=into)
    if others:
        into.notes.append(f"{file.name}: {others} messages say no position of a ship or aircraft")


def _fault(found: "re.Match[str]") -> str | None:
    """What is wrong with a sentence: it is empty, or a sum of it or of its tag block is broken."""
    if not found["payload"]:
        return "it carries no message"
    for what, text, said in (
        ("sentence", found["body"][1:], found["sum"]),
        *([("tag block", *found["tag"].rpartition("*")[::2])] if found["tag"] else []),
    ):
        made = f"{reduce(xor, text.encode('ascii', errors='replace'), 0):02X}"
        if made != said.upper().zfill(2):
            return f"broken checksum: its {what} says {said or 'nothing'}, and its characters make {made}"
    return None


def _assembled(
    found: "re.Match[str]", line: int, waiting: dict[tuple[str, ...], _Message]
) -> _Message | None:
    tag = _TAG_TIME.search((found["tag"] or "").rpartition("*")[0])
    at = tag or _TAIL_TIME.search(found["tail"])
    at_s = None if at is None else float(at[1]) / (1000.0 if len(at[1]) == 13 else 1.0)
    sentence = f"{found['body']}*{found['sum']}"
    if found["total"] == "1":
        return _Message(line, at_s, {1: sentence})
    key = (found["talker"], found["total"], found["group"], found["channel"])
    held = waiting.setdefault(key, _Message(line, at_s, {}))
    held.parts[int(found["part"])] = sentence
    held.at_s = at_s if held.at_s is None else held.at_s
    return waiting.pop(key) if len(held.parts) == int(found["total"]) else None


def _incomplete(file: RawFile, *, key: tuple[str, ...], held: _Message, into: Gathered) -> None:
    came = ", ".join(map(str, sorted(held.parts)))
    reason = f"of the {key[1]} parts of this message only {came} came"
    into.refuse(file, held.line, reason, _FETCH, next(iter(held.parts.values())))


def _message(file: RawFile, number: int, whole: _Message, into: Gathered) -> bool:
    """Take the fix of a message; whether it is about a ship's or an aircraft's position at all."""
    import pyais  # heavy: loaded when a log of sentences is read, and not before

    sentences = [whole.parts[part] for part in sorted(whole.parts)]
    try:
        said: Any = pyais.decode(*sentences)
        kind = int(said.msg_type)
        if kind not in VESSELS and kind != AIRCRAFT:
            return False
        lat, lon, who = float(said.lat), float(said.lon), str(int(said.mmsi))
    except (
        Exception
    ) as exc:  # a decoder of other people's bytes: whatever it raises, the line is told
        reason = f"its payload cannot be decoded: {type(exc).__name__}"
        into.refuse(file, whole.line, reason, _FETCH, sentences[0])
        return True
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0):
        return False  # 91 and 181 stand for not available (M.1371-5): missing is not zero
    if whole.at_s is None:
        reason = "nobody says when it was received: a sentence carries its second alone"
        advice = "log with tag blocks (`\\c:...*..\\`), or with the time after the checksum"
        into.refuse(file, whole.line, reason, advice, sentences[0])
        return True
    error_m = LONG_RANGE_M if kind == 27 else PRECISE_M if said.accuracy else COARSE_M
    into.add(who, whole.at_s, (lat, lon, error_m), int(kind == AIRCRAFT), (number, whole.line))
    return True
