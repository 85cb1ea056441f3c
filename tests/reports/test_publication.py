"""A release says nothing finer, sooner or more than it may."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import PublicationError
from truceline.reports.coarsen import cell_steps, cells, reach_m, speakable, widen
from truceline.reports.contract import Period, PublicationRules, View
from truceline.reports.formats import geojson, html, pdf, tables
from truceline.reports.naming import release_id
from truceline.reports.publication import publish
from truceline.reports.rows import incident_days
from truceline.reports.scan import scan
from truceline.tables import schemas

FORMATS = {form.FORMAT.name: form.FORMAT for form in (html, pdf, tables, geojson)}
TABLES = (
    "rows", "previous_rows", "verdicts", "accusations", "outcomes", "counts", "claims", "coverage",
    "obstructions", "remedies",
)  # fmt: skip


def searched(name: str, content: bytes) -> bytes:
    if name != "pdf":
        return content
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).encode()


@pytest.mark.parametrize("view", ["public", "party:A", "party:B"])
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_released_byte_says_a_true_place(view, name, dossier, released):
    content = FORMATS[name].render(released(view))
    assert scan(searched(name, content), dossier) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_scan_finds_the_true_places_of_the_internal_copy(name, dossier, released):
    content = FORMATS[name].render(released("commission"))
    assert len(scan(searched(name, content), dossier)) >= 10


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "word",
    [
        "mill by the ford",
        "said the miller",
        "47.98765",
        "watch-1",
        "a man at the gate",
        "orders from superiors",
        "told to the mission in confidence",
        "4321",
    ],
)
def test_no_words_observers_or_reasons_leave(name, word, released):
    text = searched(name, FORMATS[name].render(released("public")))
    assert word.encode() not in text


def moved(dossier, with_column, rng):
    """Every place moved somewhere else in its own cell; observers and bearings changed too."""

    def columns(table):
        lat = np.array(table["lat"].to_pylist(), dtype=np.float64)
        lon = np.array(table["lon"].to_pylist(), dtype=np.float64)
        middle_lat, middle_lon = cells(lat, lon, 5_000)
        height, width = cell_steps(np.nan_to_num(middle_lat), 5_000)
        new_lat = middle_lat + height * (rng.random(len(lat)) - 0.5) * 0.999
        new_lon = middle_lon + width * (rng.random(len(lat)) - 0.5) * 0.999
        has = ~np.isnan(lat)
        return {
            "lat": [x if k else None for x, k in zip(new_lat.tolist(), has, strict=True)],
            "lon": [x if k else None for x, k in zip(new_lon.tolist(), has, strict=True)],
        }

    for table in ("observations", "incidents", "posterior"):
        dossier = with_column(dossier, table, columns(getattr(dossier, table)))
    rows = dossier.observations.num_rows
    stood = dossier.observations["bearing_deg"].is_valid().to_pylist()
    hidden = {
        "bearing_deg": [float(rng.random() * 360) if k else None for k in stood],
        "range_m": [float(rng.random() * 9000) if k else None for k in stood],
        "observer_position": [f"{rng.random() + 47}, {rng.random()}" if k else None for k in stood],
        "text": [f"other words {n}" for n in range(rows)],
        "place_name": [f"elsewhere {n}" for n in range(rows)],
        "source": [f"somebody {n}" for n in range(rows)],
    }
    return with_column(dossier, "observations", hidden)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_a_release_is_the_same_wherever_in_its_cell_everything_was(
    seed, dossier, released, with_column
):
    """Non-interference: what a release does not depend on, nobody can read from it."""
    elsewhere = moved(dossier, with_column, np.random.default_rng(seed))
    for view in ("public", "party:B"):
        other = publish(elsewhere, View.parse(view))
        for name in TABLES:
            assert getattr(other, name).equals(getattr(released(view), name)), name
        assert html.render(other) == html.render(released(view))
        assert tables.render(other) == tables.render(released(view))


def test_the_internal_copy_does_depend_on_where_everything_was(dossier, released, with_column):
    elsewhere = moved(dossier, with_column, np.random.default_rng(1))
    other = publish(elsewhere, View.parse("commission"))
    assert html.render(other) != html.render(released("commission"))


@given(seed=st.integers(0, 2**32 - 1), error_m=st.floats(1.0, 9e4))
@settings(max_examples=25, deadline=None)
def test_any_places_anywhere_stay_out_of_the_released_bytes(seed, error_m, dossier, with_column):
    """Anywhere but within two degrees of zero: small figures stand in every document."""
    rng = np.random.default_rng(seed)
    rows = dossier.incidents.num_rows
    lat = rng.choice([-1.0, 1.0], rows) * rng.uniform(2, 89.9, rows)
    lon = rng.choice([-1.0, 1.0], rows) * rng.uniform(2, 180, rows)
    for table in ("incidents", "posterior"):
        dossier = with_column(dossier, table, {"lat": lat.tolist(), "lon": lon.tolist()})
    errors = {"error_major_m": [error_m] * rows, "error_minor_m": [error_m / 2] * rows}
    release = publish(with_column(dossier, "incidents", errors), View.parse("public"))
    for form in (html, tables, geojson):
        assert scan(form.render(release), dossier) == []


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_a_cell_is_at_least_five_kilometres_and_holds_its_place(lat, lon):
    at_lat, at_lon = cells(np.array([lat]), np.array([lon]), 5_000)
    height, width = cell_steps(np.array([lat]), 5_000)
    edge = np.deg2rad(min(abs(at_lat[0]) + height / 2, 90.0))
    assert height * 110_574 >= 5_000
    assert width[0] * 111_319 * np.cos(edge) >= 5_000 or width[0] == 360.0
    assert abs(at_lat[0] - lat) <= height / 2 + 1e-4
    assert abs((at_lon[0] - lon + 180) % 360 - 180) <= width[0] / 2 + 1e-4


@given(
    lat=st.floats(-85, 85),
    major=st.floats(1, 3e5),
    ratio=st.floats(0.05, 1),
    azimuth=st.floats(0, 179.9),
    turn=st.floats(0, 360),
    shift=st.floats(0, 360),
)
def test_an_enlarged_shape_holds_what_the_true_one_held(lat, major, ratio, azimuth, turn, shift):
    reach = reach_m(np.array([lat]), 5_000)
    wide, narrow, around = widen(
        np.array([major]), np.array([major * ratio]), np.array([azimuth]), reach
    )
    # A point on the edge of the true ellipse, which may stand anywhere within the cell's reach.
    along, across = major * np.cos(np.deg2rad(turn)), major * ratio * np.sin(np.deg2rad(turn))
    angle = np.deg2rad(azimuth)
    east = along * np.sin(angle) + across * np.cos(angle) + reach[0] * np.sin(np.deg2rad(shift))
    north = along * np.cos(angle) - across * np.sin(angle) + reach[0] * np.cos(np.deg2rad(shift))
    angle = np.deg2rad(around[0])
    u = (east * np.sin(angle) + north * np.cos(angle)) / wide[0]
    v = (east * np.cos(angle) - north * np.sin(angle)) / narrow[0]
    assert np.hypot(u, v) <= 1.0 + 1e-9


def test_nothing_leaves_before_the_delay(dossier):
    ended = dossier.agreement.calendar.bounds(date(2026, 3, 8)).ended
    early = replace(dossier, as_of=ended + timedelta(hours=71, minutes=59))
    release = publish(early, View.parse("public"))
    assert set(release.rows["legal_day"].to_pylist()) == {date(2026, 3, 7)}
    assert release.held_back > 0
    assert release.coverage.num_rows == release.obstructions.num_rows == 0
    assert max(release.counts["legal_day"].to_pylist()) == date(2026, 3, 7)
    assert release.counts["exposure_hours"].null_count == release.counts.num_rows
    on_time = publish(replace(dossier, as_of=ended + timedelta(hours=72)), View.parse("public"))
    assert on_time.coverage.num_rows > 0
    # A report that names a day alone may lie as late as midnight, after the day's close at 19:30.
    assert on_time.held_back > 0
    late = replace(dossier, as_of=ended + timedelta(hours=77))
    assert publish(late, View.parse("public")).held_back == 0


def test_an_earlier_instant_of_release_counts_and_a_later_one_does_not(dossier, released):
    at = datetime(2026, 3, 9, tzinfo=UTC)
    assert publish(dossier, View.parse("public"), at=at).rows.num_rows == 0
    late = publish(dossier, View.parse("public"), at=at + timedelta(days=900))
    assert late.rows.equals(released("public").rows)


def test_rules_below_the_red_line_are_refused():
    with pytest.raises(PublicationError, match="cell_m is 4999; whatever leaves has 5,000"):
        PublicationRules(cell_m=4_999)
    with pytest.raises(PublicationError, match="delay_h is 1; whatever leaves has 24"):
        PublicationRules(delay_h=1)
    with pytest.raises(PublicationError, match="cell_m is nan"):
        PublicationRules(cell_m=float("nan"))


@pytest.mark.parametrize("judged_cell_m", [None, 10_000.0])
def test_what_was_computed_from_places_or_other_cells_is_not_released(judged_cell_m, dossier):
    other = replace(dossier, judged_cell_m=judged_cell_m)
    with pytest.raises(PublicationError, match="compute them from those cells first"):
        publish(other, View.parse("public"))
    assert publish(other, View.parse("commission")).rows.num_rows


def test_an_omission_by_an_act_that_is_not_listed_is_not_told(dossier, with_column):
    rows = dossier.findings.num_rows
    acts = set(dossier.acts["act_id"].to_pylist())
    kinds = [
        "omission" if row["subject_id"] in acts else row["subject_kind"]
        for row in dossier.findings.to_pylist()
    ]
    omitted = with_column(dossier, "findings", {"subject_kind": kinds})
    whole, acts = (publish(each, View.parse("public")).verdicts for each in (omitted, dossier))
    assert sum(whole["findings"].to_pylist()) == sum(acts["findings"].to_pylist()) < rows


def held(dossier, with_column, began, known_at):
    """The dossier with every finding made one on a single holding."""
    rows = dossier.findings.num_rows
    row = {
        "holding_id": "h-1", "site": "depot", "party": "A", "weapon": "tank", "began": began,
        "ended": began, "known_at": known_at,
    }  # fmt: skip
    kinds = {"subject_kind": ["holding"] * rows, "subject_id": ["h-1"] * rows}
    holdings = pa.Table.from_pylist([row], schema=schemas.HOLDINGS)
    return replace(with_column(dossier, "findings", kinds), holdings=holdings)


def test_a_holding_is_told_only_when_its_beginning_and_its_entry_are_old(dossier, with_column):
    through = dossier.as_of - timedelta(hours=72)
    late = through + timedelta(minutes=1)
    for began, known_at, is_told in (
        (through, through, True),
        (through, late, False),
        (late, late, False),
    ):
        release = publish(held(dossier, with_column, began, known_at), View.parse("party:A"))
        assert (release.verdicts.num_rows > 0) == is_told
        assert (release.accusations.num_rows > 0) == is_told


def test_how_much_is_held_back_or_refused_is_not_told(dossier):
    ended = dossier.agreement.calendar.bounds(date(2026, 3, 8)).ended
    early = replace(dossier, as_of=ended + timedelta(hours=71, minutes=59))
    days = publish(early, View.parse("public")).rows["legal_day"]
    acts = early.acts.filter(pc.is_in(early.acts["incident_id"], value_set=_ids(early, 8)))
    assert set(days.to_pylist()) == {date(2026, 3, 7)}
    assert acts.num_rows > 1
    fewer = replace(
        early,
        acts=early.acts.filter(pc.not_equal(early.acts["act_id"], acts["act_id"][0])),
        incidents=early.incidents.filter(
            pc.not_equal(early.incidents["incident_id"], acts["incident_id"][0])
        ),
        intake=replace(early.intake, upstream=900, refused=773),
    )
    whole, cut = (publish(each, View.parse("public")) for each in (early, fewer))
    assert (whole.held_back, whole.elsewhere, whole.intake) == (
        cut.held_back,
        cut.elsewhere,
        cut.intake,
    )
    for form in FORMATS.values():
        documents = [form.render(each) for each in (whole, cut)]
        assert documents[0] == documents[1], form.name


def _ids(dossier, day):
    """Incidents of a legal day of March 2026."""
    days = incident_days(dossier)
    is_day = days == (date(2026, 3, day) - date(1970, 1, 1)).days
    return dossier.incidents["incident_id"].filter(pa.array(is_day)).combine_chunks()


def test_a_view_of_nobody_is_refused(dossier):
    with pytest.raises(PublicationError, match="its parties are A, B"):
        publish(dossier, View.parse("party:C"))


def test_sealed_material_is_counted_named_and_its_effect_told(dossier, released):
    release = released("public")
    sealed = [each for each in release.withheld if each.what == "sealed"]
    assert [each.category for each in sealed] == ["sealed"]
    assert sealed[0].number >= 2
    assert sealed[0].figures["alone"] >= 1
    listed = set(release.rows["incident_id"].to_pylist())
    true_ids = released("commission").rows["incident_id"].to_pylist()
    inside = {release_id(each, dossier.release_key) for each in true_ids}
    assert len(inside - listed) == sealed[0].figures["alone"]
    assert b"withheld as sealed" in html.render(release)


def test_whether_an_outcome_depends_on_sealed_material_is_computed_where_it_can_be(
    dossier, with_column
):
    view = View.parse("public")
    first = publish(dossier, view).outcomes["depends_on_sealed"].to_pylist()
    same = replace(dossier, attributions_without_sealed=dossier.attributions)
    assert set(first) == {"no", "perhaps"}
    assert set(publish(same, view).outcomes["depends_on_sealed"].to_pylist()) == {"no"}
    rows = dossier.attributions.num_rows
    gone = with_column(dossier, "attributions", {"outcome": ["not_attributable"] * rows})
    other = replace(dossier, attributions_without_sealed=gone.attributions)
    told = publish(other, view).outcomes["depends_on_sealed"].to_pylist()
    assert [word == "yes" for word in told] == [word == "perhaps" for word in first]


def test_an_unknown_marking_withholds_and_its_words_stay_inside(dossier, with_column):
    marks = ["unit 7 at the mill"] * dossier.observations.num_rows
    marked = with_column(dossier, "observations", {"marking": marks})
    release = publish(marked, View.parse("public"))
    assert release.rows.num_rows == 0
    assert [each.category for each in release.withheld if each.what == "sealed"] == [
        "other marking"
    ]
    assert b"unit 7" not in tables.render(release)


def test_a_party_reads_what_is_said_against_it_and_nothing_finer(released):
    ours, theirs, public = released("party:A"), released("party:B"), released("public")
    assert set(ours.accusations["party"].to_pylist()) == {"A"}
    assert set(theirs.accusations["party"].to_pylist()) == {"B"}
    assert public.accusations.num_rows == 0
    assert ours.rows.equals(public.rows)
    assert theirs.rows.equals(public.rows)
    assert b"Silence is never admission" in html.render(ours)


def test_a_claim_made_in_confidence_reaches_only_its_parties(released):
    in_confidence = "told to the mission in confidence"
    assert in_confidence not in released("public").claims["what"].to_pylist()
    assert in_confidence in released("party:B").claims["what"].to_pylist()
    assert in_confidence in released("commission").claims["what"].to_pylist()


def test_counts_of_a_zone_finer_than_a_cell_stay_inside(dossier, with_column):
    rows = dossier.counts.num_rows
    small = with_column(dossier, "counts", {"area": ["bridge"] * rows})
    wide = with_column(dossier, "counts", {"area": ["depot"] * rows})
    assert publish(small, View.parse("public")).counts.num_rows == 0
    assert publish(small, View.parse("commission")).counts.num_rows > 0
    assert publish(wide, View.parse("public")).counts.num_rows > 0


def test_a_place_in_a_zone_wider_than_a_cell_is_the_zone(dossier, with_column):
    rows = dossier.incidents.num_rows
    inside = with_column(dossier, "incidents", {"lat": [48.47] * rows, "lon": [-37.01] * rows})
    release = publish(inside, View.parse("public"))
    assert set(release.rows["place"].to_pylist()) == {"in or near Depot area"}
    assert min(release.rows["error_major_m"].to_pylist()) > 15_000


def test_force_and_sanctions_can_never_be_published_as_measures(dossier, with_column):
    rows = dossier.remedies.num_rows
    forced = with_column(dossier, "remedies", {"measure": ["sanctions_snapback"] * rows})
    with pytest.raises(PublicationError, match="never proposed"):
        publish(forced, View.parse("commission"))


def test_a_period_without_anything_still_makes_every_document(dossier):
    empty = replace(
        dossier,
        period=Period(first_day=date(2026, 1, 1), last_day=date(2026, 1, 1)),
        previous=None,
        incidents=dossier.incidents.slice(0, 0),
        acts=dossier.acts.slice(0, 0),
        members=dossier.members.slice(0, 0),
        posterior=dossier.posterior.slice(0, 0),
        exposures=dossier.exposures.slice(0, 0),
        counts=dossier.counts.slice(0, 0),
    )
    release = publish(empty, View.parse("public"))
    for form in FORMATS.values():
        assert form.render(release)
    assert "watch was recorded. Where nothing is reported" in html.render(release).decode()


@pytest.mark.parametrize(
    "text",
    ["48.01", "at 48,0159", "48°01′", "37U DQ 12345", "lat 48", "N 48 deg 1", "4801590"],
)
def test_words_that_say_where_are_not_spoken(text):
    assert speakable(text) is None


@pytest.mark.parametrize(
    "text", ["the parts sum to 2,928, not to 2,935", "1,404 shellings", "24 h"]
)
def test_words_that_say_how_many_are_spoken(text):
    assert speakable(text) == text
