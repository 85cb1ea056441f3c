"""Truceline: ceasefire monitoring and verification, from observation to report."""
