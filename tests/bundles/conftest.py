"""One real case, from reports to facts, in a record that two witnesses cosigned; and its bundles."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from truceline.pipeline.bundling import Handed, bundle
from truceline.pipeline.casework import Wanted, make
from truceline.pipeline.mission import load
from truceline.pipeline.run import open_record, run
from truceline.pipeline.witnessing import make_key, sign_head
from truceline.record.note import Kind, Signer, Verifier
from truceline.record.panel import Listed, enlist
from truceline.record.signing import Heads
from truceline.record.verifier import verify_bundle as verifier

CASE = "barrage"
SHELLS = ("ka-01-a", "ka-01-b")
MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, propose, publish]}
"""
OFFICES = (
    ("registrar", "registrar", "mission"),
    ("duty", "duty_officer", "mission"),
    ("secretary", "secretary", "mission"),
    ("verifier-1", "verifier", "mission"),
    ("verifier-2", "verifier", "mission"),
    ("publisher", "publisher", "mission"),
)
WITNESSES = tuple(
    Signer(name=f"{who}.example/witness", kind=Kind.WITNESS, seed=bytes([number]) * 32)
    for number, who in enumerate(("west", "east"), 1)
)


def step(mission: Path, day: int, by: str, case: str, kind: str, **says: str) -> None:
    """Make one move, an hour for each day of May 2031."""
    cites = SHELLS if kind in {"open", "corroborate", "verify"} else ()
    wanted = Wanted(
        case_id=case, kind=kind, office=by, reason=f"{kind}, as Mr Smith at 30.3001 asked",
        cites=cites, says={name: (word,) for name, word in says.items()},
        at=datetime.fromisoformat(f"2031-05-{day:02}T09:00Z"),
    )  # fmt: skip
    done = make(mission, wanted)
    assert isinstance(done, tuple), done


@pytest.fixture(scope="session")
def mission(tmp_path_factory, project_root) -> Path:
    """A mission with a case whose facts were published, and a checkpoint that witnesses cosigned."""
    folder = tmp_path_factory.mktemp("bundles") / "m"
    left_out = shutil.ignore_patterns("out", "record", "release")
    shutil.copytree(project_root / "examples" / "known-answers", folder, ignore=left_out)
    with (folder / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    run(folder)
    for number, (office, role, body) in enumerate(OFFICES):
        step(folder, 1, "registrar", "-", "appoint",
             **{"office": office, "as": role, "body": body, "holder": f"p-{number}"})  # fmt: skip
    step(folder, 3, "duty", CASE, "open", because="pattern")
    step(folder, 3, "verifier-1", CASE, "begin")
    step(folder, 4, "verifier-1", CASE, "corroborate")
    step(folder, 4, "verifier-1", CASE, "verify", method="crater", text="Ten shells fell.")
    step(folder, 4, "verifier-2", CASE, "countersign", stage="facts")
    for party in ("EAST", "WEST"):
        step(folder, 6, "secretary", CASE, "notice", to=party, within="48 h")
    step(folder, 10, "publisher", CASE, "publish", stage="facts")
    make_key(folder)
    with open_record(load(folder)) as record:
        head = sign_head(record)
    assert head is not None
    heads = Heads(folder=folder / "record")
    text = head.note.text
    heads.add_signatures(
        head.checkpoint.size, [each.sign(text, 1_900_000_000) for each in WITNESSES]
    )
    listed = [Listed(who=each.name.partition(".")[0], key=each.verifier()) for each in WITNESSES]
    enlist(folder / "record", listed)
    return folder


@pytest.fixture(scope="session")
def made(mission) -> Handed:
    """The whole bundle of the case, as a folder and as a zip."""
    return bundle(mission, CASE, is_zipped=True)


@pytest.fixture
def copy(made, tmp_path) -> Path:
    """A copy of the whole bundle, to be damaged."""
    return Path(shutil.copytree(made.path, tmp_path / "copy"))


@pytest.fixture(scope="session")
def keys(made) -> list[verifier.Key]:
    """What an auditor was given by another way: the keys of the log and of the witnesses."""
    vkeys = [made.vkey, *(each.verifier().vkey for each in WITNESSES)]
    assert all(Verifier.parsed(each) for each in vkeys)
    return [verifier.key_of(each) for each in vkeys]


def sealed_again(folder: Path) -> None:
    """Write every list of digests anew, as whoever changed the bundle would."""
    lists = {verifier.TAGS, verifier.BLOCKS, verifier.MANIFEST}

    def names() -> list[str]:
        found = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
        return sorted(name for name in found if (folder / name).is_file())

    def lines(of: list[str]) -> str:
        told = ((hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in of)
        return "".join(f"{digest}  {name}\n" for digest, name in told)

    payload = [name for name in names() if name.startswith("data/")]
    (folder / verifier.MANIFEST).write_text(lines(payload))
    blocks = [
        f"{hashlib.sha256(content[at : at + verifier.BLOCK]).hexdigest()} {number} {name}\n"
        for name in names() if name not in lists - {verifier.MANIFEST}
        for content in [(folder / name).read_bytes()]
        for number, at in enumerate(range(0, len(content), verifier.BLOCK))
    ]  # fmt: skip
    (folder / verifier.BLOCKS).write_text("".join(blocks))
    tags = [name for name in names() if not name.startswith("data/") and name != verifier.TAGS]
    (folder / verifier.TAGS).write_text(lines(tags))


def edited(path: Path, change: Callable[[dict], object]) -> None:
    """Change a file of JSON in place."""
    said = json.loads(path.read_text(encoding="utf-8"))
    change(said)
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="session")
def hand():
    """What an attacker's hand can do: change JSON, and write every list of digests anew."""

    class Hand:
        seal = staticmethod(sealed_again)
        edit = staticmethod(edited)

    return Hand
