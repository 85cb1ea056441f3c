"""Clause kinds, one file each."""
