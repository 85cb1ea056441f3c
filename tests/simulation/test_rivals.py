"""Rivals answer the same questions as the line, with the same budget, and are not built to lose."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.generate import generate, pair_scores
from benchmarks.rivals import contract
from benchmarks.rivals.contract import BUDGET, Given

from truceline.tables import schemas

JOINERS, NAMERS = contract.load("association"), contract.load("attribution")
NOON = 1_900_000_000_000_000
FIRST_PARTY, SECOND_PARTY = 0, 1


def joiner(name: str):
    rival = JOINERS[name]
    if not rival.is_ready():
        pytest.skip(f"{name} needs an environment of its own: make .venv-bench/ready")
    return rival


def reports(*rows) -> pa.Table:
    """Rows of (seconds, lat, lon, source, type); without a place: lat None."""
    seconds, lat, lon, source, kind = (list(column) for column in zip(*rows, strict=True))
    at = pa.array([NOON + int(s * 1e6) for s in seconds]).cast(schemas.INSTANT)
    columns = {
        "observation_id": [f"o{n}" for n in range(len(rows))], "feed": "made", "source": source,
        "source_kind": "patrol", "root": source, "began": at, "ended": at, "is_date_only": False,
        "lat": lat, "lon": lon, "type": kind, "direction": "undetermined", "stance": "none",
    }  # fmt: skip
    return schemas.from_columns(schemas.OBSERVATIONS, columns, len(rows))


THREE = reports(
    (0, 48.000, 37.0, "a", "mortar"), (30, 48.002, 37.0, "b", "mortar"),
    (400_000, 48.900, 39.0, "a", "mortar"), (400_020, 48.901, 39.0, "b", "mortar"),
    (0, None, None, "c", "mortar"),
)  # fmt: skip


@pytest.mark.parametrize("rival", [*JOINERS.values(), *NAMERS.values()], ids=lambda r: r.name)
def test_each_rival_gets_the_same_number_of_settings(rival):
    made = list(contract.settings(rival.grid))
    assert len(made) == BUDGET
    assert len({str(setting) for setting in made}) == BUDGET


def test_a_grid_beyond_the_budget_is_refused():
    with pytest.raises(ValueError, match="a grid of 13 settings"):
        contract.settings({"radius_m": tuple(range(13))})


@pytest.mark.parametrize("name", [name for name in JOINERS if name != "Splink"])
def test_near_reports_are_joined_and_far_ones_are_not(name):
    """Splink is asked about more: five reports are too few to learn weights from."""
    rival = joiner(name)
    found = [
        rival.run(Given(observations=THREE), **setting) for setting in contract.settings(rival.grid)
    ]
    joined = [labels[0] == labels[1] and labels[2] == labels[3] for labels in found]
    apart = [labels[0] != labels[2] and labels[4] not in labels[:4] for labels in found]
    assert any(joined), "no setting joins two reports of one place and minute"
    assert all(apart)


@pytest.mark.parametrize("name", JOINERS)
def test_the_order_of_rows_does_not_change_the_groups(name):
    rival, truth = joiner(name), generate(1200, per_day=100, seed=11)
    setting = next(contract.settings(rival.grid))
    shuffled = np.random.default_rng(3).permutation(1200)
    labels = rival.run(Given(observations=truth.observations), **setting)
    again = rival.run(Given(observations=truth.observations.take(pa.array(shuffled))), **setting)
    assert pair_scores(labels[shuffled], again)[0] > 0.999  # reports of one instant may tie


@pytest.mark.parametrize("name", JOINERS)
def test_a_tuned_rival_is_no_straw_man(name):
    """Joining nothing scores zero, joining at random next to it; a rival must do far better."""
    rival, truth = joiner(name), generate(1500, per_day=60, seed=12)
    given = Given(observations=truth.observations)
    budget = list(contract.settings(rival.grid))[:: 6 if name == "Splink" else 1]
    best = max(pair_scores(truth.incident, rival.run(given, **s))[0] for s in budget)
    assert best > 0.3


def acts(directions, accused, *, party_at=("west", "east")) -> Given:
    """One act for each direction at 48 N 36.5 E, where the map names the first of `party_at`."""
    count = len(directions)
    at = pa.array([NOON] * count).cast(schemas.INSTANT)
    ids = [f"i{n}" for n in range(count)]
    incidents = schemas.from_columns(
        schemas.INCIDENTS,
        {"incident_id": ids, "p_real": 0.9, "began": at, "ended": at, "lat": 48.0, "lon": 36.5,
         "direction": directions, "observations": 1, "independent_roots": 1, "is_date_only": False},
        count,
    )  # fmt: skip
    said = [(n, who) for n, names in enumerate(accused) for who in names]
    began = pa.array([NOON] * len(said)).cast(schemas.INSTANT)
    observations = schemas.from_columns(
        schemas.OBSERVATIONS,
        {"observation_id": [f"o{k}" for k in range(len(said))], "feed": "made", "source": "paper",
         "source_kind": "media", "root": "paper", "began": began, "ended": began,
         "is_date_only": False, "direction": "undetermined", "stance": "asserts",
         "claimed_actor": [who for _, who in said]},
        len(said),
    )  # fmt: skip
    members = {
        "observation_id": [f"o{k}" for k in range(len(said))],
        "incident_id": [ids[n] for n, _ in said], "probability": 1.0,
    }  # fmt: skip
    squares = [shapely.to_wkb(shapely.box(lon, 47, lon + 1, 49)) for lon in (36, 37)]
    ground = {
        "control_id": ["k0", "k1"], "author": "mapper", "version": "1",
        "began": pa.array([0, 0]).cast(schemas.INSTANT),
        "ended": pa.array([2 * NOON] * 2).cast(schemas.INSTANT),
        "controller": list(party_at), "geometry_wkb": squares,
    }  # fmt: skip
    return Given(
        observations=observations,
        acts=schemas.from_columns(
            schemas.ACTS,
            {"act_id": [f"a{n}" for n in range(count)], "incident_id": ids, "type": "mortar",
             "direction": directions},
            count,
        ),
        incidents=incidents,
        members=schemas.from_columns(schemas.MEMBERS, members, len(said)),
        controls=schemas.from_columns(schemas.CONTROLS, ground, 2),
        parties=("west", "east"),
    )  # fmt: skip


ASKED = (("incoming", "outgoing", "undetermined"), (("west", "west", "east"), ("east",), ()))


def answer(name: str, given: Given, **setting):
    rival = NAMERS[name]
    chosen = {**next(contract.settings(rival.grid)), **setting}
    learned = rival.learn(given, np.array([FIRST_PARTY, SECOND_PARTY, -1]), **chosen)
    return rival.run(given, learned, **chosen)


@pytest.mark.parametrize("name", NAMERS)
def test_probabilities_add_to_one_over_all_authors(name):
    given = acts(*ASKED)
    p = answer(name, given)
    assert p.shape == (3, len(given.hypotheses))
    assert p.sum(1) == pytest.approx(1.0)
    assert p.min() > 0


def test_the_map_accuses_the_holder_or_the_one_across():
    given = acts(*ASKED)
    by_holder = answer("nearest controller", given, trust=0.6, rule="holder")
    across = answer("nearest controller", given, trust=0.6, rule="across")
    assert by_holder.argmax(1).tolist() == [FIRST_PARTY] * 3
    assert across.argmax(1).tolist() == [SECOND_PARTY, FIRST_PARTY, SECOND_PARTY]


def test_the_majority_counts_reports_or_sources_and_a_tie_accuses_nobody():
    given = acts(*ASKED)
    by_report = answer("majority claim", given, trust=0.6, by_source=False)
    assert by_report[:2].argmax(1).tolist() == [FIRST_PARTY, SECOND_PARTY]
    by_source = answer("majority claim", given, trust=0.6, by_source=True)
    assert by_source[0, 0] == by_source[0, 1], "one paper accused both: a tie"


def test_naive_bayes_takes_every_copy_for_another_witness():
    one, three = acts(("incoming",), (("west",),)), acts(("incoming",), (("west",) * 3,))
    bayes, setting = NAMERS["naive Bayes"], {"smooth": 1.0, "by_type": True, "by_source": False}
    learned = bayes.learn(
        acts(("incoming",) * 4, (("west",), ("west",), ("east",), ("west",))),
        np.array([FIRST_PARTY, FIRST_PARTY, SECOND_PARTY, FIRST_PARTY]),
        **setting,
    )
    sure = [bayes.run(given, learned, **setting)[0, FIRST_PARTY] for given in (one, three)]
    assert sure[1] > sure[0]


@pytest.mark.parametrize("name", ["nearest controller", "majority claim"])
def test_swapping_the_parties_swaps_the_answer(name):
    mirror = {"west": "east", "east": "west"}
    directions, accused = ASKED
    swapped = acts(
        directions, [[mirror[who] for who in names] for names in accused], party_at=("east", "west")
    )
    p, q = answer(name, acts(*ASKED)), answer(name, swapped)
    assert q[:, [1, 0]] == pytest.approx(p[:, [0, 1]])
    assert q[:, 2:] == pytest.approx(p[:, 2:])
