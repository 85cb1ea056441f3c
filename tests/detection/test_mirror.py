"""One account in each language, told by and of each side: the sides are swapped and nothing else."""

from typing import Any

import pytest

from truceline.detection.text.reader import read
from truceline.tables.schemas import OBSERVATIONS, from_columns

OTHER = {"RU": "UA", "UA": "RU", None: None}
NAMES: dict[str, dict[str, dict[str, str]]] = {
    "uk": {
        "RU": {"people": "росіяни", "of_people": "росіян", "adjective": "російськ",
               "of_country": "Росії", "by_people": "росіянами", "staff": "Генштаб ЗС РФ"},
        "UA": {"people": "українці", "of_people": "українців", "adjective": "українськ",
               "of_country": "України", "by_people": "українцями", "staff": "Генштаб ЗС України"},
    },
    "ru": {
        "RU": {"people": "россияне", "of_people": "россиян", "adjective": "российск",
               "of_country": "России", "by_people": "россиянами", "staff": "Генштаб ВС РФ"},
        "UA": {"people": "украинцы", "of_people": "украинцев", "adjective": "украинск",
               "of_country": "Украины", "by_people": "украинцами", "staff": "Генштаб ВС Украины"},
    },
    "en": {
        "RU": {"people": "Russians", "of_people": "Russians", "adjective": "Russian",
               "of_country": "Russia", "by_people": "Russians", "staff": "the General Staff of Russia"},
        "UA": {"people": "Ukrainians", "of_people": "Ukrainians", "adjective": "Ukrainian",
               "of_country": "Ukraine", "by_people": "Ukrainians",
               "staff": "the General Staff of Ukraine"},
    },
}  # fmt: skip
TEMPLATES = {  # the same account in Ukrainian, Russian and English
    "shelling": (
        "Вчора {people} обстріляли Херсон з артилерії, двоє поранених",
        "Вчера {people} обстреляли Херсон из артиллерии, двое раненых",
        "Yesterday {people} shelled Kherson with artillery, two wounded",
    ),
    "drones": (
        "{adjective}і дрони атакували Херсон, є загиблі",
        "{adjective}ие дроны атаковали Херсон, погибли двое",
        "{adjective} drones attacked Kherson, two people killed",
    ),
    "owned blow": (
        "Внаслідок обстрілу {of_people} у Херсоні загинула жінка",
        "В результате обстрела {of_people} в Херсоне погибла женщина",
        "Shelling by {by_people} in Kherson killed a woman",
    ),
    "missile": (
        "Вночі {adjective}а ракета влучила у склад у Херсоні",
        "Ночью {adjective}ая ракета попала в склад в Херсоне",
        "Overnight a {adjective} missile hit a warehouse in Kherson",
    ),
    "advance": (
        "{adjective}і війська просунулися біля Херсона",
        "{adjective}ие войска продвинулись возле Херсона",
        "{adjective} forces advanced near Kherson",
    ),
    "retreat": (
        "{adjective}і війська відступили біля Херсона",
        "{adjective}ие войска отступили возле Херсона",
        "{adjective} forces retreated near Kherson",
    ),
    "staff on the adversary": (
        "{staff} повідомив: ворог обстріляв Херсон",
        "{staff} сообщил: враг обстрелял Херсон",
        "{staff} said the enemy shelled Kherson",
    ),
    "staff on its own": (
        "{staff} повідомив: наші військові обстріляли Херсон",
        "{staff} сообщил: наши военные обстреляли Херсон",
        "{staff} said our forces shelled Kherson",
    ),
    "denial": (
        "{staff} заперечив, що {adjective}а ракета влучила у школу в Херсоні",
        "{staff} отрицает, что {adjective}ая ракета попала в школу в Херсоне",
        "{staff} denied that a {adjective} missile hit a school in Kherson",
    ),
    "admission": (
        "{staff} підтвердив: {adjective}а ракета влучила у школу в Херсоні",
        "{staff} подтвердил: {adjective}ая ракета попала в школу в Херсоне",
        "{staff} confirmed: a {adjective} missile hit a school in Kherson",
    ),
    "adversary": (
        "Вночі ворог обстріляв Херсон, є поранені",
        "Ночью враг обстрелял Херсон, есть раненые",
        "Overnight the enemy shelled Kherson, two wounded",
    ),
    "occupiers": (
        "Окупанти атакували Херсон дронами, є поранені",
        "Оккупанты атаковали Херсон дронами, есть раненые",
        "Occupiers attacked Kherson with drones, two wounded",
    ),
    "invaders": (
        "Загарбники просунулися біля Херсона",
        "Захватчики продвинулись возле Херсона",
        "Invaders advanced near Kherson",
    ),
    "own": (
        "Сили оборони обстріляли склад у Херсоні",
        "Силы обороны обстреляли склад в Херсоне",
        "Defence Forces shelled a warehouse in Kherson",
    ),
    "repelled": (
        "Наші військові відбили атаку ворога біля Херсона",
        "Наши военные отбили атаку врага возле Херсона",
        "Our forces repelled an attack by the enemy near Kherson",
    ),
}
TONGUES = ("uk", "ru", "en")
SOURCES = ("RU", "UA", None)
ABOUT_SIDES = ("claimed_actor", "speaker")
SAME_IN_ALL = ("type", "type_confidence", "direction", "claimed_actor", "stance", "speaker",
               "place_kind", "place_name", "lat", "lon", "began", "ended")  # fmt: skip


