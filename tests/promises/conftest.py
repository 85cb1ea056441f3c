"""Where the mirror lies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # mirror.py lies beside the tests
