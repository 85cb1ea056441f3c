"""Who fires, with what, at what, and who answers: orders, errors, bursts and retaliation.

From first deeds the whole cluster is drawn, generation by generation. Both sides follow the same
rules with the same numbers. A deed is ordered, or a unit's error (negligent, or by accident), which
brings on no burst but may well be answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Bools, Deeds, Floats, Ground, Intent, Ints, Nature
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import Counter, joined, make, none
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.intensity import Firsts

NUMBERS: Mapping[str, Any] = {
    "p_error": 0.15,  # assumed: share of first deeds that nobody ordered
    "p_accidental": 0.3,  # assumed: of those, by accident; the rest is negligence
    "p_answer": 0.35,  # assumed: chance that a deed is answered
    "p_answer_an_answer": 0.15,  # assumed: chains die out
    "answer_delay_s": 1_500.0,  # assumed: median; a permitted answer comes within two hours
    "answer_spread": 1.0,  # assumed: standard deviation of the log delay
    "p_exchange": 0.25,  # assumed: answers so quick that both acts are one happening
    "answer_off_m": 700.0,  # assumed: how far an answer lands from where the fire came from
    "p_heavier": 0.2,  # assumed: an answer with a heavier arm than that which fired
    "joint_share": 0.01,  # assumed: exchanges in which both open fire at once
    "behind_factor": 1.0,  # stretches how far behind the line arms stand
    "generations": 8,  # clusters end here; the ninth generation holds under 1 % of the deeds
}
ASIDE = 0.3  # deviation of where the guns stand along the line, of the arm's range; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanders:
    """What the drawing of a cluster needs."""

    numbers: Mapping[str, Any]
    bursts: Mapping[str, Any]  # `intensity.NUMBERS`
    ground: Ground
    counter: Counter
    campaigns: Counter


def clusters(with_: Commanders, first: Firsts, rng: Generator) -> Deeds:
    """Every deed of the campaigns that the first deeds begin."""
    count = len(first.began_s)
    if count == 0:
        return none()
    is_error = rng.random(count) < float(with_.numbers["p_error"])
    arm = rng.choice(len(arms.ARMS), size=count, p=arms.column("share"))
    current = _fired(with_, first.began_s, first.x_m, first.side, arm, rng, {
        "campaign": with_.campaigns.take(count),
        "nature": np.where(is_error, int(Nature.UNIT_ERROR), int(Nature.HOSTILE)),
        "intent": _intent(with_, is_error, rng),
    })  # fmt: skip
    parts = [_some_joint(with_, current, rng)]
    for _ in range(int(with_.numbers["generations"])):
        current = joined([_bursts(with_, current, rng), _answers(with_, current, rng)])
        if len(current) == 0:
            break
        parts.append(current)
    return joined(parts)


def _intent(with_: Commanders, is_error: Bools, rng: Generator) -> Ints:
    accident = rng.random(len(is_error)) < float(with_.numbers["p_accidental"])
    error = np.where(accident, int(Intent.ACCIDENTAL), int(Intent.NEGLIGENT))
    return np.where(is_error, error, int(Intent.DELIBERATE))


def _some_joint(with_: Commanders, deeds: Deeds, rng: Generator) -> Deeds:
    """A few deeds are nobody's first shot: both sides opened fire at once."""
    is_joint = rng.random(len(deeds)) < float(with_.numbers["joint_share"])
    author = deeds.author.copy()
    author[is_joint] = int(Author.JOINT)
    return replace(deeds, author=author)


def _bursts(with_: Commanders, deeds: Deeds, rng: Generator) -> Deeds:
    """More of the same by the same side, nearby and soon."""
    ordered = np.where(
        deeds.nature == int(Nature.UNIT_ERROR), 0.0, float(with_.bursts["branching"])
    )
    repeats = rng.poisson(ordered)
    rows = np.repeat(np.arange(len(deeds)), repeats)
    rows = rows[deeds.author[rows] <= int(Author.B)]
    of, count = deeds.take(rows), len(rows)
    began_s = of.began_s + rng.exponential(float(with_.bursts["burst_delay_s"]), count)
    x_m = of.x_m + rng.normal(0.0, float(with_.bursts["burst_spread_m"]), count)
    arm = np.where(rng.random(count) < 0.8, of.weapon, _any_arm(count, rng))  # mostly the same arm
    return _fired(with_, began_s, x_m, of.author, arm, rng, {
        "campaign": of.campaign, "nature": of.nature, "answers": of.answers,
    })  # fmt: skip


