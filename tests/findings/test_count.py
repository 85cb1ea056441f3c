"""Counts: by rule, legal day, area and party, beside hours of exposure."""

from datetime import UTC, date, datetime, time

import numpy as np
import pyarrow as pa
import pytest
from truces import NOON, evidence, happening, hours, truce, zone

from truceline.findings.contract import Counted
from truceline.findings.count import count, unconfirmed
from truceline.findings.counting.smm import KINDS, amount
from truceline.model.time import LegalCalendar
from truceline.pipeline import plugins
from truceline.tables import schemas

NOBODY = schemas.empty(schemas.ATTRIBUTIONS)


def counted(
    agreement: object, subjects: object, attributions: pa.Table = NOBODY, **more: object
) -> list[dict]:
    return count(agreement, subjects, attributions, plugins.load("counting"), **more).to_pylist()


def cell(
    rows: list[dict],
    rule: str,
    day: date = date(2026, 6, 1),
    area: str = "all",
    party: str = "unknown",
) -> dict:
    (row,) = (
        r for r in rows
        if (r["rule"], r["legal_day"], r["area"], r["party"]) == (rule, day, area, party)
    )  # fmt: skip
    return row


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ({"explosions": 152, "projectile": 2, "illumination_flare": 13, "bursts": 741}, 908),
        (
            {"explosions": 991, "projectiles": 75, "muzzle_flash": 33, "flares": 27, "shots": 1389},
            2515,
        ),
    ],
)
def test_smm_sums_the_five_kinds_to_the_published_totals(parts: dict, total: int) -> None:
    at = [
        happening(id=str(n), type="small_arms_fire", count_best=best, count_unit=unit)
        for n, (unit, best) in enumerate(parts.items())
    ]
    rows = counted(truce(), evidence(at))
    assert cell(rows, "smm")["as_now_known"] == total
    assert cell(rows, "acts")["as_now_known"] == len(parts)
    assert len({KINDS[unit] for unit in parts}) == len(parts)


def test_an_unknown_number_is_at_least_one_and_a_stated_zero_is_none() -> None:
    at = [
        happening(id="1"),
        happening(id="2", count_best=7, count_unit="salvos"),
        happening(id="3", count_low=4, count_unit="explosions"),
        happening(id="4", count_best=0, count_unit="explosions"),
        happening(id="5", type="monitor_access_denied"),
    ]
    acts = evidence(at).acts
    made = amount(
        Counted(acts=acts, incident=np.arange(5), type=np.array(acts["type"].to_pylist()))
    )
    assert made.tolist() == [1, 1, 4, 0, 0]


def test_an_incident_of_two_acts_is_one_incident() -> None:
    rows = counted(truce(), evidence([happening(acts=["mortar", "sniper_fire"])]))
    assert cell(rows, "acts")["as_now_known"] == 2
    assert cell(rows, "incidents")["as_now_known"] == 1


def test_an_unsure_incident_is_listed_and_not_counted() -> None:
    subjects = evidence([happening(id="1", p_real=0.49), happening(id="2", p_real=0.5)])
    assert cell(counted(truce(), subjects), "acts")["as_now_known"] == 1
    assert unconfirmed(truce(), subjects).to_pylist() == [
        {"act_id": "a-1-1", "incident_id": "i-1", "p_real": 0.49}
    ]


def test_only_an_attributed_act_counts_for_a_party() -> None:
    subjects = evidence([happening(id="1"), happening(id="2")])
    said = [
        {"act_id": f"a-{n}-1", "hypothesis": h, "p": p, "p_low": p, "p_high": p, "outcome": outcome}
        for n, outcome in (("1", "attributed"), ("2", "probable"))
        for h, p in (("party:a", 0.96), ("party:b", 0.02))
    ]
    rows = counted(truce(), subjects, pa.Table.from_pylist(said, schema=schemas.ATTRIBUTIONS))
    assert cell(rows, "acts", party="a")["as_now_known"] == 1
    assert cell(rows, "acts")["as_now_known"] == 1


