"""Weapon systems by name: class, calibre and greatest range, with how uk, ru and en texts write them.

Ranges are the greatest that the usual ammunition reaches. `RANGE_SOURCES` names those that were
read in a text; every other range and every calibre is general knowledge and only ever an upper
bound: it says who could have reached a place, never who did. A range is None where the published
figures differ too widely to be one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class WeaponClass(StrEnum):
    """What sort of weapon: the words that selectors and exceptions of an agreement use.

    Caps count troops, formations (brigades, battalions) and vehicles too; these are no weapons, and
    an agreement that names weapons does not mean them.
    """

    SMALL_ARMS = "small_arms"
    MACHINE_GUN = "machine_gun"
    SNIPER = "sniper"
    MORTAR = "mortar"
    GUN = "gun"
    HOWITZER = "howitzer"
    MLRS = "mlrs"
    TANK = "tank"
    AFV = "afv"
    MISSILE = "missile"
    UAV = "uav"
    FIXED_WING = "fixed_wing"
    ROTARY_WING = "rotary_wing"
    SAM = "sam"
    ANTI_TANK = "anti_tank"
    AIR_DEFENCE = "air_defence"
    TROOPS = "troops"
    FORMATION = "formation"
    VEHICLE = "vehicle"
    NOT_KNOWN = "not_known"


RANGE_SOURCES = {
    "MT-12 Rapira": "Minsk Memorandum, 19 September 2014, point 4",
    "120 mm mortar": "Minsk Memorandum, 19 September 2014, point 4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One named system, with the pattern of its spellings (empty: known by class and calibre only)."""

    name: str
    weapon_class: WeaponClass
    calibre_mm: float | None
    range_km: float | None
    spellings: re.Pattern[str] | None


_C = WeaponClass
# Russian and Ukrainian case endings, and the plural s of English.
_ENDING = r"(?:s|а|у|ом|ем|е|и|ы|і|ів|ов|ам|ами|ах|ами|я|ю|єю|ею|ей|ою|ой|ям|ями|ях|ев|єв)?"

