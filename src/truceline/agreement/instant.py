"""Instants of an agreement: with an offset, or local with a named zone. Never naive."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truceline.model.errors import AgreementError

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?")
_OFFSET = re.compile(_LOCAL.pattern + r" ?(?:Z|[+-]\d{2}:\d{2})")
_HOW = "write 2025-04-19T18:00+03:00, or {local: 2025-04-19T18:00, zone: Europe/Moscow}"


def instant(value: Any) -> datetime:
    """The instant in UTC.

    Parameters
    ----------
    value
        ISO 8601 text with an offset or Z, or a mapping with `local` and `zone` (IANA name).

    Raises
    ------
    AgreementError
        No zone is given, the zone is unknown, or the local hour does not occur, or occurs twice,
        on that day.

    Examples
    --------
    >>> instant("2025-04-19T18:00+03:00").isoformat()
    '2025-04-19T15:00:00+00:00'
    >>> instant({"local": "2026-02-01T00:00", "zone": "Europe/Kyiv"}).isoformat()
    '2026-01-31T22:00:00+00:00'
    """
    if isinstance(value, dict):
        return _local(value.get("local"), value.get("zone"))
    if not isinstance(value, str):
        msg = f"{value!r} is no instant; {_HOW}"
        raise AgreementError(msg)
    if _OFFSET.fullmatch(value) is None:
        if _LOCAL.fullmatch(value):
            msg = f"{value} has no time zone; {_HOW}"
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            msg = f"{value} is a day without an hour and a time zone; {_HOW}"
        else:
            msg = f"{value!r} is no instant; {_HOW}"
        raise AgreementError(msg)
    try:
        return datetime.fromisoformat(value.replace(" ", "T", 1).replace(" ", "")).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        msg = f"{value} is no instant: {exc}; {_HOW}"
        raise AgreementError(msg) from exc


def _local(words: Any, name: Any) -> datetime:
    if not isinstance(words, str) or not isinstance(name, str) or not _LOCAL.fullmatch(words):
        msg = f"local {words!r} in zone {name!r} is no instant; {_HOW}"
        raise AgreementError(msg)
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        msg = f"time zone {name!r} is not known; use an IANA name such as Europe/Kyiv"
        raise AgreementError(msg) from exc
    try:
        naive = datetime.fromisoformat(words)
        first = naive.replace(tzinfo=zone).astimezone(UTC)
        second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        msg = f"{words} is no instant: {exc}; {_HOW}"
        raise AgreementError(msg) from exc
    if first != second:
        how_often = "twice" if first < second else "not at all"
        msg = (
            f"{words} occurs {how_often} in {name}, where clocks change that night; "
            "write the offset instead, such as +02:00"
        )
        raise AgreementError(msg)
    return first
