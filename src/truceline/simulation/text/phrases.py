"""Sentences by language and type: what happened, and who is said to have done it.

`{a}`, `{l}`, `{g}` are the place in the accusative, locative and genitive; `{p}` is the party in the
genitive, `{n}` in the nominative. Each list holds sayings of one meaning: equal wordings pick the
same one.
"""

from collections.abc import Mapping

from truceline.tables.posterior import TYPES

OTHER = "other"

NOBODY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "uk": {
        "artillery": ("Артилерійський обстріл накрив {a}", "Обстріл з артилерії зафіксовано у {l}"),
        "mortar": ("Мінометний обстріл накрив {a}", "Обстріл з мінометів зафіксовано у {l}"),
        "mlrs": ("Обстріл з РСЗВ накрив {a}", "По околицях {g} вдарили з РСЗВ"),
        "tank_fire": ("Танк обстріляв {a}", "Обстріл з танка зафіксовано у {l}"),
        "missile": ("Ракетний удар прийшовся на {a}", "Удар ракетою зафіксовано у {l}"),
        "air_strike": ("Авіабомба влучила у {a}", "Удар авіабомбою зафіксовано у {l}"),
        "uav_attack": ("Атака дрона на {a}", "Дрон влучив у {a}"),
        "small_arms_fire": ("Обстріл зі стрілецької зброї зафіксовано у {l}",
                            "Околиці {g} обстріляли зі стрілецької зброї"),
        "mine_or_uxo": ("Підрив на міні стався у {l}", "Міна вибухнула поблизу {g}"),
        OTHER: ("Вибух пролунав у {l}", "Вибухи чули у {l}"),
    },
    "ru": {
        "artillery": ("Артиллерийский обстрел накрыл {a}", "Обстрел из артиллерии зафиксирован в {l}"),
        "mortar": ("Миномётный обстрел накрыл {a}", "Обстрел из миномётов зафиксирован в {l}"),
        "mlrs": ("Обстрел из РСЗО накрыл {a}", "По окраинам {g} ударили из РСЗО"),
        "tank_fire": ("Танк обстрелял {a}", "Обстрел из танка зафиксирован в {l}"),
        "missile": ("Ракетный удар пришёлся на {a}", "Удар ракетой зафиксирован в {l}"),
        "air_strike": ("Авиаудар накрыл {a}", "Удар авиабомбой зафиксирован в {l}"),
        "uav_attack": ("Атака дрона на {a}", "Удар дрона зафиксирован в {l}"),
        "small_arms_fire": ("Обстрел из стрелкового оружия зафиксирован в {l}",
                            "Окраины {g} обстреляли из стрелкового оружия"),
        "mine_or_uxo": ("Подрыв на мине произошёл в {l}", "Мина взорвалась вблизи {g}"),
        OTHER: ("Взрыв прогремел в {l}", "Взрывы слышали в {l}"),
    },
    "en": {
        "artillery": ("Artillery shelling hit {a}", "Shelling by artillery recorded in {l}"),
        "mortar": ("Mortar shelling hit {a}", "Shelling with mortars recorded in {l}"),
        "mlrs": ("MLRS rockets hit {a}", "Shelling with MLRS recorded in {l}"),
        "tank_fire": ("Tank shelling hit {a}", "Shelling from a tank recorded in {l}"),
        "missile": ("Missile strike hit {a}", "A missile hit {l}"),
        "air_strike": ("Airstrike hit {a}", "An airstrike hit {l}"),
        "uav_attack": ("Drone attack on {a}", "A drone strike hit {l}"),
        "small_arms_fire": ("Gunfire hit {a}", "Small-arms attack on {a}"),
        "mine_or_uxo": ("A mine exploded in {l}", "Mine explosion near {l}"),
        OTHER: ("An explosion was heard in {l}", "Explosions rocked {l}"),
    },
}  # fmt: skip

