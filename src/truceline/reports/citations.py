"""Where a public statement was read: its publisher, and an address that says nothing of a place."""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from truceline.reports.coarsen import speakable

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_WHERE = (
    re.compile(  # degrees with decimals, signs of degrees, map grids, names of axes with a figure
        r"\d{1,3}[.,]\d{2,}|[°º′″@]|\b\d{1,2}[A-Z]\s?[A-Z]{2}\s?\d{4,}|\d{6,}"
        r"|(?:lat|lon|mgrs|utm|lng)[a-z]*[^a-z]?\d",
        re.IGNORECASE,
    )
)
_ITEM = re.compile(
    r"(?<![\d.,-])\d{6,10}(?![\d.,])"
)  # the number by which a publisher files a page
WITHHELD = "words withheld"


class Citation(NamedTuple):
    """Who published a statement, and where it can be read; None where nobody said."""

    publisher: str | None
    source: str | None


def citation(source: str | None, *, is_release: bool) -> Citation:
    """A source as a view may read it.

    A release keeps an address without its query. One number of six to ten digits in it is a page's
    own; two could be a place.

    Examples
    --------
    >>> citation("Spokesman, https://www.example.org/news/85809113/tally?at=1", is_release=True)
    Citation(publisher='example.org', source='Spokesman, https://www.example.org/news/85809113/tally')
    >>> citation("https://map.example/latest/48.0159,37.8029", is_release=True)
    Citation(publisher='map.example', source='https://map.example/')
    >>> citation("bulletin of 8 March", is_release=True)
    Citation(publisher='bulletin of 8 March', source='bulletin of 8 March')
    """
    if source is None:
        return Citation(None, None)
    addresses = _ADDRESS.findall(source)
    host = (urlsplit(addresses[0]).hostname or "") if addresses else ""
    words = _ADDRESS.sub("\0", source)
    if is_release:
        words = speakable(words) or WITHHELD + "\0" * len(addresses)
        addresses = [_public(each) for each in addresses]
    told = words
    for each in addresses:
        told = told.replace("\0", each, 1)
    return Citation(host.removeprefix("www.") or told, told)


def _public(address: str) -> str:
    """The address without what may say where."""
    parts = urlsplit(address)
    path = parts.path
    if _WHERE.search(_ITEM.sub("", unquote(path), count=1)):
        path = "/"
    return f"{parts.scheme}://{parts.hostname or ''}{path}"
