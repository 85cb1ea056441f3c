"""What lies at an edge falls on the right side of it."""

from datetime import UTC, datetime

import numpy as np
import pytest
from truces import END, clause, evidence, happening, in_force, line, truce, zone

from truceline.agreement.terms import Agreement
from truceline.findings.contract import Subjects
from truceline.findings.find import find
from truceline.geometry.offset import between, moved
from truceline.model.place import SIGMAS_95
from truceline.pipeline import plugins
from truceline.tables import schemas

LINE = ((36.0, 48.0), (40.0, 48.0))
WITHDRAW = {
    "weapons": {"classes": ["gun", "howitzer"], "calibre_min_mm": 100},
    "distance_m": 15_000,
    "lines": {"a": "line", "b": "line"},
}


def verdicts(agreement: Agreement, subjects: Subjects, party: str = "a") -> list[str]:
    found = find(agreement, subjects, plugins.load("clauses")).to_pylist()
    return [row["verdict"] for row in found if row["party"] == party and row["reading"] is None]


def gun(distance_m: float, weapon: str = "gun 122 mm") -> dict:
    """A gun seen firing so far north of the line."""
    lat, lon = moved(*(np.array([v]) for v in (48.0, 38.0, 0.0, distance_m)))
    return happening(
        lat=float(lat[0]), lon=float(lon[0]), error_m=1.0, type="artillery", direction="outgoing",
        weapon=weapon,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("distance_m", "verdict"),
    [(14_900.0, "violation"), (14_990.0, "violation"), (15_010.0, "compliant")],
)
def test_a_gun_at_14_9_km_is_not_withdrawn_and_beyond_15_km_is(
    distance_m: float, verdict: str
) -> None:
    agreement = truce(clause("withdraw", WITHDRAW), lines=[line(path=LINE)])
    assert verdicts(agreement, evidence([gun(distance_m)])) == [verdict]


def test_a_gun_at_15_km_exactly_is_withdrawn() -> None:
    agreement = truce(clause("withdraw", WITHDRAW), lines=[line(path=LINE)])
    placed = gun(15_000.0)
    exact = [(1.0, placed["lat"], placed["lon"], 0.0, 0.0, 0.0)]
    assert verdicts(agreement, evidence([placed | {"components": exact}])) == ["compliant"]


@pytest.mark.parametrize(
    ("weapon", "verdict"),
    [("gun 99 mm", None), ("gun 100 mm", "violation"), ("gun", "insufficient_evidence")],
)
def test_99_mm_is_below_the_limit_100_mm_is_not_and_unknown_is_not_known(
    weapon: str, verdict: str | None
) -> None:
    agreement = truce(clause("withdraw", WITHDRAW), lines=[line(path=LINE)])
    assert verdicts(agreement, evidence([gun(5_000.0, weapon)])) == ([verdict] if verdict else [])


def test_where_shells_land_does_not_say_where_the_gun_stood() -> None:
    agreement = truce(clause("withdraw", WITHDRAW), lines=[line(path=LINE)])
    landed = gun(5_000.0) | {"direction": "impact"}
    assert verdicts(agreement, evidence([landed])) == ["insufficient_evidence"]


