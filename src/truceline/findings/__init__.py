"""Clauses meet subjects, and become findings."""
