"""From a form's text (TOML) to its XLSForm: `python -m truceline.sources.forms.build` renews the file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from truceline.sources.forms.workbook import workbook

FOLDER = Path(__file__).parent
LANGUAGES = {
    "en": "English (en)",
    "uk": "Українська (uk)",
    "ru": "Русский (ru)",
    "fr": "Français (fr)",
}
"""Code to column heading, in the order of the form; the first is the default."""

_PLAIN = ("type", "name", "required", "relevant", "constraint", "appearance")
_TOLD = ("label", "hint", "constraint_message")


def form(text: str) -> bytes:
    """The XLSForm of a form's text.

    Parameters
    ----------
    text
        TOML with `settings`, `choices` (list to rows of name and a label a language), `question`
        (in order; `label`, `hint`, `constraint_message` hold one text a language).

    Raises
    ------
    KeyError
        A text lacks one of the languages.
    """
    told = tomllib.loads(text)
    languages = list(LANGUAGES.items())
    heads = [f"{what}::{title}" for what in _TOLD for _, title in languages]
    survey = [[*_PLAIN, *heads]]
    for question in told["question"]:
        plain = [str(question.get(name, "")) for name in _PLAIN]
        survey.append(
            [*plain, *(_words(question, what, code) for what in _TOLD for code, _ in languages)]
        )
    choices = [["list_name", "name", *(f"label::{title}" for _, title in languages)]]
    for name, rows in told["choices"].items():
        choices += [[name, *(str(cell) for cell in row)] for row in rows]
    settings = {"default_language": languages[0][1], **told["settings"]}
    return workbook(
        {
            "survey": survey,
            "choices": choices,
            "settings": [list(settings), [str(value) for value in settings.values()]],
        }
    )  # fmt: skip


def _words(question: Mapping[str, Any], what: str, code: str) -> str:
    """A text in one language; what is told in one language is told in all."""
    told = question.get(what)
    return str(told[code]) if told else ""


def main() -> None:
    """Write every form's file beside its text."""
    for text in sorted(FOLDER.glob("*.toml")):
        text.with_suffix(".xlsx").write_bytes(form(text.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
