"""Languages: which text is authentic, and translations, which prove nothing and may mislead."""

from collections.abc import Iterator
from typing import Any

from truceline.agreement.build import Builder
from truceline.agreement.document import Listed, Mapped
from truceline.agreement.problem import Problem, error, warning
from truceline.agreement.terms import Languages, Translation


def languages(node: Any, builder: Builder) -> Languages:
    """The languages of a document; none where it does not say.

    Parameters
    ----------
    node
        The field `languages`, or None.
    builder
        Of the same text; reads the files of translations and takes what is wrong.
    """
    if not isinstance(node, Mapped):
        return Languages()
    return Languages(
        authentic=tuple(node.get("authentic", ())),
        translations=tuple(
            Translation(
                translation_id=str(each["id"]),
                language=str(each["language"]),
                text_hash=builder.text_hash(each),
                is_divergent=bool(each.get("diverges", False)),
                note=str(each.get("note", "")),
                sources=builder.cited(each),
            )
            for each in _mappings(node.get("translations"))
        ),
    )


def divergences(root: Mapped | None) -> list[Problem]:
    """Translations that a reading names and nobody lists, and divergent ones that no reading shows.

    Parameters
    ----------
    root
        The document as it stands, sound or not: one fault is told once.
    """
    if root is None:
        return []
    stated = root.get("languages")
    listed = _mappings(stated.get("translations")) if isinstance(stated, Mapped) else []
    known = {str(each.get("id")) for each in listed}
    problems = _twice(listed)
    named: set[str] = set()
    for reading in _readings(root):
        name = reading.get("translation")
        if not isinstance(name, str):
            continue
        named.add(name)
        if name not in known:
            message = f"reading `{reading.get('id')}` rests on the unknown translation `{name}`"
            names = ", ".join(sorted(known)) or "none"
            advice = f"known are {names}; list it under `languages.translations`"
            problems.append(error(reading.at("translation"), message, advice))
    for each in listed:
        name = str(each.get("id"))
        if each.get("diverges") and name not in named:
            message = f"the translation `{name}` diverges and no reading shows where"
            advice = f"write a reading with `translation: {name}` at the clause that differs"
            problems.append(warning(each.at("diverges"), message, advice))
        if name in named and not each.get("diverges"):
            message = f"a reading rests on the translation `{name}`, which is not said to diverge"
            problems.append(warning(each.at("id"), message, "add `diverges: true`"))
    return problems


def _twice(listed: list[Mapped]) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for each in listed:
        name = str(each.get("id"))
        if name in seen:
            message = f"the translation `{name}` stands twice"
            problems.append(error(each.at("id"), message, "rename or delete one of them"))
        seen.add(name)
    return problems


def _readings(root: Mapped) -> Iterator[Mapped]:
    parts = [root, *_mappings(root.get("amendments")), *_mappings(root.get("variants"))]
    for part in parts:
        for clause in _mappings(part.get("clauses")):
            yield from _mappings(clause.get("readings"))


def _mappings(value: Any) -> list[Mapped]:
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else []
