"""Formats: one file each, from a release to bytes."""
