"""Every feed keeps the contract of feeds."""

import importlib
import pkgutil

import pytest

from truceline.sources import feeds
from truceline.sources.conformance import check
from truceline.sources.contract import Feed

FEEDS = {
    module.name: importlib.import_module(f"truceline.sources.feeds.{module.name}").FEED
    for module in pkgutil.iter_modules(feeds.__path__)
}


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_a_feed_keeps_its_contract(name: str) -> None:
    assert check(FEEDS[name]) == []


@pytest.mark.parametrize("name", sorted(FEEDS))
def test_a_feed_is_named_as_its_file(name: str) -> None:
    assert FEEDS[name].name == name


def test_the_suite_finds_a_feed_that_loses_a_row() -> None:
    sound: Feed = FEEDS["observations"]

    def lossy(files, context):
        reading = sound.read(files, context)
        return type(reading)(
            tables=reading.tables, upstream=reading.upstream + 1, taken=reading.taken
        )

    faults = check(_with(sound, read=lossy))
    assert any("4 rows upstream, but 3 taken and 0 refused" in fault for fault in faults)


def test_the_suite_finds_a_feed_that_raises_something_else() -> None:
    sound: Feed = FEEDS["observations"]

    def fragile(files, context):
        files[0].content.decode("ascii")
        return sound.read(files, context)

    assert any("UnicodeDecodeError" in fault for fault in check(_with(sound, read=fragile)))


def test_the_suite_finds_an_empty_licence() -> None:
    assert "field `licence` of its descriptor is empty" in check(_with(FEEDS["firms"], licence=" "))


def _with(feed: Feed, **changes) -> Feed:
    fields = {name: getattr(feed, name) for name in Feed.__dataclass_fields__}
    return Feed(**(fields | changes))
