"""A document before it has a form: sections of paragraphs, tables and figures, as plain text.

Formats that people read (HTML, PDF) draw this and nothing else, so they always say the same.
"""

import re
from dataclasses import dataclass

# Control characters, and marks that turn the direction of text around: they can make a line read
# as something else than its bytes. They are shown, not obeyed.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def plain(text: str) -> str:
    """Text without characters that hide or turn it; each becomes a visible mark.

    Examples
    --------
    >>> plain("safe \\u202etxet")
    'safe \ufffdtxet'
    """
    return _UNSEEN.sub("\ufffd", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text. `tone` is plain, lead, note or warning."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """Short statements of equal rank."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and what they stand for."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Title of a column; figures are set to the right; `share` is its part of the width.

    Cells of a column that `is_whole` are never broken over lines: ids are copied from them.
    """

    title: str
    is_figure: bool = False
    share: float = 1.0
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a caption; `note` stands below. `is_dense` sets many narrow columns small."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_dense: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing, what it shows in words, and its caption."""

    svg: str
    alt: str
    caption: str


Block = Paragraph | Bullets | Facts | Grid | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading and what stands below it."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    is_annex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole: masthead, banners, sections."""

    language: str
    title: str
    subtitle: str
    kicker: str
    masthead: tuple[tuple[str, str], ...]
    banners: tuple[str, ...]
    contents_title: str
    sections: tuple[Section, ...]
    footer: str