def test_a_day_closes_at_the_cut_off_in_the_missions_own_zone() -> None:
    closing = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)  # 19:30 in Kyiv
    calendar = LegalCalendar(zone="Europe/Kyiv", cutoff=time(19, 30))
    at = [happening(id="1", began=closing - hours(0.001)), happening(id="2", began=closing)]
    rows = counted(_with(calendar), evidence(at))
    assert cell(rows, "acts")["as_now_known"] == 1
    assert cell(rows, "acts", date(2026, 6, 2))["as_now_known"] == 1


def test_a_report_of_a_day_alone_counts_on_that_day() -> None:
    calendar = LegalCalendar(zone="Europe/Kyiv", cutoff=time(19, 30))
    began = datetime(2026, 5, 31, 21, 0, tzinfo=UTC)  # 00:00 on 1 June in Kyiv
    rows = counted(_with(calendar), evidence([happening(began=began, ended=began + hours(24))]))
    assert cell(rows, "acts")["as_now_known"] == 1


def _with(calendar: LegalCalendar) -> object:
    from dataclasses import replace

    return replace(truce(), calendar=calendar)


def test_acts_count_in_the_zones_where_they_lie() -> None:
    agreement = truce(zones=[zone(), zone("named", polygons=None, area_ids=("UA-14",))])
    rows = counted(agreement, evidence([happening(id="1"), happening(id="2", lat=40.0)]))
    assert cell(rows, "acts")["as_now_known"] == 2
    assert cell(rows, "acts", area="square")["as_now_known"] == 1
    assert [row for row in rows if row["area"] == "named"] == []


def exposures(*rows: dict) -> pa.Table:
    fixed = {"source": "s", "kind": "watch"}
    table = pa.Table.from_pylist(
        [fixed | {"exposure_id": f"e{n}"} | row for n, row in enumerate(rows)]
    )
    return schemas.conform(table, schemas.EXPOSURES)


def test_a_blind_day_is_not_a_quiet_day() -> None:
    midnight = datetime(2026, 5, 31, 21, 0, tzinfo=UTC)
    watched = exposures(
        {"began": midnight - hours(6), "ended": midnight + hours(6)},
        {"began": midnight + hours(72), "ended": midnight + hours(73), "kind": "outage"},
    )
    rows = counted(truce(), evidence([happening()], exposures=watched))
    quiet, busy, blind, broken = (
        cell(rows, "acts", date(2026, *day)) for day in ((5, 31), (6, 1), (6, 2), (6, 4))
    )
    assert (quiet["as_now_known"], quiet["exposure_hours"]) == (0, 6.0)
    assert (busy["as_now_known"], busy["exposure_hours"]) == (1, 6.0)
    assert (blind["as_now_known"], blind["exposure_hours"]) == (0, None)
    assert (broken["as_now_known"], broken["exposure_hours"]) == (0, 0.0)


def test_what_was_published_stands_beside_what_is_now_known() -> None:
    told = pa.Table.from_pylist(
        [
            {
                "legal_day": day,
                "area": "all",
                "rule": "acts",
                "party": "unknown",
                "as_published": n,
                "as_now_known": n,
                "exposure_hours": None,
            }
            for day, n in ((date(2026, 6, 1), 4), (date(2026, 6, 9), 2))
        ],
        schema=schemas.COUNTS,
    )
    rows = counted(truce(), evidence([happening(began=NOON)]), published=told)
    assert (cell(rows, "acts")["as_published"], cell(rows, "acts")["as_now_known"]) == (4, 1)
    later = cell(rows, "acts", date(2026, 6, 9))
    assert (later["as_published"], later["as_now_known"]) == (2, 0)
    assert cell(rows, "smm")["as_published"] is None


def test_nothing_counts_as_no_rows() -> None:
    assert counted(truce(), evidence([])) == []
