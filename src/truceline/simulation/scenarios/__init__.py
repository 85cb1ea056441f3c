"""Scenarios that ship, as YAML."""
