"""Files that name people are not read: no victim's name enters the system, not even in a message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from truceline.model.errors import SourceError
from truceline.sources.contract import Reading, Refusal
from truceline.sources.delimited import Sheet, plain_name

# Words that head a column about one person, in the languages that missions write; assumed.
_WORDS = """
name names surname forename firstname lastname fullname familyname maidenname givenname
patronymic nickname alias callsign passport phone telephone mobile email address birth birthdate
birthday dob ssn rank face photo
імя прізвище піб батькові паспорт телефон адреса позивний звання
имя фамилия фио отчество адрес позывной звание
nom prenom prénom adresse
"""
_PERSONAL = frozenset(_WORDS.split())
# What these name is no person.
_NAMES_OF_THINGS = frozenset({"place_name", "area_name", "site_name", "town_name", "file_name"})
_APOSTROPHES = re.compile("['’ʼ`]")
_ADVICE = "take the column out and send the file again; people are counted here, never named"


def personal_columns(header: Iterable[str]) -> list[str]:
    """Columns that seem to say who somebody is.

    Examples
    --------
    >>> personal_columns(["casualty_id", "Victim name", "place_name", "Ім'я", "count_unit"])
    ['Victim name', "Ім'я"]
    """
    found = []
    for cell in header:
        name = plain_name(_APOSTROPHES.sub("", cell))
        words = set(re.split(r"[\W_]+", name)) | {name.replace("_", "")}
        if name not in _NAMES_OF_THINGS and words & _PERSONAL:
            found.append(cell.strip()[:40])
    return found


def nameless(
    sheets: Sequence[Sheet], refused: Sequence[Refusal]
) -> tuple[list[Sheet], list[Refusal]]:
    """Sheets without a column about persons, and a refusal of each whole file that has one.

    Raises
    ------
    SourceError
        No file is left.
    """
    kept: list[Sheet] = []
    whole = [replace(refusal, excerpt="") for refusal in refused]
    for sheet in sheets:
        named = personal_columns(sheet.header)
        if named:
            whole.append(_refusal(sheet, named))
        else:
            kept.append(sheet)
    if not kept:
        msg = "; ".join(f"{refusal.reason}; {refusal.advice}" for refusal in whole)
        raise SourceError(msg)
    return kept, whole


def without_excerpts(reading: Reading) -> Reading:
    """The reading, its refusals without the words of their lines, which may hold a name."""
    return replace(reading, refused=tuple(replace(one, excerpt="") for one in reading.refused))


def _refusal(sheet: Sheet, named: Sequence[str]) -> Refusal:
    columns = ", ".join(repr(cell) for cell in named)
    reason = f"{sheet.file.name}:1: column {columns} seems to name people, so nothing of it is read"
    return Refusal(file=sheet.file.name, line=1, reason=reason, advice=_ADVICE)
