"""What is sealed opens with the one key, whole; any change is named by its block."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.model.errors import InputError, IntegrityError
from truceline.record import age

SECRET = bytes(range(32))
BLOCK = age.BLOCK_BYTES


def sealed(content, recipient=None):
    file = io.BytesIO()
    sealer = age.Sealer(file, recipient or age.recipient_of(SECRET), os.urandom)
    for at in range(0, len(content), 10_000):
        sealer.write(content[at : at + 10_000])
    sealer.finish()
    return file.getvalue()


def opened(content, secret=SECRET):
    return age.Opener(io.BytesIO(content), secret=secret).read()


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK - 7])
def test_what_is_sealed_opens_to_the_same_bytes(size):
    content = os.urandom(size)
    assert opened(sealed(content)) == content


@given(secret=st.binary(min_size=32, max_size=32))
@settings(max_examples=30, deadline=None)
def test_keys_read_back_from_their_lines(secret):
    assert age.secret_key(f"# made today\n{age.identity(secret)}\n") == secret
    assert len(age.public_key(age.recipient_of(secret))) == 32


@given(at=st.integers(4, 61), letter=st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
@settings(max_examples=60, deadline=None)
def test_a_letter_lost_from_a_public_key_is_noticed(at, letter):
    good = age.recipient_of(SECRET)
    bad = good[:at] + letter + good[at + 1 :]
    if bad != good:
        with pytest.raises(InputError, match="is no public key"):
            age.public_key(bad)


def test_another_key_does_not_open_it():
    with pytest.raises(IntegrityError, match="sealed to another key"):
        opened(sealed(b"secret"), secret=bytes(32)[:-1] + b"\x01")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_bit_anywhere_is_noticed(data):
    content = sealed(b"x" * (BLOCK + 100))
    at = data.draw(st.integers(0, len(content) - 1))
    bad = bytearray(content)
    bad[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((IntegrityError, InputError)):
        opened(bytes(bad))


def test_a_block_that_was_cut_off_moved_or_doubled_is_named():
    content = sealed(os.urandom(4 * BLOCK))
    step = BLOCK + age.TAG_BYTES
    start = len(content) - 4 * step
    blocks = [content[start + at * step : start + (at + 1) * step] for at in range(4)]
    head = content[:start]
    for wrong, number in (
        (blocks[:3], "block 2 "),  # cut off at a block: the third is not marked as the last
        ([blocks[1], blocks[0], *blocks[2:]], "block 0 "),
        ([*blocks, blocks[3]], "block 3 "),
        ([*blocks[:3], blocks[3][:-1]], "block 3 "),
    ):
        with pytest.raises(IntegrityError, match=number):
            opened(head + b"".join(wrong))


@pytest.mark.parametrize("content", [b"", b"age-encryption.org/v1\n", b"PK\x03\x04", b"\n" * 9])
def test_what_was_never_sealed_is_said_to_be_so(content):
    with pytest.raises(InputError, match="no file that was sealed"):
        opened(content)


def test_a_key_file_without_a_key_is_not_repeated_in_the_message():
    with pytest.raises(InputError) as found:
        age.secret_key("hunter2\n")
    assert "hunter2" not in str(found.value)
