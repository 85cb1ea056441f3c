"""Counting after the OSCE's Special Monitoring Mission to Ukraine: each thing heard or seen is one.

One violation is one explosion, projectile in flight, muzzle flash, illumination flare, burst or
shot; the total is the sum of these. Two totals that the mission published add up exactly so: 908 of
27 July to 2 September 2020 and 2,515 of 27 July to 23 November 2020.
"""

from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.findings.contract import Counted, CountingRule

# The five kinds of the mission's total, and the units by which reports name them.
KINDS = MappingProxyType(
    {
        "explosion": "explosions",
        "explosions": "explosions",
        "impact": "explosions",
        "impacts": "explosions",
        "projectile": "projectiles in flight",
        "projectiles": "projectiles in flight",
        "projectile_in_flight": "projectiles in flight",
        "muzzle_flash": "muzzle flashes",
        "muzzle_flashes": "muzzle flashes",
        "flare": "illumination flares",
        "flares": "illumination flares",
        "illumination_flare": "illumination flares",
        "burst": "bursts and shots",
        "bursts": "bursts and shots",
        "shot": "bursts and shots",
        "shots": "bursts and shots",
    }
)

# Fire and what it leaves; other acts (a denied patrol, a trench) are violations of another sort.
FIRE = frozenset(
    {
        "small_arms_fire",
        "sniper_fire",
        "mortar",
        "artillery",
        "mlrs",
        "tank_fire",
        "missile",
        "air_strike",
        "uav_attack",
        "explosion_unidentified",
        "exercise_live_fire",
    }
)


def amount(counted: Counted) -> npt.NDArray[np.int64]:
    """As many as were counted in one of the units; fire of unknown number is at least one.

    A number in another unit (attacks, salvos) says nothing about explosions: the act is one.
    """
    acts = counted.acts
    unit = pc.utf8_lower(pc.replace_substring(acts["count_unit"], " ", "_"))
    is_ours = np.asarray(pc.is_in(unit, value_set=pa.array(sorted(KINDS))).fill_null(False))
    stated = pc.coalesce(acts["count_best"], acts["count_low"])
    number = np.asarray(stated.fill_null(1)).astype(np.int64)
    is_fire = np.isin(counted.type, sorted(FIRE))
    one = np.maximum(np.where(is_ours, number, 1), 1)
    # A unit says what was heard even where the type is not settled.
    nothing = is_ours & np.asarray(pc.equal(stated, 0).fill_null(False))
    return np.where(nothing, 0, np.where(is_ours | is_fire, one, 0))


COUNT = CountingRule(
    name="smm",
    summary="Each explosion, projectile in flight, muzzle flash, flare, burst or shot is one",
    amount=amount,
)
