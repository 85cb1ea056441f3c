"""XML read as a small tree with the line of each element; no entity, no document type, no bomb."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from truceline.model.errors import SourceError
from truceline.sources.contract import RawFile

DEEPEST = 64  # elements within one another; QuakeML needs nine; assumed


@dataclass(slots=True, kw_only=True)
class Element:
    """An element by its local name: whatever namespace it is written in."""

    name: str
    line: int
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """Its own text without outer blanks; None where there is none."""
        return "".join(self.pieces).strip() or None

    def all(self, name: str) -> Iterator["Element"]:
        """Its children of a name."""
        return (child for child in self.children if child.name == name)

    def find(self, path: str) -> "Element | None":
        """The first element down a path such as `time/value`."""
        found: Element | None = self
        for name in path.split("/"):
            found = None if found is None else next(found.all(name), None)
        return found

    def get(self, path: str) -> str | None:
        """The text of the first element down a path."""
        found = self.find(path)
        return None if found is None else found.text


def tree(file: RawFile) -> Element:
    """The root element of an XML file.

    A document type is refused: with it a file of a kilobyte may unfold to gigabytes, or name other
    files to be read.

    Raises
    ------
    SourceError
        It is no XML, it declares a document type, or elements stand too deep.
    """
    reader = _Reader(file)
    try:
        reader.parser.Parse(file.content, True)
    except expat.ExpatError as exc:
        what = expat.errors.messages.get(exc.code, "not XML")
        msg = f"{file.name}:{max(exc.lineno, 1)}: not XML that can be read: {what}; fetch it again"
        raise SourceError(msg) from exc
    except (ValueError, LookupError) as exc:  # an encoding that nobody knows
        msg = f"{file.name}:1: not XML that can be read: {exc}; save it as UTF-8"
        raise SourceError(msg) from exc
    return reader.root.children[0]


class _Reader:
    """Callbacks of the parser, and the elements that are open."""

    def __init__(self, file: RawFile) -> None:
        self.file = file
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.root = Element(name="", line=0, attributes={})
        self.open = [self.root]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            self._stop(f"elements stand more than {DEEPEST} deep", "fetch it again")
        line = self.parser.CurrentLineNumber
        local = {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()}
        made = Element(name=name.rsplit(" ", 1)[-1], line=line, attributes=local)
        self.open[-1].children.append(made)
        self.open.append(made)

    def _end(self, name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def _doctype(self, *_: object) -> None:
        self._stop("it declares a document type, which may unfold without end", "take it out")

    def _stop(self, reason: str, advice: str) -> None:
        msg = f"{self.file.name}:{self.parser.CurrentLineNumber}: {reason}; {advice}"
        raise SourceError(msg)
