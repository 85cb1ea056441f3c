"""Every fault is told with file, line and what to do, and none hides another."""

import re
from datetime import date
from types import MappingProxyType

import pytest

from truceline.agreement.check import check
from truceline.agreement.load import load
from truceline.agreement.problem import Severity
from truceline.model.errors import AgreementError

KINDS = {
    "prohibit": {
        "type": "object",
        "properties": {"acts": {"type": "array", "minItems": 1}, "zone": {}, "near": {}},
        "required": ["acts"],
        "additionalProperties": False,
    },
    "withdraw": {
        "type": "object",
        "properties": {
            "distance_m": {"type": ["number", "null"], "minimum": 0},
            "lines": {"type": "object"},
            "weapons": {"type": "object"},
            "finish_by": {"type": ["string", "null"]},
        },
        "additionalProperties": False,
    },
    "cap": {"type": "object"},
    "respond": {"type": "object"},
}


def told(problems, message):
    found = [each for each in problems if re.search(message, each.message)]
    assert found, f"nobody says {message!r}: " + "\n".join(map(str, problems))
    return found[0]


def assert_told(sample, message, phrase, severity="error", advice=""):
    """The fault is told at the line of the phrase, in the agreement's file."""
    problem = told(check(sample.path, KINDS), message)
    assert (problem.file, problem.line, problem.severity) == (
        str(sample.path),
        sample.line(phrase),
        severity,
    )
    assert problem.advice
    assert re.search(advice, problem.advice)


def faults(sample, kinds=KINDS):
    return [each for each in check(sample.path, kinds) if each.severity != Severity.NOTE]