@pytest.mark.parametrize(
    ("zone_name", "utc"),
    [
        ("Europe/Kyiv", datetime(2026, 1, 31, 22, 0, tzinfo=UTC)),
        ("Europe/Moscow", datetime(2026, 1, 31, 21, 0, tzinfo=UTC)),
        ("UTC", datetime(2026, 2, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_second_before_midnight_is_before_the_truce_in_each_zone(
    zone_name: str, utc: datetime
) -> None:
    from zoneinfo import ZoneInfo

    began = datetime(2026, 2, 1, 0, 0, tzinfo=ZoneInfo(zone_name))
    assert began == utc
    agreement = truce(
        clause("prohibit", {"acts": ["mortar"]}, periods=in_force("a", began=began)),
        calendar=zone_name,
    )
    before = began.astimezone(UTC).replace() - (utc - utc.replace(second=0)) - SECOND
    at = [happening(id="1", began=before), happening(id="2", began=began.astimezone(UTC))]
    found = find(agreement, evidence(at), plugins.load("clauses")).to_pylist()
    assert [(row["subject_id"], row["verdict"]) for row in found] == [("a-2-1", "violation")]


SECOND = datetime(2026, 1, 1, 0, 0, 1) - datetime(2026, 1, 1)


def test_the_last_second_of_a_truce_still_binds_and_its_end_does_not() -> None:
    agreement = truce(clause("prohibit", {"acts": ["mortar"]}))
    at = [happening(id="1", began=END - SECOND), happening(id="2", began=END)]
    assert verdicts(agreement, evidence(at)) == ["violation"]


def test_the_76th_tank_breaks_a_cap_of_75() -> None:
    cap = {"weapons": {"classes": ["tank"]}, "maximum": 75, "zone": "square", "per": "party"}
    agreement = truce(clause("cap", cap), zones=[zone()])
    tanks = [holding("h1", "one", 75, 1), holding("h2", "two", 1, 2)]
    found = find(agreement, with_holdings(tanks), plugins.load("clauses")).to_pylist()
    assert [(row["subject_id"], row["verdict"]) for row in found] == [
        ("h1", "compliant"),
        ("h2", "violation"),
    ]


def test_the_same_tanks_seen_again_do_not_add_up() -> None:
    cap = {"weapons": {"classes": ["tank"]}, "maximum": 75, "zone": "square", "per": "party"}
    agreement = truce(clause("cap", cap), zones=[zone()])
    tanks = [holding(f"h{n}", "one", 75, n) for n in range(1, 5)]
    found = find(agreement, with_holdings(tanks), plugins.load("clauses")).to_pylist()
    assert {row["verdict"] for row in found} == {"compliant"}


def test_tanks_outside_the_band_do_not_count_and_an_unknown_number_is_not_settled() -> None:
    band = {"line": "line", "from_m": 0, "to_m": 10_000}
    cap = {"weapons": {"classes": ["tank"]}, "maximum": 2, "band": band}
    agreement = truce(clause("cap", cap), lines=[line(path=LINE)])
    far, near = {"lat": 48.5}, {"lat": 48.01}
    tanks = [holding("h1", "one", 50, 1, **far), holding("h2", "two", None, 2, **near)]
    found = find(agreement, with_holdings(tanks), plugins.load("clauses")).to_pylist()
    assert [(r["subject_id"], r["verdict"]) for r in found] == [
        ("h1", "compliant"),
        ("h2", "insufficient_evidence"),
    ]


def test_a_withdrawal_is_judged_from_its_deadline_on() -> None:
    terms = WITHDRAW | {"weapons": {"classes": ["tank"]}, "finish_by": "2026-03-01T00:00+02:00"}
    agreement = truce(clause("withdraw", terms), lines=[line(path=LINE)])
    tanks = [holding("h1", "one", 3, 1, lat=48.01)]
    early = tanks[0] | {"ended": datetime(2026, 2, 1, tzinfo=UTC)}
    assert find(agreement, with_holdings([early]), plugins.load("clauses")).num_rows == 0
    found = find(agreement, with_holdings(tanks), plugins.load("clauses")).to_pylist()
    assert [row["verdict"] for row in found] == ["violation"]


def holding(name: str, site: str, count: int | None, month: int, **fields: object) -> dict:
    given = {
        "holding_id": name, "site": site, "party": "a", "weapon": "tank", "count_low": count,
        "count_best": count, "count_high": count, "began": datetime(2026, month, 1, tzinfo=UTC),
        "ended": datetime(2026, 12, 1, tzinfo=UTC), "lat": 48.5, "lon": 37.5,
        "error_major_m": 10.0, "error_minor_m": 10.0, "error_azimuth_deg": 0.0,
    }  # fmt: skip
    return given | fields


def with_holdings(rows: list[dict]) -> Subjects:
    import pyarrow as pa

    table = schemas.conform(pa.Table.from_pylist(rows), schemas.HOLDINGS)
    return Subjects(
        acts=schemas.empty(schemas.ACTS), incidents=schemas.empty(schemas.INCIDENTS), holdings=table
    )


WIGGLY = tuple((36.0 + 0.01 * n, 48.0 + 0.02 * np.sin(n * 0.7)) for n in range(401))


@pytest.mark.parametrize("path", [LINE, WIGGLY, ((37.0, 47.5), (38.0, 48.0), (39.0, 47.5))])
@pytest.mark.parametrize("to_m", [300.0, 3_000.0, 15_000.0])
def test_an_ellipse_across_an_edge_is_within_a_hundredth_of_a_million_samples(
    path: tuple, to_m: float
) -> None:
    from truceline.geometry.distance import distance, index_line

    rng = np.random.default_rng(3)
    truth, happenings = [], []
    index = index_line([path])
    for number in range(12):
        at = np.array(path[len(path) // 2])
        offset = rng.uniform(-1.0, 1.0) * 900.0 + to_m
        lat, lon = moved(*(np.array([v]) for v in (at[1], at[0], rng.normal(0, 500), offset)))
        major, minor = rng.uniform(300, 3_000), rng.uniform(100, 300)
        turn = rng.uniform(0, np.pi)
        c, s = np.cos(turn), np.sin(turn)
        cov = (
            np.array([[c, -s], [s, c]])
            @ np.diag([major**2, minor**2])
            @ np.array([[c, s], [-s, c]])
        )
        drawn = rng.multivariate_normal([0, 0], cov, 1_000_000)
        there = moved(lat, lon, drawn[:, 0], drawn[:, 1])
        truth.append(np.mean(distance(index, *there) < to_m))
        part = (1.0, float(lat[0]), float(lon[0]), cov[0, 0], cov[0, 1], cov[1, 1])
        happenings.append(happening(id=f"{number:02d}", components=[part]))
    agreement = truce(
        clause("prohibit", {"acts": ["mortar"], "zone": "strip"}),
        lines=[line(path=path)],
        zones=[zone("strip", polygons=None, line_id="line", width_m=to_m)],
    )
    found = find(agreement, evidence(happenings), plugins.load("clauses")).to_pylist()
    got = np.array([row["p_violation"] for row in found if row["party"] == "a"])
    assert 0.02 < np.mean(truth) < 0.98
    assert np.abs(got - truth).max() < 0.01


def test_an_ellipse_across_a_drawn_zone_is_within_a_hundredth_of_a_million_samples() -> None:
    from truceline.geometry.zone_index import index_zones, inside

    rng = np.random.default_rng(4)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 60))
    ring = [
        (37.5 + r * np.cos(a), 48.5 + 0.7 * r * np.sin(a))
        for a, r in zip(angle, 0.1 * rng.uniform(0.8, 1.2, 60), strict=True)
    ]
    ring.append(ring[0])
    index = index_zones([[[ring]]])
    truth, happenings = [], []
    for number in range(20):
        lon, lat = ring[3 * number]
        sigma = rng.uniform(200, 4_000)
        drawn = rng.normal(0, sigma, (1_000_000, 2))
        there = moved(np.array([lat]), np.array([lon]), drawn[:, 0], drawn[:, 1])
        truth.append(inside(index, there[1], there[0], 0).mean())
        happenings.append(
            happening(id=f"{number:02d}", lat=lat, lon=lon, error_m=sigma * SIGMAS_95)
        )
    agreement = truce(
        clause("prohibit", {"acts": ["mortar"], "zone": "star"}), zones=[zone("star", ring)]
    )
    found = find(agreement, evidence(happenings), plugins.load("clauses")).to_pylist()
    got = np.array([row["p_violation"] for row in found if row["party"] == "a"])
    assert np.abs(got - truth).max() < 0.01


def test_places_mirrored_across_a_mirrored_line_give_the_same_probabilities() -> None:
    rng = np.random.default_rng(5)
    path = tuple((38.0 + x, 47.5 + 0.05 * n) for n, x in enumerate(rng.normal(0, 0.03, 21)))
    mirrored = tuple((76.0 - x, y) for x, y in path)
    here, there = [], []
    for number in range(40):
        lat, lon = rng.uniform(47.6, 48.4), 38.0 + rng.normal(0, 0.2)
        e, n = rng.uniform(500, 5_000, 2)
        cov = rng.uniform(-0.9, 0.9) * e * n
        name = f"{number:02d}"
        here.append(happening(id=name, components=[(1.0, lat, lon, e * e, cov, n * n)]))
        there.append(happening(id=name, components=[(1.0, lat, 76.0 - lon, e * e, -cov, n * n)]))
    terms = {"acts": ["mortar"], "zone": "strip"}
    strip = zone("strip", polygons=None, line_id="line", width_m=10_000.0, side="a")
    one = truce(
        clause("prohibit", terms), zones=[strip], lines=[line(path=path, left="a", right="b")]
    )
    other = truce(
        clause("prohibit", terms), zones=[strip], lines=[line(path=mirrored, left="b", right="a")]
    )
    kinds = plugins.load("clauses")
    p = [
        np.asarray(find(agreement, evidence(at), kinds)["p_violation"])
        for agreement, at in ((one, here), (other, there))
    ]
    assert 0.1 < p[0].mean() < 0.9
    assert np.abs(p[0] - p[1]).max() < 0.005


def test_between_is_right_to_a_metre_in_15_km() -> None:
    # 15,000 m due north of 48 N along WGS 84's meridian (its own series, to the sixth power of e).
    north = between(48.0, 38.0, np.array([48.134906]), np.array([38.0]))[1]
    assert abs(north[0] - 15_000.0) < 1.0


WIDTHS = (500, 5_000, 25_000)


def test_over_many_places_chords_agree_with_very_many_points() -> None:
    from truceline.geometry.distance import distance, index_line
    from truceline.geometry.sample import standard_normal

    rng = np.random.default_rng(6)
    happenings, truth = [], []
    points, index = standard_normal(1 << 14), index_line([WIGGLY])
    for number in range(1_500):
        lon, lat = rng.uniform(37.5, 38.5), 48.0 + rng.normal(0, 0.25)
        e, n = np.exp(rng.uniform(np.log(50), np.log(4_000), 2))
        lean = rng.uniform(-0.9, 0.9)
        part = (1.0, lat, lon, e * e, lean * e * n, n * n)
        drawn = points @ np.array([[e, lean * n], [0.0, np.sqrt(1 - lean**2) * n]])
        away = distance(index, *moved(np.array([lat]), np.array([lon]), *drawn.T))
        truth.append([np.mean(away <= to_m) for to_m in WIDTHS])
        happenings.append(happening(id=f"{number:04d}", components=[part]))
    bans = [
        clause("prohibit", {"acts": ["mortar"], "zone": f"z{m}"}, clause_id=f"c{m}") for m in WIDTHS
    ]
    strips = [zone(f"z{m}", polygons=None, line_id="line", width_m=float(m)) for m in WIDTHS]
    agreement = truce(*bans, zones=strips, lines=[line(path=WIGGLY)])
    subjects, kinds = evidence(happenings), plugins.load("clauses")
    found = np.asarray(find(agreement, subjects, kinds)["p_violation"])
    got = found.reshape(len(WIDTHS), 2, -1)  # by clause, party and act
    many = np.broadcast_to(np.array(truth).T[:, None], got.shape)
    assert np.sum((many > 0.01) & (many < 0.99)) > 500
    assert np.abs(got - many).max() < 0.01
