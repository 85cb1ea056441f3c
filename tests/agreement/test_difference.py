"""Two agreements side by side: nothing that differs is left out, and nothing that does not is told."""

from itertools import product

import pytest
from click.testing import CliRunner

from truceline.agreement.difference import difference, named
from truceline.agreement.load import library_names, load, versions
from truceline.cli.commands.diff import command


@pytest.fixture
def base(sample):
    return load(sample.path, version="2026-01-01")


def between(sample, base):
    return difference(base, load(sample.path, version="2026-01-01"))


def told(found, clause_id):
    (clause,) = [each for each in found.clauses if each.clause_id == clause_id]
    return clause.what, {each.field: (each.first, each.second) for each in clause.changes}


@pytest.mark.parametrize("name", library_names())
def test_an_agreement_differs_from_itself_in_nothing(name):
    found = difference(load(name), load(name))
    assert (found.whole, found.clauses) == ((), ())
    assert found.unchanged


@pytest.mark.parametrize(
    ("old", "new", "clause_id", "field", "sides"),
    [
        ("distance_m: 15000", "distance_m: 15001", "back", "terms.distance_m", ("15000", "15001")),
        ("calibre_min_mm: 100}", "calibre_min_mm: 99}", "back", "terms.weapons.calibre_min_mm", ("100", "99")),
        ("distance_m: 30000,", "distance_m: 31000,", "back", "readings.wide.terms.distance_m", ("30000", "31000")),
        ("held_by: [B]", "held_by: [A, B]", "back", "readings.wide.held_by", ("B", "A, B")),
        ("title: No fire", "title: Silence", "silence", "title", ("No fire", "Silence")),
        ("[mortar, artillery]", "[mortar]", "silence", "terms.acts", ("mortar, artillery", "mortar")),
        ("when: {notice: true}", "when: {notice: false}", "silence", "exceptions.demining",
         ("exempt when notice yes, unless (at-night: exempt when types mortar)",
          "exempt when notice no, unless (at-night: exempt when types mortar)")),
        ("    sources: [text]\n  - id: back", "    missing: The annex is closed.\n    sources: [text]\n  - id: back",
         "silence", "missing", (None, "The annex is closed.")),
        ("binds: [A, B]", "binds: [A, {party: B, to: 2026-03-01T00:00Z}]", "silence", "binds.B",
         ("2025-12-31 22:00 UTC to 2026-12-30 22:00 UTC", "2025-12-31 22:00 UTC to 2026-03-01 00:00 UTC")),
    ],
)  # fmt: skip
def test_every_difference_of_a_clause_is_told_with_both_sides(
    sample, base, old, new, clause_id, field, sides
):
    sample.put(old, new)
    found = between(sample, base)
    what, changes = told(found, clause_id)
    assert what == "changed"
    assert changes == {field: sides}
    assert len(found.clauses) + len(found.unchanged) == 2


def test_a_figure_that_is_not_known_is_not_one_that_is_not_there(sample, base):
    sample.put("distance_m: 15000", "distance_m: null")
    sample.put("    title: Heavy", "    missing: Not public.\n    title: Heavy")
    assert told(between(sample, base), "back")[1]["terms.distance_m"] == ("15000", "not known")


def test_a_clause_under_another_id_is_renamed_and_not_two(sample, base):
    sample.put("  - id: silence", "  - id: quiet")
    sample.text = sample.text[: sample.text.index("amendments:")]
    sample.path.write_text(sample.text, encoding="utf-8")
    found = difference(base, load(sample.path))
    (clause,) = found.clauses
    assert (clause.what, clause.earlier_id, clause.clause_id) == ("renamed", "silence", "quiet")
    assert clause.changes == ()


def test_added_and_removed_clauses_are_told_in_full(sample, base):
    sample.put(
        "amendments:\n",
        '  - {id: calm, article: "3", kind: prohibit, title: Calm, text: Calm, binds: [A], '
        "terms: {acts: [missile]}}\namendments:\n",
    )
    after = load(sample.path, version="2026-01-01")
    what, changes = told(difference(base, after), "calm")
    assert what == "added"
    assert changes["terms.acts"] == (None, "missile")
    what, changes = told(difference(after, base), "calm")
    assert what == "removed"
    assert changes["terms.acts"] == ("missile", None)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("title: A sample truce", "title: Another", "title"),
        ("Europe/Kyiv, cutoff", "Europe/Moscow, cutoff", "calendar"),
        ("names: {en: Party B}", "names: {en: Side B}", "parties.B.en"),
        ("kind: agreement_line", "kind: contact_line", "lines.line.kind"),
        ("    width_m: 15000\n    side", "    width_m: 16000\n    side", "zones.a-side.width_m"),
        ("text: Heavy weapons.", "text: Guns.", "definitions.heavy.text"),
        ("amendments:\n", "mandate: {grants: [observe]}\namendments:\n", "grants"),
        ("amendments:\n", "thresholds: {p_real: 0.6}\namendments:\n", "thresholds.p_real"),
    ],
)
def test_what_holds_for_the_whole_text_is_told(sample, base, old, new, field):
    sample.put(old, new)
    assert field in {each.field for each in between(sample, base).whole}


def test_exchanging_the_two_exchanges_the_sides_and_nothing_else():
    texts = ("minsk-2@2015-02-12", "minsk-2", "easter-2025")
    other = {"added": "removed", "removed": "added", "changed": "changed", "renamed": "renamed"}
    for first, second in product(map(named, texts), repeat=2):
        there, back = difference(first, second), difference(second, first)
        assert {(c.field, c.first, c.second) for c in there.whole} == {
            (c.field, c.second, c.first) for c in back.whole
        }
        sides = [
            {(other[c.what] if turn else c.what, c.clause_id, frozenset(
                (x.field, x.second, x.first) if turn else (x.field, x.first, x.second)
                for x in c.changes)) for c in found.clauses}
            for turn, found in ((False, there), (True, back))
        ]  # fmt: skip
        assert sides[0] == sides[1]
        assert set(there.unchanged) == set(back.unchanged)


def test_the_addendum_is_told_as_what_it_changed():
    found = difference(named("minsk-2@2015-02-12"), named("minsk-2@2015-09-29"))
    assert {"withdraw-tanks", "withdraw-light-guns", "withdraw-light-mortars"} <= {
        each.clause_id for each in found.clauses if each.what == "added"
    }
    changes = told(found, "withdraw-mortars")[1]
    assert changes["terms.weapons.calibre_min_mm"] == ("100", "120")
    assert not any("@" in each.clause_id for each in found.clauses)


def test_a_version_and_a_variant_may_follow_the_name(sample):
    sample.put("amendments:\n", "variants:\n  - {name: v, title: V, adopted: false}\namendments:\n")
    assert named(f"{sample.path}@2026-01-01+v").version == "2026-01-01+v"
    assert [named(f"minsk-2@{v.name}").version for v in versions("minsk-2")] == [
        v.name for v in versions("minsk-2")
    ]


def test_the_label_hypothetical_stands_at_the_head(sample):
    sample.put("amendments:\n", "variants:\n  - {name: v, title: V, adopted: false}\namendments:\n")
    words = [str(sample.path), f"{sample.path}@2026-06-01+v"]
    shown = CliRunner().invoke(command, words).output.splitlines()
    assert shown[0] == "sample@2026-06-01"
    assert shown[1] == "sample@2026-06-01+v (hypothetical: nobody agreed to it)"