def test_a_sound_agreement_has_no_faults(sample):
    assert faults(sample) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "severity"),
    [
        ("binds: [A, B]", "binds: [A, C]", "unknown party `C`", "error"),
        ("zone: square}", "zone: circle}", "unknown zone `circle`", "error"),
        ("lines: {A: line, B: line}", "lines: {A: line, B: lime}", "unknown line `lime`", "error"),
        ("lines: {A: line, B: line}", "lines: {A: line, D: line}", "unknown party `D`", "error"),
        ("    side: A", "    side: E", "unknown party `E`", "error"),
        ("left: A", "left: F", "unknown party `F`", "error"),
        ("parties: [B]", "parties: [G]", "unknown party `G`", "error"),
        ("clauses: [silence]", "clauses: [noise]", "unknown clause `noise`", "error"),
        ("uses: [heavy]", "uses: [light]", "undefined term `light`", "error"),
        ("weapons: heavy", "weapons: light", "uses `light`, which no definition", "error"),
        ("sources: [text]\n  - id: back", "sources: [texts]\n  - id: back", "unknown source", "error"),
        ("[mortar, artillery]", "[mortars, artillery]", "`mortars` is no incident type", "error"),
        ("types: [mortar]", "types: [gunfire]", "`gunfire` is no incident type", "error"),
        ("kind: withdraw", "kind: retreat", "unknown kind `retreat`", "error"),
        ("distance_m: 15000", "distance_m: far", "field `distance_m` is 'far'", "error"),
        ("distance_m: 30000,", "distance_m: -1,", "reading `wide`, terms", "error"),
        ("terms: {acts:", "terms: {deeds: 1, acts:", "unknown field `deeds`", "error"),
        ("    title: No fire", "    titel: No fire", "unknown field `titel`", "error"),
        ("verdict: exempt", "verdict: forgiven", "is 'forgiven'", "error"),
        ("cutoff: \"19:30\"", "cutoff: \"25:30\"", "`calendar.cutoff` is '25:30'", "error"),
        ("zone: Europe/Kyiv, cutoff", "zone: Europe/Atlantis, cutoff", "Atlantis", "error"),
        ("from: 2026-01-01T00:00+02:00", "from: 2026-01-01T00:00", "has no time zone", "error"),
        ("from: 2026-06-01T00:00+03:00", "from: 2026-06-01", "a day without an hour", "error"),
        ("    title: No fire", "    title: No fire\n    title: Twice", "stands twice", "error"),
        ("    width_m: 15000\n    side", "    width_m: 15000\n    missing: Odd\n    side", "also says", "warning"),
        ("distance_m: 15000", "distance_m: null", "`distance_m` is null and nothing", "error"),
        ("2026-02-01T00:00, zone", "2025-02-01T00:00, zone", "before its entry into force", "warning"),
        ("{distance_m: 30000, weapons: {calibre_min_mm: 120}}", "{distance_m: 15000}", "changes nothing", "warning"),
        ("from: 2026-06-01T00:00+03:00", "from: 2025-06-01T00:00+03:00", "before the text itself", "warning"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_stands(sample, old, new, message, severity):
    sample.put(old, new)
    changed = next(line for line in new.split("\n") if line not in old.split("\n"))
    assert_told(sample, message, changed.strip(), severity)


def test_a_zone_without_geometry_must_say_why(sample):
    sample.put("    name: The square\n    file: map.geojson\n", "    name: The square\n")
    assert_told(sample, "`square` has no geometry", "  - id: square", advice="missing")


def test_a_zone_that_crosses_itself_is_told_with_the_point(sample):
    sample.draw([[37.0, 48.0], [38.0, 49.0], [38.0, 48.0], [37.0, 49.0], [37.0, 48.0]])
    problem = told(check(sample.path, KINDS), r"crosses itself at longitude, latitude 37\.5, 48\.5")
    text = sample.map.read_text(encoding="utf-8")
    assert problem.file == str(sample.map)
    assert problem.line == text[: text.index('"square"')].count("\n") + 1
    assert problem.severity == "error"
    assert "redraw" in problem.advice
    with pytest.raises(AgreementError, match="crosses itself"):
        load(sample.path)


@pytest.mark.parametrize(
    ("ring", "message"),
    [
        ([[37.0, 48.0], [38.0, 48.0], [38.0, 49.0], [37.0, 49.0]], "ring ends at"),
        ([[37.0, 48.0], [38.0, 48.0], [37.0, 48.0]], "3 points where 4"),
        ([[37.0, 148.0], [38.0, 48.0], [38.0, 49.0], [37.0, 148.0]], "off the globe"),
        ([[37.0], [38.0, 48.0], [38.0, 49.0], [37.0]], "is no point"),
        ([["37,0", "48,0"], [38.0, 48.0], [38.0, 49.0], ["37,0", "48,0"]], "is no point"),
        ([], "empty or no list"),
    ],
)
def test_a_ring_that_is_none_is_told(sample, ring, message):
    sample.draw(ring)
    assert told(check(sample.path, KINDS), message).file == str(sample.map)


def test_a_map_that_is_no_json_is_told_with_its_line(sample):
    sample.map.write_text('{"type":\n "FeatureCollection",\n "features": [}', encoding="utf-8")
    problem = told(check(sample.path, KINDS), "is not JSON")
    assert (problem.file, problem.line) == (str(sample.map), 3)


def test_a_map_in_another_grid_or_place_is_refused(sample):
    sample.map.write_text('{"features": [], "crs": {"name": "EPSG:28407"}}', encoding="utf-8")
    assert told(check(sample.path, KINDS), "not in WGS 84").advice == "reproject it to EPSG:4326"
    sample.put("file: map.geojson", "file: ../map.geojson")
    assert_told(sample, "lies outside the agreement's folder", "../map.geojson")
    sample.put("file: ../map.geojson", "file: nowhere.geojson")
    assert_told(sample, "cannot be read", "nowhere.geojson")


def test_a_feature_that_is_not_in_the_map_is_told(sample):
    sample.put("  - id: square", "  - id: squares")
    assert_told(
        sample, "has the id `squares`", "    file: map.geojson\n    sources: [text]\n  - id: strip"
    )


def test_two_of_one_id_are_told_at_the_second(sample):
    sample.put("  - id: B\n    names: {en: Party B}", "  - id: A\n    names: {en: Party B}")
    assert_told(
        sample, "the id `A` stands twice, first at line 11", "  - id: A\n    names: {en: Party B}"
    )
    sample.put("  - id: strip", "  - id: square")
    assert_told(sample, "the id `square` stands twice", "  - id: square\n    name: Both")


def test_exceptions_that_go_round_in_a_circle_are_told(sample):
    sample.put(
        "          - id: at-night\n            verdict: exempt\n            when: {types: [mortar]}\n",
        "          - at-night\n      - id: at-night\n        verdict: exempt\n"
        "        when: {types: [mortar]}\n        unless: [demining]\n",
    )
    problem = told(check(sample.path, KINDS), "circle: demining -> at-night -> demining")
    assert (problem.line, problem.severity) == (sample.line("unless: [demining]"), "error")
    told(check(sample.path, KINDS), "circle: at-night -> demining -> at-night")


def test_an_exception_without_a_condition_is_told(sample):
    sample.put("when: {notice: true}", "when: {}")
    assert faults(sample) == []  # what puts something back in is a condition too
    sample.put(
        "            when: {types: [mortar]}\n",
        "            when: {types: [mortar]}\n      - {id: all, verdict: exempt, when: {}}\n",
    )
    assert_told(sample, "exception `all` has no condition", "    exceptions:", "warning")


def test_an_unknown_exception_is_told(sample):
    sample.put(
        "    exceptions:\n      - id: demining",
        "    exceptions:\n      - mines\n      - id: demining",
    )
    assert_told(sample, "unknown exception `mines`", "      - mines")


def test_periods_that_overlap_or_gape_are_told(sample):
    bounds = (
        "    binds:\n"
        "      - {party: A, from: 2026-01-01T00:00Z, to: 2026-03-01T00:00Z}\n"
        "      - {party: A, from: 2026-02-01T00:00Z, to: 2026-04-01T00:00Z}\n"
        "      - {party: B, from: 2026-01-01T00:00Z, to: 2026-03-01T00:00Z}\n"
        "      - {party: B, from: 2026-04-01T00:00Z, to: 2026-05-01T00:00Z}\n"
    )
    sample.put("    binds: [A, B]\n", bounds)
    assert_told(sample, "two periods of A overlap from 2026-02-01", "    binds:\n", "warning")
    assert_told(
        sample, "B is not bound from 2026-03-01 .* to 2026-04-01", "    binds:\n", "warning"
    )


def test_a_suspension_is_no_gap(sample):
    problems = check(sample.path, KINDS)
    assert not any("is not bound from" in each.message for each in problems)


def test_a_period_that_ends_before_it_begins_is_told(sample):
    sample.put(
        "    binds: [A, B]\n",
        "    binds:\n      - {party: A, from: 2026-03-01T00:00Z, to: 2026-01-01T00:00Z}\n",
    )
    assert_told(sample, "before it begins", "      - {party: A, from: 2026-03")


def test_a_clause_that_outlives_its_zone_is_told(sample):
    sample.put("    name: The square\n", "    name: The square\n    to: 2026-05-01T00:00+03:00\n")
    assert_told(sample, "when `square` is not valid", "    terms: {acts: [mortar", "warning")


def test_contrary_clauses_are_told(sample):
    twin = sample.text[sample.text.index("  - id: back") : sample.text.index("    readings:")]
    twin = twin.replace("id: back", "id: back-too").replace(
        "distance_m: 15000", "distance_m: 20000"
    )
    sample.put("amendments:\n", twin + "    sources: [text]\namendments:\n")
    assert_told(sample, "`back@2026-01-01` and `back-too` are contrary: distance_m 15000 and 20000", "    terms:\n      weapons: heavy\n      distance_m: 20000", "warning")  # fmt: skip


def test_an_undertaking_binds_its_declarer_alone(sample):
    sample.put("    title: No fire", "    title: No fire\n    basis: undertaking")
    assert_told(sample, "binds A, B; an undertaking binds its declarer alone", "    binds: [A, B]")


def test_a_figure_without_a_source_and_a_text_without_a_hash_are_warned_of(sample):
    sample.put(
        "        sources: [text]\n    sources: [text]\namendments", "    sources: []\namendments"
    )
    assert_told(
        sample,
        "clause `back` has figures without a source",
        "    terms:\n      weapons: heavy",
        "warning",
    )
    assert_told(
        sample,
        "reading `wide` has figures without a source",
        "        terms: {distance_m: 30000",
        "warning",
    )
    sample.put(
        '    text_hash: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"\n', ""
    )
    assert_told(sample, "clause `silence` has no text_hash", "    text: Nobody fires.", "warning")


def test_parties_that_are_not_bound_alike_are_noted_and_not_forbidden(sample):
    sample.put("    binds: [A, B]\n    terms: {acts", "    binds: [A]\n    terms: {acts")
    sample.put("parties: [B], from", "parties: [A], from")
    assert_told(sample, "clause silence binds A and not B", "    terms: {acts", "note")
    made = load(sample.path)
    assert "clause silence binds A and not B" in made.asymmetries


def test_thresholds_and_ladder_must_be_in_order(sample):
    sample.put("amendments:\n", "thresholds: {prior_low: 0.5, prior_high: 0.4}\namendments:\n")
    assert_told(sample, "thresholds are out of order", "thresholds:")
    rung = (
        "    - {rung: 1, measures: [clarify], required_standard: none, due: 24 h, when: {},"
        " ends_when: Done}\n"
    )
    sample.put(
        "amendments:\n",
        f"ladder:\n  basis: Article 9\n  rungs:\n{rung}{rung}  cap: {{minor: 2}}\namendments:\n",
    )
    assert_told(sample, "two rungs of the ladder bear one number", "ladder:")
    assert_told(sample, "cap for minor lies above the highest rung, 1", "ladder:", "warning")


@pytest.mark.parametrize(
    "measure", ["sanctions_snapback", "assistance_trigger", "collective_response_referral"]
)
def test_a_ladder_cannot_propose_what_is_never_proposed(sample, measure):
    rung = f"    - {{rung: 1, measures: [{measure}], required_standard: none, due: 24 h, when: {{}}, ends_when: Done}}\n"
    sample.put("amendments:\n", f"ladder:\n  basis: Article 9\n  rungs:\n{rung}amendments:\n")
    assert_told(sample, f"is '{measure}'", f"[{measure}]")


def test_a_weapon_that_nobody_knows_is_warned_of(sample):
    sample.put("calibre_min_mm: 100}", "calibre_min_mm: 100, names: [D-30, Blunderbuss]}")
    assert_told(sample, "`Blunderbuss` is the name of no weapon", "    weapons:", "warning")


def test_a_response_to_an_unknown_clause_is_told(sample):
    sample.put(
        "amendments:\n",
        "  - {id: answer, article: '3', kind: respond, title: T, text: T, binds: [A, B], "
        "terms: {clauses: [noise]}}\namendments:\n",
    )
    assert_told(sample, "unknown clause `noise`", "terms: {clauses: [noise]}")


def test_a_read_only_schema_of_terms_is_read(sample):
    kinds = {name: MappingProxyType(kind) for name, kind in KINDS.items()}
    assert faults(sample, kinds) == []
    with pytest.raises(AgreementError, match="is no JSON Schema"):
        check(sample.path, KINDS | {"prohibit": {"type": "nonsense"}})
    with pytest.raises(AgreementError, match="'prohibit' is no JSON Schema"):
        check(sample.path, KINDS | {"prohibit": {"enum": {"a set"}}})
    dated = {"properties": {"since": {"const": date(2026, 1, 1)}}}
    assert faults(sample, KINDS | {"prohibit": dated}) == []


def test_amendments_stand_oldest_first(sample):
    sample.put(
        "amendments:\n",
        "amendments:\n  - {version: later, title: Later, from: 2026-09-01T00:00Z}\n",
    )
    assert_told(
        sample, "precedes `later`, which stands above it", "    from: 2026-06-01T00:00+03:00"
    )


def test_an_hour_that_the_clock_skips_or_repeats_is_told(sample):
    sample.put("local: 2026-02-01T00:00", "local: 2026-03-29T03:30")
    assert_told(sample, "occurs not at all in Europe/Kyiv", "finish_by:", advice="offset")
    sample.put("local: 2026-03-29T03:30", "local: 2026-10-25T03:30")
    assert_told(sample, "occurs twice in Europe/Kyiv", "finish_by:", advice="offset")


def test_no_fault_hides_another(sample):
    sample.put("title: No fire", "titel: No fire")
    sample.put("kind: withdraw", "kind: retreat")
    sample.put("left: A", "left: F")
    sample.put("name: The square", "nam: The square")
    sample.draw([[37.0, 48.0], [38.0, 49.0], [38.0, 48.0], [37.0, 49.0], [37.0, 48.0]])
    problems = check(sample.path, KINDS)
    for message in ("`titel`", "`retreat`", "party `F`", "`nam`", "side of A"):
        told(problems, message)
    assert problems == sorted(problems, key=lambda each: (each.file, each.line))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    title: No fire", "    titel: No fire"),
        ("      - id: wide\n        held_by: [B]\n", "      - id: wide\n        held_by: B\n"),
        ("    name: The square\n", "    name: [The square]\n"),
        ("    kind: agreement_line\n", "    kind: battle_line\n"),
    ],
)
def test_one_fault_is_told_once_and_not_again_by_what_leans_on_it(sample, old, new):
    sample.put(old, new)
    told_lines = {each.line for each in faults(sample)}
    assert told_lines <= {sample.line(new.strip().split("\n")[-1]), sample.line("  - id: silence")}


def test_terms_are_not_checked_without_kinds(sample):
    sample.put("kind: withdraw", "kind: retreat")
    assert faults(sample, None) == []


@pytest.mark.parametrize("name", ["easter-2025", "minsk-2"])
def test_shipped_agreements_have_no_errors_and_warn_only_of_unread_bytes(name):
    problems = check(name)
    assert all(each.severity != Severity.ERROR for each in problems)
    warned = [each.message for each in problems if each.severity == Severity.WARNING]
    assert warned
    assert all("has no text_hash" in message for message in warned)