def _answers(with_: Commanders, deeds: Deeds, rng: Generator) -> Deeds:
    """Fire of the other side at where the fire came from."""
    numbers = with_.numbers
    chance = np.where(deeds.answers >= 0, numbers["p_answer_an_answer"], numbers["p_answer"])
    is_answered = (rng.random(len(deeds)) < chance) & (deeds.author <= int(Author.B))
    of = deeds.take(np.flatnonzero(is_answered))
    count = len(of)
    is_quick = rng.random(count) < float(numbers["p_exchange"])
    late_s = float(numbers["answer_delay_s"]) * rng.lognormal(
        0.0, float(numbers["answer_spread"]), count
    )
    delay_s = np.where(is_quick, rng.uniform(5.0, 300.0, count), 60.0 + late_s)
    heavier = np.where(rng.random(count) < float(numbers["p_heavier"]), of.weapon + 2, of.weapon)
    arm = np.minimum(heavier, len(arms.ARMS) - 1)
    made = _fired(with_, of.began_s + delay_s, of.origin_x_m, 1 - of.author, arm, rng, {
        "campaign": of.campaign, "nature": int(Nature.RESPONSE), "answers": of.deed,
    })  # fmt: skip
    off = rng.normal(0.0, float(numbers["answer_off_m"]), (2, count))
    x_m, y_m = of.origin_x_m + off[0], of.origin_y_m + off[1]
    in_range = np.hypot(x_m - made.origin_x_m, y_m - made.origin_y_m) < arms.column("range_m")[arm]
    happening = np.where(is_quick, of.happening, made.deed)
    made = replace(made, x_m=x_m, y_m=y_m, happening=happening)
    return made.take(in_range)  # an arm that does not reach back does not answer


def _any_arm(count: int, rng: Generator) -> Ints:
    return rng.choice(len(arms.ARMS), size=count, p=arms.column("share"))


def _fired(
    with_: Commanders,
    began_s: Floats,
    x_m: Floats,
    side: Ints,
    arm: Ints,
    rng: Generator,
    more: Mapping[str, Any],
) -> Deeds:
    """Acts of fire: from behind the own line into the other side's ground."""
    count = len(began_s)
    scatter = rng.lognormal(0.0, 0.5, (2, count))  # assumed: spread of depths about their medians
    behind_m = arms.column("behind_m")[arm] * scatter[0] * float(with_.numbers["behind_factor"])
    range_m = arms.column("range_m")[arm]
    # Nobody stands within half the width of the line, to fire or to be hit.
    half_m = with_.ground.width_m / 2
    behind_m = half_m + np.minimum(behind_m, 0.7 * (range_m - 2 * half_m))
    into_m = np.minimum(arms.column("into_m")[arm] * scatter[1] + half_m, 0.95 * range_m - behind_m)
    north = np.where(side == 0, 1.0, -1.0)  # side A stands in the north
    most_m = np.sqrt(np.maximum(range_m**2 - (behind_m + into_m) ** 2, 0.0))
    origin_x_m = x_m + np.clip(rng.normal(0.0, ASIDE, count) * range_m, -most_m, most_m)
    burns = rng.random(count) < arms.column("p_fire")[arm]
    rounds = np.maximum(1, np.rint(arms.column("rounds")[arm] * rng.lognormal(0.0, 0.6, count)))
    return make(
        with_.counter,
        began_s=began_s,
        lasted_s=rounds * rng.uniform(2.0, 12.0, count),
        x_m=x_m,
        y_m=line_y(with_.ground, x_m) - north * into_m,
        origin_x_m=origin_x_m,
        origin_y_m=line_y(with_.ground, origin_x_m) + north * behind_m,
        type=arms.TYPE_OF_ARM[arm],
        weapon=arm,
        author=side,
        rounds=rounds,
        energy_kg=arms.column("kg_tnt")[arm],
        fire_mw=np.where(burns, rng.lognormal(np.log(8.0), 1.0, count), 0.0),  # assumed
        burns_s=np.where(burns, rng.lognormal(np.log(5_400.0), 0.8, count), 0.0),  # assumed
        damage=np.clip(arms.column("damage")[arm] * rng.exponential(1.0, count), 0.0, 1.0),
        salience=arms.column("salience")[arm] * rng.lognormal(0.0, 0.7, count),
        **more,
    )
