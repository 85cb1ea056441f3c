"""The grammar on sentences of our own: what is reported, and what only speaks of it."""

import pytest

from truceline.detection.text.counts import count_of
from truceline.detection.text.reading import read_text


@pytest.mark.parametrize(
    ("text", "kind", "direction"),
    [
        ("Унаслідок обстрілу села поранено жінку", "artillery", "impact"),
        ("Дрон скинув вибухівку на двір, є поранений", "uav_attack", "impact"),
        ("Над областю пролітають безпілотники", "uav_overflight", "transit"),
        ("ППО збила два дрони над містом Суми", "uav_overflight", "transit"),
        ("Ракета летить у бік Полтави", "missile", "incoming"),
        ("Авиабомба попала в дом, есть погибшие", "air_strike", "impact"),
        ("Село обстріляли з РСЗВ, двоє поранених", "mlrs", "impact"),
        ("Міномет обстріляв околицю Торецька", "mortar", "impact"),
        ("У Сумах пролунали вибухи", "explosion_unidentified", "undetermined"),
        ("Трактор підірвався на міні, водій загинув", "mine_or_uxo", "undetermined"),
        ("Бойові дії відбулися поблизу Торецька", "small_arms_fire", "undetermined"),
        ("Російські війська просунулися біля Торецька", "position_advance", "undetermined"),
        ("Українські війська відійшли з околиць Торецька", "force_movement", "undetermined"),
        ("Heavy shelling near Kherson, houses damaged", "artillery", "impact"),
        ("Gunfire and two explosions near Kherson", "small_arms_fire", "undetermined"),
    ],
)
def test_types_and_directions(text: str, kind: str, direction: str) -> None:
    frame = read_text(text, None).frame
    assert frame.is_relevant, frame
    assert (frame.type, frame.direction) == (kind, direction)


@pytest.mark.parametrize(
    "text",
    [
        "Президент засудив удар по місту і висловив співчуття",
        "Суд засудив чоловіка до 10 років за підпал авто",
        "Команда розгромила суперника в чемпіонаті з футболу",
        "Експерт пояснив, чи можливий наступ на місто",
        "Вартість ремонту дороги зросла до 5 млн грн",
        "У місті відкрили виставку, присвячену річниці",
        "Оголошено повітряну тривогу",
        "The mayor opened a new school in Kherson",
    ],
)
def test_what_only_speaks_about_violence_or_of_something_else_is_no_report(text: str) -> None:
    frame = read_text(text, None).frame
    assert not frame.is_relevant
    assert frame.reason


@pytest.mark.parametrize(
    "text",
    [
        "За добу на фронті відбулося 120 боєзіткнень",
        "Від початку доби зафіксовано 87 атак на фронті",
        "За ніч ППО збила 70 дронів",
        "Росіяни 138 разів обстріляли область",
        "За сутки зафиксировано 42 обстрела",
    ],
)
def test_sums_are_tallies_and_not_reports(text: str) -> None:
    frame = read_text(text, None).frame
    assert frame.is_tally
    assert not frame.is_relevant


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Понад 50 дронів атакували місто", (50, None, None, "uav")),
        ("Випустили майже 20 ракет", (None, None, 20, "missile")),
        ("Скинули три бомби на село", (3, 3, 3, "bomb")),
        ("Two explosions near Kherson", (2, 2, 2, "explosion")),
        ("Внаслідок обстрілу поранено 6 людей", (None, None, None, None)),
        ("Обстріл 13 квітня", (None, None, None, None)),
    ],
)
def test_counts_are_of_deeds_and_never_of_people(text: str, counted: tuple[object, ...]) -> None:
    assert tuple(count_of(read_text(text, None).sentence)) == counted


def test_the_first_sentence_that_reports_is_read() -> None:
    text = "Суд обрав запобіжний захід. Росіяни обстріляли Херсон, є поранені. Ціни зросли."
    found = read_text(text, None)
    assert found.frame.type == "artillery"
    assert [m.key for m in found.places] == ["херсон"]
