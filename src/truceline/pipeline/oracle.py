"""The oracle on a simulated mission: from what was told and the world's parameters to its tables.

It opens `truth/sightings.parquet` and `truth/world.json` and nothing else of the sealed folder: who
belongs with whom, what happened and who did it are its own to find.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.living import RAW, TRUTH
from truceline.pipeline.sighted import read_sightings, read_world
from truceline.pipeline.streams import Streams
from truceline.simulation.columns import Deeds
from truceline.simulation.judge import Judge
from truceline.simulation.mission import terms
from truceline.simulation.oracle.blocks import Effort
from truceline.simulation.oracle.company import company_of
from truceline.simulation.oracle.evidence import Watch, gathered
from truceline.simulation.oracle.posterior import Posterior, posterior
from truceline.simulation.oracle.telling import tables_of, told_of, unseen_of
from truceline.simulation.oracle.templates import ghost, templates_of
from truceline.simulation.world.truce import Truce

IS_PROVEN = False
"""Whether the scoreboard may hold the line against it: not before its own doubt is right on worlds
that it knows. `truceline score --oracle` shows it all the same."""

GHOSTS_SEED = 7_919
"""Seed of the oracle's own chance, mixed with the truce's: never one that a truce is drawn with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A mission before the oracle: the posterior, the world, and the rows that were told.

    Parameters
    ----------
    found
        The posterior over everything told.
    truce
        The world as it began; nothing has happened in it.
    ghosts
        All deeds of worlds like it.
    rows
        The table of what was told, in the order of the posterior's accounts.
    streams
        The oracle's own chance.
    """

    found: Posterior
    truce: Truce
    ghosts: list[Deeds]
    rows: pa.Table
    streams: Streams


def has_oracle(folder: Path) -> bool:
    """Whether the mission holds what the oracle needs: a simulated one does."""
    return all((folder / TRUTH / name).is_file() for name in ("sightings.parquet", "world.json"))


def ask(folder: Path, effort: Effort | None = None) -> Asked:
    """The posterior of a simulated mission.

    Parameters
    ----------
    folder
        The mission.
    effort
        How hard to try; None: as `Effort` states.
    """
    effort = effort or Effort()
    scenario, seed, scale = read_world(folder / TRUTH / "world.json")
    table, told = read_sightings(folder / TRUTH / "sightings.parquet")
    truce, chance = world_of(scenario, seed=seed, scale=scale)
    desks = desks_of(truce, chance, tuple(plugins.load("observers")), scale)
    watches = tuple(
        Watch(observer=desk.observer, numbers=desk.numbers, posts=desk.posts) for desk in desks
    )
    evidence = gathered(told, watches, truce.ground, truce.conditions)
    streams = Streams(GHOSTS_SEED)
    ghosts = [ghost(truce, Streams(_ghost_seed(seed, n))) for n in range(effort.ghosts)]
    templates = templates_of(truce, ghosts, each=effort.each, rng=streams("oracle/templates"))
    found = posterior(
        evidence,
        templates,
        company_of(scenario, templates, scale),
        effort,
        streams("oracle/partitions"),
    )
    names = np.array(table["observer"].to_pylist(), dtype=np.str_)
    in_order = np.concatenate([np.flatnonzero(names == watch.observer.name) for watch in watches])
    return Asked(
        found=found, truce=truce, ghosts=ghosts, rows=table.take(in_order), streams=streams
    )


def tables(
    folder: Path,
    effort: Effort | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> dict[str, pa.Table] | None:
    """What the oracle says of a mission, as `scoring.score` takes it; None where it cannot know.

    Parameters
    ----------
    folder
        A mission that the line has run, so that both call observations by one name.
    effort
        How hard to try.
    announce
        Called with the name of the stage.
    """
    if not has_oracle(folder):
        return None
    announce("asking the oracle")
    provenance = pq.read_table(missions.load(folder).out_folder / "provenance.parquet")
    asked = ask(folder, effort)
    judge = Judge(ground=asked.truce.ground, figures=terms.figures(asked.truce.scenario))
    rng = asked.streams("oracle/telling")
    unseen = unseen_of(asked.found, asked.ghosts, rng)
    told = told_of(asked.found, judge, unseen, rng)
    return tables_of(told, asked.found.account, _ids(asked.rows, provenance))


def _ids(rows: pa.Table, provenance: pa.Table) -> pa.Array:
    """The run's id of each row: its own where the run keeps it, else by file and line."""
    own = provenance.filter(pc.equal(provenance["table"], "observations"))
    ids = own["id"].combine_chunks()
    stated = rows["observation_id"].combine_chunks()
    at = pc.index_in(stated, value_set=ids)
    there = pc.binary_join_element_wise(own["file"], pc.cast(own["line"], pa.string()), "\n")
    file = pc.binary_join_element_wise(pa.scalar(RAW), rows["file"], "/")
    here = pc.binary_join_element_wise(file, pc.cast(rows["line"], pa.string()), "\n")
    by_line = pc.index_in(here.combine_chunks(), value_set=there.combine_chunks())
    return ids.take(pc.if_else(pc.equal(stated, ""), by_line, at))


def _ghost_seed(seed: int, number: int) -> int:
    return GHOSTS_SEED + 1_000_003 * (seed + 1) + number
