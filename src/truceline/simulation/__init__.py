"""Truces with known truth, and their scoring."""
