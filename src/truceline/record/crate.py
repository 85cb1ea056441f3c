"""The description of a bundle that other tools read: RO-Crate 1.2 metadata, as JSON-LD.

References
----------
RO-Crate Metadata Specification 1.2, 2025 (w3id.org/ro/crate/1.2): a crate within the payload of a
bag, its root `data/`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from truceline.record.bundle import plain
from truceline.record.entry import iso

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
PATH = "data/ro-crate-metadata.json"
_TYPES = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "json": "application/json",
    "md": "text/markdown",
    "txt": "text/plain",
    "yaml": "application/yaml",
}
_FOLDERS = {
    "agreement": "The agreement, as its files stood when the bundle was made.",
    "checkpoints": "Signed notes: the log at a size, its signature and those of witnesses.",
    "computed": "What was computed from the evidence; proposals, not rulings.",
    "entries": "Entries of the log: what each commits to, what is shown of it, and its proof.",
    "exhibits": "Preserved bytes, each named by its SHA-256.",
    "rows": "Rows of tables: what is shown of each, and its proof.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the crate says of the whole.

    Parameters
    ----------
    name, description
        For people.
    made_at
        When the bundle was made.
    terms
        Under which terms it may be used, in words.
    agreement, software
        Id and version of each.
    """

    name: str
    description: str
    made_at: datetime
    terms: str
    agreement: tuple[str, str]
    software: tuple[str, str]


def metadata(paths: Sequence[str], names: Mapping[str, str], about: Described) -> bytes:
    """The crate's metadata file.

    Parameters
    ----------
    paths
        Every payload file, as the bag names it.
    names
        What a file was called before, by its path.
    about
        The whole.
    """
    parts = sorted(path.removeprefix("data/") for path in paths if path != PATH)
    # Checkpoints are signed when all else is written, so their files have no names yet.
    folders = {f"{part.partition('/')[0]}/" for part in parts if "/" in part} | {"checkpoints/"}
    tops = sorted(folders | {part for part in parts if "/" not in part})
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": SPECIFICATION},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": about.name,
            "description": about.description,
            "datePublished": iso(about.made_at)[:23] + "Z",
            "license": {"@id": "#terms"},
            "hasPart": [{"@id": top} for top in tops],
            "mentions": [{"@id": "#agreement"}, {"@id": "#software"}],
        },
        *_beside(about),
    ]
    graph += [_folder(folder, parts) for folder in sorted(folders)]
    graph += [_file(part, names.get(f"data/{part}", "")) for part in parts]
    return plain({"@context": f"{SPECIFICATION}/context", "@graph": graph})


def _beside(about: Described) -> list[dict[str, Any]]:
    """What is no file: terms, agreement and software."""
    return [
        {
            "@id": "#terms",
            "@type": "CreativeWork",
            "name": "Terms of use",
            "description": about.terms,
        },
        {
            "@id": "#agreement",
            "@type": "CreativeWork",
            "name": about.agreement[0],
            "version": about.agreement[1],
        },
        {
            "@id": "#software",
            "@type": "SoftwareApplication",
            "name": about.software[0],
            "version": about.software[1],
        },
    ]


def _folder(folder: str, parts: Sequence[str]) -> dict[str, Any]:
    name = folder.removesuffix("/")
    return {
        "@id": folder,
        "@type": "Dataset",
        "name": name,
        "description": _FOLDERS.get(name, name),
        "hasPart": [{"@id": part} for part in parts if part.startswith(folder)],
    }


def _file(part: str, name: str) -> dict[str, Any]:
    suffix = part.rpartition(".")[2] if "." in part else ""
    return {
        "@id": part,
        "@type": "File",
        "name": name or part,
        "encodingFormat": _TYPES.get(suffix, "application/octet-stream"),
    }
