"""Who watches a log: the witnesses that its keeper asks, one line each, in `witnesses.policy`.

witness party-a party-a.example/witness+c74f20a3+BBp... http://127.0.0.1:8401
witness guarantor guarantor.example/witness+af0cfe78+BDt...

A line without an address is a witness that is reached by files. Lines are those of the policies of
C2SP tlog-policy; `#` begins a comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from truceline.model.errors import InputError
from truceline.record.note import Kind, Verifier
from truceline.record.whole import read_whole, write_whole

FILE = "witnesses.policy"
_PARTS = (3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A witness of a log: who it is, its key, and where it is asked; no address: by files."""

    who: str
    key: Verifier
    url: str | None = None

    @property
    def line(self) -> str:
        """Its line in the file."""
        return " ".join(["witness", self.who, self.key.vkey, *([self.url] if self.url else [])])


def listed(folder: Path) -> tuple[Listed, ...]:
    """The witnesses of a record.

    Raises
    ------
    InputError
        A line cannot be read; the message says which.
    RecordError
        The file cannot be read.
    """
    text = (read_whole(folder / FILE) or b"").decode(errors="replace")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].split()
        if said:
            found.append(_listed(said, f"{folder / FILE}:{number}"))
    names = [each.who for each in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        msg = f"{folder / FILE}: two lines are of {twice}; give each witness a name of its own"
        raise InputError(msg)
    return tuple(found)


def enlist(folder: Path, new: Sequence[Listed]) -> tuple[Listed, ...]:
    """Add witnesses, or change those of the same name; all of them now.

    Raises
    ------
    InputError
        A key or an address cannot be used, or two of them would have one key.
    RecordError
        The file cannot be read or written.
    """
    known = {each.who: each for each in listed(folder)}
    known |= {each.who: _listed(each.line.split(), each.who) for each in new}
    _check_distinct(folder, list(known.values()))
    content = "".join(f"{each.line}\n" for each in known.values()).encode()
    write_whole(folder / FILE, content, what="witnesses")
    return tuple(known.values())


def _check_distinct(folder: Path, known: Sequence[Listed]) -> None:
    """One key is one witness: under a second name it would be counted twice, or in place of the first."""
    names: dict[bytes, str] = {}
    for each in known:
        first = names.setdefault(each.key.public_key, each.who)
        if first != each.who:
            msg = (
                f"{folder / FILE}: the key of witness {each.who} is listed already, as that of {first}: one "
                f"key is one witness. Ask {each.who} for a key of its own; if {first} is to be called "
                f"{each.who}, change its name in that file instead"
            )
            raise InputError(msg)


def _listed(said: list[str], where: str) -> Listed:
    if len(said) not in _PARTS or said[0] != "witness":
        msg = f"{where}: a line must read `witness WHO PUBLIC_KEY` or `witness WHO PUBLIC_KEY ADDRESS`"
        raise InputError(msg)
    try:
        key = Verifier.parsed(said[2])
    except InputError as exc:
        msg = f"{where}: {exc}"
        raise InputError(msg) from exc
    if key.kind is not Kind.WITNESS:
        msg = f"{where}: {key.name} is the key of a log; ask {said[1]} for the key of its witness"
        raise InputError(msg)
    url = said[3] if len(said) == _PARTS[1] else None
    if url is not None and urlsplit(url).scheme not in {"http", "https"}:
        msg = f"{where}: {url} is no address of a witness; write one such as http://127.0.0.1:8401"
        raise InputError(msg)
    return Listed(who=said[1], key=key, url=url)
