"""Files that grow side by side: few are open for long, however many there are."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

_OPEN = 64  # at once; a process may hold some hundreds


class Shelf:
    """Adds bytes to files of one folder by name.

    Parameters
    ----------
    folder
        Where the files are.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with Shelf(Path(folder)) as shelf:
    ...         shelf.add("a.csv", b"x\\n")
    ...         shelf.add("a.csv", b"1\\n")
    ...     (Path(folder) / "a.csv").read_bytes()
    b'x\\n1\\n'
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, BinaryIO] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add bytes to a file; the first ones make it."""
        if not content:
            return
        file = self._open.pop(name, None)
        if file is None:
            if len(self._open) >= _OPEN:
                oldest = next(iter(self._open))
                self._open.pop(oldest).close()
            file = (self._folder / name).open("ab")
        self._open[name] = file
        file.write(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._open.values():
            file.close()
