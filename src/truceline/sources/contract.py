"""The contract of a feed: bytes in, evidence tables out, and nothing lost in between."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from truceline.model.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """A file as received: its name within the batch, its bytes, and the SHA-256 of those bytes."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A box in which a mission's places lie: a point outside it whose swap lies inside is refused.

    Parameters
    ----------
    south, west, north, east
        WGS 84 degrees.
    of, if_right
        Whose box it is, and what to change where a place outside it is right, in words.
    """

    south: float
    west: float
    north: float
    east: float
    of: str
    if_right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """What a reader may know besides the bytes.

    Parameters
    ----------
    zone
        IANA name of the zone in which times without an offset are to be read.
    received_at
        When the material was received, with a time zone.
    options
        The feed's options; `Feed.options` lists them.
    area
        Where the mission is, if that is known.
    """

    zone: str
    received_at: datetime
    options: Mapping[str, Any] = field(default_factory=dict)
    area: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that was not taken: where it stands, why, what to do about it, and how it begins."""

    file: str
    line: int
    reason: str
    advice: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a feed made of its files; `upstream == taken + len(refused)`, always.

    `tables` are of `schemas.EVIDENCE_TABLES`. `known_at` and `is_reconstructed` stay null: receipt
    is the pipeline's to state. `notes` say what was assumed, and how often.
    """

    tables: Mapping[str, pa.Table]
    upstream: int
    taken: int
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source of material, and the function that reads it.

    Parameters
    ----------
    name, summary
        Its name in mission files, and one line on what it reads.
    publisher, method, limitation, licence
        Who makes the material and how, what it cannot show, and under which terms it may be used.
    patterns
        File names that it usually reads, as globs; advice for people, never a filter.
    read
        Files and context to a `Reading`; pure.
    is_screened
        Whether irrelevant rows are expected, which the text reader then sets aside, counted.
    is_tip
        Whether its rows are leads to look into and no evidence: the line sets them aside, counted,
        so that they found no incident and corroborate nothing.
    reads_names
        Whether a file's name says something (a date): the same bytes under another name are then
        other material.
    yields
        Names of the tables that it fills.
    options
        Option name to what it means.
    sample, sample_options
        Small files of our own making that `read` takes whole, for the conformance suite.
    """

    name: str
    summary: str
    publisher: str
    method: str
    limitation: str
    licence: str
    patterns: tuple[str, ...]
    read: Callable[[Sequence[RawFile], ReadContext], Reading]
    sample: Mapping[str, bytes]
    is_screened: bool = False
    is_tip: bool = False
    reads_names: bool = False
    yields: tuple[str, ...] = ("observations",)
    options: Mapping[str, str] = field(default_factory=dict)
    sample_options: Mapping[str, Any] = field(default_factory=dict)


def raw_file(name: str, content: bytes) -> RawFile:
    """A file with its digest worked out.

    Examples
    --------
    >>> raw_file("a.csv", b"").sha256[:8]
    'e3b0c442'
    """
    return RawFile(name=name, content=content, sha256=hashlib.sha256(content).hexdigest())


def check_options(given: Mapping[str, Any], known: Mapping[str, str], feed: str) -> None:
    """Stop at an option that the feed does not have: a misspelt option must not pass in silence.

    Raises
    ------
    SourceError
        An option is not known.

    Examples
    --------
    >>> check_options({"date": "dmy"}, {"dates": "order of dates"}, "observations")
    Traceback (most recent call last):
    truceline.model.errors.SourceError: feed observations: option 'date' is not known; it has dates
    """
    for name in sorted(set(given) - set(known)):
        have = ", ".join(sorted(known)) or "no options"
        msg = f"feed {feed}: option {name!r} is not known; it has {have}"
        raise SourceError(msg)
