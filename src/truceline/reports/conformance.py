"""What every format must keep to, ours or anybody's."""

from truceline.reports.contract import Format, Release, View
from truceline.reports.publication import publish
from truceline.reports.sample import sample
from truceline.reports.scan import scan

VIEWS = ("public", "party:A", "commission")


def check(form: Format) -> list[str]:
    """Faults of a format in words; none where it conforms."""
    faults = []
    for name in ("name", "summary", "suffix"):
        if not isinstance(getattr(form, name), str) or not getattr(form, name).strip():
            faults.append(f"{name} is empty; say what it is")
    if not form.suffix.startswith("."):
        faults.append(f"suffix {form.suffix!r} does not begin with a dot")
    for view in VIEWS:
        release = publish(sample(), View.parse(view))
        faults.extend(f"{view}: {fault}" for fault in _rendered(form, release))
    return faults


def _rendered(form: Format, release: Release) -> list[str]:
    content = form.render(release)
    if not isinstance(content, bytes) or not content:
        return ["render does not give bytes"]
    if form.render(release) != content:
        return ["the same release gives other bytes the second time"]
    if release.view.is_release and (leaks := scan(content, sample())):
        return [f"a true place stands in the bytes as {leaks[0].how}: {leaks[0].found!r}"]
    return _unstated(release, content)


def _unstated(release: Release, content: bytes) -> list[str]:
    """What the bytes do not state of how they were made; a PDF's text is compressed and not read."""
    if content.startswith(b"%PDF"):
        return []
    words = [word for words in release.stated.values() for word in words.split()]
    return [f"{word!r} is not stated" for word in words if word.encode() not in content]
