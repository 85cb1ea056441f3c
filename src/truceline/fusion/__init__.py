"""Observations and exposures become incidents."""
