"""Compiled kernels that a mutation may have a part in are put aside while it stands.

A kernel's cache knows the age of its own file only, not of the files whose code and constants were
compiled into it. Those are the decorated functions of the files that it imports, near or far, and
what such a file holds outside its functions. A constant that a plain function works out as its file
is loaded is not looked for; a kernel left stale for that hides a mutation, which then shows as missed.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

COMPILES = re.compile(r"^import numba", re.M)
CACHED = "{stem}.*.nb[ic]"  # numba's index and code, beside the source in __pycache__


@contextmanager
def without_kernels(folder: Path, file: str, find: str) -> Iterator[None]:
    """Put aside the kernels that `find`, replaced in `file`, may reach; afterwards put them back."""
    ours = file.startswith("src/") and file.endswith(".py")
    kernels = reached(folder / "src", Path(file), find) if ours else []
    aside = [cached for kernel in kernels for cached in _cached(kernel)]
    for cached in aside:
        cached.rename(f"{cached}.aside")
    try:
        yield
    finally:
        for cached in (cached for kernel in kernels for cached in _cached(kernel)):
            cached.unlink()
        for cached in aside:
            Path(f"{cached}.aside").rename(cached)


def reached(source: Path, file: Path, find: str) -> list[Path]:
    """The files with kernels in which a change of `find` in `file` may be compiled."""
    paths, imports, kernels = _graph(source)
    mutated = ".".join(file.with_suffix("").parts[1:]).removesuffix(".__init__")
    if _in_a_plain_function(paths[mutated].read_text(encoding="utf-8"), find):
        return [paths[mutated]] if mutated in kernels else []
    return [paths[name] for name in kernels if mutated in _far(name, imports)]


def _cached(kernel: Path) -> list[Path]:
    return sorted((kernel.parent / "__pycache__").glob(CACHED.format(stem=kernel.stem)))


def _in_a_plain_function(text: str, find: str) -> bool:
    line = text[: text.index(find)].count("\n") + 1
    return any(
        node.lineno < line <= (node.end_lineno or 0) and not node.decorator_list
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    )


@cache
def _graph(source: Path) -> tuple[dict[str, Path], dict[str, set[str]], list[str]]:
    """Our modules: where each lies, which others it names in its imports, and who has kernels."""
    paths = {
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(source.rglob("*.py"))
    }
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    imports = {name: _imports(text) & paths.keys() for name, text in texts.items()}
    return paths, imports, [name for name, text in texts.items() if COMPILES.search(text)]


def _imports(text: str) -> set[str]:
    named = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return named


def _far(name: str, imports: Mapping[str, set[str]]) -> set[str]:
    """A module and all that it imports, near or far."""
    found: set[str] = set()
    left = [name]
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            left += imports[module]
    return found
