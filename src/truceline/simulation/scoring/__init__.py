"""Scores of the line, of peers and of the oracle against a known truth."""
