"""Every byte of a bundle that is changed is noticed, and named by file and 64 KiB block."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.record.bagit import Bag
from truceline.record.verifier import verify_bundle as verifier

TAGS = sorted(verifier.TAG_FILES | {verifier.TAGS})


@pytest.fixture(scope="module")
def bag(tmp_path_factory) -> Path:
    """A bag whose files, and whose list of blocks, are longer than one block."""
    folder = tmp_path_factory.mktemp("bag") / "bag"
    made = Bag(folder)
    made.add("data/empty", b"")
    made.add("data/exact", bytes(range(256)) * (verifier.BLOCK // 256))
    made.add("data/long", bytes(range(251)) * 1_200)
    for number in range(600):  # enough lines that the list of blocks has two blocks itself
        made.add(f"data/{'one-of-many-files-of-a-case' * 2}/{number}", b"%d" % number)
    made.finish({"Bag-Software-Agent": "truceline"}, b"print('it verifies')\n")
    assert (folder / verifier.BLOCKS).stat().st_size > verifier.BLOCK
    return folder


def flipped(path: Path, at: int, mask: int):
    """Change one byte, and give back what undoes it."""
    content = path.read_bytes()
    path.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
    return lambda: path.write_bytes(content)


def named(folder: Path) -> str:
    """What the check of a bag says that does not hold."""
    with pytest.raises(verifier.RefusedError) as caught:
        verifier.check_bag(verifier.Folder(folder))
    return str(caught.value)


@settings(deadline=None)
@given(st.data(), st.integers(1, 255))
def test_any_byte_of_any_file_is_named_with_its_block(bag, data, mask):
    name = data.draw(
        st.sampled_from(["data/exact", "data/long", verifier.BLOCKS, verifier.MANIFEST, *TAGS])
    )
    at = data.draw(st.integers(0, (bag / name).stat().st_size - 1))
    restore = flipped(bag / name, at, mask)
    try:
        assert named(bag).startswith(f"{name}: block {at // verifier.BLOCK}: ")
    finally:
        restore()


@pytest.mark.parametrize("name", ["data/long", verifier.BLOCKS, verifier.MANIFEST])
def test_the_bytes_on_both_sides_of_a_block_are_told_apart(bag, name):
    """Also in the list of blocks, of which no other list has blocks."""
    size = (bag / name).stat().st_size
    for at in (0, verifier.BLOCK - 1, verifier.BLOCK, verifier.BLOCK + 1, size - 1):
        if at < size:
            restore = flipped(bag / name, at, 0x02)
            assert named(bag).startswith(f"{name}: block {at // verifier.BLOCK}: "), at
            restore()


def test_every_byte_of_what_stands_beside_the_payload_is_named(made, tmp_path):
    """All of them, not some: bagit.txt, bag-info.txt and the list that nothing else lists."""
    folder = Path(shutil.copytree(made.path, tmp_path / "copy"))
    verifier.check_bag(verifier.Folder(folder))
    for name in ("bagit.txt", "bag-info.txt", verifier.TAGS):
        for at in range((folder / name).stat().st_size):
            restore = flipped(folder / name, at, 0x01)
            assert named(folder).startswith(f"{name}: block 0: "), (name, at)
            restore()
    verifier.check_bag(verifier.Folder(folder))


@settings(deadline=None)
@given(st.data(), st.integers(1, 255))
def test_any_byte_of_a_real_bundle_is_named(made, data, mask):
    paths = sorted(path for path in made.path.rglob("*") if path.is_file() and path.stat().st_size)
    path = data.draw(st.sampled_from(paths))
    at = data.draw(st.integers(0, path.stat().st_size - 1))
    name = path.relative_to(made.path).as_posix()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(made.path, Path(scratch) / "copy"))
        flipped(folder / name, at, mask)
        with pytest.raises(verifier.RefusedError) as caught:
            verifier.verified(folder, [], 0)
    assert str(caught.value).startswith(f"{name}: block {at // verifier.BLOCK}: ")


@settings(deadline=None)
@given(st.data(), st.integers(1, 255))
def test_any_byte_of_a_zip_is_noticed_and_named(made, data, mask):
    """In a file, in what stands before it, and in the directory at the end."""
    content = made.zipped.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    with tempfile.TemporaryDirectory() as scratch:
        packed = Path(scratch) / "b.zip"
        packed.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
        with pytest.raises(verifier.RefusedError) as caught:
            verifier.verified(packed, [], 0)
    assert re.match(
        r"(data/|bag|manifest|tagmanifest|blocks|verify_bundle|b\.zip).*: ", str(caught.value)
    )


@pytest.mark.parametrize("length", [0, 1, verifier.BLOCK, verifier.BLOCK + 1, 300_000])
def test_a_file_cut_off_is_named_at_the_block_where_it_ends(bag, length):
    path = bag / "data/long"
    content = path.read_bytes()
    path.write_bytes(content[:length])
    try:
        assert named(bag).startswith(f"data/long: block {length // verifier.BLOCK}: ")
        path.write_bytes(content + b"\0")
        assert named(bag).startswith(f"data/long: block {len(content) // verifier.BLOCK}: ")
    finally:
        path.write_bytes(content)


def test_several_damaged_files_are_counted_and_the_first_is_named(bag):
    undo = [flipped(bag / name, 0, 1) for name in ("data/long", "data/exact")]
    try:
        said = named(bag)
    finally:
        for each in undo:
            each()
    assert said.startswith("data/exact: block 0: ")
    assert "2 files are damaged" in said
