"""Places: inflected names, candidates kept, regions as mixtures, the feed's point as one candidate."""

import pytest

from truceline.detection.text.gazetteer import load
from truceline.detection.text.places import SAME_PLACE_M, TextPlace, distance_m, place_of, single
from truceline.detection.text.reading import read_text


def read_place(
    text: str, point: tuple[float, float] | None = None, name: str | None = None
) -> TextPlace:
    return place_of(read_text(text, None).places, point, name, is_near=False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Обстріляли Харків", "Kharkiv"),
        ("У Харкові вибух", "Kharkiv"),
        ("Удар по Харькову, есть раненые", "Kharkiv"),
        ("Бої під Часовим Яром", "Chasiv Yar"),
        ("Бої біля Часового Яру", "Chasiv Yar"),
        ("Ракетний удар по Кривому Розі", "Kryvyy Rih"),
        ("Вибухи у Торецьку", "Toretsk"),
        ("Shelling near Kherson", "Kherson"),
    ],
)
def test_names_are_found_in_every_case(text: str, name: str) -> None:
    place = read_place(text)
    assert place.name == name
    assert place.components[0].weight > 0.9


def test_a_name_that_several_places_bear_keeps_several_candidates() -> None:
    place = read_place("Обстріляли Золочів, є поранені")
    assert place.kind == "mixture"
    assert len(place.components) >= 2
    assert sum(c.weight for c in place.components) == pytest.approx(1.0)
    assert max(c.weight for c in place.components) < 0.95


def test_the_region_named_beside_it_moves_the_weight() -> None:
    alone = read_place("Обстріляли Золочів, є поранені").components
    beside = read_place("Обстріляли Золочів на Харківщині, є поранені").components
    kharkiv = load().settlements[load().forms["харків"][0]]

    def near(parts: tuple[object, ...]) -> float:
        return sum(
            c.weight for c in parts if distance_m((c.lat, c.lon), (kharkiv.lat, kharkiv.lon)) < 60e3
        )

    assert near(beside) > 0.9 > near(alone)


def test_the_feeds_point_moves_the_weight_too() -> None:
    east = read_place("Обстріляли Золочів", (50.28, 35.98), "Zolochiv")
    west = read_place("Обстріляли Золочів", (49.81, 24.90), "Zolochiv")
    assert east.components[0].lon > 35
    assert west.components[0].lon < 26


def test_a_region_is_an_area_wide_as_the_region_and_not_the_feeds_point() -> None:
    place = read_place("Росіяни обстріляли Сумщину", (50.92, 34.8), "Sumy")
    assert (place.kind, place.area_id, len(place.components)) == ("area", "UA-59", 8)
    assert single(place.components).error_major_m > 80_000


def test_a_city_and_its_region_is_the_region() -> None:
    assert read_place("У Києві та області працювала ППО").area_id == "UA-32"


def test_na_zaporizhzhi_is_the_region_and_u_zaporizhzhi_the_city() -> None:
    assert read_place("Обстріл на Запоріжжі").area_id == "UA-23"
    assert read_place("Обстріл у Запоріжжі").area_id is None


def test_of_several_named_places_the_feeds_point_picks_its_own() -> None:
    place = read_place("Вибухи у Сумах, Харкові та Дніпрі", (49.98, 36.25), "Kharkiv")
    assert place.name == "Kharkiv"


def test_a_village_that_no_gazetteer_holds_is_known_by_the_feeds_name_for_it() -> None:
    place = read_place("Бої біля Незнанівки та Торецька", (48.9, 37.1), "Neznanivka")
    assert place.name == "Neznanivka"
    assert distance_m((place.components[0].lat, place.components[0].lon), (48.9, 37.1)) < 1


def test_a_place_told_from_a_town_is_wide_round_the_town() -> None:
    place = read_place("Атака в селе Незнановка к югу от Торецка")
    assert place.components[0].error_major_m >= SAME_PLACE_M


def test_a_surname_or_a_team_is_no_place() -> None:
    assert read_place("Шевченко виграв суд").components == ()


def test_every_region_has_a_mixture_of_weight_one() -> None:
    gazetteer = load()
    for area in set(gazetteer.area_names.values()) | set(gazetteer.area_adjectives.values()):
        assert sum(c.weight for c in gazetteer.areas[area]) == pytest.approx(1.0, abs=2e-3)
