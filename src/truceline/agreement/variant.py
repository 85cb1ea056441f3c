"""Variants: texts that were proposed and not adopted, laid over the whole only when asked for."""

from pathlib import Path

from truceline.agreement.document import Listed, Mapped
from truceline.agreement.overlay import Text, amend
from truceline.model.errors import AgreementError


def named(root: Mapped, name: str, path: Path) -> Mapped:
    """The variant of that name.

    Raises
    ------
    AgreementError
        The document has no such variant.
    """
    stated = all_of(root)
    for each in stated:
        if each.get("name") == name:
            return each
    known = ", ".join(str(each.get("name")) for each in stated) or "none"
    msg = f"{path}: no variant {name!r}; known are {known}"
    raise AgreementError(msg)


def all_of(root: Mapped) -> list[Mapped]:
    """Every variant of a document, in its order."""
    value = root.get("variants")
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else []


def names(root: Mapped | None) -> tuple[str, ...]:
    """Names of the variants of a document, in its order; none where it cannot be read."""
    return () if root is None else tuple(str(each.get("name")) for each in all_of(root))


def lay_over(text: Text, variant: Mapped) -> Text:
    """The text as it would stand had the variant been adopted; `text` is used up.

    Its version becomes `VERSION+NAME`, so that no finding made from it can pass for one from the
    text itself.
    """
    change = variant.copied()
    name = str(variant.get("name"))
    if "from" not in change:
        span = text.root.get("in_force")
        if isinstance(span, Mapped) and "from" in span:
            change.put("from", span["from"], span.at("from"))
    change.put("version", f"{text.version}+{name}", variant.at("name"))
    changed = amend(text, change)
    changed.variant = name
    return changed
