"""The verifier's own Ed25519 agrees with RFC 8032 and with `cryptography`, and refuses more."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.record.verifier import verify_bundle as verifier

# RFC 8032, 7.1: secret key, public key, message, signature.
VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
}
SEEDS = st.binary(min_size=32, max_size=32)


def by_cryptography(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_rfc_8032_hold(name):
    secret, key, message, signature = (bytes.fromhex(each) for each in VECTORS[name])
    assert verifier.is_signed(key, message, signature)
    assert by_cryptography(key, message, signature), "the vector was copied wrongly"
    assert not verifier.is_signed(key, message + b"\0", signature)
    assert Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw() == key


@settings(deadline=None)
@given(SEEDS, st.binary(max_size=200))
def test_what_cryptography_signs_is_signed(seed, message):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    key = secret.public_key().public_bytes_raw()
    assert verifier.is_signed(key, message, secret.sign(message))


@settings(deadline=None)
@given(SEEDS, st.binary(max_size=40), st.integers(0, 767), st.data())
def test_one_bit_changed_in_key_or_signature_is_judged_as_cryptography_does(
    seed, message, bit, data
):
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    both = bytearray(secret.public_key().public_bytes_raw() + secret.sign(message))
    both[bit // 8] ^= 1 << (bit % 8)
    key, signature = bytes(both[:32]), bytes(both[32:])
    assert verifier.is_signed(key, message, signature) is False
    assert by_cryptography(key, message, signature) is False
    short = data.draw(st.integers(0, 63))
    assert not verifier.is_signed(key, message, signature[:short])


@settings(deadline=None)
@given(SEEDS, st.binary(max_size=40))
def test_a_scalar_that_is_not_in_its_one_form_is_refused(seed, message):
    """S + L passes the equation as S does; whoever takes both lets anybody make a second signature."""
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = secret.public_key().public_bytes_raw(), secret.sign(message)
    factor = int.from_bytes(signature[32:], "little") + verifier.ORDER
    other = signature[:32] + factor.to_bytes(32, "little")
    assert not verifier.is_signed(key, message, other)
    assert not by_cryptography(key, message, other)


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_any_32_bytes_are_a_point_in_one_form_or_none(code):
    point = verifier.decoded(code)
    if point is not None:
        x, y, z, t = point
        assert (y * y - x * x - 1 - verifier.D * x * x * y * y) % verifier.P == 0
        assert (z, t) == (1, x * y % verifier.P)
        assert verifier.encoded(point) == code


@pytest.mark.parametrize("number", [verifier.P, verifier.P + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_a_coordinate_beyond_the_field_is_no_point(number, sign):
    assert verifier.decoded((number | sign << 255).to_bytes(32, "little")) is None


@pytest.mark.parametrize("y", [1, verifier.P - 1])
def test_a_sign_without_a_coordinate_is_no_point(y):
    """x is 0 there, and has no sign."""
    assert verifier.decoded(y.to_bytes(32, "little")) is not None
    assert verifier.decoded((y | 1 << 255).to_bytes(32, "little")) is None


def test_keys_of_small_order_sign_nothing():
    """Under the point of order 1, R = S B holds for every message: such a key is nobody's."""
    neutral = (1).to_bytes(32, "little")
    signature = verifier.encoded(verifier.BASE) + (1).to_bytes(32, "little")
    assert by_cryptography(neutral, b"anything", signature), "the attack is real"
    assert not verifier.is_signed(neutral, b"anything", signature)
    for code in (neutral, (verifier.P - 1).to_bytes(32, "little"), bytes(32)):
        point = verifier.decoded(code)
        assert point is not None
        assert verifier.encoded(verifier.times(8, point)) == neutral
        assert not verifier.is_signed(code, b"anything", signature)


def test_the_base_point_has_the_order_that_is_stated():
    assert verifier.encoded(verifier.times(verifier.ORDER, verifier.BASE)) == verifier.encoded(
        verifier.ZERO
    )