def told(template: str, tongue: str, side: str) -> str:
    text = TEMPLATES[template][TONGUES.index(tongue)].format(**NAMES[tongue][side])
    return text[0].upper() + text[1:]


def row(text: str, tongue: str, source: str | None) -> dict[str, Any]:
    stated = {
        "observation_id": ["o"], "feed": "screened", "source": source or "desk", "root": "r",
        "source_kind": "party" if source else "media", "began": 1_744_800_000_000_000,
        "ended": 1_744_800_000_000_000, "reported_at": 1_744_800_000_000_000,
        "is_date_only": False, "direction": "undetermined", "stance": "none", "text": [text],
        "language": tongue,
    }  # fmt: skip
    after = read(
        from_columns(OBSERVATIONS, stated, 1),
        party_aliases={"RU": "RU", "UA": "UA"},
        screened_feeds=frozenset({"screened"}),
        calendar_zone="Europe/Kyiv",
    )
    rows: list[dict[str, Any]] = after.observations.to_pylist()
    assert rows, (text, after.set_aside.to_pylist())
    return rows[0]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_sides_are_swapped_and_nothing_else(
    template: str, tongue: str, source: str | None
) -> None:
    here = row(told(template, tongue, "RU"), tongue, source)
    there = row(told(template, tongue, "UA"), tongue, OTHER[source])
    apart = {"text", "source"}
    expected = here | {name: OTHER[here[name]] for name in ABOUT_SIDES}
    assert {k: v for k, v in there.items() if k not in apart} == {
        k: v for k, v in expected.items() if k not in apart
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_language_tells_the_same(template: str, source: str | None) -> None:
    read_as = [row(told(template, tongue, "UA"), tongue, source) for tongue in TONGUES]
    kept = [{name: found[name] for name in SAME_IN_ALL} for found in read_as]
    assert kept[0] == kept[1]
    assert kept[0] == kept[2]


@pytest.mark.parametrize("template", [t for t in TEMPLATES if "{" in TEMPLATES[t][0]])
def test_a_named_author_is_read_whoever_the_source_is(template: str) -> None:
    actors = {row(told(template, t, "RU"), t, s)["claimed_actor"] for t in TONGUES for s in SOURCES}
    assert actors == ({"UA"} if template == "staff on the adversary" else {"RU"})
