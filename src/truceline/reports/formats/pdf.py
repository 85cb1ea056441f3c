"""A paper report, PDF/A-2b, set by typst with the fonts that it brings along."""

import json
from dataclasses import asdict
from importlib.resources import files

import typst

from truceline.model.errors import PublicationError
from truceline.model.time import to_microseconds
from truceline.reports.compose import compose
from truceline.reports.contract import Format, Release
from truceline.reports.document import Block, Bullets, Facts, Grid, Paragraph

_KINDS = {Paragraph: "paragraph", Bullets: "bullets", Facts: "facts", Grid: "grid"}


def render(release: Release) -> bytes:
    """The same content as every other document; the same release gives the same bytes.

    Raises
    ------
    PublicationError
        The template cannot be set.
    """
    template = (files("truceline.reports") / "templates" / "report.typ").read_bytes()
    try:
        pdf: bytes = typst.compile(
            template,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=[],
            pdf_standards=["a-2b"],
            timestamp=to_microseconds(release.as_of) // 1_000_000,
            sys_inputs={"document": json.dumps(_data(release), ensure_ascii=False)},
        )
    except typst.TypstError as exc:
        msg = f"report.typ could not be set: {exc}; mend the template, or ask for another format"
        raise PublicationError(msg) from exc
    return pdf


def _data(release: Release) -> dict[str, object]:
    document = compose(release)
    data = asdict(document)
    data["sections"] = [
        {
            "title": section.title,
            "is_annex": section.is_annex,
            "blocks": [_block(block) for block in section.blocks],
        }
        for section in document.sections
    ]
    return data


def _block(block: Block) -> dict[str, object]:
    return {"kind": _KINDS.get(type(block), "figure"), **asdict(block)}


FORMAT = Format(
    name="pdf",
    summary="A paper report (PDF/A-2b) with the same content, the same bytes every time",
    suffix=".pdf",
    render=render,
)
