"""A broken plug-in, or two of one name, stops the run."""

import dataclasses
from importlib.metadata import EntryPoint

import pytest

from truceline.model.errors import PluginError
from truceline.pipeline import plugins


@pytest.fixture
def entry_point(monkeypatch):
    """Install one entry point, as another distribution would."""

    def install(value: str):
        def points(group):
            return [EntryPoint(name="theirs", value=value, group=group)]

        monkeypatch.setattr(plugins, "entry_points", points)
        plugins.load.cache_clear()

    yield install
    plugins.load.cache_clear()


@pytest.mark.parametrize("kind", sorted(plugins.KINDS))
def test_every_kind_has_plug_ins_in_the_order_of_their_names(kind):
    names = list(plugins.load(kind))
    assert names
    assert names == sorted(names)


def test_a_second_plug_in_of_one_name_stops_the_run(entry_point):
    entry_point("truceline.sources.feeds.viina:FEED")
    with pytest.raises(PluginError, match="named 'viina' already stands in"):
        plugins.load("feeds")


def test_a_plug_in_that_does_not_import_stops_the_run(entry_point):
    entry_point("no_such_distribution.feed:FEED")
    with pytest.raises(PluginError, match="mend or uninstall"):
        plugins.load("feeds")


def test_a_plug_in_of_another_kind_stops_the_run(entry_point):
    entry_point("truceline.findings.clauses.prohibit:CLAUSE")
    with pytest.raises(PluginError, match="not a Feed"):
        plugins.load("feeds")


def test_another_distributions_plug_in_is_found(entry_point, monkeypatch):
    feed = plugins.load("feeds")["viina"]
    monkeypatch.setattr(
        "truceline.sources.feeds.viina.THEIRS",
        dataclasses.replace(feed, name="theirs"),
        raising=False,
    )
    entry_point("truceline.sources.feeds.viina:THEIRS")
    assert plugins.load("feeds")["theirs"].name == "theirs"


def test_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(PluginError, match="there are clauses, counting"):
        plugins.load("verdicts")
