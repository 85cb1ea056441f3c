"""A small sealed truth, made by hand of the example whose answers are known."""

import csv
from pathlib import Path

from truceline.simulation.contract import TRUTH_FILES

OUTCOMES = {"": "unknown", "ka-07": "staged", "ka-08": "accident"}


def seal(folder: Path, tables: dict[str, list[dict[str, str]]]) -> None:
    """Write a truth folder; a column that a row lacks is empty."""
    truth = folder / "truth"
    truth.mkdir(exist_ok=True)
    for name, columns in TRUTH_FILES.items():
        with (truth / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(tables[name])


def known_answers(example: Path) -> dict[str, list[dict[str, str]]]:
    """The truth of `examples/known-answers`: ten acts, each an incident and a campaign of its own."""
    with (example / "expected.csv").open(encoding="utf-8") as file:
        expected = [row for row in csv.DictReader(file) if row["observations"]]
    with (example / "raw" / "observations.csv").open(encoding="utf-8") as file:
        rows = {row["observation_id"]: (n, row) for n, row in enumerate(csv.DictReader(file), 2)}
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in TRUTH_FILES}
    for answer in expected:
        subject = answer["subject"]
        ids = answer["observations"].split(";")
        first = next(rows[i][1] for i in ids if rows[i][1]["lat"])
        author = OUTCOMES.get(subject) or (
            f"party:{answer['author']}" if answer["author"] else "unknown"
        )
        what = {
            "incident_id": f"T{subject}", "act_id": f"A{subject}", "campaign": subject,
            "began": first["began"], "ended": first["ended"], "lat": first["lat"], "lon": first["lon"],
            "type": first["type"] or "explosion_unidentified", "nature": "HOSTILE",
            "is_incident": "true", "weapon": first["weapon"], "rounds": first["count_best"],
            "author": author, "intent": "deliberate",
        }  # fmt: skip
        for name in ("incidents.csv", "acts.csv", "responsibility.csv"):
            tables[name].append(what)
        for number, observation in enumerate(ids):
            by_id = number % 2 == 0  # the others are told by file and line
            tables["members.csv"].append(
                {
                    **what,
                    "observation_id": observation if by_id else "",
                    "feed": "observations",
                    "file": "" if by_id else "raw/observations.csv",
                    "line": "" if by_id else str(rows[observation][0]),
                }
            )
        # The example states the verdict for the author. Notices and responses are the author's own:
        # had the other party done it, it would be a violation; an accident is compliant for both.
        for party in ("WEST", "EAST"):
            is_other = answer["author"] not in {"", party}
            stated = answer["verdict_for_author"]
            tables["verdicts.csv"].append(
                {
                    **what,
                    "party": party,
                    "clause_id": answer["clause"],
                    "verdict": "violation" if is_other and stated != "compliant" else stated,
                    "is_author": str(author == f"party:{party}").lower(),
                }
            )
    return tables
