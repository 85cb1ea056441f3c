"""A mission evacuated and killed at one point, looked at, and evacuated on.

Run as a program, so that each child is forked from a process without threads:

    python evacuation_scenario.py MISSION WORK     kills at each point in turn; one JSON line each
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from truceline.pipeline import evacuating
from truceline.record import evacuation, personal
from truceline.record.store import Record

OFFICE = "head-of-mission"


def evacuate(folder, recipient, out, fault=lambda _: None):
    evacuating.evacuate(folder, recipient, out, office=OFFICE, is_all=True, fault=fault)


def in_child(work):
    child = os.fork()
    if child == 0:
        code = 70
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def points_of(mission, recipient, work):
    folder, found = work / "clean", []
    shutil.copytree(mission, folder)
    evacuate(folder, recipient, work / "clean.age", found.append)
    return found


def names(folder):
    with Record.open(folder / "record", read_only=True) as record:
        return len(personal.names(record, personal.Keyring(folder=folder / "record")))


def whole(folder, keys):
    """Whether the mission in the field still is what it was: log, exhibits and every key."""
    if len(evacuation.keys(folder / "record")) != keys or not Record.exists(folder / "record"):
        return False
    with Record.open(folder / "record", read_only=True) as record:
        return names(folder) > 0 and not record.verify().faults


def received(out, secret, target):
    """Whether the successor gets everything; the folder is removed again."""
    if not out.is_file():
        return False
    made, faults = evacuating.receive(out, secret, target)
    keys = len(evacuation.keys(target / "record"))
    good = not faults and names(target) > 0 and keys
    shutil.rmtree(target)
    return made.head.size if good else False


def main():
    mission, work = Path(sys.argv[1]), Path(sys.argv[2])
    secret = work / "successor.key"
    recipient = evacuating.successor(secret)
    keys = len(evacuation.keys(mission / "record"))
    for at, name in enumerate(points_of(mission, recipient, work)):
        folder, out = work / "m", work / "sealed.age"
        shutil.copytree(mission, folder)

        def kill(folder=folder, out=out, at=at):
            passed = iter(range(10**6))

            def fault(_):
                if next(passed) == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            evacuate(folder, recipient, out, fault)

        status = in_child(kill)
        said = {
            "point": name,
            "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
            "field": whole(folder, keys),
            "sealed": received(out, secret, work / "early"),
        }
        said["again"] = in_child(lambda f=folder, o=out: evacuate(f, recipient, o)) == 0
        said["left"] = [
            path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
        ]
        said["late"] = received(out, secret, work / "late")
        print(json.dumps(said), flush=True)
        shutil.rmtree(folder)
        out.unlink()


if __name__ == "__main__":
    main()