# name, class, calibre (mm), greatest range (km), spellings; `~` stands for a case ending and `-`
# for a hyphen, a space or nothing. General knowledge unless RANGE_SOURCES has the name.
_ROWS: tuple[tuple[str, WeaponClass, float | None, float | None, str], ...] = (
    ("60 mm mortar", _C.MORTAR, 60, 2.6, ""),
    ("2B14 Podnos", _C.MORTAR, 82, 4.3, "2[bб]-14|podnos|поднос~|піднос~"),
    ("2B9 Vasilek", _C.MORTAR, 82, 4.3, "2[bб]-9|vasil[yi]?[eo]?k|василек|василёк|волошка"),
    ("120 mm mortar", _C.MORTAR, 120, 8, ""),
    ("2S12 Sani", _C.MORTAR, 120, 8, "2[sс]-12|2[bб]-11|sani|сани"),
    ("2S4 Tyulpan", _C.MORTAR, 240, 20, "2[sс]-4|t[iy]?ul[iy]?pan|тюльпан~"),
    ("D-44", _C.GUN, 85, 15.7, "[dд]-44"),
    ("D-48", _C.GUN, 85, 19, "[dд]-48"),
    ("MT-12 Rapira", _C.GUN, 100, 9, "mt-12|мт-12|t-12|т-12|rapira|рапір~|рапир~"),
    ("2A36 Giatsint-B", _C.GUN, 152, 33, "2[aа]-36|[gh][iy]a[tc]s?int-[bб]|г[иі]ац[иі]нт-б"),
    (
        "2S5 Giatsint-S",
        _C.GUN,
        152,
        33,
        "2[sс]-5|[gh][iy]a[tc]s?int(?:-[sс])?|г[иі]ац[иі]нт(?:-с)?",
    ),
    ("2S7 Pion", _C.GUN, 203, 47, "2[sс]-7[mм]?|pion|малка|пион~|піон~"),
    ("D-30", _C.HOWITZER, 122, 15.3, "[dд]-30"),
    ("2S1 Gvozdika", _C.HOWITZER, 122, 15.3, "2[sс]-1|[gh]vozd[iy]ka|гвозд[иі]к~"),
    ("D-20", _C.HOWITZER, 152, 24, "[dд]-20"),
    ("2S3 Akatsiya", _C.HOWITZER, 152, 24, "2[sс]-3|akats?[iy]+a|акац[иі]~"),
    ("2A65 Msta-B", _C.HOWITZER, 152, 29, "2[aа]-65|msta-[bб]|мст[аыиу]-б"),
    ("2S19 Msta-S", _C.HOWITZER, 152, 29, "2[sс]-19|msta(?:-[sс])?|мст[аыиу](?:-[сc])?"),
    ("M777", _C.HOWITZER, 155, 40, "[mм]-777"),
    ("M109", _C.HOWITZER, 155, 30, "[mм]-109"),
    ("Caesar", _C.HOWITZER, 155, 42, "caesar|цезар~|цезарь"),
    ("PzH 2000", _C.HOWITZER, 155, 40, "pzh-2000"),
    ("AHS Krab", _C.HOWITZER, 155, 40, "krab|краб~"),
    ("Tornado-S", _C.MLRS, 300, 120, "tornado-[sс]|торнадо-[сc]"),
    ("Tornado-U", _C.MLRS, 220, 40, "tornado-u|торнадо-у"),
    ("Tornado-G", _C.MLRS, 122, 40, "tornado-g|торнадо-г"),
    ("BM-21 Grad", _C.MLRS, 122, 21, "bm-21|бм-21|grads?|hrad|град~"),
    ("RM-70", _C.MLRS, 122, 21, "rm-70|рм-70"),
    ("BM-27 Uragan", _C.MLRS, 220, 36, "bm-27|бм-27|ura[gh]ans?|ураган~"),
    ("BM-30 Smerch", _C.MLRS, 300, 90, "bm-30|бм-30|smerch|смерч~"),
    ("Vilkha", _C.MLRS, 300, 110, "v[iy]lkha|вільх~|ольх~"),
    ("HIMARS", _C.MLRS, 227, 84, "himars|хаймарс~|хімарс~|m142"),
    ("M270", _C.MLRS, 227, 84, "[mм]-270"),
    (
        "TOS-1",
        _C.MLRS,
        220,
        10,
        "tos-1[aа]?|тос-1[aа]?|буратіно|буратино|buratino|сонцепек~|солнцепек~",
    ),
    ("T-54/55", _C.TANK, 100, None, "[tт]-5[45]"),
    ("T-62", _C.TANK, 115, None, "[tт]-62[mм]?"),
    ("T-64", _C.TANK, 125, None, "[tт]-64(?:бв|bv|бм|bm|[bб])?"),
    ("T-72", _C.TANK, 125, None, "[tт]-72(?:[bбaам]3?)?"),
    ("T-80", _C.TANK, 125, None, "[tт]-80(?:бв|bv|бвм|bvm|[uу])?"),
    ("T-90", _C.TANK, 125, None, "[tт]-90[mмaа]?"),
    ("Leopard", _C.TANK, None, None, "leopards?(?:-[12])?|леопард~(?:-[12])?"),
    ("Abrams", _C.TANK, 120, None, "abrams|абрамс~"),
    ("BMP", _C.AFV, None, None, "bmp(?:-[123])?|бмп(?:-[123])?"),
    ("BTR", _C.AFV, None, None, "btr(?:-\\d{1,2})?|бтр(?:-\\d{1,2})?"),
    ("BRDM", _C.AFV, None, None, "brdm(?:-2)?|брдм(?:-2)?"),
    ("MT-LB", _C.AFV, None, None, "mt-lb|мт-лб"),
    ("Bradley", _C.AFV, 25, None, "bradleys?|бредл[іи]|брэдли"),
    ("Tochka-U", _C.MISSILE, None, 120, "(?:tochka|точк[аиуою]{1,2})-[uу]"),
    ("Tochka", _C.MISSILE, None, 70, "tochka"),
    ("Iskander", _C.MISSILE, None, 500, "iskanders?(?:-[mkмк])?|[іи]скандер~(?:-[mkмк])?"),
    ("ATACMS", _C.MISSILE, None, 300, "atacms"),
    ("Kalibr", _C.MISSILE, None, None, "kalibrs?|кал[иі]бр(?:ы|и|ов|ів|ами)"),
    ("Kinzhal", _C.MISSILE, None, None, "kinzhals?|кинджал~|кинжал~"),
    ("Kh-101", _C.MISSILE, None, None, "kh-101|x-101|х-101"),
    ("Kh-22", _C.MISSILE, None, None, "kh-22|x-22|х-22"),
    ("Kh-59", _C.MISSILE, None, None, "kh-59|x-59|х-59"),
    (
        "Shahed",
        _C.UAV,
        None,
        None,
        "shaheds?(?:-13[16])?|шахед~(?:-13[16])?|[gh]eran(?:-[12])?|геран[ьіиея]?(?:-[12])?",
    ),
    ("FPV", _C.UAV, None, None, "fpv(?:-дрон~|-drones?)?|фпв|камікадзе|камикадзе|kamikaze"),
    ("Lancet", _C.UAV, None, None, "lancets?|ланцет~"),
    ("Mavic", _C.UAV, None, None, "mavics?|мав[іи]к~"),
    ("Orlan-10", _C.UAV, None, None, "orlan(?:-[13]0)?|орлан~(?:-[13]0)?"),
    ("Bayraktar", _C.UAV, None, None, "bayraktars?|байрактар~"),
    (
        "Su aircraft",
        _C.FIXED_WING,
        None,
        None,
        "su-(?:2[4-7]|3[0-5]|57)[a-z]?|су-(?:2[4-7]|3[0-5]|57)[а-я]?",
    ),
    ("MiG aircraft", _C.FIXED_WING, None, None, "mig-\\d{2}[a-z]?|м[иі]г-\\d{2}[а-я]?"),
    ("F-16", _C.FIXED_WING, None, None, "[fф]-16"),
    (
        "Guided bomb",
        _C.FIXED_WING,
        None,
        None,
        "kabs?|каб(?:и|ы|ами|ів|ов|ом)?|glide-bombs?|guided-bombs?",
    ),
    (
        "Mi helicopter",
        _C.ROTARY_WING,
        None,
        None,
        "mi-(?:8|17|24|28|35)[a-z]*|м[иі]-(?:8|17|24|28|35)[а-я]*",
    ),
    ("Ka-52", _C.ROTARY_WING, None, None, "ka-52|ка-52"),
    ("Osa", _C.SAM, None, 10, "9[kк]-33|osa(?:-[aа]кm?)?|оса"),
    ("Strela-10", _C.SAM, None, 5, "9[kк]-35|strela(?:-10)?|стр[еі]ла-10"),
    ("Buk", _C.SAM, None, 45, "buk|бук"),
    ("S-300", _C.SAM, None, None, "[sсc]-[34]00"),
    ("Tor", _C.SAM, None, 16, "tor-[mм]\\d?|тор-[mм]\\d?"),
    ("Pantsir", _C.SAM, None, 20, "pants[yi]r|панцирь?|панцир~"),
    ("Patriot", _C.SAM, None, None, "patriots?|петр[іи]от|пэтриот"),
    ("Igla", _C.SAM, None, 6, "[ii]gla|ігла|игла|manpads?|пзрк"),
    ("ZU-23-2", _C.AIR_DEFENCE, 23, 2.5, "zu-23(?:-2)?|зу-23(?:-2)?"),
    ("ZSU-23-4 Shilka", _C.AIR_DEFENCE, 23, 2.5, "zsu-23(?:-4)?|зсу-23-4|shilka|шилк~"),
    ("Kornet", _C.ANTI_TANK, 152, 5.5, "kornets?|корнет~"),
    ("Konkurs", _C.ANTI_TANK, 135, 4, "konkurs|9[mм]-113"),
    ("Fagot", _C.ANTI_TANK, 120, 2.5, "fagot|9[mм]-111|9[kк]-111"),
    ("Stugna", _C.ANTI_TANK, 130, 5, "stu[gh]na(?:-[pп])?|стугн~(?:-п)?"),
    ("Javelin", _C.ANTI_TANK, 127, 4, "javelins?|джавел[іи]н~"),
    ("RPG", _C.ANTI_TANK, None, None, "rpg(?:-\\d{1,2})?|рпг(?:-\\d{1,2})?|спг-9|spg-9"),
    ("DShK", _C.MACHINE_GUN, 12.7, None, "dshk[mм]?|дшк[mм]?|nsv|нсв|utes|утес~"),
    ("KPVT", _C.MACHINE_GUN, 14.5, None, "kpvt?|кпвт?"),
    ("PKM", _C.MACHINE_GUN, 7.62, None, "pkm|пкм"),
    ("SVD", _C.SNIPER, 7.62, None, "svd|свд"),
    ("AK", _C.SMALL_ARMS, None, None, "ak-\\d{2}[mм]?|ак-\\d{2}[mм]?"),
    ("AGS-17", _C.SMALL_ARMS, 30, 1.7, "ags(?:-\\d{2})?|агс(?:-\\d{2})?"),
)

