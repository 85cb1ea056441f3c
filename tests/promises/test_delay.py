"""Nothing in a release depends on what happened, or became known, within the publication delay."""

import io
import zipfile
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pypdf
import pytest

from truceline.pipeline.reporting import release
from truceline.record.store import Record

AS_OF = datetime(2031, 5, 21, 23, tzinfo=UTC)  # the delay of 72 hours began on the 18th at 23:00
OBSERVED = (
    "ka-x,patrol 1,patrol,{known},{began},{ended},30.3,-39.9755,60,mortar,impact,,,,,,,"
    "crater,mortar 120 mm,4,crater,Fresh craters"
)
HELD = "ka-h-x,depot,WEST,tank,90,90,90,{began},{ended},30.5,-40.8,50,inspected,"
LATE, EARLY = "2031-05-20", "2031-05-17"


@pytest.fixture
def mission(tmp_path, run_copy):
    folder = run_copy("known-answers", tmp_path / "m").parent
    spec = folder / "mission.yaml"
    text = spec.read_text(encoding="utf-8").replace(
        "period: {from: 2031-05-01, to: 2031-05-31}", "period: {from: 2031-05-01, to: 2031-05-21}"
    )
    spec.write_text(
        text.replace("archive: true", "archive: true\npublication_delay_h: 72"), "utf-8"
    )
    released(folder)  # from now on every release can say what was published before
    return folder


def released(folder, view="public"):
    """Documents without the record's head, which says that something was received, and no more."""
    with Record.open(folder / "record", read_only=True) as record:
        before = record.head().digest.encode()
    paths = release(folder, view=view, as_of=AS_OF, to=folder / "release")
    with Record.open(folder / "record", read_only=True) as record:
        entries = list(record.entries(kind="publication"))
    head = entries[-1].payload["counted_at"].encode()
    assert head
    found = {}
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                found |= {name: packed.read(name) for name in packed.namelist()}
        elif path.suffix == ".pdf":
            pages = pypdf.PdfReader(io.BytesIO(content)).pages
            words = "".join(page.extract_text() for page in pages)
            found["pdf"] = "".join(words.split()).encode()
        elif path.suffix == ".parquet":  # it keeps its metadata twice, once of them encoded
            table = pq.read_table(io.BytesIO(content))
            found["parquet"] = f"{table.schema.metadata} {table.to_pylist()}".encode()
        else:
            found[path.suffix] = content
    heads = {head, before}
    return {name: _without(content, heads) for name, content in found.items()}


def _without(content, heads):
    for head in heads:
        content = content.replace(head, b"(head)")
    return content


def add(folder, name, line):
    path = folder / "raw" / name
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def observed(day, known=None):
    stamps = {"known": f"{known or day}T12:00", "began": f"{day}T10:00", "ended": f"{day}T10:05"}
    return OBSERVED.format(**{name: f"{stamp}:00Z" for name, stamp in stamps.items()})


def held(day):
    return HELD.format(began=f"{day}T00:00:00Z", ended=f"{day}T20:00:00Z")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("observations.csv", observed(LATE)),
        ("observations.csv", observed(EARLY, known=LATE)),
        ("holdings.csv", held(LATE)),
        (
            "observations.csv",
            "ka-bad,patrol 1,patrol,,not a time,,95,200,,mortar,impact" + "," * 11,
        ),
    ],
    ids=["an observation", "an old one told of late", "a holding", "a refused row"],
)
def test_what_came_within_the_delay_changes_no_released_byte(name, line, mission):
    before = released(mission)
    add(mission, name, line)
    after = released(mission)
    assert [key for key in before if after[key] != before[key]] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [("observations.csv", observed(EARLY)), ("holdings.csv", held(EARLY))],
    ids=["an observation", "a holding"],
)
def test_the_same_before_the_delay_is_told(name, line, mission):
    before = released(mission)
    add(mission, name, line)
    assert released(mission) != before


def test_a_party_reads_no_sooner_than_the_public(mission):
    before = released(mission, "party:WEST")
    add(mission, "observations.csv", observed(LATE))
    add(mission, "holdings.csv", held(LATE))
    assert released(mission, "party:WEST") == before
