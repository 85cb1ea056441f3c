"""Write the daily report of one day, as it would have gone out that evening: `day.py 2025-02-07 [VIEW]`."""

import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from truceline.pipeline.reporting import release
from truceline.pipeline.run import run

FOLDER = Path(__file__).parent


def daily(day: str, to: Path, view: str = "commission") -> tuple[Path, ...]:
    """The documents of one day's report; the period before it is the day before.

    Parameters
    ----------
    day
        As `2025-02-07`.
    to
        Folder for the documents.
    view
        `public`, `party:ID` or `commission`.
    """
    out_at = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=21)  # 20:00 local
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "mission"
        left_out = shutil.ignore_patterns("out", "record", "release", "__pycache__")
        shutil.copytree(FOLDER, copy, ignore=left_out)
        file = copy / "mission.yaml"
        period = f"period: {{from: {day}, to: {day}, previous_days: 1}}"
        file.write_text(re.sub(r"^period: .*$", period, file.read_text(), flags=re.MULTILINE))
        run(copy, as_of=out_at)
        return release(copy, view=view, to=to, as_of=out_at)


if __name__ == "__main__":
    made = daily(sys.argv[1], FOLDER / "release" / sys.argv[1], *sys.argv[2:3])
    sys.stdout.write("".join(f"{path.relative_to(FOLDER)}\n" for path in made))