ACTIVE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "uk": {
        "artillery": ("обстріляли {a} з артилерії",),
        "mortar": ("обстріляли {a} з мінометів",),
        "mlrs": ("обстріляли {a} з РСЗВ",),
        "tank_fire": ("обстріляли {a} з танка",),
        "missile": ("вдарили ракетою по околицях {g}",),
        "air_strike": ("завдали авіаудару по околицях {g}",),
        "uav_attack": ("атакували {a} дроном",),
        "small_arms_fire": ("обстріляли {a} зі стрілецької зброї",),
        OTHER: ("вдарили по околицях {g}",),
    },
    "ru": {
        "artillery": ("обстреляли {a} из артиллерии",),
        "mortar": ("обстреляли {a} из миномётов",),
        "mlrs": ("обстреляли {a} из РСЗО",),
        "tank_fire": ("обстреляли {a} из танка",),
        "missile": ("ударили ракетой по окраинам {g}",),
        "air_strike": ("нанесли авиаудар по окраинам {g}",),
        "uav_attack": ("атаковали {a} дроном",),
        "small_arms_fire": ("обстреляли {a} из стрелкового оружия",),
        OTHER: ("ударили по окраинам {g}",),
    },
    "en": {
        "artillery": ("shelled {a} with artillery",),
        "mortar": ("shelled {a} with mortars",),
        "mlrs": ("shelled {a} with MLRS",),
        "tank_fire": ("shelled {a} from a tank",),
        "missile": ("hit {a} with a missile",),
        "air_strike": ("bombed {a} from the air",),
        "uav_attack": ("attacked {a} with a drone",),
        "small_arms_fire": ("attacked {a} with machine-guns",),
        OTHER: ("attacked {a}",),
    },
}

SUBJECT: Mapping[str, tuple[str, ...]] = {
    "uk": ("Війська {p}", "Сили {p}"),
    "ru": ("Войска {p}", "Силы {p}"),
    "en": ("{p} forces", "{p} troops"),
}
DENIAL: Mapping[str, str] = {
    "uk": "{n} заперечує, що {s} {v}",
    "ru": "{n} отрицает, что {s} {v}",
    "en": "{n} denies that {s} {v}",
}
ADMISSION: Mapping[str, str] = {
    "uk": "Штаб {p} визнав: {s} {v}",
    "ru": "Штаб {p} признал: {s} {v}",
    "en": "General Staff of {p} admits: {s} {v}",
}


# Openings and endings that say nothing of the deed: independent writers seldom use the same ones.
OPENINGS: Mapping[str, tuple[str, ...]] = {
    "uk": (
        "",
        "Терміново: ",
        "Оновлено: ",
        "Коротко: ",
        "Зведення: ",
        "Канал пише: ",
        "Стрічка новин: ",
        "Щойно: ",
        "Наш читач: ",
        "З місця: ",
        "Місцеві: ",
        "Очевидці: ",
    ),
    "ru": (
        "",
        "Срочно: ",
        "Обновлено: ",
        "Коротко: ",
        "Сводка: ",
        "Канал пишет: ",
        "Лента новостей: ",
        "Сейчас: ",
        "Читатель: ",
        "С места: ",
        "Местные: ",
        "Очевидцы: ",
    ),
    "en": (
        "",
        "Urgent: ",
        "Update: ",
        "Brief: ",
        "Summary: ",
        "Channel: ",
        "Newswire: ",
        "Just in: ",
        "Reader: ",
        "On the spot: ",
        "Locals: ",
        "Eyewitnesses: ",
    ),
}
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "uk": (
        "",
        " Дим видно здалеку.",
        " Дорогу перекрито.",
        " Мешканці в укриттях.",
        " Фото надіслали читачі.",
        " Рятувальники виїхали.",
        " Зв'язок з перебоями.",
        " Шибки в будинках вибиті.",
        " Люди налякані.",
        " Збираємо відомості.",
        " Тиша повернулася за годину.",
        " Собаки гавкали до світанку.",
    ),
    "ru": (
        "",
        " Дым виден издалека.",
        " Дорога перекрыта.",
        " Жители в укрытиях.",
        " Фото прислали читатели.",
        " Спасатели выехали.",
        " Связь с перебоями.",
        " Стёкла в домах выбиты.",
        " Люди напуганы.",
        " Собираем сведения.",
        " Тишина вернулась через час.",
        " Собаки лаяли до рассвета.",
    ),
    "en": (
        "",
        " Smoke is visible from afar.",
        " The road is closed.",
        " Residents are in shelters.",
        " Readers sent pictures.",
        " Rescuers are on the way.",
        " Phones work badly.",
        " Windows are broken.",
        " People are frightened.",
        " Word is still coming in.",
        " It was quiet again within the hour.",
        " Dogs barked until sunrise.",
    ),
}


def spoken_type(type_: int, table: Mapping[str, tuple[str, ...]]) -> str:
    """The key under which a type stands in a table of sayings.

    Examples
    --------
    >>> spoken_type(TYPES.index("mortar"), NOBODY["en"]), spoken_type(-1, NOBODY["en"])
    ('mortar', 'other')
    """
    name = TYPES[type_] if type_ >= 0 else OTHER
    if name == "sniper_fire":
        return "small_arms_fire"
    return name if name in table else OTHER
