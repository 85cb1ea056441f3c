"""Every observer keeps the contract, in every family, and the suite sees it when one does not."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from truceline.pipeline import plugins
from truceline.simulation.conformance import check

OBSERVERS = plugins.load("observers")
FAMILIES = [(name, family) for name in sorted(OBSERVERS) for family in OBSERVERS[name].families]


def streams(name: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(blake2b(name.encode(), digest_size=8).digest()))


def with_numbers(name: str, **changes: float) -> Any:
    observer = OBSERVERS[name]
    return replace(observer, numbers={**observer.numbers, **changes})


@pytest.mark.parametrize(("name", "family"), FAMILIES)
def test_an_observer_keeps_the_contract(name: str, family: str) -> None:
    place = OBSERVERS[name].families.index(family)
    assert check(with_numbers(name, family=float(place)), streams) == []


@pytest.mark.parametrize("name", ["news", "social", "seismic"])
def test_reports_that_lie_on_a_desk_keep_the_contract(name: str) -> None:
    assert check(with_numbers(name, late=1.0), streams) == []


def test_the_suite_finds_a_density_that_is_too_sure_of_itself() -> None:
    observer = OBSERVERS["seismic"]

    def density(numbers: Any, *others: Any) -> Any:
        return observer.density({**numbers, "spot_m": numbers["spot_m"] / 1.5}, *others)

    faults = check(replace(observer, density=density), streams)
    assert any("place: draws do not match" in fault for fault in faults)


def test_the_suite_finds_a_density_that_forgets_the_author() -> None:
    news = OBSERVERS["news"]

    def density(numbers: Any, *others: Any) -> Any:
        return news.density({**numbers, "right": 0.6, "blames_right": 0.95}, *others)

    faults = check(replace(news, density=density), streams)
    assert any("author: draws do not match" in fault for fault in faults)


def test_the_suite_finds_false_reports_that_come_more_seldom_than_their_density_says() -> None:
    """Where false reports and true ones are often alike: elsewhere four times too often hardly shows."""
    for name in ("news", "social"):
        observer = OBSERVERS[name]

        def often(*told: Any, observer: Any = observer) -> Any:
            return observer.false_density(*told) + np.log(4.0)

        faults = check(replace(observer, false_density=often), streams)
        assert any("do not come as often as their density says" in fault for fault in faults)


def test_the_suite_finds_an_observer_that_tells_what_was_meant() -> None:
    observer = OBSERVERS["acoustic"]

    def sees(numbers: Any, deeds: Any, *others: Any) -> Any:
        said = observer.sees(numbers, deeds, *others)
        return replace(said, rounds=said.rounds + deeds.intent)

    faults = check(replace(observer, sees=sees), streams)
    assert any("depends on one of" in fault for fault in faults)


def test_the_suite_finds_an_observer_that_takes_a_side() -> None:
    observer = OBSERVERS["patrols"]

    def detects(numbers: Any, deeds: Any, *others: Any) -> Any:
        return observer.detects(numbers, deeds, *others) * np.where(deeds.author == 1, 0.9, 1.0)

    faults = check(replace(observer, detects=detects), streams)
    assert "exchanging the parties changes what it notices" in faults


def test_the_suite_finds_an_observer_that_sees_in_the_dark_of_an_outage() -> None:
    observer = OBSERVERS["cameras"]

    def detects(numbers: Any, deeds: Any, *others: Any) -> Any:
        return np.full(len(deeds), 0.5)

    assert "it notices while it is out" in check(replace(observer, detects=detects), streams)


def test_every_observer_stands_on_the_page_of_observers(project_root: Path) -> None:
    page = (project_root / "docs" / "reference" / "observers.md").read_text(encoding="utf-8")
    assert [name for name in OBSERVERS if f"| `{name}` |" not in page] == []
