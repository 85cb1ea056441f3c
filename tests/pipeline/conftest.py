"""What the tests of the pipeline share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # registry.py lies beside the tests
