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
        "artillery": ("Артилерійський обстріл накрив околиці {g}", "Обстріл з артилерії зафіксовано біля {g}"),
        "mortar": ("Мінометний обстріл накрив околиці {g}", "Обстріл з мінометів зафіксовано біля {g}"),
        "mlrs": ("Обстріл з РСЗВ накрив околиці {g}", "По околицях {g} вдарили з РСЗВ"),
        "tank_fire": ("Танк обстріляв околиці {g}", "Обстріл з танка зафіксовано біля {g}"),
        "missile": ("Ракетний удар прийшовся на околиці {g}", "Удар ракетою зафіксовано біля {g}"),
        "air_strike": ("Авіабомба влучила біля {g}", "Удар авіабомбою зафіксовано біля {g}"),
        "uav_attack": ("Атака дрона на околиці {g}", "Дрон влучив біля {g}"),
        "small_arms_fire": ("Обстріл зі стрілецької зброї зафіксовано біля {g}",
                            "Околиці {g} обстріляли зі стрілецької зброї"),
        "mine_or_uxo": ("Підрив на міні стався біля {g}", "Міна вибухнула поблизу {g}"),
        OTHER: ("Вибух пролунав біля {g}", "Вибухи чули біля {g}"),
    },
    "ru": {
        "artillery": ("Артиллерийский обстрел накрыл окраины {g}", "Обстрел из артиллерии зафиксирован вблизи {g}"),
        "mortar": ("Миномётный обстрел накрыл окраины {g}", "Обстрел из миномётов зафиксирован вблизи {g}"),
        "mlrs": ("Обстрел из РСЗО накрыл окраины {g}", "По окраинам {g} ударили из РСЗО"),
        "tank_fire": ("Танк обстрелял окраины {g}", "Обстрел из танка зафиксирован вблизи {g}"),
        "missile": ("Ракетный удар пришёлся на окраины {g}", "Удар ракетой зафиксирован вблизи {g}"),
        "air_strike": ("Авиаудар накрыл окраины {g}", "Удар авиабомбой зафиксирован вблизи {g}"),
        "uav_attack": ("Атака дрона на окраины {g}", "Удар дрона зафиксирован вблизи {g}"),
        "small_arms_fire": ("Обстрел из стрелкового оружия зафиксирован вблизи {g}",
                            "Окраины {g} обстреляли из стрелкового оружия"),
        "mine_or_uxo": ("Подрыв на мине произошёл вблизи {g}", "Мина взорвалась вблизи {g}"),
        OTHER: ("Взрыв прогремел вблизи {g}", "Взрывы слышали вблизи {g}"),
    },
    "en": {
        "artillery": ("Artillery shelling hit ground near {a}", "Shelling by artillery recorded near {l}"),
        "mortar": ("Mortar shelling hit ground near {a}", "Shelling with mortars recorded near {l}"),
        "mlrs": ("MLRS rockets hit ground near {a}", "Shelling with MLRS recorded near {l}"),
        "tank_fire": ("Tank shelling hit ground near {a}", "Shelling from a tank recorded near {l}"),
        "missile": ("Missile strike hit ground near {a}", "A missile hit near {l}"),
        "air_strike": ("Airstrike hit ground near {a}", "An airstrike hit near {l}"),
        "uav_attack": ("Drone attack near {a}", "A drone strike hit near {l}"),
        "small_arms_fire": ("Gunfire hit ground near {a}", "Small-arms attack near {a}"),
        "mine_or_uxo": ("A mine exploded near {l}", "Mine explosion near {l}"),
        OTHER: ("An explosion was heard near {l}", "Explosions were heard near {l}"),
    },
}  # fmt: skip

ACTIVE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "uk": {
        "artillery": ("обстріляли околиці {g} з артилерії",),
        "mortar": ("обстріляли околиці {g} з мінометів",),
        "mlrs": ("обстріляли околиці {g} з РСЗВ",),
        "tank_fire": ("обстріляли околиці {g} з танка",),
        "missile": ("вдарили ракетою по околицях {g}",),
        "air_strike": ("завдали авіаудару по околицях {g}",),
        "uav_attack": ("атакували околиці {g} дроном",),
        "small_arms_fire": ("обстріляли околиці {g} зі стрілецької зброї",),
        OTHER: ("вдарили по околицях {g}",),
    },
    "ru": {
        "artillery": ("обстреляли окраины {g} из артиллерии",),
        "mortar": ("обстреляли окраины {g} из миномётов",),
        "mlrs": ("обстреляли окраины {g} из РСЗО",),
        "tank_fire": ("обстреляли окраины {g} из танка",),
        "missile": ("ударили ракетой по окраинам {g}",),
        "air_strike": ("нанесли авиаудар по окраинам {g}",),
        "uav_attack": ("атаковали окраины {g} дроном",),
        "small_arms_fire": ("обстреляли окраины {g} из стрелкового оружия",),
        OTHER: ("ударили по окраинам {g}",),
    },
    "en": {
        "artillery": ("shelled ground near {a} with artillery",),
        "mortar": ("shelled ground near {a} with mortars",),
        "mlrs": ("shelled ground near {a} with MLRS",),
        "tank_fire": ("shelled ground near {a} from a tank",),
        "missile": ("hit ground near {a} with a missile",),
        "air_strike": ("bombed ground near {a} from the air",),
        "uav_attack": ("attacked ground near {a} with a drone",),
        "small_arms_fire": ("attacked ground near {a} with machine-guns",),
        OTHER: ("attacked ground near {a}",),
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
