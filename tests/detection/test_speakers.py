"""Who speaks is told by the whole phrase; whose adversary or whose forces, by who speaks."""

import pyarrow as pa
import pytest

from truceline.detection.text.reader import read
from truceline.detection.text.reading import read_text
from truceline.tables.schemas import OBSERVATIONS, from_columns

OTHER = {"russia": "ukraine", "ukraine": "russia", "": ""}
PHRASES = [  # one phrase, with Russia and with Ukraine as owner
    ("Генштаб РФ", "Генштаб ЗСУ"),
    ("Генштаб ВС РФ", "Генштаб ВСУ"),
    ("Генштаб России", "Генштаб Украины"),
    ("Російський Генштаб", "Український Генштаб"),
    ("Генеральний штаб Збройних сил РФ", "Генеральний штаб Збройних сил України"),
    ("Генеральный штаб Вооружённых сил РФ", "Генеральный штаб Вооружённых сил Украины"),
    ("Міноборони Росії", "Міноборони України"),
    ("Міністерство оборони РФ", "Міністерство оборони України"),
    ("Минобороны РФ", "Минобороны Украины"),
    ("Российское Минобороны", "Украинское Минобороны"),
    ("МО РФ", "МО Украины"),
    ("МОРФ", "МОУ"),
    ("Командование ВС РФ", "Командование ВСУ"),
    ("ГРУ", "ГУР"),
    ("ФСБ", "СБУ"),
    ("Росгвардия", "НГУ"),
    ("Губернатор Белгородской области", "Губернатор Сумской области"),
    ("Губернатор Курської області", "Губернатор Сумської області"),
    ("Адміністрація Бєлгородської області", "Адміністрація Сумської області"),
    ("Херсонська ВГА", "Херсонська ОВА"),
    ("Путін", "Зеленський"),
    ("Белоусов", "Умеров"),
    ("Герасимов", "Сирський"),
    ("Гладков", "Синегубов"),
    ("Russia's Ministry of Defence", "Ukraine's Ministry of Defence"),
    ("The Russian Ministry of Defence", "The Ukrainian Ministry of Defence"),
    ("The Ministry of Defence of Russia", "The Ministry of Defence of Ukraine"),
    ("The Russian General Staff", "The Ukrainian General Staff"),
    ("The General Staff of the Armed Forces of Russia",
     "The General Staff of the Armed Forces of Ukraine"),
]  # fmt: skip


def said(phrase: str, voice: str = "") -> tuple[str, str]:
    """Speaker and author of a claim that the adversary did it."""
    if phrase.isascii():
        text = f"{phrase} said the enemy shelled the village"
    elif set("іїєґ") & set(phrase.casefold()) or "ськ" in phrase:
        text = f"{phrase}: противник обстріляв село"
    else:
        text = f"{phrase}: противник обстрелял посёлок"
    frame = read_text(text, None, (), voice).frame
    return frame.speaker, frame.actor


@pytest.mark.parametrize("at", [0, 1], ids=["russia", "ukraine"])
@pytest.mark.parametrize("pair", PHRASES, ids=lambda pair: pair[0])
def test_a_phrase_speaks_for_the_owner_that_it_names(pair: tuple[str, str], at: int) -> None:
    side = ("russia", "ukraine")[at]
    for voice in ("", "russia", "ukraine"):
        assert said(pair[at], voice) == (side, OTHER[side])


@pytest.mark.parametrize(
    "phrase", ["Генштаб", "Генеральний штаб", "Міноборони", "Минобороны", "МО", "Командование"]
)
def test_a_bare_organ_is_its_sources_own_or_nobodys(phrase: str) -> None:
    assert said(phrase) == ("", "")
    assert said(phrase, "russia") == ("russia", "ukraine")
    assert said(phrase, "ukraine") == ("ukraine", "russia")


@pytest.mark.parametrize(
    "phrase",
    ["Міноборони Британії", "Британське Міноборони", "UK Ministry of Defence", "ОВА", "Губернатор",
     "Губернатор Херсонской области", "Губернатор Запорізької області", "Мэр"],
)  # fmt: skip
def test_what_names_a_third_country_a_disputed_region_or_no_region_is_no_partys(
    phrase: str,
) -> None:
    for voice in ("", "russia", "ukraine"):
        assert said(phrase, voice) == ("", OTHER[voice])


@pytest.mark.parametrize("owner", ["ЗСУ", "РФ"])
def test_an_organ_that_is_spoken_of_does_not_speak(owner: str) -> None:
    text = f"Удар по Генштабу {owner}: противник обстріляв село, повідомили журналісти"
    assert read_text(text, None).frame.speaker == ""


@pytest.mark.parametrize("name", ["Зеленському", "Путіну"])
def test_an_official_who_is_spoken_to_does_not_speak(name: str) -> None:
    assert read_text(f"Посол заявив {name}, що ворог обстріляв село", None).frame.speaker == ""


