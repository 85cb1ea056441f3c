"""No bytes make a reader raise anything but a SourceError, or lose a row."""

import importlib
import pkgutil
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import SourceError
from truceline.sources import feeds
from truceline.sources.contract import Feed, ReadContext, raw_file

FEEDS: list[Feed] = [
    importlib.import_module(f"truceline.sources.feeds.{module.name}").FEED
    for module in pkgutil.iter_modules(feeds.__path__)
]
TOKENS = (
    b'"', b",", b"\n", b"\r", b"\0", b";", b"\xff", b"\xef\xbb\xbf", b"-", b"NULL", b"1e999", b"[",
    b"{", b"}", b"]", b"null", b"9" * 400, b"0", b"99999999999", b"#adm1+name,#geo", b"\xd0", b"nan",
    b"2025-02-30", b"04/05/2025", b"24:00", b"\xe2\x80\x94", b"true", b"\\", b"'", b"..", b"\t",
)  # fmt: skip


def sound(feed: Feed, contents: dict[str, bytes]) -> None:
    files = [raw_file(name, content) for name, content in sorted(contents.items())]
    context = ReadContext(
        zone="Europe/Kyiv",
        received_at=datetime(2026, 3, 9, tzinfo=UTC),
        options=dict(feed.sample_options),
    )
    try:
        reading = feed.read(files, context)
    except SourceError as exc:
        assert len(str(exc)) > 20
        return
    assert reading.upstream == reading.taken + len(reading.refused)
    assert reading.taken == sum(table.num_rows for table in reading.tables.values())
    assert all(r.file and r.line >= 1 and r.reason and r.advice for r in reading.refused)
    for table in reading.tables.values():
        table.validate(full=True)
        assert len(set(table[0].to_pylist())) == table.num_rows


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
@settings(max_examples=25, deadline=None)
@given(content=st.binary(max_size=400))
def test_noise_is_refused(feed: Feed, content: bytes) -> None:
    sound(feed, {"noise.csv": content})


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_sample_with_damage_is_read_or_refused(feed: Feed, data: st.DataObject) -> None:
    contents = dict(feed.sample)
    name = data.draw(st.sampled_from(sorted(contents)))
    content = contents[name]
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(content)))
        end = begin + data.draw(st.integers(0, 12))
        content = content[:begin] + data.draw(st.sampled_from(TOKENS)) + content[end:]
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    contents[name] = content
    sound(feed, contents)
