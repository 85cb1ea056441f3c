"""The whole line on a million mixed observations: speed by stage, peak memory, and how it grows.

    python -m benchmarks.line [--rows 1000000] [--repeats 5] [--quick]

Each measurement runs in a process of its own, on a mission written to a scratch folder: raw CSV in
the plain template, half of the text reports date-only, 400 incidents a day. Prints observations per
second of each stage, peak resident memory, and the time of ten times the days at equal density as
a ratio (median of the repeats), with ten times the density apart.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PER_DAY = 400.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--repeats", type=int, default=5)
    arguments.add_argument("--quick", action="store_true", help="the million only, once")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="truceline-bench-") as scratch:
        folder = Path(scratch)
        whole = measure(folder, given.rows, PER_DAY)
        show(whole, given.rows)
        if given.quick:
            return
        tenth = given.rows // 10
        few = [measure(folder, tenth, PER_DAY)["total"] for _ in range(given.repeats)]
        many = [measure(folder, given.rows, PER_DAY)["total"] for _ in range(given.repeats)]
        ratio = statistics.median(many) / statistics.median(few)
        print(f"ten times the days, equal density: {ratio:.1f}x the time "
              f"(medians of {given.repeats}: {statistics.median(few):.1f} s, {statistics.median(many):.1f} s)")  # fmt: skip
        dense = measure(folder, given.rows, PER_DAY * 10)["total"]
        print(f"ten times the density, same days: {dense / statistics.median(few):.1f}x the time")


def show(measured: dict[str, float], rows: int) -> None:
    print(f"{rows:,} observations at {PER_DAY:.0f} incidents a day")
    for stage, seconds in measured.items():
        if stage not in {"total", "memory_gb"}:
            print(f"  {stage:<12} {seconds:7.2f} s  {rows / seconds:12,.0f} observations/s")
    print(
        f"  {'whole line':<12} {measured['total']:7.2f} s  {rows / measured['total']:12,.0f} observations/s"
    )
    print(f"  peak memory  {measured['memory_gb']:.2f} GB")


def measure(folder: Path, rows: int, per_day: float) -> dict[str, float]:
    """One run in a process of its own, on a fresh record."""
    mission = folder / f"mission-{rows}-{per_day:.0f}"
    if not mission.exists():
        command = [
            sys.executable,
            "-m",
            "benchmarks.line_worker",
            "make",
            mission,
            str(rows),
            str(per_day),
        ]
        subprocess.run(command, check=True, cwd=HERE.parent)
    for made in ("record", "out"):
        shutil.rmtree(mission / made, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.line_worker", "run", mission]
    done = subprocess.run(command, check=True, cwd=HERE.parent, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
