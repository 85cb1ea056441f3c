"""Seeds that nobody can tune to: those of scoring follow from the source that is scored."""

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "src/truceline"


def source_digest(root: Path = ROOT) -> str:
    """Digest of the source as it lies there, committed or not.

    Git's tree digest where the folder is as it was committed, else that of the files.
    """
    if _git(root, "status", "--porcelain", "--", SOURCE) == "":
        return str(_git(root, "rev-parse", f"HEAD:{SOURCE}"))
    whole = hashlib.blake2b(digest_size=20)
    for path in sorted((root / SOURCE).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            name = path.relative_to(root).as_posix()
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def scoring_seed(digest: str, scenario: str) -> int:
    """The seed that a scenario is scored on: another source, another seed.

    Examples
    --------
    >>> scoring_seed("a", "quiet-week") == scoring_seed("b", "quiet-week")
    False
    """
    return _seed(f"scoring/{digest}/{scenario}")


def tuning_seed(scenario: str) -> int:
    """The seed that everybody may tune on; always the same.

    Examples
    --------
    >>> tuning_seed("quiet-week") == tuning_seed("quiet-week") != tuning_seed("easter-truce")
    True
    """
    return _seed(f"tuning/{scenario}")


def _seed(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=4).digest(), "big")


def _git(root: Path, *words: str) -> str | None:
    """What git says; None where there is no git, or it does not know."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
