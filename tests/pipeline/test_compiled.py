"""A first run says that it compiles; a later one does not."""

import os
import subprocess
import sys

import pytest

from truceline.pipeline import compiled
from truceline.pipeline.run import run

ASKED = "from truceline.pipeline.compiled import is_compiled; print(is_compiled())"
FOLDED = (
    "import numpy as np; from truceline.fusion.identity import fold; "
    "fold(np.array([0, 1]), np.array([7], np.uint8))"
)


def test_an_empty_cache_is_known_before_anything_is_compiled(tmp_path):
    def python(code):
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        words = [sys.executable, "-c", code]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=True)

    assert python(ASKED).stdout == "False\n"
    assert python(ASKED).stdout == "False\n", "asking compiles nothing"
    python(FOLDED)
    assert python(ASKED).stdout == "True\n"


@pytest.mark.parametrize(("is_compiled", "says"), [(False, True), (True, False)])
def test_a_run_says_so_once_at_the_stage_that_waits(
    copy_mission, tmp_path, monkeypatch, is_compiled, says
):
    monkeypatch.setattr(compiled, "is_compiled", lambda: is_compiled)
    told = []
    run(copy_mission("known-answers", tmp_path / "m"), announce=told.append)
    (fusing,) = [each for each in told if each.startswith("fusing reports")]
    assert ("compiling the kernels first, once" in fusing) is says
