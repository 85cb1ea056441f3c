"""A simulated truce, written, run by the line and opened: what the scorer and the rivals need of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.board.competing import Case
from benchmarks.rivals.contract import Given
from truceline.pipeline import matter, scoring
from truceline.pipeline import mission as missions
from truceline.pipeline.line import known_at
from truceline.pipeline.parties import party_names, with_party_ids
from truceline.pipeline.run import open_record
from truceline.pipeline.simulating import simulate
from truceline.simulation.contract import Scenario
from truceline.tables import schemas

Announce = Callable[[str], None]


class Watch:
    """Seconds by stage; says which one begins."""

    def __init__(self, announce: Announce) -> None:
        self.took_s: dict[str, float] = {}
        self._announce = announce

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._announce(name)
        began = time.perf_counter()
        yield
        self.took_s[name] = self.took_s.get(name, 0.0) + time.perf_counter() - began


def opened_case(
    scenario: Scenario, seed: int, scale: float, folder: Path, watch: Watch
) -> tuple[scoring.Case, Case]:
    """A mission written, run and opened, for the scorer and for the rivals."""
    write(scenario, seed, scale, folder, watch)
    return opened(folder, watch)


def write(scenario: Scenario, seed: int, scale: float, folder: Path, watch: Watch) -> None:
    """A mission written; nothing of it is run."""
    with watch.stage("simulating"):
        simulate(scenario, seed=seed, scale=scale, out=folder)


def opened(folder: Path, watch: Watch) -> tuple[scoring.Case, Case]:
    """A written mission run and opened, for the scorer and for the rivals."""
    with watch.stage("running the line"):
        case = scoring.open_case(folder)
    mission = missions.load(folder)
    with open_record(mission) as record:
        tables = known_at(mission, record).tables
    names = party_names(case.agreement)
    observations = pq.read_table(mission.out_folder / "observations.parquet")
    ids = observations["observation_id"].combine_chunks()
    row = pc.index_in(case.labelled.observation_id, value_set=ids).fill_null(-1)
    parties = case.agreement.party_ids()
    return case, Case(
        given=Given(
            observations=schemas.conform(observations, schemas.OBSERVATIONS),
            acts=case.tables["acts"],
            incidents=case.tables["incidents"],
            members=case.tables["members"],
            controls=with_party_ids(tables["controls"], ("controller",), names),
            parties=parties,
        ),
        exposures=with_party_ids(tables["exposures"], ("obstructed_by", "controller"), names),
        attributions=case.tables["attributions"],
        true=case.true,
        row=np.asarray(row).astype(np.int64),
        authors=matter.true_authors(case.sealed, parties),
        act_of=scoring.acts_of(case, case.tables),
        threshold=case.agreement.thresholds.attribution,
    )
