"""Canonical JSON (RFC 8785), and the fields of a value, each with its canonical bytes.

Every entry passes here, so that what payloads are made of is written by hand: text, whole numbers,
floating point of ordinary size, lists and objects. Whatever is none of these goes to the reference
implementation, which also says what is wrong with it; a test holds the two against one another.

References
----------
RFC 8785, JSON Canonicalization Scheme, 2020; RFC 6901, JSON Pointer, 2013.
"""

import json
from json.encoder import encode_basestring as _quoted
from typing import Any

import rfc8785

from truceline.model.errors import InputError

_WHOLE = 2**53  # beyond it a number of JSON need not come back as it was
_WORDS = {None: "null", True: "true", False: "false"}

Fields = list[tuple[str, str]]  # JSON pointer, canonical text


def canonical(value: Any) -> bytes:
    """Canonical JSON, RFC 8785.

    Raises
    ------
    InputError
        The value is not JSON: a date, a set, a number that is not finite or beyond 2**53.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": [None, "x"]})
    b'{"a":[null,"x"],"b":1}'
    """
    return _explained(value, "", None)


def with_fields(value: Any, pointer: str) -> tuple[bytes, Fields]:
    """Canonical JSON, and each scalar and empty container in it under its JSON pointer (RFC 6901).

    Parameters
    ----------
    value
        What is to be written.
    pointer
        Where it stands itself.

    Raises
    ------
    InputError
        The value is not JSON.

    Examples
    --------
    >>> with_fields({"b": {}, "a/c": [1.5]}, "/payload")
    (b'{"a/c":[1.5],"b":{}}', [('/payload/a~1c/0', '1.5'), ('/payload/b', '{}')])
    """
    found: Fields = []
    return _explained(value, pointer, found), found


def _explained(value: Any, pointer: str, fields: Fields | None) -> bytes:
    try:
        text = _text(value) if fields is None else _noted(value, pointer, fields)
        return text.encode()
    except (rfc8785.CanonicalizationError, TypeError, ValueError, RecursionError) as exc:
        msg = f"a payload must be JSON, with whole numbers below 2**53 and dates as text: {exc}"
        raise InputError(msg) from exc


def _text(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is dict:
        return f"{{{','.join([f'{_quoted(key)}:{_text(value[key])}' for key in _ordered(value)])}}}"
    if kind is list or kind is tuple:
        return f"[{','.join([_text(item) for item in value])}]"
    return _scalar(value, kind)


def _noted(value: Any, pointer: str, fields: Fields) -> str:
    """The same text, each field in it noted."""
    kind = type(value)
    if kind is dict and value:
        members = []
        for key in _ordered(value):
            step = key.replace("~", "~0").replace("/", "~1") if "/" in key or "~" in key else key
            members.append(f"{_quoted(key)}:{_noted(value[key], f'{pointer}/{step}', fields)}")
        return f"{{{','.join(members)}}}"
    if (kind is list or kind is tuple) and value:
        items = [_noted(item, f"{pointer}/{at}", fields) for at, item in enumerate(value)]
        return f"[{','.join(items)}]"
    text = _text(value)
    fields.append((pointer, text))
    return text


def _ordered(value: dict[Any, Any]) -> list[str]:
    """Keys in the order of their UTF-16 units, which is that of ASCII where all are ASCII."""
    try:
        names = sorted(value)
        if "".join(names).isascii():
            return names
        return sorted(names, key=lambda name: name.encode("utf-16-be"))
    except TypeError:
        rfc8785.dumps(value)  # says what is wrong with such a key
        raise


def _scalar(value: Any, kind: type) -> str:
    if kind is int and -_WHOLE < value < _WHOLE:
        return str(value)
    if kind is float:
        # Python and ECMAScript write a double by the same shortest digits; only where an exponent
        # begins do they part, and in the point of a whole number.
        text = repr(value).removesuffix(".0")
        if "e" not in text and "n" not in text and text != "-0":
            return text
    elif value is None or kind is bool:
        return _WORDS[value]
    return rfc8785.dumps(value).decode()


_DECODER = json.JSONDecoder(
    parse_int=lambda digits: whole if abs(whole := int(digits)) < _WHOLE else float(digits)
)


def parsed(content: bytes) -> Any:
    """A JSON value from its canonical bytes.

    RFC 8785 writes a whole float without a point; beyond 2**53 such a number must come back as the
    float that it was, for no whole number stands there.

    Examples
    --------
    >>> parsed(canonical([1, 2.0**60]))
    [1, 1.152921504606847e+18]
    """
    return _DECODER.decode(content.decode())
