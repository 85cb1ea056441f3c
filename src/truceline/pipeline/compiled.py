"""Whether the numeric kernels of fusion were compiled before on this machine: the first run waits for it."""

from pathlib import Path

from truceline.fusion.identity import fold


def wait_for() -> str:
    """What is said beside a stage that compiles first; nothing where it does not."""
    return "" if is_compiled() else "; compiling the kernels first, once"


def is_compiled() -> bool:
    """Whether compiled kernels of fusion are kept here; a look into one folder, nothing is compiled."""
    stats = getattr(fold, "stats", None)
    return stats is None or any(Path(stats.cache_path).glob("*.nbi"))  # None: kernels run as Python
