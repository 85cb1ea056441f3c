"""Feed lines whose files name persons: the files are kept under these persons' keys, the words leave.

    - {feed: observations, files: [raw/interviews.csv], persons: [person-1a2b3c4d, person-5e6f7a8b]}

The exhibit is the file sealed for all of them together; rows hold no free text, for it stands in that
exhibit, at the line that each row names. So a row, a count and a finding are the same before a key is
destroyed and after, and only the words are gone.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from truceline.model.errors import SettingsError
from truceline.pipeline.mission import FILE_NAME, FeedSpec, Mission
from truceline.record import personal, sealing
from truceline.record.entry import Entry
from truceline.record.personal import SEALED, Keyring
from truceline.record.rows import TEXT_COLUMNS
from truceline.record.store import Record
from truceline.sources.contract import RawFile, Refusal

WITHHELD = "it could not be read; why stands with its bytes, for this line of feeds names persons"
ADVICE = "open the exhibit at this line with `truceline record exhibit`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Files as they are read, under the digests by which they are kept, and what is kept of each.

    `forgotten` are persons of the line whose keys are destroyed: then nothing is taken in of it.
    """

    files: tuple[RawFile, ...]
    kept: Mapping[str, bytes]
    forgotten: tuple[str, ...] = ()


def received(
    mission: Mission, record: Record, spec: FeedSpec, files: Sequence[RawFile]
) -> Received:
    """The files of a line of feeds, sealed for the persons that it names; as they came for nobody.

    Parameters
    ----------
    mission, record
        Whose keys, and where persons are entered.
    spec
        The line.
    files
        As they lie in the mission's folder.

    Raises
    ------
    SettingsError
        The line names a person whom the record does not know.
    """
    if not spec.persons:
        return Received(files=tuple(files), kept={file.sha256: file.content for file in files})
    keyring = Keyring(folder=mission.record_folder)
    known = personal.persons(record)
    if unknown := [person for person in spec.persons if person not in known]:
        msg = (
            f"{mission.folder / FILE_NAME}: feed {spec.feed} names {unknown[0]!r} under `persons`, who is "
            f"no person of this record; `truceline record person {mission.folder} --add --as OFFICE` "
            "enters one and gives the code"
        )
        raise SettingsError(msg)
    keys = keyring.keys(spec.persons)
    if gone := tuple(sorted(set(spec.persons) - keys.keys())):
        return Received(files=tuple(files), kept={}, forgotten=gone)
    made = [sealing.wrapped_for(file.content, file.name, keys) for file in files]
    digests = [hashlib.sha256(content).hexdigest() for content in made]
    return Received(
        files=tuple(
            replace(file, sha256=digest) for file, digest in zip(files, digests, strict=True)
        ),
        kept=dict(zip(digests, made, strict=True)),
    )


def same_files(
    mission: Mission, batches: Sequence[Entry], files: Sequence[RawFile]
) -> Iterator[Entry]:
    """Of readings those of exactly these files, in the clear or sealed for whomever.

    One that is sealed for somebody whose key is destroyed is not known again.

    Parameters
    ----------
    mission
        Whose keys.
    batches
        Readings, in the order of the log.
    files
        As they lie in the mission's folder.
    """
    keyring = Keyring(folder=mission.record_folder)
    known: dict[tuple[str, ...], set[str]] = {(): {file.sha256 for file in files}}
    for batch in batches:
        whom = tuple(batch.payload.get(SEALED, ()))
        if whom not in known:
            keys = keyring.keys(whom)
            known[whom] = {
                hashlib.sha256(sealing.wrapped_for(f.content, f.name, keys)).hexdigest()
                for f in files
                if len(keys) == len(whom)
            }
        if {source["sha256"] for source in batch.payload["sources"]} == known[whom]:
            yield batch


def without_words(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables whose free text is null; every other column is as it was.

    Examples
    --------
    >>> without_words({"claims": pa.table({"claim_id": ["c"], "note": ["said A"]})})["claims"].to_pylist()
    [{'claim_id': 'c', 'note': None}]
    """
    made = {}
    for name, table in tables.items():
        for column in TEXT_COLUMNS & set(table.column_names):
            index = table.schema.get_field_index(column)
            field = table.schema.field(column)
            table = table.set_column(index, field, pa.nulls(table.num_rows, field.type))
        made[name] = table
    return made


def refused_without_words(refused: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """Refused rows by file and line alone: a reason may quote what was refused."""
    return tuple(
        Refusal(file=each.file, line=each.line, reason=WITHHELD, advice=ADVICE) for each in refused
    )
