"""Names of places in the cases that sentences need, by the commonest endings.

Written from school grammar for the endings that a place's name mostly has; a name with another
ending stands in the nominative after a word for `village` or `town`, as officials write it.
"""

from functools import lru_cache

# (ending, accusative, locative, genitive): what replaces the ending.
UKRAINIAN = (
    ("ськ", "ськ", "ську", "ська"),
    ("цьк", "цьк", "цьку", "цька"),
    ("івка", "івку", "івці", "івки"),
    ("ївка", "ївку", "ївці", "ївки"),
    ("нка", "нку", "нці", "нки"),
    ("град", "град", "граді", "града"),
    ("піль", "піль", "полі", "поля"),
    ("ине", "ине", "иному", "иного"),
    ("ове", "ове", "овому", "ового"),
    ("не", "не", "ному", "ного"),
    ("іве", "іве", "івому", "івого"),
)
RUSSIAN = (
    ("ск", "ск", "ске", "ска"),
    ("цк", "цк", "цке", "цка"),
    ("овка", "овку", "овке", "овки"),
    ("евка", "евку", "евке", "евки"),
    ("град", "град", "граде", "града"),
    ("поль", "поль", "поле", "поля"),
    ("ное", "ное", "ном", "ного"),
    ("овое", "овое", "овом", "ового"),
    ("ино", "ино", "ино", "ино"),
)
ENDINGS = {"uk": UKRAINIAN, "ru": RUSSIAN}
CASES = ("accusative", "locative", "genitive")

VILLAGE = {
    "uk": ("село {0}", "селі {0}", "села {0}"),
    "ru": ("село {0}", "селе {0}", "села {0}"),
    "en": ("{0}", "{0}", "{0}"),
}
TOWN = {
    "uk": ("місто {0}", "місті {0}", "міста {0}"),
    "ru": ("город {0}", "городе {0}", "города {0}"),
    "en": ("{0}", "{0}", "{0}"),
}
TOWN_PEOPLE = 10_000  # so many make a town: Ukrainian law of 1981 on the order of settlements


@lru_cache(maxsize=100_000)
def inflected(name: str, language: str, case: str, people: int = 0) -> str:
    """A place's name in a case, or after `village` or `town` where its ending is rare.

    Examples
    --------
    >>> inflected("Торецьк", "uk", "locative"), inflected("Ольховка", "ru", "accusative")
    ('Торецьку', 'Ольховку')
    >>> inflected("Лиски", "uk", "locative")
    'селі Лиски'
    >>> inflected("Чернівці", "uk", "genitive", people=240_000)
    'міста Чернівці'
    """
    number = CASES.index(case)
    if " " not in name and "-" not in name:
        for ending, *cases in ENDINGS.get(language, ()):
            if name.endswith(ending) and len(name) > len(ending) + 1:
                return name.removesuffix(ending) + cases[number]
    plain = TOWN if people >= TOWN_PEOPLE else VILLAGE
    return plain[language][number].format(name)
