"""A weapon's name gives its class, calibre and range; selectors fall on the right side of an edge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.agreement.catalogue import SYSTEMS, WeaponClass
from truceline.agreement.weapon import Weapon, matches, parse

CLASSES = {kind.value for kind in WeaponClass}


@pytest.mark.parametrize(
    ("text", "weapon_class", "calibre_mm", "name"),
    [
        ("mortar 120 mm", "mortar", 120.0, "mortar 120 mm"),
        ("82 mm mortar", "mortar", 82.0, "82 mm mortar"),
        ("120-мм міномет", "mortar", 120.0, "120-мм міномет"),
        ("миномёт калибра 82 мм", "mortar", 82.0, "миномёт калибра 82 мм"),
        ("minomet 82 mm", "mortar", 82.0, "minomet 82 mm"),
        ("BM-21 Grad", "mlrs", 122.0, "BM-21 Grad"),
        ("РСЗВ «Град»", "mlrs", 122.0, "BM-21 Grad"),
        ("из Градов", "mlrs", 122.0, "BM-21 Grad"),
        ("D-30", "howitzer", 122.0, "D-30"),
        ("гаубиця Д-30", "howitzer", 122.0, "D-30"),
        ("2S1", "howitzer", 122.0, "2S1 Gvozdika"),
        ("2С1 Гвоздика", "howitzer", 122.0, "2S1 Gvozdika"),
        ("tank T-72", "tank", 125.0, "T-72"),
        ("tank (T-64BV)", "tank", 125.0, "T-64"),
        ("танками", "tank", None, "танками"),
        ("MT-12", "gun", 100.0, "MT-12 Rapira"),
        ("anti-tank gun (MT-12 Rapira, 100mm)", "gun", 100.0, "MT-12 Rapira"),
        ("Uragan", "mlrs", 220.0, "BM-27 Uragan"),
        ("Ураганами", "mlrs", 220.0, "BM-27 Uragan"),
        ("Smerch", "mlrs", 300.0, "BM-30 Smerch"),
        ("Торнадо-С", "mlrs", 300.0, "Tornado-S"),
        ("Tochka-U", "missile", None, "Tochka-U"),
        ("Точка-У", "missile", None, "Tochka-U"),
        ("Shahed-136", "uav", None, "Shahed"),
        ("«Шахедами»", "uav", None, "Shahed"),
        ("Герань-2", "uav", None, "Shahed"),
        ("FPV", "uav", None, "FPV"),
        ("FPV-дрон", "uav", None, "FPV"),
        ("КАБ", "fixed_wing", None, "Guided bomb"),
        ("HMG", "machine_gun", None, "HMG"),
        ("small-arms", "small_arms", None, "small-arms"),
        ("strilba: снайпер", "sniper", None, "strilba: снайпер"),
        ("ЗРК С-300", "sam", None, "S-300"),
        ("IFV (BMP-1)", "afv", None, "BMP"),
    ],
)
def test_a_name_gives_class_calibre_and_system(text, weapon_class, calibre_mm, name):
    weapon = parse(text)
    assert (weapon.weapon_class, weapon.calibre_mm, weapon.name) == (weapon_class, calibre_mm, name)


@pytest.mark.parametrize(
    "text",
    [None, "", " ", "N/K", "n/k", "not_known", "explosion", "градус", "танкер", "калибр", "машина"],
)
def test_what_names_no_weapon_is_not_known(text):
    assert parse(text).weapon_class == "not_known"
    assert parse(text).range_km is None


@pytest.mark.parametrize("word", sorted(CLASSES))
def test_every_stored_word_names_its_own_class(word):
    assert parse(word).weapon_class == word


def test_every_listed_system_is_found_by_its_own_name():
    for system in SYSTEMS:
        if system.spellings is not None and not system.name.endswith(("aircraft", "helicopter")):
            assert parse(system.name).name == system.name


def test_a_range_is_the_systems_or_the_farthest_of_its_class_and_calibre():
    assert parse("MT-12").range_km == 9.0
    assert parse("mortar 120 mm").range_km == 8.0
    assert parse("mlrs 122 mm").range_km == 40.0
    assert parse("mortar").range_km is None


def test_a_calibre_that_contradicts_the_system_is_not_known():
    assert parse("D-30 152 mm").calibre_mm is None
    assert parse("D-30 122 mm").calibre_mm == 122.0


def gun(calibre_mm: float | None) -> Weapon:
    return Weapon(weapon_class="gun", calibre_mm=calibre_mm, name="gun")


@pytest.mark.parametrize(
    ("selector", "calibre_mm", "answer"),
    [
        ({"calibre_min_mm": 100}, 99.0, False),
        ({"calibre_min_mm": 100}, 99.99, False),
        ({"calibre_min_mm": 100}, 100.0, True),
        ({"calibre_min_mm": 100, "calibre_min_exclusive": True}, 100.0, False),
        ({"calibre_min_mm": 100, "calibre_min_exclusive": True}, 100.01, True),
        ({"calibre_max_mm": 100}, 100.0, True),
        ({"calibre_max_mm": 100, "calibre_max_exclusive": True}, 100.0, False),
        ({"calibre_max_mm": 100, "calibre_max_exclusive": True}, 99.0, True),
        ({"calibre_min_mm": 100}, None, None),
        ({"calibre_min_mm": None}, 152.0, None),
        ({"calibre_min_mm": 100, "classes": ["mortar"]}, None, False),
        ({}, None, True),
        (None, None, True),
    ],
)
def test_calibre_edges_fall_on_the_right_side(selector, calibre_mm, answer):
    assert matches(selector, gun(calibre_mm)) is answer


def test_the_hundred_millimetre_gun_is_heavy_by_minsk_two_and_not_by_the_memorandum():
    rapira = parse("MT-12")
    assert matches({"classes": ["gun", "howitzer"], "calibre_min_mm": 100}, rapira) is True
    memorandum = {"classes": ["gun"], "calibre_min_mm": 100, "calibre_min_exclusive": True}
    assert matches(memorandum, rapira) is False


def test_names_decide_where_the_system_is_known_and_stay_open_where_it_is_not():
    far = {"names": ["Uragan", "Smerch", "Tornado-S", "Tochka", "Tochka-U"]}
    assert matches(far, parse("Ураган")) is True
    assert matches(far, parse("BM-21 Grad")) is False
    assert matches(far, parse("mlrs")) is None
    assert matches(far, parse("mlrs 122 mm")) is False
    assert matches(far, parse("N/K")) is None
    assert matches(far, parse("mortar 82 mm")) is False


def test_ranges_bound_both_ways():
    assert matches({"range_max_km": 20}, parse("D-30")) is True
    assert matches({"range_max_km": 15.3}, parse("D-30")) is True
    assert matches({"range_min_km": 20}, parse("D-30")) is False
    assert matches({"range_max_km": 20}, parse("tank")) is None


def test_an_unknown_class_is_neither_in_nor_out():
    assert matches({"classes": ["mortar"]}, parse("N/K")) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_a_weapon_of_a_stored_class(text):
    assert parse(text).weapon_class in CLASSES