@pytest.mark.parametrize("text", ["Окупаційна влада: ворог обстріляв село",
                                  "Оккупационные власти: враг обстрелял село"])  # fmt: skip
def test_occupation_authorities_are_whoever_the_source_calls_so(text: str) -> None:
    seen = {v: read_text(text, None, (), v).frame for v in ("", "russia", "ukraine")}
    assert {v: f.speaker for v, f in seen.items()} == OTHER
    assert {v: f.actor for v, f in seen.items()} == {v: v for v in OTHER}


ADVERSARIES = [
    "Ворог обстріляв село", "Враг обстрелял село", "Противник обстріляв село",
    "Противник обстрелял село", "Окупанти обстріляли село", "Оккупанты обстреляли село",
    "Загарбники обстріляли село", "Захватчики обстреляли село", "Агресор обстріляв село",
    "Агрессор обстрелял село", "Карателі обстріляли село", "Каратели обстреляли село",
    "Нацисти обстріляли село", "Нацисты обстреляли село", "Бойовики обстріляли село",
    "Боевики обстреляли село", "Рашисти обстріляли село", "Рашисты обстреляли село",
    "Бандерівці обстріляли село", "Бандеровцы обстреляли село", "Неприятель обстрелял село",
    "Ворожі дрони атакували село", "Вражеские дроны атаковали село",
    "The enemy shelled the village", "Enemy drones attacked the village",
    "Occupiers shelled the village", "Invaders shelled the village", "Nazis shelled the village",
    "Militants shelled the village",
]  # fmt: skip
OWN = [
    "Наші обстріляли село", "Наши обстреляли село", "Наші військові обстріляли село",
    "Наши военные обстреляли село", "Our forces shelled the village",
    "Сили оборони обстріляли село", "Силы обороны обстреляли село",
    "Defence Forces shelled the village", "Захисники обстріляли село", "Защитники обстреляли село",
    "Повітряні сили обстріляли село", "Воздушные силы обстреляли село",
]  # fmt: skip


@pytest.mark.parametrize("text", ADVERSARIES)
def test_a_word_for_the_adversary_means_the_sources_adversary_or_nobody(text: str) -> None:
    seen = {voice: read_text(text, None, (), voice).frame for voice in OTHER}
    assert {voice: frame.actor for voice, frame in seen.items()} == OTHER
    assert len({(f.type, f.is_relevant, f.points, f.direction) for f in seen.values()}) == 1


@pytest.mark.parametrize("text", OWN)
def test_a_word_for_ones_own_means_the_sources_own_or_nobody(text: str) -> None:
    seen = {voice: read_text(text, None, (), voice).frame for voice in OTHER}
    assert {voice: frame.actor for voice, frame in seen.items()} == {v: v for v in OTHER}
    assert {voice: f.stance for voice, f in seen.items() if voice} == dict.fromkeys(
        ("russia", "ukraine"), "admits"
    )


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Боевики ВСУ обстреляли село", "ukraine"),
        ("Бойовики РФ обстріляли село", "russia"),
        ("Украинские каратели обстреляли село", "ukraine"),
        ("Російські окупанти обстріляли село", "russia"),
        ("Вороги України обстріляли село", "russia"),
        ("Враги России обстреляли село", "ukraine"),
        ("Сили оборони України обстріляли село", "ukraine"),
        ("Силы обороны РФ обстреляли село", "russia"),
        ("Повітряні сили РФ обстріляли село", "russia"),
        ("Російсько-українська війна: обстріл села", ""),
        ("Українсько-російська війна: обстріл села", ""),
    ],
)
def test_a_plain_name_beside_a_loaded_word_decides_for_every_source(text: str, actor: str) -> None:
    for voice in OTHER:
        assert read_text(text, None, (), voice).frame.actor == actor


def test_a_row_speaks_for_its_stated_speaker_or_for_the_party_that_is_its_source() -> None:
    stated = {
        "observation_id": list("abcd"), "feed": "f", "root": "r", "began": 0, "ended": 0,
        "is_date_only": False, "direction": "undetermined", "stance": "none",
        "text": ["Ворог обстріляв село"] * 4,
        "source": ["desk", "UA", "Украина", "desk"],
        "source_kind": ["media", "party", "party", "media"],
        "speaker": [None, None, None, "RU"],
    }  # fmt: skip
    after = read(
        from_columns(OBSERVATIONS, stated, 4),
        party_aliases={"РФ": "RU", "Украина": "UA"},
        screened_feeds=frozenset(),
        calendar_zone="Europe/Kyiv",
    ).observations
    assert isinstance(after, pa.Table)
    assert after["claimed_actor"].to_pylist() == [None, "RU", "RU", "UA"]
    assert after["stance"].to_pylist() == ["none", "asserts", "asserts", "asserts"]
