"""The scoreboard: seeds, tuning, targets and tables of `python -m benchmarks.score`."""
