"""The whole story of one id, from bytes to remedy, in plain language.

Every sentence that holds a number carries references: rows of the run's tables, and the lines of
preserved bytes that those rows rest on.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """A line of a preserved exhibit that a sentence rests on."""

    observation_id: str
    sha256: str
    file: str
    line: int
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One statement, the table rows it was read from, and the observations behind it."""

    text: str
    rows: tuple[str, ...] = ()  # such as incidents.parquet:i-12ab
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One stage of the line."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything the run knows about one id."""

    identifier: str
    known: str  # as of when, and under which text, the run was made that is told from
    chapters: tuple[Chapter, ...]
    exhibits: tuple[Bytes, ...]

    def as_json(self) -> dict[str, Any]:
        """The story for machines, references included."""
        return {
            "id": self.identifier,
            "known": self.known,
            "chapters": [
                {
                    "title": chapter.title,
                    "sentences": [
                        {"text": s.text, "rows": s.rows, "observations": s.observations}
                        for s in chapter.sentences
                    ],
                }
                for chapter in self.chapters
            ],
            "exhibits": [
                {
                    "observation_id": b.observation_id,
                    "sha256": b.sha256,
                    "file": b.file,
                    "line": b.line,
                    "excerpt": b.excerpt,
                }
                for b in self.exhibits
            ],
        }

    def text(self, width: int = 96) -> str:
        """The story for people, with numbered references to preserved bytes."""
        numbers = {b.observation_id: n for n, b in enumerate(self.exhibits, 1)}
        parts = [f"{self.identifier}   (internal: full precision; {self.known})"]
        for chapter in self.chapters:
            parts.append(f"\n{chapter.title.upper()}")
            for sentence in chapter.sentences:
                marks = sorted(numbers[o] for o in sentence.observations if o in numbers)
                parts.append(_wrapped(sentence.text + _marks(marks), width))
        if self.exhibits:
            parts.append("\nPRESERVED BYTES")
            for number, b in enumerate(self.exhibits, 1):
                parts.append(f"  [{number}] {b.file}:{b.line}  sha256 {b.sha256}")
                parts.append(f"      {b.excerpt}")
        return "\n".join(parts)


def _marks(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(str(n) for n in numbers[:12])
    more = f" and {len(numbers) - 12} more" if len(numbers) > 12 else ""
    return f" [{shown}{more}]"


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, initial_indent="  ", subsequent_indent="    ")
