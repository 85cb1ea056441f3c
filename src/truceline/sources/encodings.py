"""From bytes to text: which encoding a file is in, and what was damaged on the way."""

import codecs
import re
from dataclasses import dataclass

from truceline.model.errors import SourceError

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"  # stands where bytes were not text; such rows are refused
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In windows-1251 Cyrillic letters are 0xC0-0xFF (and a few below) and come in runs; in Western
# code pages the same bytes are accented letters, which stand alone among ASCII ones.
_RUN = re.compile(rb"[\xa8\xb2\xb3\xb8\xaa\xba\xaf\xbf\xc0-\xff]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, the encoding it was read in, and what is to be said about that."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    is_damaged: bool = False  # U+FFFD then marks bytes that could not be read


def decode(content: bytes, name: str, forced: str | None = None) -> Decoded:
    """Text from bytes: a byte order mark, else UTF-8, else UTF-16 or a guessed code page.

    A guess is always said. UTF-8 with little damage stays UTF-8, the damage marked by U+FFFD.

    Parameters
    ----------
    content, name
        The bytes, and the file's name for messages.
    forced
        Encoding to use whatever the bytes look like.

    Raises
    ------
    SourceError
        `forced` names no encoding.

    Examples
    --------
    >>> decode("Київ,1".encode("cp1251"), "a.csv").encoding
    'cp1251'
    >>> decode("Київ".encode("utf-16"), "a.csv").text
    'Київ'
    """
    if forced is not None:
        return _forced(content, name, forced)
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, errors="replace")
            return _checked(content[len(mark) :], text, name, encoding)
    wide = _looks_wide(content)
    if wide:
        text = content.decode(wide, errors="replace")
        note = f"{name}: read as {wide}, as every other byte is zero; option `encoding` overrides"
        return _checked(content, text, name, wide, note)
    try:
        return Decoded(text=content.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content, name)


def _forced(content: bytes, name: str, forced: str) -> Decoded:
    try:
        text = content.decode(forced, errors="replace")
    except (LookupError, UnicodeError, TypeError) as exc:
        msg = f"{name}: encoding {forced!r} is not known; use a name such as utf-8 or cp1251"
        raise SourceError(msg) from exc
    return _checked(content, text.removeprefix("\ufeff"), name, forced)


def _looks_wide(content: bytes) -> str | None:
    head = content[:4096]
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _not_utf8(content: bytes, name: str) -> Decoded:
    text = content.decode("utf-8", errors="replace")
    damaged = text.count(REPLACEMENT)
    sound = sum(1 for character in text if character > "\x7f") - damaged
    if sound >= 4 * damaged or _cut_at_the_end(content):
        return _checked(content, text, name, "utf-8")
    high = sum(1 for byte in content if byte > 0x7F)
    in_runs = sum(len(run) for run in _RUN.findall(content))
    # A lone dash or quote tells nothing, and both code pages write those alike.
    guess = "cp1251" if 2 * in_runs >= high else "cp1252"
    try:
        text = content.decode(guess)
    except UnicodeDecodeError:
        guess, text = "latin-1", content.decode("latin-1")
    note = (
        f"{name}: not UTF-8; read as {guess}, guessed from {high} bytes; if names look wrong set "
        "option `encoding`"
    )
    return Decoded(text=text, encoding=guess, notes=(note,))


def _cut_at_the_end(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as exc:
        return exc.end >= len(content) and exc.reason == "unexpected end of data"
    return False


def _checked(content: bytes, text: str, name: str, encoding: str, *notes: str) -> Decoded:
    try:
        content.decode(encoding)
    except UnicodeError:
        said = (
            f"{name}: {text.count(REPLACEMENT)} places are not {encoding}; their rows are refused"
        )
        return Decoded(text=text, encoding=encoding, notes=(*notes, said), is_damaged=True)
    return Decoded(text=text, encoding=encoding, notes=notes)
