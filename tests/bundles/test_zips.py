"""Tricks with zips: none is unpacked, none can swell, and only one form of them is read."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest

from truceline.model.errors import InputError
from truceline.record import bagit
from truceline.record.verifier import verify_bundle as verifier


def refused(path: Path) -> str:
    with pytest.raises(verifier.RefusedError) as caught:
        verifier.verified(path, [], 0)
    return str(caught.value)


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    """A zip as Python's own module writes it."""
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            info.external_attr = 0
            info.create_system = 0
            out.writestr(info, content)
    return path


def test_a_bomb_is_refused_before_it_swells(tmp_path):
    bomb = packed(tmp_path / "b.zip", {"bagit.txt": bytes(200_000_000)}, zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 300_000
    began = time.perf_counter()
    assert "bagit.txt: is compressed; a bundle's files are stored as they are" in refused(bomb)
    assert time.perf_counter() - began < 5, "it was unpacked"


def test_files_that_overlap_are_refused(tmp_path):
    """Two entries of the directory over one file: how a zip of 10 MB holds 281 TB."""
    header = verifier.zip_header("a", 0, 4) + b"body"
    listed = [("a", 0, 4, 0), ("b", 0, 4, 0)]
    path = tmp_path / "b.zip"
    path.write_bytes(header + verifier.zip_directory(listed, len(header)))
    assert refused(path).startswith("b.zip: block 0: its directory does not follow from its files")


def test_a_size_that_is_a_lie_is_refused(tmp_path):
    for size in (0, 3, 200, 0xFFFF_FFFF):
        header = verifier.zip_header("a", 0, size) + b"body"
        path = tmp_path / f"{size}.zip"
        path.write_bytes(header + verifier.zip_directory([("a", 0, size, 0)], len(header)))
        lie = "its directory does not follow from its files" if size < 5 else "longer than the zip"
        assert lie in refused(path)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "data/../../evil", "C:\\evil", "data/", ""]
)
def test_a_path_outside_is_refused_and_nothing_is_written(tmp_path, name):
    path = tmp_path / "in" / "b.zip"
    path.parent.mkdir()
    header = verifier.zip_header(name, 0, 4) + b"body"
    path.write_bytes(header + verifier.zip_directory([(name, 0, 4, 0)], len(header)))
    assert "is no plain path within the bundle" in refused(path)
    assert [each.name for each in tmp_path.rglob("*")] == ["in", "b.zip"]


def test_one_name_twice_is_refused(tmp_path):
    header = verifier.zip_header("a", 0, 4) + b"body"
    listed = [("a", 0, 4, 0), ("a", 0, 4, len(header))]
    path = tmp_path / "b.zip"
    path.write_bytes(header * 2 + verifier.zip_directory(listed, 2 * len(header)))
    assert "a is not packed as a bundle is" in refused(path)


def test_a_link_in_a_zip_is_refused(made, tmp_path):
    """What a file is stands in the directory alone; only plain ones have the one form."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as out:
        info = zipfile.ZipInfo("data", (1980, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o120777 << 16
        out.writestr(info, "/etc")
    assert "its directory does not follow from its files" in refused(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"#!/bin/sh\n" + content,
        lambda content: content + b"hidden",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"PK\x03\x04",
    ],
    ids=["before", "after", "cut", "half", "nothing", "begun"],
)
def test_bytes_before_after_or_missing_are_noticed(made, tmp_path, spoil):
    path = tmp_path / "b.zip"
    path.write_bytes(spoil(made.zipped.read_bytes()))
    assert refused(path).partition(":")[0] in ("b.zip", "data/README.md")


def test_something_between_two_files_is_noticed(made, tmp_path):
    content = made.zipped.read_bytes()
    second = content.index(b"PK\x03\x04", 4)
    path = tmp_path / "b.zip"
    path.write_bytes(content[:second] + b"\0" + content[second:])
    assert "b.zip: block 0: its directory does not follow" in refused(path)


def test_a_zip_packed_by_others_says_what_it_lacks(made, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(made.path.rglob("*")):
            out.write(path, path.relative_to(made.path))
    said = refused(tmp_path / "b.zip")
    assert "is no plain path" in said or "is compressed" in said


def test_what_does_not_fit_a_plain_zip_is_not_packed(tmp_path):
    folder = tmp_path / "bag"
    folder.mkdir()
    with (folder / "film").open("wb") as file:
        file.truncate(1 << 32)
    with pytest.raises(InputError, match="hand over the folder, or pack it with tar"):
        bagit.pack(folder, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_headers_are_what_the_format_says():
    """Our few lines against Python's own: name, CRC-32, sizes, method, place."""
    target = io.BytesIO()
    header = verifier.zip_header("data/a.txt", 0x1234ABCD, 7)
    target.write(
        header
        + b"content"
        + verifier.zip_directory([("data/a.txt", 0x1234ABCD, 7, 0)], len(header) + 7)
    )
    (info,) = zipfile.ZipFile(target).infolist()
    assert (info.filename, info.CRC, info.file_size, info.compress_size) == (
        "data/a.txt",
        0x1234ABCD,
        7,
        7,
    )
    assert (info.compress_type, info.flag_bits, info.header_offset) == (0, 0, 0)
    assert info.date_time == (1980, 1, 1, 0, 0, 0)
    assert struct.unpack("<H", header[4:6]) == (20,)
