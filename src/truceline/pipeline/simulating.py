"""`truceline simulate`: a whole mission with a sealed truth, written span by span.

Everything goes into a folder beside the one asked for, which takes its name once it is whole. Files
are written as the truce goes on, and what is in memory is one span and what waits for its time.
"""

import multiprocessing
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from truceline.model.errors import SettingsError
from truceline.pipeline import plugins
from truceline.pipeline.assembling import write_papers
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.living import RAW, TRUTH, Work, join_parts, live
from truceline.pipeline.sighted import world_json
from truceline.pipeline.streams import Streams
from truceline.simulation import scenario as scenarios
from truceline.simulation.contract import Scenario
from truceline.simulation.mission import terms, truth
from truceline.simulation.mission.duties import others
from truceline.simulation.mission.stocks import true_stocks
from truceline.simulation.world.truce import Truce

WRITTEN_AT = 1_700_000_000  # every file bears this time: a file's time must say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What was written.

    Parameters
    ----------
    out
        The mission's folder.
    scenario
        What was asked for.
    summary
        Counts: days, deeds, incidents, observations by feed file.
    """

    out: Path
    scenario: Scenario
    summary: Mapping[str, Any]


def scenario_of(name: str) -> Scenario:
    """A scenario by name, or from a file of one's own.

    Raises
    ------
    SettingsError
        There is none, or it cannot be used as it is.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        try:
            return scenarios.read(path.read_text(encoding="utf-8"), file=path.name)
        except (OSError, UnicodeDecodeError) as exc:
            msg = f"{path}: cannot be read: {exc}; give the path of a scenario, or a name"
            raise SettingsError(msg) from exc
    return scenarios.load(name)


def simulate(
    scenario: Scenario,
    *,
    seed: int,
    scale: float,
    out: Path,
    processes: int = 1,
    announce: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """Write a complete mission of a scenario.

    Parameters
    ----------
    scenario
        What is asked for (`scenario_of`).
    seed
        Zero or more; the same seed gives the same bytes.
    scale
        Multiplies rates and posts; 1 is the scenario as named.
    out
        A folder that does not exist, or is empty.
    processes
        How many observe side by side; the bytes are the same.
    announce
        Called with the name of each stage.

    Raises
    ------
    SettingsError
        The folder is not empty or cannot be written, or a number cannot be used.
    """
    _check(scenario, seed=seed, scale=scale, out=out)
    if processes < 1:
        msg = f"processes is {processes}; give a whole number of one or more"
        raise SettingsError(msg)
    part = out.with_name(out.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        (part / RAW).mkdir(parents=True)
        (part / TRUTH).mkdir()
        summary = _write(
            scenario, seed=seed, scale=scale, processes=processes, folder=part, announce=announce
        )
        _same_times(part)
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as exc:
        shutil.rmtree(part, ignore_errors=True)
        msg = f"{out}: cannot be written: {exc.strerror}; choose a folder that you may write to"
        raise SettingsError(msg) from exc
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Simulated(out=out, scenario=scenario, summary=summary)


def _check(scenario: Scenario, *, seed: int, scale: float, out: Path) -> None:
    scenarios.check_observers(scenario, plugins.load("observers"))
    terms.figures(scenario)
    if seed < 0:
        msg = f"seed is {seed}; give a whole number of zero or more"
        raise SettingsError(msg)
    if not 0 < scale <= 1000:
        msg = f"scale is {scale:g}; give a number above 0 and up to 1000"
        raise SettingsError(msg)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is not an empty folder; nothing is overwritten: choose another, or empty it"
        raise SettingsError(msg)


def _write(
    scenario: Scenario,
    *,
    seed: int,
    scale: float,
    processes: int,
    folder: Path,
    announce: Callable[[str], None],
) -> Mapping[str, Any]:
    work = [
        Work(scenario=scenario, seed=seed, scale=scale, folder=folder, names=names, is_last=False)
        for names in _shares(tuple(plugins.load("observers")), processes)
    ]
    work[-1] = replace(work[-1], is_last=True)  # it has the fewest observers
    with ExitStack() as stack:
        others = []
        if len(work) > 1:
            # Spawned and not forked: a fork would copy locks that other threads hold.
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(ProcessPoolExecutor(len(work) - 1, mp_context=context))
            others = [pool.submit(live, one) for one in work[1:]]
        lived = live(work[0], announce)
        results = [lived, *(other.result() for other in others)]
    announce("writing the papers")
    counts = {name: n for result in results for name, n in sorted(result.counts.items())}
    counts = dict(sorted(counts.items()))
    join_parts(folder, tuple(counts))
    truce, streams = world_of(scenario, seed=seed, scale=scale)
    desks = desks_of(truce, streams, tuple(plugins.load("observers")), scale)
    _seal(folder / TRUTH, truce, streams, seed=seed, scale=scale)
    write_papers(
        folder,
        truce,
        streams,
        feeds=[desk.feed for desk in desks if counts.get(desk.observer.name)],
        kinds=[desk.watching for desk in desks],
        happened=next(one.happened for one in results if one.happened is not None),
        seed=seed,
        scale=scale,
    )
    observations = {name: count for name, count in counts.items() if count}
    return {
        "scenario": scenario.name,
        "seed": seed,
        "scale": scale,
        "deeds": lived.deeds,
        "observations": observations,
    }


def _shares(names: tuple[str, ...], processes: int) -> list[tuple[str, ...]]:
    """Observers by turns to each process, those that tell most first; none gets nothing."""
    observers = plugins.load("observers")
    names = tuple(sorted(names, key=lambda name: not observers[name].copies))
    count = min(processes, len(names))
    return [names[first::count] for first in range(count)]


def _seal(folder: Path, truce: Truce, streams: Streams, *, seed: int, scale: float) -> None:
    sealed = truth.Truth(seed=seed, ground=truce.ground, clauses=())
    with (folder / "verdicts.csv").open("ab") as verdicts:
        verdicts.write(sealed.others(others(truce, streams)))
    (folder / "README.txt").write_text(truth.README, encoding="utf-8")
    (folder / "stocks.csv").write_bytes(true_stocks(truce))
    stated = world_json(truce.scenario, seed=seed, scale=scale)
    (folder / "world.json").write_text(stated, encoding="utf-8")


def _same_times(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        os.utime(path, (WRITTEN_AT, WRITTEN_AT))
