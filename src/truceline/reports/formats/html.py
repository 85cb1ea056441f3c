"""One self-contained page: no script, no font, no picture from elsewhere."""

from functools import cache

import jinja2

from truceline.reports.compose import compose
from truceline.reports.contract import Format, Release
from truceline.reports.document import Bullets, Facts, Grid, Paragraph


def render(release: Release) -> bytes:
    """The page, UTF-8. Every text is escaped; only our own drawings are markup."""
    page = _template().render(document=compose(release))
    return page.encode("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("truceline.reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    kinds = {Paragraph: "paragraph", Bullets: "bullets", Facts: "facts", Grid: "grid"}
    environment.filters["kind"] = lambda block: kinds.get(type(block), "figure")
    return environment.get_template("report.html.jinja")


FORMAT = Format(
    name="html",
    summary="One self-contained page that opens from disk, prints well and needs no network",
    suffix=".html",
    render=render,
)
