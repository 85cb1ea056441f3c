"""Writing simulated missions: observations a second on two processes, and memory by length.

    python -m benchmarks.simulate [--days 56] [--year]

Each measurement runs in a process of its own and writes the year of the front, cut to so many days, to
a scratch folder; its lulls and flare-ups are levelled, so that length alone differs. The time is the
whole call's, from the scenario to the last file; the rates are between two lengths, so that what is
done once does not count. That of the busier process is what two idle cores would give, whatever else
runs beside. Memory is the larger process's peak; x 1.05 and less is flat within noise.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET_PER_S = 100_000
FLAT = 1.05  # peaks of equal runs differ by some 3 %
CODE = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from truceline.pipeline.simulating import scenario_of, simulate
if __name__ == "__main__":
    out, days, processes = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    scenario = scenario_of("year-of-the-front")
    even = {**scenario.world["intensity"], "levels": [[0, 1.0], [days, 1.0]]}
    world = scenario.world if days == 365 else {**scenario.world, "intensity": even}
    short = replace(scenario, world=world, to_s=scenario.from_s + 86_400.0 * days)
    began = time.perf_counter()
    done = simulate(short, seed=1, scale=1.0, out=out, processes=processes)
    took_s = time.perf_counter() - began
    own, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({
        "observations": sum(done.summary["observations"].values()), "deeds": done.summary["deeds"],
        "took_s": took_s, "busier_s": max(own.ru_utime + own.ru_stime, theirs.ru_utime + theirs.ru_stime),
        "cpu_s": own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime,
        "peak_mb": max(own.ru_maxrss, theirs.ru_maxrss) / 1024,
        "bytes": sum(p.stat().st_size for p in out.rglob("*") if p.is_file()),
    }))
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--days", type=float, default=56.0)
    arguments.add_argument("--year", action="store_true", help="the whole year as well")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="truceline-bench-") as scratch:
        folder = Path(scratch)
        (folder / "one.py").write_text(CODE)
        measure(folder, 3.0)  # compiles kernels and warms files
        short, long = (measure(folder, days) for days in (given.days, 4 * given.days))
        show(given.days, short)
        show(4 * given.days, long)
        more = long["observations"] - short["observations"]
        rate, busier, each = (
            more / (long[name] - short[name]) for name in ("took_s", "busier_s", "cpu_s")
        )
        told = {name: "met" if found >= TARGET_PER_S else "missed"
                for name, found in (("rate", rate), ("busier", busier))}  # fmt: skip
        print(
            f"{rate:,.0f} observations/s with two processes (target {TARGET_PER_S:,}: {told['rate']})"
        )
        print(f"{busier:,.0f} observations/s of the busier one's processor time ({told['busier']})")
        print(f"{each:,.0f} observations/s of all processor time")
        growth = long["peak_mb"] / short["peak_mb"]
        verdict = "flat" if growth <= FLAT else "it grows"
        print(f"memory at four times the length: x {growth:.2f} ({verdict})")
        if given.year:
            show(365.0, measure(folder, 365.0))


def measure(folder: Path, days: float, processes: int = 2) -> dict[str, float]:
    out = folder / f"{days:g}"
    command = [sys.executable, str(folder / "one.py"), str(out), str(days), str(processes)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for path in sorted(out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    return json.loads(done.stdout)


def show(days: float, one: dict[str, float]) -> None:
    rate = one["observations"] / one["took_s"]
    print(
        f"{days:g} days: {one['observations']:,.0f} observations of {one['deeds']:,.0f} deeds in "
        f"{one['took_s']:.1f} s, {rate:,.0f}/s, {one['cpu_s']:.1f} s of processor time, "
        f"{one['bytes'] / 1e6:,.0f} MB of files, peak {one['peak_mb']:,.0f} MB"
    )


if __name__ == "__main__":
    main()
