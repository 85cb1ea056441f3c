"""Small simulated missions, and the module of helpers, for every test of this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # import mode importlib adds no path of its own
