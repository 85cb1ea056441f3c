"""What observers write is read whole by the feeds, and every row is where it is said to be."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b

import numpy as np
import pytest

from truceline.detection.text.reader import read as read_texts
from truceline.pipeline import plugins
from truceline.pipeline.named_places import settlements
from truceline.simulation.columns import DIRECTIONS, STANCES, Sightings
from truceline.simulation.conformance import FROM_S, Plain, sample_deeds, sample_ground
from truceline.simulation.contract import Span
from truceline.simulation.naming import named
from truceline.simulation.observers.copying import with_copies
from truceline.simulation.parties import PARTIES, PARTY_IDS
from truceline.simulation.writing import (
    access_obstructions,
    adsb,
    ais,
    cells,
    firms,
    hotline,
    observations,
    patrol_reports,
    quakeml,
    smm_table,
    uav_log,
    viina,
)
from truceline.simulation.writing.contract import Setting
from truceline.simulation.writing.stream import Stream
from truceline.simulation.writing.voyages import voyages
from truceline.sources.contract import ReadContext, raw_file
from truceline.tables.posterior import TYPES

OBSERVERS = plugins.load("observers")
FEEDS = plugins.load("feeds")
WRITERS = {
    module.WRITER.feed: module.WRITER
    for module in (
        access_obstructions, adsb, ais, firms, hotline, observations, patrol_reports, quakeml,
        smm_table, uav_log, viina,
    )
}  # fmt: skip
TABLES = [*((name, o.feed) for name, o in OBSERVERS.items()), ("cameras", "smm_table")]
"""Observers and formats that are rows of sightings and nothing else; forms have a test of their own."""
PLACES = settlements(49.4, 32.0, half_east_m=50_000.0, half_north_m=30_000.0)
GROUND = replace(sample_ground(), settlements=PLACES)
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


def streams(name):
    return np.random.default_rng(int.from_bytes(blake2b(name.encode(), digest_size=8).digest()))


@cache
def sighted(name):
    """Sightings of a day and false reports of an observer, copies among them, with its posts."""
    observer, ground, deeds = OBSERVERS[name], GROUND, sample_deeds(streams)
    numbers = {**observer.numbers, "false_per_day": 1.0}
    posts = observer.posts(numbers, ground, streams)
    rows, by = (a.ravel() for a in np.indices((len(deeds), len(posts))))
    sees = streams("notices").random(len(rows)) < observer.detects(
        numbers, deeds.take(rows), posts.take(by), Plain()
    )
    told = observer.sees(
        numbers, deeds.take(rows[sees]), posts.take(by[sees]), Plain(), ground, streams("tells")
    )
    span = Span(number=0, from_s=FROM_S, to_s=FROM_S + 86_400.0)
    false = observer.false_alarms(numbers, posts, span, Plain(), ground, streams("false"))
    every = Sightings.concat([told, false])
    if observer.copies:
        every = with_copies(numbers, every, posts, streams("copies"))
    return every, posts, ground


def written(name, form=""):
    """Files by name, the rows that stand in them, the sightings in that order, and the setting."""
    every, posts, ground = sighted(name)
    observer = OBSERVERS[name]
    setting = Setting(observer=name, source_kind=observer.source_kind, posts=posts, ground=ground)
    files = {}

    def add(file, content):
        files[file] = files.get(file, b"") + content

    writer = WRITERS[form or observer.feed]
    stream = Stream(writer, setting, lambda content: add(writer.file_of(name), content), add)
    ids = named(7, "observation", np.arange(len(every))).astype(object)
    stream.push(every, ids, np.full(len(every), "", dtype=object))
    rows, said = [], []
    for until_s in (FROM_S + 30_000.0, FROM_S + 60_000.0):
        rows.append(stream.close(until_s))
        said += [stream.said] if stream.said is not None else []
    rows.append(stream.finish())
    said += [stream.said] if stream.said is not None else []
    whole = {file: content for file, content in files.items() if content}
    return whole, rows[0].concat(rows), Sightings.concat(said), setting


def read(name, files, setting, form=""):
    feed = form or OBSERVERS[name].feed
    context = ReadContext(
        zone="UTC",
        received_at=RECEIVED,
        options=WRITERS[feed].options_of(setting),
    )
    return FEEDS[feed].read([raw_file(*each) for each in files.items()], context)


@pytest.mark.parametrize(("name", "form"), TABLES)
def test_a_feed_takes_every_row_and_finds_it_on_its_line(name, form):
    files, rows, said, setting = written(name, form)
    assert len(rows) == len(said) == len(sighted(name)[0]) > 0
    reading = read(name, files, setting, form)
    assert reading.refused == ()
    key = {"hotline": "activation_id"}.get(OBSERVERS[name].feed, "observation_id")
    table = reading.tables["activations" if key == "activation_id" else "observations"]
    found = dict(
        zip(
            zip(table["file"].to_pylist(), table["line"].to_pylist(), strict=True),
            table[key].to_pylist(),
            strict=True,
        )
    )
    places = list(zip(rows.file.tolist(), rows.line.tolist(), strict=True))
    if OBSERVERS[name].feed in {"ais", "adsb"}:
        # A track that enters no zone is not told; one that enters twice is told twice.
        assert set(found) <= set(places)
        assert len(found) > len(places) / 2
        return
    assert set(found) == set(places)
    stated = [one for one in rows.observation_id if one]
    assert [found[place] for place in places if rows.observation_id[0]] == stated


def test_rows_stand_in_the_order_of_receipt_and_then_of_ids_that_say_nothing():
    files, rows, said, _ = written("news")
    received = np.floor(said.reported_s)
    assert np.all(np.diff(received) >= 0)
    assert np.all(np.diff(rows.line) == 1)
    assert rows.line[0] == 2
    assert files["news.csv"].count(b"\n") == len(rows) + 1


def test_what_a_patrol_tells_is_what_the_feed_reads():
    files, rows, said, setting = written("patrols")
    table = read("patrols", files, setting).tables["observations"]
    line = {one: row for row, one in enumerate(table["line"].to_pylist())}
    got = table.take([line[one] for one in rows.line.tolist()]).to_pylist()
    for row, one in enumerate(got):
        assert one["source"] == setting.posts.name[said.post[row]]
        assert one["type"] == (TYPES[said.type[row]] if said.type[row] >= 0 else None)
        assert one["direction"] == DIRECTIONS[said.direction[row]]
        claimed = said.claimed[row]
        assert one["claimed_actor"] == (PARTY_IDS[claimed] if claimed >= 0 else None)
        assert one["stance"] == STANCES[said.stance[row]]
        assert one["began"].timestamp() == np.floor(said.seen_from_s[row])
        role = "to_origin" if said.is_to_origin[row] else "to_event"
        assert one["bearing_role"] == (role if said.bearing_deg[row] >= 0 else None)


@pytest.mark.parametrize("name", ["news", "social"])
def test_texts_are_read_as_they_were_meant(name):
    files, rows, said, setting = written(name)
    table = read(name, files, setting).tables["observations"]
    aliases = {a: p.party_id for p in PARTIES for a in (p.en, p.uk, p.ru, *p.aliases)}
    screened = frozenset({"viina"})
    reading = read_texts(table, party_aliases=aliases, screened_feeds=screened, calendar_zone="UTC")
    kept = {row["observation_id"]: row for row in reading.observations.to_pylist()}
    assert reading.set_aside.num_rows <= 0.02 * len(rows)
    right_type = right_actor = right_stance = asked = 0
    for row, one in enumerate(rows.observation_id):
        if one not in kept:
            continue
        claimed = said.claimed[row]
        party = PARTY_IDS[claimed] if claimed >= 0 else None
        right_actor += kept[one]["claimed_actor"] == party
        right_stance += kept[one]["stance"] == STANCES[said.stance[row]]
        told = TYPES[said.type[row]]
        if told in {"artillery", "mortar", "uav_attack", "missile", "small_arms_fire"}:
            asked += 1
            right_type += kept[one]["type"] == told
    assert right_actor > 0.97 * len(kept)
    assert right_stance > 0.97 * len(kept)
    assert right_type > 0.95 * asked > 0


@pytest.mark.parametrize("name", ["aircraft", "vessels"])
def test_a_track_comes_from_where_the_deed_came_and_passes_where_it_was(name):
    deeds = sample_deeds(streams)
    kind = {"aircraft": "aircraft_overflight", "vessels": "maritime"}[name]
    of = deeds.take(deeds.type == TYPES.index(kind))
    observer = OBSERVERS[name]
    posts = observer.posts(observer.numbers, GROUND, streams).take(np.zeros(len(of), dtype=int))
    said = observer.sees(observer.numbers, of, posts, Plain(), GROUND, streams("tracks"))
    ids = named(7, "observation", np.arange(len(of))).astype(object)
    track = voyages(said, ids, 50.0, 10.0, 61, returns=name == "aircraft")
    way = np.hypot(track.x_m - of.x_m[:, None], track.y_m - of.y_m[:, None])
    assert way[:, 30].max() < 500.0
    steps = np.hypot(np.diff(track.x_m), np.diff(track.y_m))
    assert np.allclose(steps, 500.0)
    # Ten steps before, it lies on the straight way from its origin, give or take the course's error.
    back = np.array([of.origin_x_m - of.x_m, of.origin_y_m - of.y_m])
    came = np.array([track.x_m[:, 20] - of.x_m, track.y_m[:, 20] - of.y_m])
    cosine = (back * came).sum(axis=0) / np.hypot(*back) / np.hypot(*came)
    assert np.median(cosine) > 0.99
    ends = np.hypot(track.x_m[:, -1] - track.x_m[:, 0], track.y_m[:, -1] - track.y_m[:, 0])
    assert (ends < 15_000.0).all() if name == "aircraft" else (ends > 29_000.0).all()


@pytest.mark.parametrize("years", [0.1, 40.0])
def test_instants_and_days_are_written_as_the_calendar_has_them(years):
    at_s = FROM_S + np.random.default_rng(8).uniform(-1.0, 1.0, 50) * years * 365.25 * 86_400.0
    told = [datetime.fromtimestamp(int(one // 1), UTC) for one in at_s.tolist()]
    instants = [one.strftime("%Y-%m-%dT%H:%M:%SZ") for one in told]
    assert cells.instants(at_s).to_pylist() == instants
    assert cells.compact_days(at_s).to_pylist() == [one.strftime("%Y%m%d") for one in told]
    at_s[::3] = np.nan
    instants[::3] = [None] * len(instants[::3])
    assert cells.instants(at_s).to_pylist() == instants
    assert cells.instants(np.full(2, np.nan)).to_pylist() == [None, None]