# Words for a class where no system is named; the first that fits in this order decides.
_WORDS: tuple[tuple[WeaponClass, str], ...] = (
    (_C.MLRS, "mlrs|multiple-launch|multiple-rocket|rszv|rszo|рсзв|рсзо|реактивн\\w+ (?:артил|систем)\\w*"),
    (_C.ANTI_TANK, "anti-tank(?! gun)\\w*|atgms?|птрк|птур\\w*|протитанк\\w* ракет\\w*|противотанк\\w* ракет\\w*|grenade launcher \\(?rpg"),
    (_C.GUN, "anti-tank guns?|cannons?|протитанков\\w+ гармат\\w*|противотанков\\w+ пуш\\w*"),
    (_C.MORTAR, "mortars?|minomet\\w*|міномет\\w*|миномет\\w*"),
    (_C.HOWITZER, "howitzers?|[gh]aub[iy]ts\\w*|гаубиц\\w*"),
    (_C.AIR_DEFENCE, "anti-aircraft guns?|зенітн\\w+ (?:гармат|установ)\\w*|зенитн\\w+ (?:пуш|установ)\\w*"),
    (_C.SAM, "sams?|surface-to-air\\w*|anti-aircraft missile\\w*|зрк|зенітн\\w+ ракет\\w*|зенитн\\w+ ракет\\w*"),
    (_C.AIR_DEFENCE, "air-defen[cs]e|anti-aircraft|ппо|пво"),
    (_C.TANK, "(?:main battle )?tanks?|танк(?!ер)\\w*"),
    (_C.SNIPER, "snipers?|sna[iy]per\\w*|снайпер\\w*"),
    (_C.MACHINE_GUN, "(?:heavy )?machine-guns?|hmg|kulemet\\w*|pulemet\\w*|кулемет\\w*|пулемет\\w*"),
    (_C.UAV, "uavs?|uas|drones?|dron\\w*|quadcopters?|бпла|бпак|дрон\\w*|безп[иі]лотн\\w*|беспилотн\\w*|квадрокоптер\\w*|коптер\\w*|quadrocopters?"),
    (_C.ROTARY_WING, "helicopters?|вертол[еі]т\\w*|гел[иі]коптер\\w*|[vg]ertol[ei]t\\w*|[gh]elikopter\\w*"),
    (_C.FIXED_WING, "aircraft|planes?|bombers?|jets?|авіац\\w*|авиац\\w*|літак\\w*|самолет\\w*|авіабомб\\w*|авиабомб\\w*"),
    (_C.MISSILE, "missiles?|ballistic\\w*|raket[aiy]|ракет\\w*|балістик\\w*|баллистик\\w*"),
    (_C.AFV, "afvs?|acvs?|ifvs?|apcs?|infantry fighting vehicles?|armou?red (?:combat |fighting |personnel )?(?:vehicles?|carriers?)|бронемашин\\w*|ббм|бронетехн\\w*|бронетрансп\\w*"),
    (_C.GUN, "guns?|гармат\\w*|пуш(?:ка|ки|ку|кой|ек|ками)"),
    (_C.SMALL_ARMS, "small-arms?|rifles?|under-barrel\\w*|ugl|стр[еі]л[ке]\\w+ (?:збро|оруж)\\w*|стрілецьк\\w*|стрелков\\w*|автомат\\w*|гранатомет\\w*"),
    (_C.FORMATION, "brigades?|battalions?|бригад\\w*|батальйон\\w*|батальон\\w*"),
    (_C.TROOPS, "troops|soldiers?|servicem[ae]n|військовослужбовц\\w*|военнослужащ\\w*|солдат\\w*"),
    # A "military vehicle" may be armoured: only lorries, and the bare word of the class, are known to be none.
    (_C.VEHICLE, "trucks?|lorr(?:y|ies)|вантаж[іи]вк\\w*|грузовик\\w*"),
)  # fmt: skip


def _spelling(pattern: str) -> re.Pattern[str] | None:
    if not pattern:
        return None
    # Only a hyphen outside a character class stands for "hyphen, space or nothing".
    loose = re.sub(r"-(?![^\[]*\])", r"[-\\s]?", pattern).replace("~", _ENDING)
    return re.compile(rf"(?<!\w)(?:{loose})(?!\w)")


SYSTEMS: tuple[System, ...] = tuple(
    System(
        name=name,
        weapon_class=weapon_class,
        calibre_mm=None if calibre_mm is None else float(calibre_mm),
        range_km=None if range_km is None else float(range_km),
        spellings=_spelling(pattern),
    )
    for name, weapon_class, calibre_mm, range_km, pattern in _ROWS
)
WORDS: tuple[tuple[WeaponClass, re.Pattern[str]], ...] = tuple(
    (weapon_class, pattern)
    for weapon_class, words in _WORDS
    if (pattern := _spelling(words)) is not None
)
