"""A year at an observer mission's scale through the whole desk: seconds by stage, and peak memory.

    python -m benchmarks.desk

400,000 violations with bursts of 240 in 35 minutes, 300 inspections a month and 1,000 patrols a
week, in a process of its own, on a mission written to a scratch folder in the feeds' own formats.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.desk_year import make

HERE = Path(__file__).parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="truceline-desk-") as scratch:
        mission = Path(scratch) / "mission"
        rows = make(mission)
        command = [sys.executable, "-m", "benchmarks.line_worker", "run", mission]
        done = subprocess.run(command, check=True, cwd=HERE.parent, capture_output=True, text=True)
        measured = json.loads(done.stdout.splitlines()[-1])
        size_mb = sum(f.stat().st_size for f in (mission / "out").iterdir()) / 1e6
    print(f"a year at the desk: {rows:,} rows in, {size_mb:,.0f} MB of tables out")
    for stage, seconds in measured.items():
        if stage not in {"total", "memory_gb"}:
            print(f"  {stage:<12} {seconds:7.2f} s")
    print(f"  {'whole line':<12} {measured['total']:7.2f} s")
    print(f"  peak memory  {measured['memory_gb']:.2f} GB")


if __name__ == "__main__":
    main()
