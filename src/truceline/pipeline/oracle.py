"""The oracle on a simulated mission: from what was told and the world's parameters to its tables.

It opens `truth/sightings.parquet` and `truth/world.json` and nothing else of the sealed folder: who
belongs with whom, what happened and who did it are its own to find.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from truceline.pipeline import mission as missions
from truceline.pipeline import plugins
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.living import RAW, TRUTH
from truceline.pipeline.sighted import read_sightings, read_world, refuse_other_source
from truceline.pipeline.streams import Streams
from truceline.simulation.columns import Bools, Deeds, Ints, Sightings
from truceline.simulation.contract import Scenario
from truceline.simulation.judge import Judge
from truceline.simulation.mission import terms
from truceline.simulation.oracle.company import Company, company_of
from truceline.simulation.oracle.copies import roots
from truceline.simulation.oracle.effort import Effort
from truceline.simulation.oracle.evidence import Evidence, Watch, gathered
from truceline.simulation.oracle.ghosts import ghosts_of
from truceline.simulation.oracle.posterior import Posterior, posterior
from truceline.simulation.oracle.tables import tables_of
from truceline.simulation.oracle.telling import told_of, unseen_of
from truceline.simulation.oracle.templates import Templates, templates_of
from truceline.simulation.oracle.windows import Windows, windows_of
from truceline.simulation.world.truce import Truce

PROVEN: frozenset[str] = frozenset({"quiet-week"})
"""Scenarios in which all of its doubt was measured on worlds that nobody had looked at, and kept within
the bounds that `benchmarks.oracle` stated first, for the oracle as it stands. The scoreboard sets it
beside the line in all, and names these. `docs/how-to/score-a-run.md` has every trial, the failed too."""

GHOSTS_SEED = 7_919
"""Seed of the oracle's own chance, mixed with the truce's: never one that a truce is drawn with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One window of what was told, before the oracle.

    Parameters
    ----------
    found
        The posterior over the window; its accounts are numbered within it.
    sightings
        `(n,)` rows of what was told, in the order of `found.account`.
    asked
        `(accounts,)` which are asked about; the others are there for their sake.
    """

    found: Posterior
    sightings: Ints
    asked: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A mission before the oracle: the posterior, the world, and the rows that were told.

    Parameters
    ----------
    windows
        Which windows there are.
    truce
        The world as it began; nothing has happened in it.
    streams
        The oracle's own chance.
    parts
        The posterior, window by window; none where it is silent, and then the rest is empty too.
    ghosts
        All deeds of worlds like it.
    observers
        By whom the evidence is in order.
    rows
        The table of what was told, in the order of the evidence; empty where nothing was read.
    """

    windows: Windows
    truce: Truce
    streams: Streams
    parts: tuple[Part, ...] = ()
    ghosts: list[Deeds] = field(default_factory=list)
    observers: tuple[str, ...] = ()
    rows: pa.Table = field(default_factory=lambda: pa.table({}))


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

    Raises
    ------
    InputError
        The mission was simulated by another simulator than this one.
    """
    refuse_other_source(folder / TRUTH / "world.json")
    scenario, seed, scale = read_world(folder / TRUTH / "world.json")
    table, told = read_sightings(folder / TRUTH / "sightings.parquet")
    asked = posterior_of(scenario, told, seed=seed, scale=scale, effort=effort or Effort())
    if not asked.parts:
        return asked
    names = np.array(table["observer"].to_pylist(), dtype=np.str_)
    in_order = np.concatenate([np.flatnonzero(names == name) for name in asked.observers])
    return replace(asked, rows=table.take(in_order))


def posterior_of(
    scenario: Scenario,
    told: Mapping[str, Sightings],
    *,
    seed: int,
    scale: float,
    effort: Effort,
) -> Asked:
    """The posterior of a world from what was told of it.

    Parameters
    ----------
    scenario, seed, scale
        The world; it is laid out again, and nothing happens in it.
    told
        Sightings by observer; what they are of is not looked at.
    effort
        How hard to try.
    """
    truce, chance = world_of(scenario, seed=seed, scale=scale)
    desks = desks_of(truce, chance, tuple(plugins.load("observers")), scale)
    # What is done to the mission itself it alone tells of: nobody confuses that, and nobody is asked.
    watches = tuple(
        Watch(observer=desk.observer, numbers=desk.numbers, posts=desk.posts)
        for desk in desks
        if not desk.observer.stands_with
    )
    evidence = gathered(told, watches, truce.ground, truce.conditions)
    streams = Streams(GHOSTS_SEED)
    own = _own(evidence)
    windows = windows_of(
        own.accounts, most=effort.most, count=effort.windows, rng=streams("oracle/windows")
    )
    if not windows.asked:
        return Asked(windows=windows, truce=truce, streams=streams)  # no world like it is needed
    ghosts = ghosts_of(truce, lambda n: Streams(_ghost_seed(seed, n)), effort.ghosts, effort.rich)
    templates = templates_of(truce, ghosts, each=effort.each, rng=streams("oracle/templates"))
    world = templates, company_of(scenario, templates, scale)
    return Asked(
        parts=_parts(own, windows, world, effort, streams),
        windows=windows,
        truce=truce,
        ghosts=ghosts.usual,
        observers=tuple(watch.observer.name for watch in watches),
        streams=streams,
    )


class _Own(NamedTuple):
    """Accounts that repeat nobody, and of each one that was told the account that it repeats or is."""

    accounts: Evidence
    number: Ints
    root: Ints


def _own(evidence: Evidence) -> _Own:
    root = roots(evidence, evidence.log_false())
    number = np.unique(root)
    return _Own(evidence.take(number), number, root)


def _parts(
    own: _Own,
    windows: Windows,
    world: tuple[Templates, Company],
    effort: Effort,
    streams: Streams,
) -> tuple[Part, ...]:
    parts = []
    for number, window in enumerate(windows.asked):
        taken = own.number[window.taken]
        sightings = np.flatnonzero(np.isin(own.root, taken))
        found = posterior(
            own.accounts.take(window.taken),
            np.searchsorted(taken, own.root[sightings]),
            *world,
            effort,
            streams(f"oracle/partitions/{number}"),
        )
        asked = np.isin(window.taken, window.asked)
        parts.append(Part(found=found, sightings=sightings, asked=asked))
    return tuple(parts)


def tables(
    folder: Path,
    effort: Effort | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> dict[str, pa.Table] | None:
    """What the oracle says of a mission, as `scoring.score` takes it; None where it cannot know.

    Where the mission is too large to sample, it speaks of some stretches of it: the observations that it
    was asked about stand in a table of their own, `asked`, and a line must be scored on the same.

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
    asked = ask(folder, effort)
    if not asked.parts:
        announce("the oracle is silent: every stretch of this truce is too dense to sample")
        return None
    return tables_of_asked(asked, folder)


