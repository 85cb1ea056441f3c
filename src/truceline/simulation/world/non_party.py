"""Deeds of nobody's army: mines and old shells that go off, depots that burn, smugglers who shoot."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Author, Deeds, Intent, Nature
from truceline.simulation.contract import Span
from truceline.simulation.world.arms import type_index
from truceline.simulation.world.deeds import joined, make
from truceline.simulation.world.ground import line_y
from truceline.simulation.world.making import Making, along, at_hours, instants

NUMBERS: Mapping[str, Any] = {
    "mines_per_day": 0.6,  # assumed; mines were a lasting share of casualties (OSCE SMM, 2017-2020)
    "depots_per_day": 0.02,  # assumed: accidents with ammunition
    "shootings_per_day": 0.5,  # assumed: smugglers, poachers, drunks
}


def drawn(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    """What armed civilians and old ammunition do in a span."""
    return joined(
        [
            _mines(numbers, making, span, rng),
            _depots(numbers, making, span, rng),
            _shootings(numbers, making, span, rng),
        ]
    )


def _mines(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    began_s = at_hours(
        making,
        instants(span, float(numbers["mines_per_day"]) * making.scale, rng),
        (6.0, 20.0),
        rng,
    )
    count = len(began_s)
    x_m = along(making, count, rng)
    return make(
        making.counter,
        began_s=began_s,
        x_m=x_m,
        y_m=line_y(making.ground, x_m) + rng.normal(0.0, 1_500.0, count),
        type=type_index(IncidentType.MINE_OR_UXO),
        author=int(Author.ACCIDENT),
        nature=int(Nature.MINE),
        intent=int(Intent.ACCIDENTAL),
        energy_kg=rng.choice([0.2, 2.0, 7.0], count),  # anti-personnel, shell, anti-tank mine
        salience=1.2 * rng.lognormal(0.0, 0.7, count),
    )


def _depots(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    began_s = instants(span, float(numbers["depots_per_day"]) * making.scale, rng)
    count = len(began_s)
    x_m = along(making, count, rng)
    off_m = rng.choice([-1.0, 1.0], count) * rng.uniform(10_000.0, 28_000.0, count)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(600.0, 7_200.0, count),
        x_m=x_m,
        y_m=line_y(making.ground, x_m) + off_m,
        type=type_index(IncidentType.EXPLOSION_UNIDENTIFIED),
        author=int(Author.ACCIDENT),
        nature=int(Nature.MINE),
        intent=int(Intent.ACCIDENTAL),
        rounds=rng.integers(5, 60, count),
        energy_kg=rng.lognormal(np.log(500.0), 1.0, count),
        fire_mw=rng.lognormal(np.log(60.0), 0.8, count),
        burns_s=rng.uniform(7_200.0, 40_000.0, count),
        damage=rng.uniform(0.2, 0.9, count),
        salience=6.0,
    )


def _shootings(numbers: Mapping[str, Any], making: Making, span: Span, rng: Generator) -> Deeds:
    began_s = instants(span, float(numbers["shootings_per_day"]) * making.scale, rng)
    count = len(began_s)
    x_m = along(making, count, rng)
    y_m = line_y(making.ground, x_m) + rng.normal(0.0, 6_000.0, count)
    return make(
        making.counter,
        began_s=began_s,
        lasted_s=rng.uniform(2.0, 60.0, count),
        x_m=x_m,
        y_m=y_m,
        origin_x_m=x_m + rng.normal(0.0, 150.0, count),
        origin_y_m=y_m + rng.normal(0.0, 150.0, count),
        type=type_index(IncidentType.SMALL_ARMS_FIRE),
        weapon=0,
        author=int(Author.NON_PARTY),
        nature=int(Nature.HOSTILE),
        rounds=rng.integers(1, 20, count),
        salience=0.3 * rng.lognormal(0.0, 0.7, count),
    )
