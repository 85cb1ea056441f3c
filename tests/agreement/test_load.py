"""A file becomes an agreement in the version asked for, bound per party over time."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from truceline.agreement.load import library_names, load, versions
from truceline.model.errors import AgreementError
from truceline.model.time import Interval


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def clause(agreement, clause_id):
    return next(each for each in agreement.clauses if each.clause_id == clause_id)


def test_everything_written_is_found_again(sample):
    made = load(sample.path)
    assert (made.agreement_id, made.title) == ("sample", "A sample truce")
    assert made.party_ids() == ("A", "B")
    assert made.parties[0].aliases == ("A-land",)
    assert [zone.zone_id for zone in made.zones] == ["square", "strip", "a-side"]
    assert made.lines[0].paths == (((37.5, 47.5), (37.5, 49.5)),)
    assert made.calendar.zone == "Europe/Kyiv"
    silence = clause(made, "silence")
    assert silence.terms == {"acts": ["mortar", "artillery"], "zone": "square"}
    assert silence.exceptions[0].unless[0].exception_id == "at-night"
    assert silence.sources[0].cite == "The sample text"
    assert silence.at == f"{sample.folder.name}/agreement.yaml:{sample.line('  - id: silence')}"


def test_the_same_bytes_give_the_same_agreement(sample):
    assert load(sample.path) == load(sample.folder)


def test_a_defined_word_stands_for_its_weapons(sample):
    assert clause(load(sample.path), "back").terms["weapons"] == {
        "classes": ["gun", "howitzer"],
        "calibre_min_mm": 100,
    }


def test_an_instant_in_the_terms_becomes_utc(sample):
    assert clause(load(sample.path), "back").terms["finish_by"] == "2026-01-31T22:00:00+00:00"


def test_the_latest_version_keeps_what_it_superseded_up_to_the_day_of_the_change(sample):
    made = load(sample.path)
    assert made.version == "2026-06-01"
    old, new = clause(made, "back@2026-01-01"), clause(made, "back")
    change = utc(2026, 5, 31, 21)
    assert (old.terms["distance_m"], new.terms["distance_m"]) == (15000, 10000)
    assert {period.when.ended for period in old.periods} == {change}
    assert {period.when.began for period in new.periods} == {change}
    second = timedelta(seconds=1)
    assert old.binds("A", change - second)
    assert not old.binds("A", change)
    assert not new.binds("A", change - second)
    assert new.binds("A", change)


def test_a_version_or_an_instant_selects_the_text_of_its_day(sample):
    base = load(sample.path, version="2026-01-01")
    assert base.version == "2026-01-01"
    assert [each.clause_id for each in base.clauses] == ["silence", "back"]
    assert load(sample.path, at=utc(2026, 5, 31, 20, 59, 59)) == base
    assert load(sample.path, at=utc(2026, 5, 31, 21)) == load(sample.path)
    assert load(sample.path, version="2026-06-01") == load(sample.path)


def test_an_unknown_version_names_those_that_there_are(sample):
    with pytest.raises(AgreementError, match="known are 2026-01-01, 2026-06-01"):
        load(sample.path, version="1999")


def test_an_instant_without_a_zone_is_refused(sample):
    with pytest.raises(AgreementError, match="no time zone"):
        load(sample.path, at=datetime(2026, 5, 31))


def test_a_suspension_frees_one_party_for_its_time_and_no_other(sample):
    silence = clause(load(sample.path), "silence")
    inside, after = utc(2026, 7, 15), utc(2026, 7, 31, 21)
    assert silence.binds("A", inside)
    assert not silence.binds("B", inside)
    assert silence.binds("B", utc(2026, 6, 30, 20, 59, 59))
    assert not silence.binds("B", utc(2026, 6, 30, 21))
    assert not silence.binds("B", after - timedelta(seconds=1))
    assert silence.binds("B", after)
    reasons = [each.because for each in silence.periods if each.state == "suspended"]
    assert reasons == ["B says so"]


def test_a_clause_can_end_and_a_new_one_begin(sample):
    sample.put(
        "    clauses:\n      - id: back\n        terms: {distance_m: 10000}\n",
        "    end: [back]\n    clauses:\n      - id: calm\n        article: '3'\n        kind: prohibit\n"
        "        title: Calm\n        text: Calm.\n        binds: [A]\n        terms: {acts: [missile]}\n",
    )
    made = load(sample.path)
    change = utc(2026, 5, 31, 21)
    assert clause(made, "back").periods[0].when == Interval(
        began=utc(2025, 12, 31, 22), ended=change
    )
    assert clause(made, "calm").periods[0].when == Interval(began=change)


def test_a_zone_that_changes_takes_its_clauses_along(sample):
    sample.put(
        "    clauses:\n      - id: back\n        terms: {distance_m: 10000}\n",
        "    zones:\n      - {id: square, missing: The new map is not public}\n",
    )
    made = load(sample.path)
    old, new = clause(made, "silence@2026-01-01"), clause(made, "silence")
    assert (old.terms["zone"], new.terms["zone"]) == ("square@2026-01-01", "square")
    zones = {zone.zone_id: zone for zone in made.zones}
    assert zones["square@2026-01-01"].polygons is not None
    assert zones["square@2026-01-01"].valid.ended == utc(2026, 5, 31, 21)
    assert zones["square"].polygons is None
    assert zones["square"].missing == "The new map is not public"
    assert not old.binds("A", utc(2026, 5, 31, 21))


def test_a_line_that_changes_takes_zones_and_clauses_along(sample):
    sample.put(
        "    clauses:\n      - id: back\n        terms: {distance_m: 10000}\n",
        "    lines:\n      - {id: line, missing: The new line is not public}\n",
    )
    made = load(sample.path)
    assert clause(made, "back@2026-01-01").terms["lines"] == {
        "A": "line@2026-01-01",
        "B": "line@2026-01-01",
    }
    zones = {zone.zone_id: zone for zone in made.zones}
    assert zones["strip@2026-01-01"].line_id == "line@2026-01-01"
    assert zones["strip"].line_id == "line"


def test_a_definition_that_changes_takes_its_clauses_along(sample):
    sample.put(
        "    clauses:\n      - id: back\n        terms: {distance_m: 10000}\n",
        "    definitions:\n      heavy: {text: New., weapons: {classes: [tank]}}\n",
    )
    made = load(sample.path)
    assert clause(made, "back@2026-01-01").terms["weapons"]["calibre_min_mm"] == 100
    assert clause(made, "back").terms["weapons"] == {"classes": ["tank"]}


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Europe/Kyiv", utc(2026, 1, 31, 22)),
        ("Europe/Moscow", utc(2026, 1, 31, 21)),
        ("UTC", utc(2026, 2, 1)),
    ],
)
def test_midnight_of_a_winter_day_falls_where_its_zone_puts_it(sample, zone, midnight):
    sample.put("from: 2026-01-01T00:00+02:00", f"from: {{local: 2026-02-01T00:00, zone: {zone}}}")
    silence = clause(load(sample.path, version="2026-01-01"), "silence")
    assert silence.binds("A", midnight)
    assert not silence.binds("A", midnight - timedelta(seconds=1))


def test_the_hash_is_of_the_bytes_that_were_read(sample):
    words = "Nobody fires. Ніхто не стріляє.\r\n".encode()
    (sample.folder / "article-1.txt").write_bytes(words)
    stated = '    text_hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"\n'
    sample.put(stated, "    text_file: article-1.txt\n")
    silence = clause(load(sample.path), "silence")
    assert silence.text_hash == hashlib.sha256(words).hexdigest()


def test_a_text_whose_bytes_differ_from_its_hash_is_refused(sample):
    (sample.folder / "article-1.txt").write_bytes(b"Another text")
    sample.put("    text_hash:", "    text_file: article-1.txt\n    text_hash:")
    with pytest.raises(AgreementError, match="not to the text_hash given"):
        load(sample.path)


def test_every_shipped_agreement_loads_in_every_version():
    assert {"easter-2025", "minsk-2"} <= set(library_names())
    for name in library_names():
        for version in versions(name):
            assert load(name, version=version.name).version == version.name


def test_a_missing_file_names_the_library():
    with pytest.raises(AgreementError, match=", ".join(library_names())):
        load("no-such-agreement")


def test_faults_stop_a_load_with_file_line_and_advice(sample):
    sample.put("verdict: exempt", "verdict: perhaps")
    with pytest.raises(AgreementError) as caught:
        load(sample.path)
    assert f"{sample.path}:{sample.line('verdict: perhaps')}: error" in str(caught.value)
    assert "exempt" in str(caught.value)
