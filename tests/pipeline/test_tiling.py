"""The log as static files: read back by a plain reader that knows only the specification."""

import base64
import hashlib
import shutil
import struct
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import IntegrityError, RecordError
from truceline.pipeline import proving, tiling, witnessing
from truceline.record.store import Record

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)


def append(mission, count, width=1):
    with Record.open(mission / "record") as record:
        for number in range(count):
            record.append(
                "notice", {"number": number, "words": [f"w{n}" for n in range(width)]},
                known_at=AT, recorded_at=AT, actor="duty officer", entropy=lambda n: b"s" * n,
            )  # fmt: skip


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    append(folder, 9)
    witnessing.make_key(folder)
    witnessing.checkpoint(folder)
    return folder


def plain_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    parts = plain_root(leaves[:split]) + plain_root(leaves[split:])
    return hashlib.sha256(b"\x01" + parts).digest()


def entries(folder, count, kind="entries", lengths=">H"):
    """Entries of bundles by the specification alone."""
    found = []
    for index in range(-(-count // 256)):
        width = min(256, count - 256 * index)
        name = f"{index:03}" if width == 256 else f"{index:03}.p/{width}"
        path = folder / "tile" / kind / name
        if not path.exists():
            found += [None] * width
            continue
        content, at = path.read_bytes(), 0
        while at < len(content):
            (length,) = struct.unpack_from(lengths, content, at)
            at += struct.calcsize(lengths)
            found.append(content[at : at + length])
            at += length
    return found


def check(folder):
    """Every entry's hash is in its tile, and all lead to the root of the checkpoint; its size."""
    _, size, root, *_ = (folder / "checkpoint").read_text().split("\n")
    said = entries(folder, int(size))
    leaves = [hashlib.sha256(b"\x00" + each).digest() for each in said]
    tiles = b"".join(
        (folder / "tile/0" / (f"{n:03}" if w == 256 else f"{n:03}.p/{w}")).read_bytes()
        for n in range(-(-int(size) // 256))
        for w in [min(256, int(size) - 256 * n)]
    )
    assert tiles == b"".join(leaves)
    assert base64.b64encode(plain_root(leaves)).decode() == root
    return int(size)


def test_others_read_entries_tiles_and_checkpoint_as_they_grow(mission, tmp_path):
    out = tmp_path / "static"
    assert tiling.write(mission, out).size == check(out) == 10
    append(mission, 300)
    witnessing.checkpoint(mission)
    made = tiling.write(mission, out)
    assert (made.size, made.bundles, made.long_bundles) == (310, 2, ())
    assert check(out) == 310
    assert b"duty officer" not in b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert tiling.write(mission, out) == made


def test_an_entry_too_long_for_a_bundle_is_told_and_lies_elsewhere(mission, tmp_path):
    append(mission, 1, width=900)
    witnessing.checkpoint(mission)
    said = CliRunner().invoke(group, ["record", "tiles", str(mission), str(tmp_path / "static")])
    assert "bundle 0 holds an entry of more than 65,535 bytes" in said.output
    assert entries(tmp_path / "static", 11) == [None] * 11
    every = entries(tmp_path / "static", 11, "long-entries", ">I")
    assert max(map(len, every)) > 65_535
    leaves = [hashlib.sha256(b"\x00" + each).digest() for each in every]
    root = (tmp_path / "static/checkpoint").read_text().split("\n")[2]
    assert base64.b64encode(plain_root(leaves)).decode() == root


def test_damaged_tiles_are_told_and_made_anew(mission):
    append(mission, 300)
    witnessing.checkpoint(mission)
    tile = mission / "record/tiles/tile/0/000"
    tile.write_bytes(bytes(8_192))
    with pytest.raises(IntegrityError, match="a tile is damaged"):
        proving.prove(mission, proving.Wanted(entry=3))
    said = CliRunner().invoke(group, ["record", "verify", str(mission)])
    assert "tile 0 of level 0 is missing or damaged" in said.output
    assert said.exit_code == 0
    said = CliRunner().invoke(group, ["record", "tiles", str(mission), "--again"])
    assert said.output == "tiles made anew for 310 entries\n"
    assert proving.prove(mission, proving.Wanted(entry=3))


def test_without_a_checkpoint_there_is_nothing_to_write(mission, tmp_path):
    shutil.rmtree(mission / "record/checkpoints")
    for do in (lambda: tiling.write(mission, tmp_path / "out"), lambda: tiling.make_again(mission)):
        with pytest.raises(RecordError, match="nothing was signed yet"):
            do()