def tables_of_asked(asked: Asked, folder: Path) -> dict[str, pa.Table]:
    """What the oracle says of a mission that it was asked about and that the line has run by now."""
    provenance = pq.read_table(missions.load(folder).out_folder / "provenance.parquet")
    ids = _ids(asked.rows, provenance)
    told = [_tables_of(asked, number, ids) for number in range(len(asked.parts))]
    found = {name: pa.concat_tables([part[name] for part in told]) for name in told[0]}
    says = said_of(asked.windows, found["members"].num_rows)
    of = found["members"].select(["observation_id"])
    return found | {"asked": of.replace_schema_metadata({"says": says})}


def said_of(windows: Windows, observations: int) -> str:
    """In a sentence, of how much of a mission the oracle speaks."""
    if windows.whole == 1:
        return f"it speaks of all {observations:,} observations"
    of = f"{len(windows.asked)} of {windows.whole} stretches of the truce, drawn by chance"
    dense = f"; {windows.too_dense} more were too dense to sample" if windows.too_dense else ""
    return f"it speaks of {observations:,} observations in {of}{dense}"


def _tables_of(asked: Asked, number: int, ids: pa.Array) -> dict[str, pa.Table]:
    part = asked.parts[number]
    judge = Judge(ground=asked.truce.ground, figures=terms.figures(asked.truce.scenario))
    rng = asked.streams(f"oracle/telling/{number}")
    told = told_of(part.found, judge, unseen_of(part.found, asked.ghosts, rng), rng)
    return tables_of(
        told,
        part.found.account,
        part.asked,
        ids.take(pa.array(part.sightings)),
        asked.truce.ground,
        name=f"oracle-{number}",
    )


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
